"""What `make run` prints leads somewhere."""

import re
import socket

import httpx
import pytest

from services.errors import ConfigurationError
from web.welcome import free_port, say


async def test_the_page_comes_first_and_every_address_of_ours_exists(
    web: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    say(4711)
    printed = re.findall(r"http://127\.0\.0\.1:4711(/\w+)", capsys.readouterr().out)
    assert printed[0] == "/app"
    for path in set(printed) - {"/docs"}:  # that one is the LangGraph server's
        assert (await web.get(path)).status_code == 200


def test_a_port_in_use_is_passed_over_and_a_free_one_is_kept() -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        taken = other.getsockname()[1]
        found = free_port(taken)
    assert taken < found < taken + 50
    assert free_port(found) == found


def test_where_no_port_is_free_it_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="PORT="):
        free_port(65_536)
