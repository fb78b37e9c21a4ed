"""A small part of `python -m tests.security requests`."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.security import requests
from tests.security.front import Seen, served
from tests.servers import BINARIES, RedisServer


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    server = RedisServer(str(BINARIES["valkey"]), tmp_path_factory.mktemp("valkey")).start()
    with served(server.url) as client:
        yield client
    server.kill()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # schemathesis replaces formats
def test_no_described_request_makes_a_route_fail(client: TestClient) -> None:
    seen = Seen()
    assert requests.described(client, seen, cases=1, number=1, each=1) >= 4
    assert seen.wrong == []


def test_no_hostile_address_header_or_form_makes_a_route_fail(client: TestClient) -> None:
    seen = Seen()
    assert requests.pages(client, seen, cases=60, number=1) > 15
    assert seen.wrong == []


@pytest.mark.parametrize("content", [b"\xff", b"a=1", b'{"message": "x"}'])
@pytest.mark.parametrize("path", ["/chat", "/approvals/x"])
def test_a_body_that_is_not_said_to_be_json_is_refused_with_what_to_do(
    client: TestClient, path: str, content: bytes
) -> None:
    answer = client.post(path, content=content)
    assert answer.status_code == 422
    assert "Content-Type: application/json" in answer.json()["error_message"]


def test_what_is_too_much_is_refused_and_said_so(client: TestClient) -> None:
    assert requests.limits(client) == []
