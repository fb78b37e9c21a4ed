"""Figures are what Jira says, counted as defined, and can be looked up there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.jira_figures import Figures, computed, figures
from services.jira_shapes import Change, Issue
from tests.jira_world import FINISH, REOPEN, START, Move
from tests.services.conftest import Scene

BERLIN = ZoneInfo("Europe/Berlin")
SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=BERLIN), datetime(2026, 3, 9, tzinfo=BERLIN)
CATEGORIES = {"1": "new", "3": "indeterminate", "4": "indeterminate", "10": "done"}


def issue(key: str, resolved: datetime | None, *moves: tuple[datetime, str, str], done: bool = True) -> Issue:
    return Issue(
        key=key,
        status="Done" if done else "To Do",
        category="done" if done else "new",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        updated="",
        resolution="Fixed" if resolved else None,
        resolved=resolved,
        changes=tuple(Change(at=at, field="status", before=a, after=b) for at, a, b in moves),
    )


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN)


def of(*issues: Issue, since: datetime = SINCE, until: datetime = UNTIL) -> Figures:
    return computed("acc-1", issues, CATEGORIES, since, until, BERLIN)


def test_resolved_are_those_resolved_in_the_period_and_done_still() -> None:
    before = datetime(2026, 2, 25, tzinfo=BERLIN)
    result = of(
        issue("A-1", SINCE),
        issue("A-2", UNTIL - timedelta(microseconds=1)),
        issue("A-3", UNTIL),
        issue("A-4", SINCE - timedelta(microseconds=1)),
        issue("A-5", before),
        issue("A-6", before - timedelta(days=30)),
        issue("A-7", at(4), done=False),  # reopened, its resolution kept
        issue("A-8", None),  # done without a resolution
    )
    figure = result["resolved"]
    assert (figure["value"], figure["before"], figure["change"]) == (2, 2, 0)
    assert result["resolved_keys"] == ["A-1", "A-2"]


def test_cycle_time_is_the_median_from_the_first_start_to_the_resolution() -> None:
    started = at(2, 8)
    result = of(
        issue("A-1", at(2, 10), (started, "1", "3"), (at(2, 10), "3", "10")),  # 2 h
        issue("A-2", at(2, 18), (started, "1", "3"), (at(2, 9), "3", "4"), (at(2, 18), "4", "10")),  # 10 h
        issue("A-3", at(3, 8), (started, "1", "3"), (at(2, 9), "3", "1"), (at(2, 10), "1", "3")),  # 24 h
        issue("A-4", at(5), (at(5), "1", "10")),  # never in progress
        issue("A-5", at(5)),
    )
    assert (result["cycle_time"]["value"], result["cycle_time"]["unit"]) == (10.0, "hours")
    assert (result["cycle_time"]["before"], result["cycle_time"]["change"]) == (None, None)


def test_an_issue_made_in_progress_began_when_it_was_made() -> None:
    result = of(issue("A-1", datetime(2026, 3, 2, tzinfo=UTC), (datetime(2026, 3, 2, tzinfo=UTC), "3", "10")))
    assert result["cycle_time"]["value"] == 60 * 24.0


def test_days_are_those_of_the_user() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # after midnight in Berlin
    result = of(issue("A-1", late), issue("A-2", at(4)), issue("A-3", at(6)))
    assert result["resolved_by_day"] == {"2026-03-04": 2, "2026-03-06": 1}
    assert result["throughput"]["value"] == round(3 / 7, 2)


def test_a_week_with_a_change_of_clocks_is_as_long_as_it_is() -> None:
    since, until = datetime(2026, 3, 23, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN)
    result = of(*(issue(f"A-{number}", since) for number in range(100)), since=since, until=until)
    assert result["since"] == "2026-03-23T00:00:00+01:00"
    assert result["until"] == "2026-03-30T00:00:00+02:00"
    assert result["throughput"]["value"] == round(100 * 24 / (7 * 24 - 1), 2)


def test_no_issues_make_zeros_and_no_invented_median() -> None:
    result = of()
    assert (result["resolved"]["value"], result["throughput"]["value"]) == (0, 0)
    assert result["cycle_time"]["value"] is None
    assert result["resolved_by_day"] == {}


def test_each_figure_can_be_looked_up_in_jira() -> None:
    result = of()
    for name in ("resolved", "cycle_time", "throughput"):
        figure = result[name]
        assert (
            'assignee = "acc-1" AND resolved >= "2026-03-02 00:00" AND resolved < "2026-03-09 00:00"'
            in figure["jql"]
        )
        assert len(figure["definition"]) > 40


def test_no_account_name_becomes_a_part_of_the_query() -> None:
    hostile = 'x" OR assignee != "y\\'
    jql = computed(hostile, [], CATEGORIES, SINCE, UNTIL, BERLIN)["resolved"]["jql"]
    assert jql.startswith('assignee = "x\\" OR assignee != \\"y\\\\" AND ')


def test_a_period_that_ends_before_it_begins_is_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="swap them"):
        scene.do(figures(scene.jira, "bot", UNTIL, SINCE, BERLIN))


@pytest.mark.parametrize("cut_changes", [100, 1])
def test_they_are_computed_from_what_jira_has(scene: Scene, cut_changes: int) -> None:
    scene.fake.cut_changes, scene.fake.page = cut_changes, 2
    world = scene.world  # its clock begins at 2026-03-02 09:00 UTC
    for number in range(1, 6):
        world.add(f"PAY-{number}", status="1")
    for key, hours in (("PAY-1", 2.0), ("PAY-2", 10.0), ("PAY-3", 6.0)):
        world.make(key, START)
        world.tick(hours)
        world.make(key, FINISH)
    world.make("PAY-3", REOPEN)
    world.make("PAY-4", Move("0", "Skip", "1", "10"))
    result = scene.do(figures(scene.jira, "bot", SINCE, UNTIL, BERLIN))
    assert result["complete"]
    assert result["resolved_keys"] == ["PAY-1", "PAY-2", "PAY-4"]
    assert result["cycle_time"]["value"] == 6.0
    searched = scene.fake.searches[0]["jql"]
    assert 'assignee = "bot" AND resolved >= "2026-02-21 23:00" AND resolved < "2026-03-09 23:00"' in searched
