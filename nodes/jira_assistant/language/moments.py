"""Dates, times and periods in words, and the one form by which two spellings of the same moment are equal.

Only what is provably the same has the same form: "March 3" and "3 March" are, "3/4" and "April 3" are not.
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.language.tables import any_of
from nodes.jira_assistant.language.wording import SHORT, TYPOS

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_RELATIVE = "today tomorrow yesterday tonight noon midnight"
_MISSPELT = {
    said: meant.lower()
    for said, meant in {**SHORT, **TYPOS}.items()
    if meant.lower() in f"{_DAYS} {_RELATIVE}".split()
}
_MONTH = any_of("""
    jan(?:uary)?; feb(?:ruary)?; mar(?:ch)?; apr(?:il)?; may; june?; july?; aug(?:ust)?; sept?(?:ember)?
    oct(?:ober)?; nov(?:ember)?; dec(?:ember)?
""")
_ANY_DAY = any_of(_DAYS.replace(" ", ";"))
_ANY_RELATIVE = any_of(";".join([*_RELATIVE.split(), *_MISSPELT]))
_NTH = "(?:st|nd|rd|th)?"
_MOMENT = re.compile(
    rf"\b(?:(?P<month1>{_MONTH})\.? (?P<day1>\d{{1,2}}){_NTH}"
    rf"|(?P<day2>\d{{1,2}}){_NTH}(?: of)? (?P<month2>{_MONTH}))\b"
    r"(?:,? (?P<year>\d{4})\b)?"
    rf"|\b(?:(?P<which>next|this|last|coming) )?(?P<weekday>{_ANY_DAY})\b"
    r"|\b(?P<which2>by|on|until|till|til|next|this|last|from|since|before|after|for) "
    r"(?P<short>mon|tues?|weds?|thur?s?|fri|sat|sun)\b(?! [a-z]*(?:ing|ed)\b)"
    rf"|\b(?P<relative>{_ANY_RELATIVE})\b"
    r"|\b(?P<which3>this|next|last|current|previous|past|coming) "
    r"(?P<period>week|weekend|month|quarter|year|sprint|morning|afternoon|evening|night)\b"
    r"|\bend of (?:the )?(?P<end>day|week|month|quarter|year|sprint)\b"
    r"|\b(?P<end_short>eod|eob|cob|eow|eom|eoy)\b",
    re.IGNORECASE,
)
_WHICH = {"current": "this", "coming": "next", "previous": "last", "past": "last"}
_ENDS = {"eod": "day", "eob": "day", "cob": "day", "eow": "week", "eom": "month", "eoy": "year"}


def find_moments(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, form) of each date or period in words."""
    for found in _MOMENT.finditer(text):
        only_day = found["short"] and found["which2"].lower() not in ("next", "this", "last")
        yield found.start("short" if only_day else 0), found.end(), _form(found)


def _form(found: re.Match[str]) -> str:
    part = {name: value.lower() for name, value in found.groupdict().items() if value}
    if month := part.get("month1") or part.get("month2"):
        number = 1 + _MONTHS.split().index(month[:3])
        return f"{part.get('year', '')}-{number:02}-{int(part.get('day1') or part['day2']):02}"
    if weekday := part.get("weekday") or part.get("short"):
        which = part.get("which") or part.get("which2", "")
        which = _WHICH.get(which, which) if which in ("next", "this", "last", "coming") else ""
        return f"{which} {next(day for day in _DAYS.split() if day[:2] == weekday[:2])}".strip()
    if relative := part.get("relative"):
        return _MISSPELT.get(relative, relative)
    if period := part.get("period"):
        return f"{_WHICH.get(part['which3'], part['which3'])} {period}"
    return f"end of {part.get('end') or _ENDS[part['end_short']]}"


_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?([ap])?\.?(?:m)?", re.IGNORECASE)


def time_form(text: str) -> str:
    """5pm, 5 PM and 17:00 -> 17:00:00; a time that no clock shows stays as it is."""
    found = _CLOCK.match(text)
    hour, minute, second = (int(found[i] or 0) for i in (1, 2, 3)) if found else (99, 0, 0)
    half = found[4].lower() if found and found[4] else ""
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return text.lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return f"{hour:02}:{minute:02}:{second:02}"
