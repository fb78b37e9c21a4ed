"""An approved task is finished in Jira once, the way it was shown, or the reviewer is asked again."""

from typing import Any

import pytest

from services.errors import ActionFailed, OutcomeUnknown, TargetChanged
from services.jira_actions import MarkTaskComplete
from tests.jira_world import CLOSE, FINISH, REJECT, REOPEN, SHIP, START, Move, required
from tests.loopback import Fault, Reply
from tests.services.conftest import LOST, Scene


def complete(scene: Scene, **args: str) -> list[dict[str, Any]]:
    result = scene.do(MarkTaskComplete(scene.jira).perform("act-1", args))
    issues: list[dict[str, Any]] = result["issues"]
    return issues


def test_a_task_is_finished_by_the_transition_that_was_shown(scene: Scene) -> None:
    scene.world.add("PAY-12")
    shown = scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "PAY-12"}))
    assert shown["text"] == "PAY-12: In Progress → Done"
    assert shown["args"] == {
        "issue_keys": "PAY-12",
        "PAY-12.from_status": "In Progress",
        "PAY-12.transition": "Finish",
    }
    assert shown["missing"] == []
    assert scene.written() == []
    assert complete(scene, **shown["args"]) == [{"key": "PAY-12", "status": "Done", "already": False}]
    assert scene.world.moves == [("PAY-12", "Finish", {})]


def test_an_issue_that_is_done_already_is_left_alone(scene: Scene) -> None:
    scene.world.add("PAY-12", status="11")
    assert scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "PAY-12"}))["notes"] == [
        "PAY-12 is already Won't do."
    ]
    assert complete(scene, issue_keys="PAY-12") == [{"key": "PAY-12", "status": "Won't do", "already": True}]
    assert scene.world.moves == []


def test_an_issue_reopened_since_it_was_shown_as_done_asks_again(scene: Scene) -> None:
    scene.world.add("PAY-12", status="10")
    args = scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "PAY-12"}))["args"]
    scene.world.make("PAY-12", REOPEN)
    scene.world.make("PAY-12", START)
    with pytest.raises(TargetChanged, match="status: then Done, now In Progress"):
        complete(scene, **args)
    assert scene.world.moves == []


def test_a_finished_task_is_finished_once_however_often_it_is_performed(scene: Scene) -> None:
    scene.world.add("PAY-12")
    args = scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "PAY-12"}))["args"]
    complete(scene, **args)
    assert complete(scene, **args) == [{"key": "PAY-12", "status": "Done", "already": True}]
    assert len(scene.world.moves) == 1


def test_required_fields_are_asked_for_in_the_same_approval(scene: Scene) -> None:
    scene.world.add("OPS-1")
    connector = MarkTaskComplete(scene.jira)
    shown = scene.do(connector.preview({"issue_keys": "OPS-1"}))
    assert shown["missing"] == [
        {"name": "OPS-1.resolution", "label": "OPS-1: Resolution", "allowed": ["Fixed", "Duplicate"]}
    ]
    with pytest.raises(ActionFailed, match="needs Resolution: fill in OPS-1"):
        complete(scene, **shown["args"])
    with pytest.raises(ActionFailed, match=r"does not take 'Maybe': choose one of Fixed, Duplicate"):
        scene.do(connector.preview({**shown["args"], "OPS-1.resolution": "Maybe"}))
    filled = {**shown["args"], "OPS-1.resolution": "fixed"}
    assert scene.do(connector.preview(filled))["missing"] == []
    complete(scene, **filled)
    assert scene.world.moves == [("OPS-1", "Close", {"resolution": {"id": "1"}})]


VERSION = {"id": "7", "name": "1.2"}


def test_a_field_that_jira_fills_by_itself_is_not_asked_for(scene: Scene) -> None:
    field = {**required("string", "Note"), "hasDefaultValue": True}
    scene.world.workflows["OPS"] = [Move("9", "Close", "3", "10", {"note": field})]
    scene.world.add("OPS-1")
    assert scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "OPS-1"}))["missing"] == []


