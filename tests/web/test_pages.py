"""The pages without a browser: plain forms, their refusals, and what protects them."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from services.jira_figures import computed
from tests.web.conftest import OWN
from tests.web.test_api import UPDATE, decided, draft, said
from web.browser import Viewer
from web.pages import PERIODS
from web.rendering import FOLDER, render

PAGES = ("/app", "/review", "/figures", "/actions/none/history")


async def form(web: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await web.post(path, data=fields, headers=OWN)


async def test_a_first_message_makes_a_draft_and_the_name_is_kept(web: httpx.AsyncClient) -> None:
    sent = await form(web, "/app", message=UPDATE, name="Änne Ö")
    assert sent.status_code == 303
    page = await web.get(sent.headers["location"])
    assert "Änne Ö" in page.text
    assert 'value="accept"' in page.text
    action_id = re.findall(r'data-action="(\w+)"', page.text)[0]
    done = await form(web, f"/review/{action_id}?from=app", verb="accept")
    assert done.status_code == 303
    page = await web.get(done.headers["location"])
    assert "Accepted and handed over" in page.text
    assert 'value="accept"' not in page.text


async def test_what_could_not_be_sent_is_still_in_the_form(web: httpx.AsyncClient) -> None:
    for fields in ({"message": UPDATE}, {"message": "long <b> " * 1000, "name": "Ann"}):
        refused = await form(web, "/app", **fields)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert fields["message"].strip() in unescape(refused.text)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verb": "accept"}, "Accepted and handed over"),
        ({"verb": "edit", "arg.comment": "The button bug is fixed."}, "Edited and accepted and handed over"),
        ({"verb": "respond", "text": "make it shorter"}, "Change asked for"),
        ({"verb": "reject", "text": "wrong ticket"}, "Rejected"),
    ],
)
async def test_every_answer_works_from_the_queue_by_a_plain_form(
    web: httpx.AsyncClient, fields: dict[str, str], told: str
) -> None:
    action_id = await draft(web)
    done = await form(web, f"/review/{action_id}?user=ann", name="bo", **fields)
    assert done.status_code == 303
    page = await web.get(done.headers["location"])
    assert told in page.text
    assert ("make it shorter" in page.text) is (fields["verb"] == "respond")
    assert 'name="user" value="ann"' in page.text


async def test_a_double_click_is_no_error_but_a_second_opinion_is_told_of_the_first(
    web: httpx.AsyncClient,
) -> None:
    action_id = await draft(web)
    for _ in range(2):
        assert (await form(web, f"/review/{action_id}", verb="accept", name="bo")).status_code == 303
    late = await form(web, f"/review/{action_id}", verb="reject", text="no")
    assert late.status_code == 409
    assert "bo accepted it first" in late.text


async def test_an_unusable_edit_shows_the_reason_at_its_card_and_keeps_what_was_typed(
    web: httpx.AsyncClient,
) -> None:
    action_id = await draft(web)
    typed = "The password is hunter2secret, fixed and tested."
    refused = await form(web, f"/review/{action_id}", verb="edit", name="bo", **{"arg.comment": typed})
    assert refused.status_code == 422
    assert typed in refused.text
    assert re.search(r'data-key="e" open', refused.text)


@pytest.mark.parametrize("path", ["/app", "/me", "/review/some"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
async def test_a_form_of_another_site_does_nothing(
    web: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await web.post(path, data={"message": UPDATE, "name": "Eve", "verb": "accept"}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await web.get("/approvals")).json() == {"waiting": []}


async def test_nobody_decides_without_a_name(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    assert (await form(web, f"/review/{action_id}", verb="accept")).status_code == 422
    assert (await web.get(f"/actions/{action_id}")).json()["action"]["status"] == "prepared"


@pytest.mark.parametrize("path", [*PAGES, "/app/static/app.js"])
async def test_every_answer_tells_the_browser_to_run_nothing_but_our_own_files(
    web: httpx.AsyncClient, path: str
) -> None:
    headers = (await web.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_template_needs_more_than_the_policy_allows() -> None:
    for template in (FOLDER / "templates").iterdir():
        assert not re.search(
            r"<script(?! src=)|<style|\sstyle=|\son\w+=|\|\s*safe\b|https?://", _of(template)
        )


def _of(template: Path) -> str:
    return template.read_text(encoding="utf-8")


async def test_the_history_tells_every_event_and_what_an_edit_changed(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    await decided(web, action_id, "edit", text="The button bug is fixed.")
    page = (await web.get(f"/actions/{action_id}/history")).text
    for title in ("Drafted", "Edited and accepted", "Being carried out", "Carried out", "What was sent"):
        assert title in page
    assert "<ins>+The button bug is fixed.</ins>" in page


async def test_the_history_leads_to_why_it_went_so(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    await decided(web, action_id, "edit", text="The <b>button</b> bug is fixed.")
    assert f'href="/actions/{action_id}/why"' in (await web.get(f"/actions/{action_id}/history")).text
    page = (await web.get(f"/actions/{action_id}/why")).text
    for words in (
        "The rules took it for task update",
        "Written by rules",
        "Edited and accepted",
        "Carried out",
    ):
        assert words in page
    assert "The &lt;b&gt;button" in page
    assert (await web.get("/actions/none/why")).status_code == 404


async def test_the_figures_are_those_of_the_record(web: httpx.AsyncClient) -> None:
    await decided(web, await draft(web, user="ann"), "accept")
    await decided(web, await draft(web, user="ann"), "reject")
    page = (await web.get("/figures", params={"user": "ann", "period": "today"})).text
    row = re.search(r"Comments approved</th>\s*<td class=\"number\">(\d+)</td>", page)
    assert row
    assert row[1] == "1"
    [shown] = re.findall(r'class="now" x="0" y="2" width="(100\.0)"', page)
    assert shown


async def test_figures_of_jira_are_shown_with_what_they_count_or_with_why_there_are_none() -> None:
    since, until = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    work = {
        **computed("ann", [], {}, since, until, UTC),
        "resolved_by_day": {"2026-11-17": 3, "2026-11-18": 1},
    }
    own = {"period": "this week", "time_zone": "UTC", "source": "x", "counts": {}, "counts_before": {}}
    values = {"viewer": Viewer("ann", "UTC"), "user": "ann", "period": "this week", "periods": PERIODS}
    page = await render("figures.html", {**values, "figures": {**own, "work": work, "work_error": None}})
    assert b"Cycle time (hours)" in page.body
    assert b"2026-11-17: 3</title>" in page.body
    assert b"have a resolution" in page.body
    page = await render(
        "figures.html", {**values, "figures": {**own, "work": None, "work_error": "Jira is away"}}
    )
    assert b"Jira is away" in page.body


async def test_hidden_characters_are_shown_and_counted(web: httpx.AsyncClient) -> None:
    await said(web, "fixed the log\u200bin on PAY-1 \u202e, tested")
    page = (await web.get("/review")).text
    assert "Hidden characters: 2" in page
    assert "U+200B" in page
    assert "U+202E" in page
    assert 'title="right-to-left override"' in page


async def test_browsers_that_come_to_the_root_are_sent_to_the_chat_and_health_checks_are_answered(
    web: httpx.AsyncClient,
) -> None:
    assert (await web.get("/", headers={"Accept": "text/html"})).headers["location"] == "/app"
    assert (await web.get("/")).json() == {"ok": True}


async def test_the_way_back_after_naming_oneself_stays_on_this_site(web: httpx.AsyncClient) -> None:
    for back, goes in (("/review", "/review"), ("https://evil.example", "/app"), ("//evil.example", "/app")):
        assert (await form(web, "/me", name="Ann", back=back)).headers["location"] == goes
