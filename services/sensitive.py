"""One detector of sensitive information, so that input, drafts, edits, logs and traces agree on what it is.

What identifies itself comes first (`sensitive_rules`), then what a name beside it betrays
(`sensitive_assigned`), then personal numbers and addresses (`sensitive_personal`). Every pattern takes time
linear in the text, and everything ordinary in a ticket (keys, hashes, UUIDs, times, versions) is left alone.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from services.sensitive_assigned import find_assigned
from services.sensitive_personal import find_personal
from services.sensitive_rules import Hit, Kind, find_formats

__all__ = ["PERSONAL", "SECRETS", "Hit", "Kind", "find_sensitive", "mask"]

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