FIELDS = [
    (required("string", "Note"), "done it", "done it", "done it"),
    (required("string", "Env", system="environment"), "on *x*", {"type": "doc"}, "on _x_"),
    (required("number", "Points"), "2.5", 2.5, 2.5),
    (required("date", "Due"), "2026-03-31", "2026-03-31", "2026-03-31"),
    (required("user", "Tester"), "kim", {"accountId": "kim"}, {"name": "kim"}),
    (required("array", "Labels", items="string"), "a, b", ["a", "b"], ["a", "b"]),
    (
        required("array", "Fix", allowed=[{"id": "7", "name": "1.2"}], items="version"),
        "1.2",
        [{"id": "7"}],
        [{"id": "7"}],
    ),
    (required("option", "Team", allowed=[{"id": "9", "value": "Core"}]), "core", {"id": "9"}, {"id": "9"}),
]


@pytest.mark.parametrize(("field", "text", "cloud", "center"), FIELDS, ids=lambda value: str(value)[:20])
def test_each_kind_of_field_is_filled_as_that_jira_wants_it(
    scene: Scene, field: dict[str, Any], text: str, cloud: Any, center: Any
) -> None:
    scene.world.workflows["OPS"] = [Move("9", "Close", "3", "10", {"f": field})]
    scene.world.add("OPS-1")
    complete(scene, **{"issue_keys": "OPS-1", "OPS-1.f": text})
    sent = scene.world.moves[0][2]["f"]
    expected = cloud if scene.fake.cloud else center
    assert sent == expected or sent["type"] == expected["type"] == "doc"


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        (required("number", "Points"), "many", "takes a number like 12.5, not 'many'"),
        (required("date", "Due"), "soon", "takes a date like 2026-03-31"),
        (
            required("sd-approvals", "Approvals"),
            "x",
            "cannot be filled from here",
        ),
    ],
)
def test_a_field_that_cannot_be_filled_is_named(
    scene: Scene, field: dict[str, Any], text: str, problem: str
) -> None:
    scene.world.workflows["OPS"] = [Move("9", "Close", "3", "10", {"f": field})]
    scene.world.add("OPS-1")
    with pytest.raises(ActionFailed, match=problem):
        complete(scene, **{"issue_keys": "OPS-1", "OPS-1.f": text})
    assert scene.world.moves == []


def test_wont_do_is_not_taken_for_done(scene: Scene) -> None:
    scene.world.workflows["PAY"] = [REJECT, FINISH]
    scene.world.add("PAY-12")
    assert complete(scene, issue_keys="PAY-12")[0]["status"] == "Done"


def test_where_several_ways_mean_done_somebody_says_which(scene: Scene) -> None:
    scene.world.add("ODD-1")
    shown = scene.do(MarkTaskComplete(scene.jira).preview({"issue_keys": "ODD-1"}))
    assert shown["missing"] == [
        {"name": "ODD-1.transition", "label": "ODD-1: how", "allowed": ["Ship", "Drop"]}
    ]
    with pytest.raises(ActionFailed, match=r"in several ways \('Ship', 'Drop'\): say which"):
        complete(scene, **shown["args"])
    complete(scene, **{**shown["args"], "ODD-1.transition": "Ship"})
    assert scene.world.moves == [("ODD-1", "Ship", {})]


def test_the_settings_may_name_the_done_status_of_a_project(scene: Scene) -> None:
    scene.world.add("ODD-1")
    connector = MarkTaskComplete(scene.jira, done_status={"ODD": "shipped"})
    scene.do(connector.perform("a", {"issue_keys": "ODD-1"}))
    assert scene.world.moves == [("ODD-1", "Ship", {})]


