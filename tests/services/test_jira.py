"""Both Jiras do the same for us, whichever way we wait."""

import json

import pytest
from pydantic import SecretStr

from services.errors import ActionFailed, ConfigurationError, ReceiverUnavailable
from services.jira import Credentials
from services.jira_flavours import JiraCloud, JiraDataCenter, open_jira
from services.settings import Settings
from tests.jira_world import FINISH, REOPEN, START
from tests.loopback import Fault
from tests.services.conftest import EMAIL, OTHER_TOKEN, TOKEN, Scene, basic


def test_it_knows_whose_token_it_has(scene: Scene) -> None:
    me = scene.do(scene.jira.myself())
    assert (me.account, me.name, me.time_zone) == ("bot", "Bot", "Europe/Berlin")


def test_an_issue_is_read_with_its_status(scene: Scene) -> None:
    made = scene.world.add("PAY-12")
    issue = scene.do(scene.jira.issue("PAY-12"))
    assert str(issue) == "PAY-12 Refund button fails (In Progress)"
    assert (issue.category, issue.updated, issue.done, issue.resolved) == (
        "indeterminate",
        made.updated,
        False,
        None,
    )


def test_a_comment_is_posted_marked_and_hidden_from_customers(scene: Scene) -> None:
    issue = scene.world.add("PAY-12")
    made = scene.do(scene.jira.comment("PAY-12", "**Fixed**, see PAY-13", mark="act-1", public=False))
    assert made.public is False
    assert [one["id"] for one in issue.comments] == [made.id]
    body = issue.comments[0]["body"]
    if scene.fake.cloud:
        link = {"type": "link", "attrs": {"href": f"{scene.server.url}/browse/PAY-13"}}
        assert body["content"][0]["content"][0] == {
            "type": "text",
            "text": "Fixed",
            "marks": [{"type": "strong"}],
        }
        assert body["content"][0]["content"][-1] == {"type": "text", "text": "PAY-13", "marks": [link]}
    else:
        assert body == "*Fixed*, see PAY-13"


@pytest.mark.parametrize(("public", "seen"), [(True, True), (False, False)])
def test_whether_customers_see_a_comment_is_always_said(scene: Scene, public: bool, seen: bool) -> None:
    scene.world.add("PAY-12")
    assert scene.do(scene.jira.comment("PAY-12", "x y z", mark="a", public=public)).public is seen
    sent = json.loads(scene.server.requests[-1].body)["properties"]
    assert {"key": "sd.public.comment", "value": {"internal": not public}} in sent


@pytest.mark.parametrize("others", [0, 3, 230])
def test_a_posted_comment_is_found_again_by_its_mark(scene: Scene, others: int) -> None:
    scene.world.add("PAY-12")
    made = scene.do(scene.jira.comment("PAY-12", "first", mark="act-1", public=False))
    body = scene.world.issues["PAY-12"].comments[0]
    for number in range(others):
        scene.world.issues["PAY-12"].comments.append({**body, "id": str(20_000 + number), "properties": []})
    assert scene.do(scene.jira.find_comment("PAY-12", "act-1")).id == made.id
    assert scene.do(scene.jira.find_comment("PAY-12", "act-2")) is None


def test_the_newest_comments_are_looked_at_first(scene: Scene) -> None:
    issue = scene.world.add("PAY-12")
    scene.do(scene.jira.comment("PAY-12", "first", mark="act-1", public=False))
    old = {**issue.comments[0], "properties": []}
    issue.comments = [{**old, "id": str(20_000 + number)} for number in range(1200)] + issue.comments
    assert scene.do(scene.jira.find_comment("PAY-12", "act-1")) is not None
    assert len(scene.server.requests) == (3 if scene.fake.cloud else 2)


def test_only_keys_of_the_same_project_become_links(scene: Scene) -> None:
    links = scene.jira.issue_links("PAY-12")
    assert links("PAY-7") == f"{scene.server.url}/browse/PAY-7"
    assert links("UTF-8") is None


def test_transitions_come_with_where_they_lead_and_what_they_ask(scene: Scene) -> None:
    scene.world.add("OPS-1")
    (close,) = scene.do(scene.jira.transitions("OPS-1"))
    assert (close.name, close.to, close.category) == ("Close", "Done", "done")
    assert close.fields["resolution"].required


def test_all_changes_of_an_issue_are_read_oldest_first(scene: Scene) -> None:
    scene.world.add("PAY-12", status="1")
    scene.fake.page = 2
    for move in (START, FINISH, REOPEN, START, FINISH):
        scene.world.make("PAY-12", move)
    changes = scene.do(scene.jira.changelog("PAY-12")).changes
    assert [(change.before, change.after) for change in changes] == [
        ("1", "3"),
        ("3", "10"),
        ("10", "1"),
        ("1", "3"),
        ("3", "10"),
    ]


