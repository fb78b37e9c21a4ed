"""From the chat to Jira in a real browser: what a reviewer accepts is on the issue, exactly once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys

from tests.fake_jira import FakeJira
from tests.jira_world import World
from tests.loopback import Fault, Loopback, serving
from tests.web.conftest import serving_site
from tests.web.test_browser import click, one, page_says

UPDATE = "PAY-12: fixed the refund button, tested on staging"


@pytest.fixture
def jira(tmp_path: Path) -> Iterator[tuple[World, Loopback, str]]:
    """The world behind a Jira, the Jira, and a site that carries out what is accepted there."""
    fake = FakeJira(cloud=False, tokens={"Bearer tok": "acc-1"})
    fake.world.add("PAY-12")
    with serving(fake) as server:
        settings = {
            "JIRA_BASE_URL": server.url,
            "JIRA_FLAVOUR": "datacenter",
            "JIRA_PERSONAL_ACCESS_TOKEN": "tok",
        }
        with serving_site(tmp_path, **settings) as site:
            yield fake.world, server, site
    assert fake.breaches == []


def test_an_accepted_comment_is_on_the_issue_once_also_when_jiras_answer_is_lost(
    chromium: Chrome, jira: tuple[World, Loopback, str]
) -> None:
    world, server, site = jira
    chromium.get(site)
    chromium.delete_all_cookies()
    chromium.get(site)
    one(chromium, "#name").send_keys("Ann")
    one(chromium, "#message").send_keys(UPDATE, Keys.ENTER)
    one(chromium, ".card ins")
    assert world.issues["PAY-12"].comments == []
    server.faults.append(Fault("POST .*/comment$", process=True, cut=True))
    chromium.get(f"{site}/review")
    page_says(chromium, "Refund button fails")
    click(chromium, one(chromium, "button[value=accept]"))
    page_says(chromium, "Accepted and carried out")
    assert len(world.issues["PAY-12"].comments) == 1
