"""Signing in and out in a real browser, with a key made at the terminal."""

from pathlib import Path

from selenium.webdriver import Chrome, Keys

from tests.web.conftest import console, serving_site
from tests.web.test_browser import click, one, page_says
from tests.web.test_cli import Cli, cli

__all__ = ["cli"]


def test_people_sign_in_are_known_by_their_key_and_sign_out(
    chromium: Chrome, cli: Cli, tmp_path: Path
) -> None:
    secret = cli("keys", "add", "--user", "ann").stdout.strip()
    with serving_site(tmp_path, AUTH_REQUIRED="true") as site:
        chromium.get(f"{site}/sign-in")
        chromium.delete_all_cookies()
        chromium.get(f"{site}/review?project=PAY")
        page_says(chromium, "Sign in")
        one(chromium, "#key").send_keys(secret, Keys.ENTER)
        page_says(chromium, "0 waiting")
        assert chromium.current_url == f"{site}/review?project=PAY"
        chromium.get(f"{site}/app")
        assert not chromium.find_elements("css selector", "#name")
        one(chromium, "#message").send_keys("PAY-12: fixed the refund button, tested on staging", Keys.ENTER)
        click(chromium, one(chromium, "button[value=accept]"))
        page_says(chromium, "Accepted and handed over by ann")
        click(chromium, one(chromium, ".who button"))
        page_says(chromium, "Your key")
        chromium.get(f"{site}/app")
        page_says(chromium, "Your key")
        assert console(chromium) == []