def test_a_workflow_without_a_way_to_done_says_which_ways_there_are(scene: Scene) -> None:
    scene.world.add("PAY-12", status="1")
    with pytest.raises(ActionFailed, match="a done status: Jira offers 'Start' to In Progress"):
        complete(scene, issue_keys="PAY-12")
    scene.fake.denied.add("move")
    with pytest.raises(ActionFailed, match="no transition at all"):
        complete(scene, issue_keys="PAY-12")


def test_several_tasks_are_finished_in_one_go_or_none_is(scene: Scene) -> None:
    scene.world.add("PAY-1")
    scene.world.add("PAY-2", status="1")
    with pytest.raises(ActionFailed, match="PAY-2"):
        complete(scene, issue_keys="PAY-1, PAY-2")
    assert scene.world.moves == []
    scene.world.make("PAY-2", START)
    assert [one["key"] for one in complete(scene, issue_keys="PAY-1, PAY-2, PAY-1")] == ["PAY-1", "PAY-2"]


def test_a_failure_in_the_middle_says_what_was_done_before_it(scene: Scene) -> None:
    scene.world.add("PAY-1")
    scene.world.add("PAY-2")
    scene.server.faults.append(Fault("POST .*PAY-2/transitions", reply=(401, {}, b"")))
    with pytest.raises(ActionFailed, match=r"moving PAY-2 to Done.*give a new one\. Done before that: PAY-1"):
        complete(scene, issue_keys="PAY-1, PAY-2")
    assert [one["key"] for one in complete(scene, issue_keys="PAY-1, PAY-2")] == ["PAY-1", "PAY-2"]
    assert scene.world.moves == [("PAY-1", "Finish", {}), ("PAY-2", "Finish", {})]


@pytest.mark.parametrize("fault", LOST)
def test_a_transition_whose_answer_was_lost_is_read_back(scene: Scene, fault: dict[str, Any]) -> None:
    scene.world.add("PAY-12")
    scene.server.faults.append(Fault("POST .*/transitions", process=True, **fault))
    assert complete(scene, issue_keys="PAY-12") == [{"key": "PAY-12", "status": "Done", "already": False}]
    assert len(scene.world.moves) == 1


def test_a_transition_that_may_have_been_made_is_unknown_and_repeating_it_is_safe(scene: Scene) -> None:
    scene.world.add("PAY-12")
    scene.server.faults.append(Fault("POST .*/transitions", cut=True))
    with pytest.raises(OutcomeUnknown, match="moving PAY-12 to Done"):
        complete(scene, issue_keys="PAY-12")
    complete(scene, issue_keys="PAY-12")
    assert len(scene.world.moves) == 1


@pytest.mark.parametrize("reply", [(409, {}, b"{}"), None])
def test_somebody_finishing_it_at_the_same_moment_is_as_good(scene: Scene, reply: Reply | None) -> None:
    scene.world.add("PAY-12")
    scene.server.faults.append(
        Fault("POST .*/transitions", reply=reply, before=lambda: scene.world.make("PAY-12", FINISH))
    )
    assert complete(scene, issue_keys="PAY-12") == [{"key": "PAY-12", "status": "Done", "already": True}]
    assert scene.world.moves == []


def test_somebody_moving_it_elsewhere_at_the_same_moment_asks_again(scene: Scene) -> None:
    scene.world.add("PAY-12")
    elsewhere = Move("0", "Back", "3", "1")
    scene.server.faults.append(
        Fault("POST .*/transitions", before=lambda: scene.world.make("PAY-12", elsewhere))
    )
    with pytest.raises(TargetChanged, match="status: then In Progress, now To Do"):
        complete(scene, issue_keys="PAY-12")


def test_a_transition_that_is_gone_asks_again(scene: Scene) -> None:
    scene.world.add("ODD-1")
    with pytest.raises(TargetChanged, match=r"not offered 'Close' any more, but 'Ship', 'Drop'"):
        complete(scene, **{"issue_keys": "ODD-1", "ODD-1.transition": CLOSE.name})
    assert SHIP in scene.world.workflows["ODD"]
