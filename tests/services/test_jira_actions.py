"""An approved action is carried out in Jira once, as it was shown, or says plainly why not."""

from collections.abc import Callable
from typing import Any

import pytest

from services.errors import (
    ActionError,
    ActionFailed,
    OutcomeUnknown,
    ReceiverUnavailable,
    TargetChanged,
)
from services.jira_actions import MarkTaskComplete, PostJiraComment
from tests.jira_world import FINISH
from tests.loopback import Fault
from tests.services.conftest import LOST, Scene

COMMENT = {"issue_key": "PAY-12", "comment": "**Fixed** the `refund` button."}


def comments(scene: Scene) -> int:
    return len(scene.world.issues["PAY-12"].comments)


def comment(scene: Scene, args: dict[str, Any] = COMMENT, action_id: str = "act-1") -> dict[str, Any]:
    result: dict[str, Any] = scene.do(PostJiraComment(scene.jira).perform(action_id, args))
    return result


def test_a_preview_shows_what_jira_will_show_and_changes_nothing(scene: Scene) -> None:
    issue = scene.world.add("PAY-12")
    shown = scene.do(PostJiraComment(scene.jira).preview(COMMENT))
    assert shown["target"] == "PAY-12 Refund button fails (In Progress)"
    assert shown["text"] == "**Fixed** the `refund` button."
    assert shown["args"] == {**COMMENT, "issue_updated": issue.updated}
    assert scene.written() == []


def test_a_comment_is_posted_and_its_place_told(scene: Scene) -> None:
    scene.world.add("PAY-12")
    result = comment(scene, scene.do(PostJiraComment(scene.jira).preview(COMMENT))["args"])
    made = scene.world.issues["PAY-12"].comments[0]
    url = f"{scene.server.url}/browse/PAY-12?focusedCommentId={made['id']}"
    assert result == {"issue_key": "PAY-12", "comment_id": made["id"], "url": url}


def test_the_same_action_posts_one_comment_however_often_it_is_performed(scene: Scene) -> None:
    scene.world.add("PAY-12")
    args = scene.do(PostJiraComment(scene.jira).preview(COMMENT))["args"]
    assert comment(scene, args) == comment(scene, args) == comment(scene, args)
    assert comments(scene) == 1
    comment(scene, COMMENT, "act-2")
    assert comments(scene) == 2


@pytest.mark.parametrize("fault", LOST)
def test_a_comment_whose_answer_was_lost_is_found_and_not_posted_again(
    scene: Scene, fault: dict[str, Any]
) -> None:
    scene.world.add("PAY-12")
    scene.server.faults.append(Fault("POST .*/comment$", process=True, **fault))
    assert comment(scene)["comment_id"] == scene.world.issues["PAY-12"].comments[0]["id"]
    assert comments(scene) == 1


def test_a_comment_that_may_have_been_posted_is_unknown_and_a_later_look_settles_it(scene: Scene) -> None:
    scene.world.add("PAY-12")
    scene.server.faults.append(Fault("POST .*/comment$", cut=True))
    with pytest.raises(OutcomeUnknown, match=r"commenting on PAY-12.*look there before"):
        comment(scene)
    assert comments(scene) == 0
    comment(scene)
    assert comments(scene) == 1


def test_when_even_the_look_afterwards_fails_the_comment_stays_unknown(scene: Scene) -> None:
    scene.world.add("PAY-12")
    scene.server.faults += [
        Fault("POST .*/comment$", process=True, cut=True),
        Fault("GET .*/comment$", reply=(401, {}, b"")),
    ]
    scene.server.faults.insert(0, Fault("GET .*/comment$"))  # the look before sending goes well
    with pytest.raises(OutcomeUnknown, match="commenting on PAY-12"):
        comment(scene)
    assert comments(scene) == 1


def test_an_issue_that_changed_since_the_approval_is_shown_again_first(scene: Scene) -> None:
    scene.world.add("PAY-12")
    args = scene.do(PostJiraComment(scene.jira).preview(COMMENT))["args"]
    scene.world.make("PAY-12", FINISH)
    with pytest.raises(TargetChanged, match=r"PAY-12 .*\(Done\) has changed since it was shown"):
        comment(scene, args)
    assert comments(scene) == 0


