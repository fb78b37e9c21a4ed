"""Which days a question about figures means."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nodes.jira_assistant.periods import period_of, zone

NOW = datetime(2026, 3, 11, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # a Wednesday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("how productive was I today?", "2026-03-11T00:00", "2026-03-11T15:30"),
        ("what did I close yesterday", "2026-03-10T00:00", "2026-03-11T00:00"),
        ("my stats this week", "2026-03-09T00:00", "2026-03-11T15:30"),
        ("my stats", "2026-03-09T00:00", "2026-03-11T15:30"),
        ("velocity last week", "2026-03-02T00:00", "2026-03-09T00:00"),
        ("this month please", "2026-03-01T00:00", "2026-03-11T15:30"),
        ("last month", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("past 7 days", "2026-03-05T00:00", "2026-03-11T15:30"),
        ("last 2 weeks", "2026-02-26T00:00", "2026-03-11T15:30"),
    ],
)
def test_a_named_period_begins_and_ends_where_people_expect(text: str, since: str, until: str) -> None:
    period = period_of(text, NOW)
    assert period.since.isoformat().startswith(since)
    assert period.until.isoformat().startswith(until)


def test_the_period_before_is_as_long() -> None:
    period = period_of("last week", NOW)
    assert period.since - period.before == period.until - period.since


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "x" * 5000, "a\0b"])
def test_an_unknown_time_zone_is_utc(name: str) -> None:
    assert str(zone(name)) == "UTC"
