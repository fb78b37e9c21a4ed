"""One detector of sensitive information, so that input, drafts, edits, logs and traces agree on what it is.

What identifies itself comes first (`sensitive_rules`), then what a name beside it betrays
(`sensitive_assigned`), then personal numbers and addresses (`sensitive_personal`). Every pattern takes time
linear in the text, and everything ordinary in a ticket (keys, hashes, UUIDs, times, versions) is left alone.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

from services.sensitive_assigned import find_assigned
from services.sensitive_personal import find_personal
from services.sensitive_rules import Hit, Kind, find_formats

__all__ = [
    "PERSONAL",
    "SECRETS",
    "Hit",
    "Kind",
    "find_sensitive",
    "mask",
    "masked",
    "quoted",
    "without_secrets",
]

SECRETS: frozenset[Kind] = frozenset({"private_key", "api_key", "token", "password"})
"""Kinds that open a door: they never leave to a model, a log or a receiver."""
PERSONAL: frozenset[Kind] = frozenset({"ssn", "card", "iban", "phone", "email"})
"""Kinds that belong to a person: a finding in a draft."""

_MASKED = re.compile(r"\[(?:private key|api key|token|password|ssn|card|iban|phone|email) removed\]")


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """In text order, none overlapping: those that overlap become one over all of them, so that nothing of any
    is left. It is named after the secret before the personal one, then the certain, then the longest."""
    apart: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start):
        if apart and hit.start < apart[-1].end:
            other = apart.pop()
            first = max(other, hit, key=lambda h: (h.kind in SECRETS, h.certain, h.end - h.start))
            hit = replace(first, start=other.start, end=max(other.end, hit.end))
        apart.append(hit)
    return apart


def find_sensitive(text: str, *, allowed_domains: Collection[str] = ()) -> list[Hit]:
    """What in `text` is sensitive, in text order and not overlapping. Never raises, whatever the text.

    `allowed_domains`: e-mail addresses there, and in their subdomains, are not private.
    """
    text = _MASKED.sub(lambda marker: " " * len(marker[0]), text)  # what is masked is found no second time
    allowed = {domain.strip().lstrip("@").lower() for domain in allowed_domains}
    return _apart([*find_formats(text), *find_assigned(text), *find_personal(text, allowed)])


def mask(text: str, hits: Iterable[Hit] | None = None) -> str:
    """`text` with each hit (default: what `find_sensitive` finds) replaced by its kind: `[card removed]`."""
    parts: list[str] = []
    at = 0
    for hit in _apart(find_sensitive(text) if hits is None else hits):
        parts += [text[at : hit.start], f"[{hit.kind.replace('_', ' ')} removed]"]
        at = hit.end
    return "".join([*parts, text[at:]])


def without_secrets(text: str) -> str:
    """`text` with each secret replaced by what it was; what is only personal stays."""
    return mask(text, [hit for hit in find_sensitive(text) if hit.kind in SECRETS])


def masked(value: Any, text: Callable[[str], str] = mask) -> Any:
    """`value` as nested JSON, with `text` applied to every text in it; other things stay as they are."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {masked(name, text): masked(part, text) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [masked(part, text) for part in value]
    return value


def quoted(text: str, most: int) -> str:
    """At most `most` characters of what an outsider said, masked; masked first, for half a secret looks like
    none. Much longer texts are cut before that too, so that nobody's answer keeps the processor busy."""
    return mask(text[: most + _LONGEST_SECRET])[:most]


_LONGEST_SECRET = 4000  # characters: a private key
