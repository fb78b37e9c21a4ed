"""Figures about the work of one account, computed from Jira and never generated.

Each comes with what it counts and a JQL query to see the same issues in Jira. Fetching (`figures`) is apart
from computing (`computed`), which is pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median
from typing import NamedTuple, TypedDict

from services import JSON
from services.jira import Jira
from services.jira_shapes import Issue
from services.steps import Steps

MOST_ISSUES = 1000
"""More of one account in two periods are not fetched; `complete` then says so."""


class Figure(TypedDict):
    """One number for the period and for the one just as long before it. None: nothing to measure."""

    value: float | None
    before: float | None
    change: float | None  # value - before
    unit: str
    definition: str
    jql: str


class Figures(TypedDict):
    """Times are ISO 8601 in the zone that was asked for; the period is [since, until)."""

    account: str
    since: str
    until: str
    time_zone: str
    complete: bool  # False: there were more than MOST_ISSUES, so the numbers are too low
    resolved: Figure
    cycle_time: Figure
    throughput: Figure
    resolved_by_day: dict[str, int]  # local dates; days without any are left out
    resolved_keys: list[str]


class _Span(NamedTuple):
    since: datetime
    until: datetime

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until


def figures(jira: Jira, account: str, since: datetime, until: datetime, tz: tzinfo) -> Steps[Figures]:
    """Of the issues assigned to `account` (see User.account) in [since, until), both aware. Raises as every
    step of `jira` does; ValueError for a period that ends before it begins."""
    if until <= since:
        raise ValueError(f"The period ends ({until}) before it begins ({since}): swap them.")
    categories = yield from jira.statuses()
    now, then = _spans(since, until)
    # one day more at each end: Jira reads dates in the time zone of the profile of whose token we have
    jql = _jql(account, then.since - timedelta(days=1), now.until + timedelta(days=1), UTC)
    found = yield from jira.search(jql, limit=MOST_ISSUES)
    whole = _Span(then.since, now.until)
    issues = []
    for issue in found.issues:
        if _counts(issue, whole):
            issues.append(issue if issue.changes is not None else (yield from jira.changelog(issue.key)))
    return computed(account, issues, categories, since, until, tz, complete=found.complete)


class JiraFigures:
    """The `services.WorkFigures` of a Jira."""

    def __init__(self, jira: Jira) -> None:
        self._jira = jira

    def figures(self, account: str, since: datetime, until: datetime, tz: tzinfo) -> Steps[JSON]:
        return dict((yield from figures(self._jira, account, since, until, tz)))


def computed(
    account: str,
    issues: Sequence[Issue],
    categories: Mapping[str, str],
    since: datetime,
    until: datetime,
    tz: tzinfo,
    *,
    complete: bool = True,
) -> Figures:
    """The figures from issues with their changes; `categories` holds the category key of each status id."""
    spans = _spans(since, until)
    now, then = ([issue for issue in issues if _counts(issue, span)] for span in spans)
    days = (spans[0].until - spans[0].since) / timedelta(days=1)
    jql = _jql(account, since, until, tz)
    local = sorted(((issue.resolved or until).astimezone(tz).date().isoformat(), issue.key) for issue in now)
    return Figures(
        account=account,
        since=since.astimezone(tz).isoformat(),
        until=until.astimezone(tz).isoformat(),
        time_zone=str(tz),
        complete=complete,
        resolved=_figure(len(now), len(then), "issues", _RESOLVED, jql),
        cycle_time=_figure(_cycle(now, categories), _cycle(then, categories), "hours", _CYCLE, jql),
        throughput=_figure(len(now) / days, len(then) / days, "issues a day", _THROUGHPUT, jql),
        resolved_by_day=dict(Counter(day for day, _ in local)),
        resolved_keys=[key for _, key in local],
    )


_RESOLVED = (
    "Issues assigned to the account now that have a resolution, were given it in the period, and are in a "
    "status of the category Done; what was reopened since is not counted."
)
_CYCLE = (
    "The median time from the first move into a status of the category In Progress to the resolution, of the "
    "resolved issues; those that were never in progress are left out."
)
_THROUGHPUT = "The resolved issues divided by the length of the period in days of 24 hours."


def _spans(since: datetime, until: datetime) -> tuple[_Span, _Span]:
    """The period and the one before it, in UTC: two times of one zone are subtracted without its changes."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    return _Span(since, until), _Span(since - (until - since), since)


def _figure(value: float | None, before: float | None, unit: str, definition: str, jql: str) -> Figure:
    now, then = (None if number is None else round(number, 2) for number in (value, before))
    change = None if now is None or then is None else round(now - then, 2)
    return Figure(value=now, before=then, change=change, unit=unit, definition=definition, jql=jql)


def _counts(issue: Issue, span: _Span) -> bool:
    return issue.done and issue.resolution is not None and span.holds(issue.resolved)


def _cycle(issues: Sequence[Issue], categories: Mapping[str, str]) -> float | None:
    measured = [hours for issue in issues if (hours := _cycle_hours(issue, categories)) is not None]
    return median(measured) if measured else None


def _cycle_hours(issue: Issue, categories: Mapping[str, str]) -> float | None:
    moves = [change for change in issue.changes or () if change.field == "status"]
    begun = next((move.at for move in moves if categories.get(move.after or "") == "indeterminate"), None)
    if moves and categories.get(moves[0].before or "") == "indeterminate":
        begun = issue.created  # it was made in progress
    if begun is None or issue.resolved is None:
        return None
    return (issue.resolved - begun) / timedelta(hours=1)


def _jql(account: str, since: datetime, until: datetime, tz: tzinfo) -> str:
    """The text is quoted, so that no account name becomes a part of the query."""
    quoted = account.replace("\\", "\\\\").replace('"', '\\"')
    first, last = (at.astimezone(tz).strftime("%Y-%m-%d %H:%M") for at in (since, until))
    return (
        f'assignee = "{quoted}" AND resolved >= "{first}" AND resolved < "{last}" '
        "AND resolution IS NOT EMPTY AND statusCategory = Done ORDER BY resolved"
    )
