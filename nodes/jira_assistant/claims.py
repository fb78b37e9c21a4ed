"""Whether a text claims that work is complete, so that no draft says "completed" before its author did.

A claim is an asserted word of completion: not negated, partial, asked, conditional, pending or still to come.
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.language.spans import mask
from nodes.jira_assistant.language.tidy import plain_words

_CLAIM = re.compile(
    r"\b(?:completed?|completion|done|finished|finali[sz]ed|accomplished|concluded|wrapped up|all set)\b",
    re.I,
)
_SAID_IT = re.compile(
    rf"{_CLAIM.pattern}|\b(?:finish|finito|dunzo|completely (?:in|merged|live)|knocked out|nailed|shipped|wrapped|closed|closing|close|"
    r"resolved|resolve|mark(?:ed)? (?:it )?as|100 ?%|fully|over with|out of the way|in the bag|ready to close|can be closed)\b|✅|✔|☑",
    re.I,
)
_NOT_A_CLAIM = re.compile(
    r"\b(?:not|no|never|cannot|nothing|none|neither|nor|hardly|barely|without|almost|nearly|partially|partly|mostly|half|halfway|about|"
    r"\d+ ?%|percent|if|whether|when|once|until|till|unless|before|after|by|will|would|should|could|can|may|might|must|shall|"
    r"to be|be|being|to|need|needs|needed|want|wants|hope|hopes|hoping|expect|expects|expected|plan|plans|planned|going to|yet|soon|"
    r"tomorrow|next|pending|remaining|remains|left|in progress|incomplete|far from|close to|"
    r"mark|set|depending|get|getting|gets|try|trying|please|wip|undone|isn't|wasn't|aren't|haven't|hasn't|don't|didn't|can't|won't)\b|(?<=\d)%|\?",
    re.I,
)
_ASKS = re.compile(r"\W*(?:so |and )?(?:is|are|was|were|did|does|do|has|have|can|could|when|will) ", re.I)
_REQUEST = re.compile(
    r"^\W*(?:(?:please|can you|could you) )*(?:e-?mail|mail|write|send|draft|compose|tell|let|inform|notify|post|add|log|comment|"
    r"update|say|note)\b.{0,120}?(?:\b(?:that|saying)\b|:)",
    re.I,
)
"""What only asks for a text to be written: no condition on what it says."""
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+|\n|,? \bbut\b |, | - | – | — ")
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|(?<!\w)'[^'\n]{1,120}'(?!\w)|`[^`\n]*`|```.*?```", re.DOTALL)
_KEY = re.compile(r"\b[A-Z][A-Z0-9_]{1,9}-\d+\b")
_OTHERWISE = re.compile(
    r"\b(?:in progress|wip|working on|blocked|pending|waiting|started|start|todo|to do|not|isn't|hasn't|still|almost|nearly|next|"
    r"half|halfway|review|partially|open|on hold|delayed|will|soon|tomorrow)\b", re.I
)  # fmt: skip


def completion_claims(text: str) -> list[tuple[int, int]]:
    """Where `text` asserts completion, as spans of the claiming words."""
    return [span for start, part in _parts(text) for span in _claims_of(start, part)]


def unfounded_claims(message: str, draft: str) -> list[tuple[int, int]]:
    """Claims of the draft that the message does not make: none at all, or not of the issue that is named."""
    claims = completion_claims(draft)
    if not claims:
        return []
    masked = mask(message)
    message = _REQUEST.sub("", masked.restore(plain_words(masked.text)))
    if not _may_claim(message):
        return claims
    open_keys = _keys_not_done(message)
    return [
        claim
        for start, part in _parts(draft)
        if (keys := set(_KEY.findall(part))) and keys <= open_keys
        for claim in _claims_of(start, part)
    ]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    start = 0
    for cut in _SENTENCE.finditer(text):
        yield start, text[start : cut.end()]
        start = cut.end()
    yield start, text[start:]


def _claims_of(start: int, part: str) -> list[tuple[int, int]]:
    if _ASKS.match(part) or part.rstrip().endswith("?"):
        return []
    return [
        (start + found.start(), start + found.end())
        for found in _CLAIM.finditer(part)
        if (
            not _NOT_A_CLAIM.search(part[max(0, found.start() - 60) : found.start()])
            and not re.match(
                r" (?:by|yet|tomorrow|soon|next|when|once|if|after|as soon|as long|assuming|provided|unless|until)\b|\?",
                part[found.end() :],
                re.I,
            )
            and found[0].lower() not in ("completion", "complete")
        )
        or _is_complete(part, found)
    ]


def _is_complete(part: str, found: re.Match[str]) -> bool:
    """ "complete" is a claim only as what something is: "is complete", not "the complete list"."""
    before = part[: found.start()]
    return (
        found[0].lower() == "complete"
        and bool(re.search(r"\b(?:is|are|was|now|work|status:?) $", before, re.I))
        and not _NOT_A_CLAIM.search(before)
    )


def _may_claim(message: str) -> bool:
    """Whether the message itself speaks of completion as reached, in any words."""
    return any(_asserts(part) for _, part in _parts(message))


def _asserts(part: str) -> bool:
    return not part.rstrip().endswith("?") and any(
        not _NOT_A_CLAIM.search(part[max(0, found.start() - 60) : found.start()])
        for found in _SAID_IT.finditer(part)
    )


def _keys_not_done(message: str) -> set[str]:
    """Issue keys that the message only names beside what is not complete."""
    done: set[str] = set()
    other: set[str] = set()
    for _, part in _parts(message):
        keys = set(_KEY.findall(part))
        if _asserts(part):
            done |= keys
        elif _OTHERWISE.search(part):
            other |= keys
    return other - done
