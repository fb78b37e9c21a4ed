"""A small part of `python -m tests.security scripts`; more is in tests/web/test_browser.py."""

from selenium.webdriver import Chrome

from tests.security import scripts
from tests.web.conftest import browser, chromium, console, site  # noqa: F401 # fixtures


def test_no_payload_runs_on_any_page(browser: Chrome, site: str) -> None:  # noqa: F811
    assert len(scripts.payloads()) >= 500
    for payload in scripts.payloads()[::200]:
        assert scripts.shown(browser, site, payload) == []
    console(browser)


def test_every_page_has_a_strict_policy(site: str) -> None:  # noqa: F811
    assert scripts.policy(site) == []


def test_hostile_texts_become_valid_documents_without_mentions_or_media() -> None:
    assert scripts.documents([f"{one} [~admin] @all !a.png!" for one in scripts.payloads()]) == []
