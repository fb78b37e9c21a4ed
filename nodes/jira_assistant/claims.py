"""Whether a text claims that work is complete, so that no draft says "completed" before its author did.

A claim is an asserted word of completion: not negated, partial, asked, conditional, pending or still to come.
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.framing import without_request
from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.spans import mask
from nodes.jira_assistant.language.tables import any_of
from nodes.jira_assistant.language.tidy import plain_words

_COMPLETED = any_of("completed?; done; finished; finali[sz]ed; accomplished; wrapped up; all set")
_CLAIM = re.compile(rf"\b{_COMPLETED}\b", re.I)
_SAID_SO = any_of("""
    finish; finito; dunzo; completely (?:in|merged|live); knocked out; nailed; shipped; wrapped; closed?
    closing; resolved?; mark(?:ed)? (?:it )?as; 100 ?%; fully; over with; out of the way; in the bag
""")
_SAID = re.compile(rf"\b(?:{_COMPLETED}|{_SAID_SO})\b|[✅✔☑]", re.I)
"""The same in any words: an author may say it in more ways than count as a claim of the draft."""
_UNDONE = any_of("""
    not; no; never; cannot; nothing; none; neither; nor; hardly; barely; without; almost; nearly
    partially; partly; mostly; half; halfway; about; percent; if; whether; when; once; until; till
    unless; before; after; will; would; should; could; can; may; might; must; shall; hop(?:e|es|ing)
    expect(?:s|ed)?; plan(?:s|ned)?; going to; yet; soon; tomorrow; next; pending; remain(?:s|ing); left
    in progress; incomplete; far from; close to; depending; isn't; wasn't; aren't; haven't; hasn't
    don't; didn't; can't; won't; undone; wip
""")
_DENIED = re.compile(rf"\b{_UNDONE}\b|(?<=\d) ?%", re.I)
_WISHED = any_of(
    "to; be; being; needs?; needed; wants?; wanted; get; gets; getting; try; trying; mark; set; please"
)
_WANTED = re.compile(rf"\b{_WISHED}\b", re.I)
_REACH, _NEAR = 60, 3  # how far before it a word denies a claim: in characters, and in words for a wish
_CONDITION = any_of("""
    by; yet; tomorrow; soon; next; when; once; if; after; as soon; as long; assuming; provided; unless
    until
""")
_LATER = re.compile(rf" {_CONDITION}\b|\?", re.I)
_ASKS = re.compile(r"\W*(?:so |and )?(?:is|are|was|were|did|does|do|has|have|can|could|when|will) ", re.I)
_PART_END = re.compile(r"(?<=[.!?;:\n])\s+|\n|,? \bbut\b |, | [-–—] ")
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^“”\n]*”|(?<!\w)'[^'\n]{1,120}'(?!\w)|`[^`\n]*`|```.*?```", re.DOTALL)
_KEY = re.compile(r"\b[A-Z][A-Z0-9_]{1,9}-\d+\b")
_STILL_OPEN = any_of("""
    in progress; wip; working on; blocked; pending; waiting; start(?:ed)?; to ?do; not; isn't; hasn't
    still; almost; nearly; next; half; halfway; review; partially; open; on hold; delayed; will; soon
    tomorrow
""")
_OPEN = re.compile(rf"\b{_STILL_OPEN}\b", re.I)


_THING = re.compile(r"[a-z#][\w-]{2,}")
_LITTLE = any_of("""
    the; this; that; these; those; and; has; have; had; are; was; were; been; with; for; from; now; also; its
    already; just; today; yesterday; successfully; work; task; you; let; know; please; any; our; his; her; its
""")
_ALL = re.compile(r"\b(?:all|everything)\b", re.I)
_NO_THING = re.compile(rf"{_COMPLETED}|{_LITTLE}")


def completion_claims(text: str) -> list[tuple[int, int]]:
    """Where `text` asserts completion, as spans of the claiming words."""
    return [span for start, part in _parts(text) for span in _claims_of(start, part)]


def unfounded_claims(message: str, draft: str) -> list[tuple[int, int]]:
    """Claims of the draft that the message does not make: none at all, or not of what is named."""
    claims = completion_claims(draft)
    if not claims:
        return []
    masked = mask(message)
    _, said = without_request(plain_words(masked.text))
    message = masked.restore(said.replace(PAUSE, "."))
    if not any(_asserts(part) for _, part in _parts(message)):
        return claims
    still_open, done = _keys_not_done(message), _words_of_done(message)
    return [
        claim
        for start, part in _parts(draft)
        if ((keys := set(_KEY.findall(part))) and keys <= still_open)
        or (done and (things := _things(part)) and done.isdisjoint(things))
        for claim in _claims_of(start, part)
    ]


def _words_of_done(message: str) -> set[str]:
    """What is named in the parts of the message that call something complete; empty where one names nothing
    or all, as in "done: PAY-12", because it may then be anything."""
    named = [set() if _ALL.search(part) else _things(part) for _, part in _parts(message) if _asserts(part)]
    return set().union(*named) if all(named) else set()


def _things(part: str) -> set[str]:
    """The words that say what a part is about: the first letters are enough, "deploy" is "deployment"."""
    words = (word for word in _THING.findall(part.lower()) if not _NO_THING.fullmatch(word))
    return {word if any(map(str.isdigit, word)) else word[:4] for word in words}


def _parts(text: str) -> Iterator[tuple[int, str]]:
    text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    start = 0
    for cut in _PART_END.finditer(text):
        yield start, text[start : cut.end()]
        start = cut.end()
    yield start, text[start:]


def _claims_of(start: int, part: str) -> list[tuple[int, int]]:
    if _ASKS.match(part) or part.rstrip().endswith("?"):
        return []
    return [
        (start + found.start(), start + found.end())
        for found in _CLAIM.finditer(part)
        if not _denied(part, found) and not _LATER.match(part[found.end() :]) and _is_said_of(part, found)
    ]


def _denied(part: str, found: re.Match[str]) -> bool:
    before = part[max(0, found.start() - _REACH) : found.start()]
    return bool(_DENIED.search(before) or _WANTED.search(" ".join(before.split()[-_NEAR:])))


def _is_said_of(part: str, found: re.Match[str]) -> bool:
    """Whether "complete" is what a thing is ("is complete"), not part of its name ("the complete list")."""
    if found[0].lower() != "complete":
        return True
    return bool(re.search(r"\b(?:is|are|was|now|work|status:?) $", part[: found.start()], re.I))


def _asserts(part: str) -> bool:
    asked = part.rstrip().endswith("?")
    return not asked and any(not _denied(part, found) for found in _SAID.finditer(part))


def _keys_not_done(message: str) -> set[str]:
    """Issue keys that the message names only beside what is not complete."""
    done: set[str] = set()
    other: set[str] = set()
    for _, part in _parts(message):
        if _asserts(part):
            done.update(_KEY.findall(part))
        elif _OPEN.search(part):
            other.update(_KEY.findall(part))
    return other - done
