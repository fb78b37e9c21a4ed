"""When budgets begin anew: hours of UTC, days and months of the time zone that costs are counted in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """Where one moment falls. Times are whole seconds since 1970, UTC."""

    hour: int  # hours since 1970
    day: str  # like 2026-11-20; its first seven characters are the month
    starts: int  # of what both the hour and the day cover
    ends: int
    day_starts: int
    day_ends: int


class Calendar:
    """Periods in one time zone, days of 23 and 25 hours included."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)

    def period(self, now: float) -> Period:
        hour = int(now // 3600)
        day = datetime.fromtimestamp(now, self._zone).date()
        starts, ends = self._midnight(day), self._midnight(day + timedelta(days=1))
        return Period(
            hour, day.isoformat(), max(hour * 3600, starts), min((hour + 1) * 3600, ends), starts, ends
        )

    def month_ends(self, day: str) -> int:
        first = date.fromisoformat(day).replace(day=1)
        return self._midnight((first + timedelta(days=32)).replace(day=1))

    def iso(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._zone).isoformat(timespec="seconds")

    def _midnight(self, day: date) -> int:
        return int(datetime.combine(day, datetime.min.time(), self._zone).timestamp())
