"""What a reviewer asks of a draft, in the few forms that rules can follow without guessing.

Anything else is for a model, or for the reviewer to edit: then the answer here is None, never a half of it.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from nodes.jira_assistant.facts import facts
from nodes.jira_assistant.language.spans import find_spans
from nodes.jira_assistant.language.tables import any_of

Kind = Literal["swap", "key", "add", "remove", "shorter", "subject", "to", "cc"]


class Wish(NamedTuple):
    """One change. `old` is what goes (swap, remove), `new` what comes (swap, key, add, subject, to, cc)."""

    kind: Kind
    old: str = ""
    new: str = ""


_LONGEST = 500  # characters; more is not one of these forms
_POLITE = any_of(
    "please; pls; can you; could you; also; and; no; yes; ok; okay; but; just; hmm; maybe; then; now"
)
_KEY = r"[A-Za-z][A-Za-z0-9_]{1,9}-\d{1,7}"
_MAIL = r"e-?mail(?: address)?|address"
_MEANT = any_of("use; it is; it's; should be; it should be; i meant?; the (?:key|ticket|issue) is")
_REMOVE = any_of("remove; drop; delete; cut; omit; leave out; take out; skip; do not mention; don't mention")
_PART = r"the (?:part|bit|sentence|line|bullet|words?|phrase)"
_FORMS: tuple[tuple[Kind, str], ...] = (
    (
        "shorter",
        r"(?:(?:make|keep) (?:it|this|that|the \w+) )?(?:a bit |much )?(?:shorter|short|more concise)",
    ),
    ("shorter", r"(?:shorten|tighten|condense)(?: (?:it|this|that|the \w+))?(?: up)?(?: a bit)?"),
    ("shorter", r"(?:it is |it's |this is )?too (?:long|wordy|verbose)"),
    ("subject", r"(?:change|set|make) the subject (?:line )?(?:to|:)? ?(?P<new>.+)"),
    ("subject", r"(?:the )?subject (?:should be|is|:) ?(?P<new>.+)"),
    ("cc", r"add (?P<new>\S+@\S+) (?:in|to|on) (?:the )?cc"),
    ("cc", r"(?:cc|copy) (?:in )?(?P<new>\S+@\S+)"),
    ("to", r"(?:send (?:it|this|that) to|address it to|use) (?P<new>\S+@\S+)(?: instead)?"),
    ("to", rf"(?:the|his|her|their) (?:{_MAIL}) is (?P<new>\S+@\S+)"),
    ("swap", r"(?:replace|swap|exchange) (?P<old>.+?) (?:with|by|for) (?P<new>.+)"),
    ("swap", r"(?:change|rename|correct) (?P<old>.+?) (?:to|into) (?P<new>.+)"),
    ("swap", rf"(?:{_MEANT}|it was|say|write) (?P<new>.+?),? (?:not|instead of|rather than) (?P<old>.+)"),
    ("key", rf"(?:wrong (?:ticket|issue|key)\W{{1,3}})?(?:{_MEANT} )?(?P<new>{_KEY})(?: instead)?"),
    ("remove", rf"{_REMOVE} {_PART} (?:about|on|with|that says|saying) (?P<old>.+)"),
    ("remove", rf"{_REMOVE} (?P<old>.+?)(?: (?:part|bit|sentence|bullet|line))"),
    ("remove", rf"{_REMOVE} (?P<old>.+)"),
    ("add", r"(?:add|mention|include|say|note|state|write)(?: (?:also|too))?(?: that|:)? (?P<new>.+)"),
)
_PATTERNS = tuple(
    (kind, re.compile(rf"(?:{_POLITE}[ ,]+)*{form}(?: please| pls| too| as well)?[\s.!]*", re.I | re.S))
    for kind, form in _FORMS
)
_NEXT = re.compile(
    r"(?:[.;\n]|,? and(?: also)?|,)\s++"
    rf"(?=(?:please )?(?:{_REMOVE}|use|replace|change|add|mention|include|make it|shorten)\b)",
    re.I,
)


def wishes(feedback: str) -> list[Wish] | None:
    """The changes asked for, in order; None when any part of the feedback is of no known form."""
    if len(feedback) > _LONGEST:
        return None
    found = [_wish(part.strip()) for part in _NEXT.split(feedback.strip().replace("’", "'"))]
    known = [wish for wish in found if wish]
    return known if len(known) == len(found) else None


def _wish(part: str) -> Wish | None:
    for kind, pattern in _PATTERNS:
        if match := pattern.fullmatch(part):
            named = match.groupdict()
            return Wish(kind, _unquoted(named.get("old") or ""), _unquoted(named.get("new") or ""))
    return None


def _unquoted(text: str) -> str:
    text = text.strip().rstrip(".")
    if len(text) > 1 and (text[0], text[-1]) in (('"', '"'), ("'", "'"), ("“", "”"), ("`", "`")):
        return text[1:-1]
    return text


def changed(text: str, wish: Wish, write: Callable[[str], str]) -> str | None:
    """`text` with one wish fulfilled; None where it cannot be. `write` makes sentences of what is added."""
    if wish.kind == "swap":
        return _swapped(text, wish.old, wish.new)
    if wish.kind == "key":
        keys = {span.text for span in find_spans(text) if span.kind == "key"} - {wish.new.upper()}
        return _swapped(text, keys.pop(), wish.new.upper()) if len(keys) == 1 else None
    if wish.kind == "add":
        said = write(wish.new)
        return f"{text}\n- {said}" if text.rsplit("\n", 1)[-1].startswith("- ") else f"{text} {said}"
    if wish.kind == "remove":
        return _without(text, wish.old)
    return _shorter(text) if wish.kind == "shorter" else None


def _swapped(text: str, old: str, new: str) -> str | None:
    pattern = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w]|-\w)", re.IGNORECASE)
    return pattern.sub(lambda _: new, text) if pattern.search(text) else None


_CUT_SENTENCES = re.compile(r"(?<=[.!?])[ ]+|\n")
_PLACE = re.compile(r"(?:the )?(first|second|third|last)(?: (?:sentence|line|bullet|item|point|part))?", re.I)
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


def _without(text: str, unwanted: str) -> str | None:
    """Without the one sentence, item or half sentence that is about it; None where that is not one, or holds
    other facts as well."""
    parts = _CUT_SENTENCES.split(text)
    if place := _PLACE.fullmatch(unwanted):
        at = _PLACES[place[1].lower()]
        return _cut_out(text, parts[at]) if -len(parts) <= at < len(parts) else None
    unwanted = re.sub(r"^(?:the|that|about|any mention of) ", "", unwanted, flags=re.I)
    wanted = re.compile(rf"(?<![\w-]){re.escape(unwanted)}(?![\w-])", re.IGNORECASE)
    about = [part for part in parts if wanted.search(part)]
    if len(about) != 1:
        return None
    halves = re.split(r",? and ", about[0].rstrip("."))
    kept = [half.strip() for half in halves if not wanted.search(half)]
    gone = [half for half in halves if wanted.search(half)]
    if any(facts(wanted.sub("", half)) for half in gone) or len(gone) > 1 or len(kept) > 1:
        return None
    if kept:
        return text.replace(about[0], f"{kept[0][0].upper()}{kept[0][1:]}.")
    return _cut_out(text, about[0])


def _cut_out(text: str, part: str) -> str | None:
    rest = re.sub(r"[ ]{2,}|\n{2,}", lambda gap: gap[0][0], text.replace(part, "", 1)).strip()
    return rest or None


_SPARED: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\b(?:currently|successfully|very|really) ", ""),
    (r"\b(?:Currently|Successfully) (\w)", lambda found: found[1].upper()),
    (r"\bIt turns out that (\w)", lambda found: found[1].upper()),
    (r"\bThere (?:is|are) no\b", "No"),
    (r"\bWork on (\S+) is\b", r"\1 is"),
)


def _shorter(text: str) -> str | None:
    """Only words without a fact are left out."""
    shorter = text
    for pattern, instead in _SPARED:
        shorter = re.sub(pattern, instead, shorter)
    return shorter if len(shorter) < len(text) else None
