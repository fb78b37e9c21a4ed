"""Which period a question about figures means, in the user's own time zone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = re.compile(r"\b(?:last|past|previous)\s+(\d{1,3})\s+(day|week)s?\b", re.IGNORECASE)
_NAMED = (
    (re.compile(r"\btoday\b", re.IGNORECASE), "today"),
    (re.compile(r"\byesterday\b", re.IGNORECASE), "yesterday"),
    (re.compile(r"\b(?:last|past|previous)\s+week\b", re.IGNORECASE), "last week"),
    (re.compile(r"\b(?:last|past|previous)\s+month\b", re.IGNORECASE), "last month"),
    (re.compile(r"\b(?:this|current)\s+month\b|\bmonthly\b", re.IGNORECASE), "this month"),
)
DEFAULT = "this week"


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to but without `until`; `before` is the start of the equally long one before."""

    name: str
    since: datetime
    until: datetime

    @property
    def before(self) -> datetime:
        return self.since - (self.until - self.since)


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def period_of(text: str, now: datetime) -> Period:
    """The period that `text` names, up to `now` (aware, in the user's zone); weeks begin on Monday."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week = day - timedelta(days=day.weekday())
    month = day.replace(day=1)
    if found := _DAYS.search(text):
        days = int(found[1]) * (7 if found[2].lower() == "week" else 1)
        return Period(f"last {days} days", day - timedelta(days=days - 1), now)
    name = next((name for pattern, name in _NAMED if pattern.search(text)), DEFAULT)
    spans = {
        "today": (day, now),
        "yesterday": (day - timedelta(days=1), day),
        "last week": (week - timedelta(days=7), week),
        "last month": ((month - timedelta(days=1)).replace(day=1), month),
        "this month": (month, now),
        "this week": (week, now),
    }
    return Period(name, *spans[name])
