"""What `make run` prints leads somewhere."""

import re

import httpx
import pytest

from web.welcome import main


async def test_the_page_comes_first_and_every_address_of_ours_exists(
    web: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    main("4711")
    printed = re.findall(r"http://127\.0\.0\.1:4711(/\w+)", capsys.readouterr().out)
    assert printed[0] == "/app"
    for path in set(printed) - {"/docs"}:  # that one is the LangGraph server's
        assert (await web.get(path)).status_code == 200
