"""A request ends in time, keeps nothing, and its failure says whether the receiver may have acted."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.errors import OutcomeUnknown, ReceiverUnavailable
from services.http import Answer, Http
from services.steps import Steps, arun
from tests.fakes import Noting
from tests.loopback import Fault, Loopback, serving
from tests.services.conftest import closing

Do = Callable[[Steps[Any]], Any]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving(lambda request: (200, {}, request.body or b'"here"')) as running:
        yield running


@pytest.fixture
def http(server: Loopback, do: Do) -> Iterator[Http]:
    client = Http(server.url, name="Jira", seconds=0.5)
    yield client
    do(closing(client))


def ask(http: Http, *, writes: bool = False, body: Any = None) -> Steps[Answer]:
    method = "POST" if writes else "GET"
    return http.request(method, "/x", doing="reading PAY-12", writes=writes, headers={"A": "b"}, body=body)


def test_what_was_sent_arrives_and_any_status_is_an_answer(http: Http, server: Loopback, do: Do) -> None:
    assert do(ask(http, writes=True, body={"word": "é\ud800"})).json() == {"word": "é\ud800"}
    server.faults.append(Fault("GET", reply=(418, {"X": "y"}, b"tea")))
    answer = do(ask(http))
    assert (answer.status, answer.headers["x"], answer.body) == (418, "y", b"tea")
    assert server.requests[0].headers["a"] == "b"


def test_answers_are_counted_by_their_class_and_none_as_none(server: Loopback, do: Do) -> None:
    metrics = Noting()
    http = Http(server.url, name="Jira", seconds=0.5, metrics=metrics)
    server.faults += [Fault("GET", reply=(503, {}, b"")), Fault("GET", cut=True)]
    do(ask(http))
    with pytest.raises(ReceiverUnavailable):
        do(ask(http))
    do(ask(http))
    do(closing(http))
    outcomes = [labels["outcome"] for name, labels in metrics.noted if name == "receiver_requests_total"]
    assert outcomes == ["5xx", "no answer", "2xx"]
    assert [labels for name, labels in metrics.noted if name == "receiver_request_seconds"] == [
        {"receiver": "Jira"}
    ] * 3


def test_a_redirect_is_not_followed(http: Http, server: Loopback, do: Do) -> None:
    server.faults.append(Fault("GET", reply=(302, {"Location": f"{server.url}/elsewhere"}, b"")))
    assert do(ask(http)).status == 302
    assert server.lines() == ["GET /x"]


@pytest.mark.parametrize(("writes", "error"), [(False, ReceiverUnavailable), (True, OutcomeUnknown)])
def test_a_request_cut_off_is_unknown_only_where_it_writes(
    http: Http, server: Loopback, do: Do, writes: bool, error: type[Exception]
) -> None:
    server.faults.append(Fault("/x", cut=True))
    with pytest.raises(error, match=r"Jira at 127\.0\.0\.1 gave no answer to reading PAY-12"):
        do(ask(http, writes=writes))


@pytest.mark.parametrize("writes", [False, True])
def test_a_request_that_never_left_did_nothing(do: Do, writes: bool) -> None:
    away = Http("http://127.0.0.1:1", name="Jira")
    with pytest.raises(ReceiverUnavailable, match="could not be reached for reading PAY-12"):
        do(ask(away, writes=writes))
    do(closing(away))


@pytest.mark.parametrize("slow", [(1, 1.0), (20, 0.1)])
def test_an_answer_that_does_not_come_or_comes_too_slowly_is_given_up(
    http: Http, server: Loopback, do: Do, slow: tuple[int, float]
) -> None:
    server.faults.append(Fault("/x", reply=(200, {}, b"x" * 20), slow=slow))
    with pytest.raises(ReceiverUnavailable, match="try again"):
        do(ask(http))


def test_an_answer_larger_than_any_of_jira_is_given_up(http: Http, server: Loopback, do: Do) -> None:
    server.faults.append(Fault("/x", reply=(200, {}, b"x" * 20_000_001)))
    with pytest.raises(ReceiverUnavailable, match="larger than 20,000,000 bytes"):
        do(ask(http))


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7, 7), ("Wed, 21 Oct 2099 07:28:00 GMT", 1e9, 1e10), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0)],
)
def test_the_wait_asked_for_is_read_in_both_its_forms(header: str, least: float, most: float) -> None:
    wait = Answer(429, {"retry-after": header}, b"").retry_after_s()
    assert wait is not None
    assert least <= wait <= most


@pytest.mark.parametrize("header", ["", "soon", "-1", "٣"])
def test_a_wait_that_cannot_be_read_is_none(header: str) -> None:
    assert Answer(429, {"retry-after": header}, b"").retry_after_s() is None


def test_one_client_serves_several_event_loops_one_after_the_other(server: Loopback) -> None:
    http = Http(server.url, name="Jira")

    async def once() -> int:
        answer = await arun(ask(http))
        await http.aclose()
        return answer.status

    assert [asyncio.run(once()) for _ in range(2)] == [200, 200]