@pytest.mark.parametrize(
    "key", ["", "PAY", "PAY-1/../../x", "PAY-1?x", "PAY-0", "pay 1", "PAY-1234567890123"]
)
def test_what_is_no_issue_key_never_reaches_jira(scene: Scene, key: str) -> None:
    for connector in (PostJiraComment(scene.jira), MarkTaskComplete(scene.jira)):
        with pytest.raises(ActionFailed, match="is no issue key"):
            scene.do(connector.perform("a", {"issue_key": key, "comment": "x y z", "issue_keys": key}))
    assert scene.server.requests == []


def test_a_comment_too_long_for_jira_is_refused_before_anything_is_sent(scene: Scene) -> None:
    scene.world.add("PAY-12")
    with pytest.raises(ActionFailed, match="shorten it"):
        comment(scene, {**COMMENT, "comment": "x" * 1_000_000})
    assert scene.written() == []


@pytest.mark.parametrize("named", ["", "#123", "the login task"])
def test_an_action_on_no_known_issue_asks_for_it_in_the_same_approval(scene: Scene, named: str) -> None:
    comment_shown = scene.do(PostJiraComment(scene.jira).preview({**COMMENT, "issue_key": named}))
    done_shown = scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": named}))
    assert [field["name"] for field in comment_shown["missing"]] == ["issue_key"]
    assert [field["name"] for field in done_shown["missing"]] == ["issue_keys"]
    assert (comment_shown["args"]["issue_key"], done_shown["args"]["issue_keys"]) == ("", "")
    assert scene.server.requests == []


def test_what_took_too_long_is_not_begun(scene: Scene) -> None:
    scene.world.add("PAY-12")
    connector = PostJiraComment(scene.jira, seconds=0.3)
    scene.server.faults.append(Fault("GET .*/comment$", slow=(1, 0.4)))
    with pytest.raises(ReceiverUnavailable, match="the next step was not begun: try again"):
        scene.do(connector.perform("act-1", COMMENT))
    assert scene.written() == []


def denied(what: str) -> Callable[[Scene], None]:
    return lambda scene: scene.fake.denied.add(what)


def answered(status: int, body: bytes = b"", **headers: str) -> Callable[[Scene], None]:
    reply = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    return lambda scene: scene.server.faults.append(Fault("POST .*/comment$", reply=reply))


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        (
            lambda scene: scene.world.issues.clear(),
            ActionFailed,
            r"reading the comments of PAY-12 \(404\).*check the key",
        ),
        (denied("browse"), ActionFailed, "check the key, that our account may see"),
        (
            denied("comment"),
            ActionFailed,
            r"on PAY-12 \(403\), saying: You do not.*administrator",
        ),
        (answered(401), ActionFailed, r"commenting on PAY-12 \(401\)\. Nothing was done: the token"),
        (answered(403, b"{}", X_Seraph_LoginReason="AUTHENTICATION_DENIED"), ActionFailed, "captcha"),
        (
            answered(400, b'{"errors":{"comment":"is archived"}}'),
            ActionFailed,
            "comment: is archived",
        ),
        (answered(400, b'{"message":"%s"}' % (b"x" * 9000)), ActionFailed, r"saying: x{300}\. Nothing"),
        (answered(404, b"<html><body>nginx</body></html>"), ActionFailed, r"\(404\) with a web page"),
        (answered(409), TargetChanged, "decide again"),
        (answered(413), ActionFailed, "shorten it or use another issue"),
        (
            answered(302, b"", Location="https://login.example/sso?x=1"),
            ActionFailed,
            "sent us to login.example",
        ),
        (answered(429, b"", Retry_After="7"), ReceiverUnavailable, r"Nothing was done: try again in 7 s"),
        (answered(500), OutcomeUnknown, r"\(500\).*may have been done"),
        (answered(200, b"<html>Log in</html>"), OutcomeUnknown, "a page instead of data"),
        (answered(201, b"[]"), OutcomeUnknown, "lacks what we need"),
    ],
)
def test_each_refusal_of_jira_says_what_failed_and_what_to_do(
    scene: Scene, trouble: Callable[[Scene], None], error: type[ActionError], words: str
) -> None:
    scene.world.add("PAY-12")
    trouble(scene)
    with pytest.raises(error, match=words) as caught:
        comment(scene)
    assert type(caught.value) is error
    assert scene.written().count(f"POST {scene.jira.api}/issue/PAY-12/comment") <= 1
