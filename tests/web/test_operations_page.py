"""The operations page says what is wrong first, and says so also when most of it cannot be read."""

import re
from html import unescape

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from services.access_keys import AccessKeys
from services.steps import arun
from tests.servers import RedisServer
from tests.web.test_api import decided, draft
from web.app import app, lifespan
from web.words import dollars, share, took


async def shown(web: httpx.AsyncClient, **query: str) -> str:
    app.state.installation.metrics.send()
    answer = await web.get("/operations", params=query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


async def test_without_trouble_it_says_so_and_shows_figures(web: httpx.AsyncClient) -> None:
    await decided(web, await draft(web), "accept")
    await draft(web)
    page = await shown(web)
    assert "Nothing, as far as can be seen" in page
    assert "Wait for a decision 1 the first for under a minute" in page
    assert "Messages, by quarters of an hour: at most 2" in page
    assert "llm_rephrasing 2" in page
    assert re.search(r"propose 2 [\d.]+ ms", page)
    assert "Spent today $0.00 of $100.00" in page


async def test_failing_runs_are_told_first_from_the_threshold_on(web: httpx.AsyncClient) -> None:
    record = app.state.installation.metrics.record
    for outcome, times in (("ok", 9), ("failed", 1)):
        for _ in range(times):
            record("runs_total", outcome=outcome)
    assert "Nothing, as far as can be seen" in await shown(web)
    record("runs_total", outcome="failed")
    record("run_errors_total", error="action_failed")
    page = await shown(web)
    assert "18% of the runs fail, 10% is the limit" in page
    assert page.index("of the runs fail") < page.index("Spent today")


async def test_an_action_of_which_nobody_knows_the_outcome_is_told(web: httpx.AsyncClient) -> None:
    app.state.installation.metrics.record("deliveries_total", action="send_email", outcome="outcome_unknown")
    assert "Of 1 actions it is not known whether they were carried out" in await shown(web)


async def test_it_answers_while_redis_is_away(web: httpx.AsyncClient, redis_server: RedisServer) -> None:
    redis_server.kill()
    try:
        answer = await web.get("/operations")
    finally:
        redis_server.start()
    assert answer.status_code == 200
    assert "Redis is down: no state can be kept" in answer.text
    assert "Spent today" not in answer.text


async def test_every_chart_can_be_read_without_seeing_it(web: httpx.AsyncClient) -> None:
    await draft(web)
    app.state.installation.metrics.send()
    page = (await web.get("/operations", params={"hours": "3"})).text
    charts = re.findall(r"<svg[^>]*role=\"img\" aria-label=\"([^\"]+)\"", page)
    assert len(charts) == 3
    tables = re.findall(r"As a table</summary>.*?</table>", page, re.DOTALL)
    assert [table.count("<tr>") for table in tables] == [13, 13, 13]
    assert all("aria-hidden" in svg or "role=" in svg for svg in re.findall(r"<svg[^>]*>", page))


async def test_only_operators_see_it_and_its_place_in_the_navigation(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ENVIRONMENT", "production")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
        keys: AccessKeys = app.state.installation.keys
        _, reviewer = await arun(keys.add("rex", "", ["reviewer"]))
        _, operator = await arun(keys.add("ona", "", ["operator"]))
        for key, code, linked in ((reviewer, 403, False), (operator, 200, True)):
            headers = {"Authorization": f"Bearer {key}"}
            assert (await web.get("/operations", headers=headers)).status_code == code
            page = (await web.get("/review", headers=headers)).text
            assert ('href="/operations"' in page) is linked


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_sticks_out_of_the_page_in_a_browser(
    browser: webdriver.Chrome, site: str, width: int
) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(f"{site}/operations")
        for summary in browser.find_elements(By.CSS_SELECTOR, ".counted summary"):
            summary.click()
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert browser.find_element(By.CSS_SELECTOR, "nav [aria-current]").text == "Operations"
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_numbers_keep_the_places_that_matter() -> None:
    assert [dollars(value) for value in (0, 0.00042, 0.5, 1234.5)] == [
        "$0.00",
        "$0.0004",
        "$0.50",
        "$1,234.50",
    ]
    assert [share(value) for value in (None, 0, 0.012, 0.5)] == ["–", "0%", "1.2%", "50%"]
    shown = ["–", "0.4 ms", "120 ms", "2.3 s", "45 s", "2 minutes"]
    assert [took(value) for value in (None, 0.0004, 0.12, 2.34, 45.0, 130.0)] == shown
