"""One detector of sensitive information, so that input, drafts, edits, logs and traces agree on what it is.

Formats that identify themselves come first; a value beside a word such as "password" comes after. Every
pattern is linear in the text: no nested repetition, every open-ended run is possessive or bounded.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["private_key", "api_key", "token", "password", "ssn", "card", "iban", "phone", "email"]

SECRETS: frozenset[Kind] = frozenset({"private_key", "api_key", "token", "password"})
"""Kinds that never leave to a model, a log or a receiver."""
PERSONAL: frozenset[Kind] = frozenset({"ssn", "card", "iban", "phone", "email"})
"""Kinds that are a finding in a draft."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One sensitive value: `text[start:end]` is exactly what must not be shown.

    `certain` is false where only the surroundings speak for it. `label` names the kind for people.
    """

    kind: Kind
    start: int
    end: int
    certain: bool
    label: str


_NAMED: tuple[tuple[Kind, str, str], ...] = (
    (
        "private_key",
        "private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))*+"
        r"(?:-----END [A-Z0-9 ]{1,50}-----)?",
    ),
    ("token", "GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b"),
    ("api_key", "AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("api_key", "OpenAI or Anthropic key", r"\bsk-[A-Za-z0-9_-]{20,200}+"),
    ("token", "Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,200}+"),
    ("token", "JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+"),
)
_PATTERNS = tuple((kind, label, re.compile(pattern)) for kind, label, pattern in _NAMED)
_ASSIGNED = re.compile(
    r"(?i)(?<![a-z])(password|passwd|pwd|pw|secret|api[_-]?key|token)[\"']?\s{0,3}(?:=|:|\bis\b)\s{0,3}[\"']?([^\s\"',;]{4,200}+)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-])")
_CARD = re.compile(r"(?<![\w.-])[0-9](?:[ -]?[0-9]){11,18}(?![\w-])")


def _luhn(digits: str) -> bool:
    odd = sum(int(d) for d in digits[-1::-2])
    even = sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (odd + even) % 10 == 0


def _find_secrets(text: str) -> Iterable[Hit]:
    for kind, label, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield Hit(kind, *found.span(), True, label)
    for found in _ASSIGNED.finditer(text):
        if any(c.isdigit() for c in found[2]):
            yield Hit("password", *found.span(2), True, f"{found[1].lower()} value")


def _find_personal(text: str, allowed: Collection[str]) -> Iterable[Hit]:
    for found in _EMAIL.finditer(text):
        if found[1].lower() not in allowed:
            yield Hit("email", *found.span(), True, "e-mail address")
    for found in _SSN.finditer(text):
        yield Hit("ssn", *found.span(), True, "social security number")
    for found in _CARD.finditer(text):
        if _luhn(re.sub("[^0-9]", "", found[0])) and found[0][0] in "23456":
            yield Hit("card", *found.span(), True, "payment card number")


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """In text order, none overlapping: those that overlap become one hit over all of them, named after the
    certain and longest, so that nothing of any is left over."""
    apart: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start):
        if apart and hit.start < apart[-1].end:
            other = apart.pop()
            first = max(other, hit, key=lambda h: (h.certain, h.end - h.start))
            hit = replace(first, start=other.start, end=max(other.end, hit.end))
        apart.append(hit)
    return apart


def find_sensitive(text: str, *, allowed_domains: Collection[str] = ()) -> list[Hit]:
    """What in `text` is sensitive: in text order, not overlapping. Never raises on any text.

    `allowed_domains`: e-mail addresses there and in their subdomains are not private.
    """
    allowed = {domain.strip().lstrip("@").lower() for domain in allowed_domains}
    return _apart([*_find_secrets(text), *_find_personal(text, allowed)])


def mask(text: str, hits: Iterable[Hit] | None = None) -> str:
    """`text` with each hit (default: what `find_sensitive` finds) replaced by its kind: `[card removed]`."""
    parts: list[str] = []
    at = 0
    for hit in sorted(find_sensitive(text) if hits is None else hits, key=lambda h: h.start):
        if hit.end <= at:
            continue
        parts += [text[at : max(at, hit.start)], f"[{hit.kind.replace('_', ' ')} removed]"]
        at = hit.end
    return "".join([*parts, text[at:]])