@pytest.mark.parametrize(("limit", "complete"), [(500, True), (7, True), (6, False), (3, False)])
def test_a_search_says_whether_it_found_all(scene: Scene, limit: int, complete: bool) -> None:
    scene.fake.page = 3
    for number in range(1, 8):
        scene.world.add(f"PAY-{number}")
    found = scene.do(scene.jira.search("project = PAY", limit=limit))
    assert [issue.key for issue in found.issues] == [f"PAY-{number}" for number in range(1, 8)][:limit]
    assert found.complete is complete
    assert scene.fake.searches[0]["jql"] == "project = PAY"


def test_changes_cut_short_in_a_search_are_not_taken_for_all(scene: Scene) -> None:
    scene.fake.cut_changes = 1
    scene.world.add("PAY-1", status="1")
    scene.world.make("PAY-1", START)
    scene.world.add("PAY-2", status="1")
    scene.world.make("PAY-2", START)
    scene.world.make("PAY-2", FINISH)
    whole, cut = scene.do(scene.jira.search("x", limit=10)).issues
    assert len(whole.changes) == 1
    assert cut.changes is None


def test_statuses_are_known_by_category(scene: Scene) -> None:
    statuses = scene.do(scene.jira.statuses())
    assert (statuses["1"], statuses["3"], statuses["11"]) == ("new", "indeterminate", "done")


def test_a_call_in_the_name_of_a_user_uses_that_users_token_only(scene: Scene) -> None:
    theirs = scene.jira.acting_as(Credentials(SecretStr(OTHER_TOKEN)))
    assert scene.do(theirs.myself()).account == "somebody"
    assert scene.do(scene.jira.myself()).account == "bot"


def test_no_session_cookie_of_one_user_reaches_the_next_request(scene: Scene) -> None:
    cookie = (200, {"Set-Cookie": "JSESSIONID=of-somebody; Path=/"}, b"[]")
    scene.server.faults.append(Fault("/status", reply=cookie))
    scene.do(scene.jira.statuses())
    scene.do(scene.jira.myself())
    assert "cookie" not in scene.server.requests[-1].headers


def test_a_token_is_shown_nowhere(scene: Scene) -> None:
    scene.fake.tokens.clear()
    with pytest.raises(ActionFailed) as caught:
        scene.do(scene.jira.myself())
    own = basic(EMAIL, TOKEN)
    shown = repr(caught.value) + repr(scene.jira) + repr(vars(scene.jira)) + repr(caught.value.details)
    assert TOKEN not in shown
    assert own not in shown


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "münze"])
def test_what_cannot_be_a_token_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ConfigurationError, match="copy it again") as caught:
        Credentials(SecretStr(token))
    assert not token or token not in str(caught.value)


def test_reads_are_tried_again_and_not_for_ever(scene: Scene) -> None:
    scene.world.add("PAY-12")
    scene.server.faults += [Fault("GET", cut=True), Fault("GET", reply=(503, {}, b"<html>busy</html>"))]
    assert scene.do(scene.jira.issue("PAY-12")).key == "PAY-12"
    scene.server.faults += [Fault("GET", cut=True) for _ in range(5)]
    with pytest.raises(ReceiverUnavailable, match="reading PAY-12"):
        scene.do(scene.jira.issue("PAY-12"))
    assert len(scene.server.requests) == 6


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("jira-burst-based", "too many requests at once"),
        ("jira-quota-tenant-based", "hourly quota of this site"),
        ("jira-per-issue-on-write", "too many writes to this one issue"),
        ("jira-something-new", "too many requests"),
    ],
)
def test_a_rate_limit_says_which_and_how_long(scene: Scene, reason: str, words: str) -> None:
    limited = (429, {"RateLimit-Reason": reason, "Retry-After": "3600"}, b"")
    scene.server.faults.append(Fault("GET", reply=limited))
    with pytest.raises(ReceiverUnavailable, match=words) as caught:
        scene.do(scene.jira.myself())
    assert caught.value.details == {"retry_after_s": 3600.0, "reason": reason}
    assert len(scene.server.requests) == 1  # nobody waits an hour for one answer


def test_a_short_rate_limit_is_waited_for_when_reading(scene: Scene) -> None:
    scene.server.faults.append(Fault("GET", reply=(429, {"Retry-After": "0"}, b"")))
    assert scene.do(scene.jira.myself()).account == "bot"


def settings(**values: str) -> Settings:
    return Settings.model_validate({"jira_base_url": "https://jira.example/base", **values})


def test_the_settings_open_the_jira_they_name() -> None:
    assert open_jira(Settings()) is None
    cloud = open_jira(settings(jira_email=EMAIL, jira_api_token=TOKEN))
    center = open_jira(settings(jira_flavour="datacenter", jira_personal_access_token=TOKEN))
    assert isinstance(cloud, JiraCloud)
    assert isinstance(center, JiraDataCenter)
    assert center.issue_url("PAY-12") == "https://jira.example/base/browse/PAY-12"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "JIRA_EMAIL and JIRA_API_TOKEN"),
        ({"jira_flavour": "datacenter"}, "JIRA_PERSONAL_ACCESS_TOKEN"),
        ({"jira_base_url": "http://jira.example"}, "https://"),
        ({"jira_base_url": "https://me:secret@jira.example"}, "an address and nothing more"),
    ],
)
def test_half_of_a_jira_is_refused_at_start(values: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        settings(**values)
