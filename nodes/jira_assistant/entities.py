"""What a message names: keys, people, dates, statuses, terms, versions, links. Nothing is inferred."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from nodes.jira_assistant import lexicon, spelling
from nodes.jira_assistant.contracts import Entities
from nodes.jira_assistant.entity_words import ISSUE_KEY, NOT_A_PROJECT, PRODUCTS, STATUSES, TERMS
from nodes.jira_assistant.language.moments import find_moments
from nodes.jira_assistant.language.names import find_names
from nodes.jira_assistant.language.spans import find_spans

_KEY = re.compile(rf"(?<![\w-]){ISSUE_KEY}(?![\w-]|\.\d)")
_BROWSED = re.compile(rf"(?:/browse/|/issues/|selectedIssue=)({ISSUE_KEY})(?![\w-])")
# "#12" is an issue where the word before says so, or where nothing says that it is something else.
_ISSUE_BEFORE = re.compile(
    r"\b(?:task|ticket|issue|bug|story|card|item)s?(?: no\.?| number)? ?$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"\b(?:task|ticket|issue) (\d{3,6})(?![\w.:%/-]|\s(?:of|times|out|in)\b)", re.IGNORECASE
)
_OTHER_BEFORE = re.compile(
    r"\b(?:prs?|mrs?|pull|request|build|job|run|room|channel|colou?r|step|no|number|is|are) ?$|[\w&/]$",
    re.IGNORECASE,
)
_SPAN = "(?:minute|hour|day|week|month|quarter|sprint|year)s?"
_SOME = r"(?:\d{1,4}|an?|two|three|four|five|six|(?:a )?few)"
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"\b(?:(?:by|on|since|until|before|due|from|till) \d{1,2}[/.]\d{1,2}(?![\w/.%]|-\d| %)"
    r"|(?:in |by |since |until |(?:early|mid|late)[ -])?q[1-4](?: \d{4})?\b"
    rf"|(?:in|since|until|by|last|next|this) {_MONTH}\b(?: \d{{4}}\b)?"
    rf"|(?:last|next|past|previous|in|within)(?: the)?(?: next| last| past)? {_SOME} {_SPAN}\b"
    rf"|{_SOME} {_SPAN} ago\b"
    r"|(?:by |on |until |since )?the \d{1,2}(?:st|nd|rd|th)\b|sprint \d{1,4}\b)",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|until|till|since|before|after|on) $", re.IGNORECASE)
_STATUS = re.compile(rf"\b(?:{STATUSES})\b", re.IGNORECASE)
_TWO_PART_VERSION = re.compile(
    r"\b(?:version|release|python|node|java|postgres|redis|mysql|django|react|v)(?: to)?"
    r" (\d{1,4}\.\d{1,4})(?![\w.%])",
    re.IGNORECASE,
)
_MAILED = re.compile(r"\b(?:e-?mail|mail|cc|to|tell|ask|notify|ping|from|with|boss) $", re.IGNORECASE)
_SMALL_MAILED = re.compile(
    r"\b(?:e-?mail|mail|ask|tell) ([a-z]{3,15})(?= (?:that|about|re|to|if|whether|for)\b|[,.!?]|$)",
    re.MULTILINE,
)


def extract(text: str) -> Entities:
    """The entities of a message of any length and content; linear in its length."""
    shown = spelling.visible(text)
    keys: list[tuple[int, str]] = []
    people: list[tuple[int, str]] = []
    dates: list[tuple[int, int]] = []
    versions = [(found.start(1), found[1]) for found in _TWO_PART_VERSION.finditer(shown)]
    urls: list[str] = []
    words = list(shown)  # without links and addresses: words in those are not said
    for span in find_spans(shown):
        if span.kind == "url":
            urls.append(span.text)
            keys += [(span.start, key.upper()) for key in _BROWSED.findall(span.text)]
        elif span.kind == "ref" and _is_issue(span.text, shown[max(span.start - 20, 0) : span.start]):
            keys.append((span.start, span.text))
        elif span.kind in ("email", "mention"):
            people.append((span.start, span.text))
        elif span.kind in ("date", "time"):
            dates.append((span.start, span.end))
        elif span.kind == "version":
            versions.append((span.start, span.text))
        if span.kind in ("url", "email", "mention"):
            words[span.start : span.end] = " " * (span.end - span.start)
    said = "".join(words)
    keys += [(found.start(), found[0].upper()) for found in _KEY.finditer(said) if _is_project(found[0])]
    keys += [(found.start(), f"#{found[1]}") for found in _NUMBERED.finditer(said)]
    return Entities(
        issue_keys=_unique(key for _, key in sorted(keys)),
        people=_unique(name for _, name in sorted([*people, *_names(said)])),
        dates=_unique(shown[start:end] for start, end in _moments(said, dates)),
        statuses=_unique(found[0] for found in _STATUS.finditer(said)),
        terms=_unique(found[0] for found in _terms().finditer(said)),
        versions=_unique(version for _, version in sorted(versions)),
        urls=_unique(urls),
    )


def _is_project(key: str) -> bool:
    return key.partition("-")[0].lower() not in NOT_A_PROJECT


def _is_issue(reference: str, before: str) -> bool:
    """Whether a token like "#12", after the text `before`, is an issue."""
    if reference[0] != "#":
        return False
    alone = 3 <= len(reference) <= 6 and not _OTHER_BEFORE.search(before)
    return alone or _ISSUE_BEFORE.search(before) is not None


def _moments(text: str, dates: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of all dates, times and periods in text order; of two that overlap the one that starts first."""
    found = [(start, end) for start, end, _ in find_moments(text)]
    found = [(start - len(by[0]) if (by := _BY.search(text[max(start - 8, 0) : start])) else start, end)
             for start, end in [*found, *dates]]  # fmt: skip
    found += [match.span() for match in _DATE.finditer(text)]
    last = 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


def _names(text: str) -> Iterator[tuple[int, str]]:
    """Where people are named: common first names, capitals said of a person, whom a mail goes to."""
    pending: tuple[int, int] | None = None
    for start, end, name, sure in find_names(text):
        if pending and start == pending[1] + 1 and name[0].isupper():
            pending = (pending[0], end)  # a family name
            continue
        if pending:
            yield pending[0], text[slice(*pending)]
        known = sure or _MAILED.search(text[max(start - 10, 0) : start])
        pending = (start, end) if known and name.lower() not in PRODUCTS else None
    if pending:
        yield pending[0], text[slice(*pending)]
    for found in _SMALL_MAILED.finditer(text):
        if found[1] not in _known_words():
            yield found.start(1), found[1]


@cache
def _known_words() -> frozenset[str]:
    return PRODUCTS.union(*(group.split() for table in lexicon.TABLES for group in table.values()))


@cache
def _terms() -> re.Pattern[str]:
    listed = "|".join(
        re.escape(term) for term in sorted(lexicon.WORDS["tech"].split(), key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{TERMS}|{listed})(?![\w-])", re.IGNORECASE)


def _unique(found: Iterable[str]) -> list[str]:
    """Each once, in order, as first written; case makes no difference."""
    kept: dict[str, str] = {}
    for text in found:
        kept.setdefault(text.casefold(), text)
    return list(kept.values())
