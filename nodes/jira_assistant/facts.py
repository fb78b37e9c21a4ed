"""The facts guard: every fact of a message survives in its draft, and the draft holds no other.

Facts are issue keys, numbers with their units, dates and times, versions, names, links, addresses and code.
Two spellings of one fact are equal only where that can be proved ("2" and "two", "5pm" and "17:00").
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nodes.jira_assistant.contracts import Finding
from nodes.jira_assistant.language import spans
from nodes.jira_assistant.language.moments import find_moments, time_form
from nodes.jira_assistant.language.names import find_names
from nodes.jira_assistant.language.polarity import changed_polarity
from nodes.jira_assistant.language.tables import pairs


class Fact(NamedTuple):
    """`text` is the fact as written at [start, end); facts that share a form are equal."""

    kind: str
    text: str
    start: int
    end: int
    forms: frozenset[str]


_NUMBER_WORDS = pairs("""
    one=1; two=2; three=3; four=4; five=5; six=6; seven=7; eight=8; nine=9; ten=10; eleven=11; twelve=12
    thirteen=13; fourteen=14; fifteen=15; sixteen=16; seventeen=17; eighteen=18; nineteen=19; twenty=20
    thirty=30; forty=40; fifty=50; sixty=60; ninety=90
""")
_UNITS = {
    said: unit
    for unit, names in pairs("""
        %=% percent pct; ms=ms millisecond milliseconds msec msecs; s=s sec secs second seconds
        min=min mins minute minutes; h=h hr hrs hour hours; day=d day days; week=w wk wks week weeks
        month=month months; pt=pt pts point points; x=x times
    """).items()
    for said in names.split()
}
_IN_WORDS = re.compile(
    rf"\b({'|'.join(_NUMBER_WORDS)})\b(?:[ -]({'|'.join(u for u in _UNITS if len(u) > 2)})\b)?", re.I
)
_ITEM_NUMBER = re.compile(r"^[^\S\n]*+\d{1,2}[.)]\s", re.MULTILINE)
_NUMBER = re.compile(r"(-?)([$€£]?)([\d,]+(?:\.\d+)?)[ -]?(.*)", re.DOTALL)
_ALIASES = {"k8s": "kubernetes", "e2e": "end-to-end", "i18n": "internationalization", "2fa": "two-factor"}
_NAMED = {
    "key": "issue key",
    "ref": "reference",
    "id": "identifier",
    "email": "e-mail address",
    "url": "link",
    "path": "path",
}


def facts(text: str) -> list[Fact]:
    """The facts of `text` in order. Linear in its length."""
    found = [
        Fact("date", text[start:end], start, end, frozenset({form}))
        for start, end, form in find_moments(text)
    ]
    taken = [(fact.start, fact.end) for fact in found]
    taken += [match.span() for match in _ITEM_NUMBER.finditer(text)]
    found += _outside(_tokens(text), taken)
    found += _outside(_numbers_in_words(text), taken)
    covered = [(fact.start, fact.end) for fact in found]
    named = (
        Fact("name" if sure else "word", name, start, end, frozenset({name.lower()}))
        for start, end, name, sure in find_names(text)
    )
    found += _outside(named, covered)
    return sorted(found, key=lambda fact: fact.start)


def _outside(candidates: Iterator[Fact], taken: Sequence[tuple[int, int]]) -> list[Fact]:
    """Those candidates, in text order, that overlap nothing taken."""
    kept, at, taken = [], 0, sorted(taken)
    for fact in candidates:
        while at < len(taken) and taken[at][1] <= fact.start:
            at += 1
        if at == len(taken) or taken[at][0] >= fact.end:
            kept.append(fact)
    return kept


def _numbers_in_words(text: str) -> Iterator[Fact]:
    for match in _IN_WORDS.finditer(text):
        digits, unit = _NUMBER_WORDS[match[1].lower()], _UNITS.get((match[2] or "").lower(), "")
        if digits != "1" or unit:  # "one" alone is mostly a pronoun
            yield Fact("number", match[0], *match.span(), frozenset({f"{digits} {unit}".strip()}))


def _tokens(text: str) -> Iterator[Fact]:
    for span in spans.find_spans(text):
        if forms := _forms(span):
            yield Fact(span.kind, span.text, span.start, span.end, frozenset(forms))


def _forms(span: spans.Span) -> tuple[str, ...]:
    text = span.text
    if span.kind == "emoji":
        return ()
    if span.kind == "code":
        return (
            " ".join(
                re.sub(
                    r"^(?:```\w*|\{(?:code|noformat)[^}]*\}|\{\{|`)|(?:```|\{(?:code|noformat)\}|\}\}|`)$",
                    "",
                    text,
                ).split()
            ),
        )
    if span.kind == "number":
        return _number_forms(text)
    if span.kind == "time":
        return (time_form(text),)
    if span.kind == "ref":
        return (text, text[1:])
    if span.kind == "version":
        return (text.lower().removeprefix("v"),)
    if span.kind == "path":
        return (text.rstrip("/"),) if re.search(r"[\d._]|^[/~]|/.*/", text) else ()
    if span.kind == "id":
        return (text.lower(), _ALIASES.get(text.lower(), text.lower()))
    if span.kind == "mention":
        return (text.lower(), text.strip("[~]@").lower())
    return (text.lower(),) if span.kind in ("email", "key") else (text,)


def _number_forms(text: str) -> tuple[str, ...]:
    found = _NUMBER.fullmatch(text)
    if not found:
        return (text.lower(),)
    digits, unit = found[3].replace(",", ""), found[4].lower()
    return (f"{found[1]}{found[2]}{digits} {_UNITS.get(unit, unit)}".strip(),)


def compare(
    message: str, draft: str, *, allowed: Sequence[str] = (), feedback: Sequence[str] = ()
) -> list[Finding]:
    """What a draft lost of a message, invented, or turned into its opposite.

    `allowed`: texts whose facts may appear (names and addresses of the context). `feedback`: what reviewers
    asked for; its facts may appear too, and once there is any, a loss is their decision: only information.
    """
    given = facts(message)
    written = facts(draft)
    sources = [message, *allowed, *feedback]
    known = {form for text in sources for fact in facts(text) for form in fact.forms}
    kept = {form for fact in written for form in fact.forms}
    in_draft, in_sources = _letters(draft), _letters("\n".join(sources))
    findings = [
        _lost(fact, bool(feedback))
        for fact in _once(given)
        if not fact.forms & kept and not _stands_in(fact, in_draft)
    ]
    findings += [
        _invented(fact)
        for fact in written
        if fact.kind != "word" and not fact.forms & known and not _stands_in(fact, in_sources)
    ]
    if not feedback:
        findings += changed_polarity(message, draft)
    return findings


def _once(given: Sequence[Fact]) -> list[Fact]:
    return list({fact.forms: fact for fact in reversed(given)}.values())[::-1]


class _Letters(NamedTuple):
    text: str
    words: frozenset[str]


def _letters(text: str) -> _Letters:
    text = text.lower()
    return _Letters(text, frozenset(word.strip(".-") for word in re.findall(r"[\w.-]+", text)))


def _stands_in(fact: Fact, where: _Letters) -> bool:
    """Whether the fact is there in the same letters, as a token: a key in a link, a name in an address."""
    for form in {fact.text.lower(), *(form.lower() for form in fact.forms if fact.kind in ("code", "id"))}:
        if re.fullmatch(r"[\w.-]*\w", form):
            if form in where.words:
                return True
        elif len(form) > 3 and form in where.text:
            return True
    return False


def _lost(fact: Fact, asked: bool) -> Finding:
    what = f"{_NAMED.get(fact.kind, fact.kind)} {fact.text}"[:120]
    return Finding(
        code="fact_lost",
        severity="info" if asked else "warning",
        span=None,
        message=f"The {what} of the message is not in the draft.",
        fix=f"Put {fact.text[:80]} back, exactly as written.",
    )


def _invented(fact: Fact) -> Finding:
    what = f"{_NAMED.get(fact.kind, fact.kind)} {fact.text}"[:120]
    return Finding(
        code="fact_invented",
        severity="error",
        span=[fact.start, fact.end],
        message=f"The {what} is neither in the message nor in the context.",
        fix=f"Remove {fact.text[:80]}.",
    )
