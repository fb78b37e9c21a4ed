"""A real browser: a draft's way by mouse and by keyboard, news of others, narrow screens, hostile text."""

from typing import Any, Literal

import httpx
import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.web.hostile import PAYLOADS

UPDATE = "fixed the button bug on PAY-12, tested on staging"


def wait(browser: Chrome) -> "WebDriverWait[Chrome]":
    return WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])


def one(browser: Chrome, css: str) -> WebElement:
    """The first match, once it is there and can be seen."""

    def seen(b: Chrome) -> WebElement | Literal[False]:
        return next((e for e in b.find_elements(By.CSS_SELECTOR, css) if e.is_displayed()), False)

    return wait(browser).until(seen)


def click(browser: Chrome, element: WebElement) -> None:
    """In the middle of the window, where no bar lies over it."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def page_says(browser: Chrome, words: str) -> None:
    """Read by the page itself: an element that was found may belong to the page before."""
    shown = "return document.querySelector('main')?.innerText ?? ''"
    wait(browser).until(lambda b: words in b.execute_script(shown))


def keys(browser: Chrome, *typed: str) -> None:
    ActionChains(browser).send_keys(*typed).perform()


def control_enter(browser: Chrome) -> None:
    ActionChains(browser).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()


def next_card(browser: Chrome, told: str) -> None:
    """After an answer: what came of it is told, and the next card has the focus."""
    page_says(browser, told)
    wait(browser).until(lambda b: b.execute_script("return document.activeElement.matches('.card')"))


def say(site: str, message: str, user: str) -> Any:
    body = {"message": message, "context": {"user_id": user}}
    return httpx.post(f"{site}/chat", json=body, timeout=30).json()


def action(site: str, asked: Any) -> Any:
    return httpx.get(f"{site}/actions/{asked['pending_approval']['action_id']}", timeout=30).json()["action"]


def test_a_draft_is_made_in_the_chat_edited_in_the_queue_and_carried_out(browser: Chrome, site: str) -> None:
    browser.get(site)
    one(browser, "#name").send_keys("Ann")
    one(browser, "#message").send_keys(UPDATE, Keys.ENTER)
    one(browser, ".card ins")
    browser.get(f"{site}/review?user=Ann")
    click(browser, one(browser, "[data-key=e] summary"))
    field = one(browser, "textarea[name='arg.comment']")
    field.clear()
    field.send_keys("The button bug on PAY-12 is fixed and tested.")
    click(browser, one(browser, "button[value=edit]"))
    page_says(browser, "Edited and accepted and handed over")
    click(browser, one(browser, ".notice.done a"))
    page_says(browser, "The button bug on PAY-12 is fixed and tested.")


def test_a_reviewer_needs_no_mouse(browser: Chrome, site: str) -> None:
    asked = [say(site, f"fixed screen {n} on WEB-{n}, tested on staging", "kay") for n in (1, 2, 3, 4)]
    browser.get(f"{site}/review?user=kay")
    keys(browser, *[Keys.TAB] * 7, Keys.ENTER)  # past skip link, brand and pages: who are you?
    keys(browser, Keys.TAB, "Bo", Keys.ENTER)
    wait(browser).until(lambda b: b.get_cookie("viewer_name"))
    browser.get(f"{site}/review?user=kay")
    keys(browser, "j", "j", "k", "a")
    next_card(browser, "Accepted and handed over")
    keys(browser, "e")
    assert browser.switch_to.active_element.get_attribute("name") == "arg.issue_key"
    keys(browser, Keys.TAB, Keys.END, " Checked.")
    control_enter(browser)
    next_card(browser, "Edited and accepted")
    keys(browser, "x", "wrong ticket", Keys.ENTER)
    next_card(browser, "Rejected")
    keys(browser, "r", "make it shorter")
    control_enter(browser)
    page_says(browser, "Change asked for")
    rows = [action(site, one_asked) for one_asked in asked]
    assert [row["decision"]["verb"] for row in rows] == ["accept", "edit", "reject", "respond"]
    assert {row["decision"]["by"] for row in rows} == {"Bo"}
    assert [row["status"] for row in rows] == ["done", "done", "rejected", "superseded"]


def test_keys_do_nothing_while_typing_nor_when_they_are_off(browser: Chrome, site: str) -> None:
    asked = say(site, UPDATE, "typist")
    browser.get(f"{site}/review?user=typist")
    click(browser, one(browser, "[data-key=r] summary"))
    one(browser, "textarea[name=text]").send_keys("a e x j")
    click(browser, one(browser, "#keys-on"))
    keys(browser, "j", "a")
    assert action(site, asked)["status"] == "prepared"
    click(browser, one(browser, "#keys-on"))


def test_an_open_page_tells_what_another_reviewer_decided_and_offers_what_is_new(
    browser: Chrome, site: str
) -> None:
    asked = say(site, UPDATE, "news")
    browser.get(f"{site}/review?user=news")
    one(browser, "button[value=accept]")
    say(site, "fixed search on OPS-2, tested on staging", "news")
    path = f"{site}/approvals/{asked['pending_approval']['action_id']}"
    httpx.post(path, json={"verb": "reject", "user_id": "Cy", "text": "no"}, timeout=30)
    page_says(browser, "Rejected by Cy.")
    assert not browser.find_element(By.CSS_SELECTOR, "button[value=accept]").is_enabled()
    page_says(browser, "One more draft waits.")


@pytest.mark.parametrize("path", ["/app", "/review", "/figures?user=narrow"])
def test_a_phone_needs_no_sideways_scrolling(browser: Chrome, site: str, path: str) -> None:
    say(site, f"fixed {'x' * 300} on https://example.com/{'y' * 300} for NAR-1, tested", "narrow")
    size = {"width": 375, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(site + path)
        for summary in browser.find_elements(By.CSS_SELECTOR, ".card summary, .composer summary"):
            click(browser, summary)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 375
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_field_and_button_has_a_name_for_screen_readers(browser: Chrome, site: str) -> None:
    say(site, "email Ben that the login is fixed", "reader")
    for path in ("/app", "/review?user=reader", "/figures"):
        browser.get(site + path)
        browser.execute_script(
            "document.querySelectorAll('details').forEach(d => { d.removeAttribute('name'); d.open = true; })"
        )
        for field in browser.find_elements(
            By.CSS_SELECTOR, "input:not([type=hidden]), textarea, select, button"
        ):
            assert field.accessible_name, f"{path}: {field.get_attribute('outerHTML')}"
        assert len(browser.find_elements(By.CSS_SELECTOR, "h1")) == 1
        assert browser.find_elements(By.CSS_SELECTOR, "main, nav[aria-label], header")


def test_text_of_users_never_becomes_part_of_the_page(browser: Chrome, site: str) -> None:
    """The console is checked too: the policy would report what it had to stop."""
    browser.get(f"{site}/app")
    one(browser, "#name").send_keys(PAYLOADS[0])
    one(browser, "#message").send_keys(UPDATE, Keys.ENTER)
    one(browser, ".card")
    pages = ["/review?user=mallory"]
    for payload in PAYLOADS:
        asked = say(site, f"fixed {payload} on XSS-1, tested on staging", "mallory")
        pages.append(f"/app?{httpx.QueryParams(thread=asked['thread_id'], say=payload)}")
        if pending := asked.get("pending_approval"):
            pages.append(f"/actions/{pending['action_id']}/history")
        pages.append(f"/review?{httpx.QueryParams(user=payload, project=payload, done=payload)}")
        pages.append(f"/figures?{httpx.QueryParams(user=payload, period=payload)}")
    for page in pages:
        browser.get(site + page)
        assert browser.execute_script("return window.pwned") is None, page
        foreign = (
            "main :is(script, iframe, object, embed, img, base, link, style, [onerror], [onload], [onclick])"
        )
        assert browser.find_elements(By.CSS_SELECTOR, f"{foreign}, [href^='javascript:' i]") == [], page
