"""What people say to a draft: a closed list of whole answers, and the forms that ask for a change.

A chat message that is neither is something new. Only a whole answer from the list accepts.
"""

import re
import unicodedata
from typing import Literal


def _phrases(table: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in re.split(r"[,\n]", table) if phrase.strip())


_ACCEPT = _phrases("""
    y, yes, yep, yeah, yup, ok, okay, k, sure, lgtm, +1, 👍, ✅, 👌
    approve, approved, accept, accepted, agreed, confirm, confirmed, perfect, great, good, fine
    yes please, yes post it, yes send it, yes do it, yes go ahead, yes lgtm, yes looks good
    ok post it, ok send it, ok go ahead, ok looks good, post it, send it, do it, ship it, mark it done
    please post it, please send it, post it please, send it please, go ahead, go for it
    looks good, looks good to me, looks great, sounds good, that works, all good, good to go
    looks good post it, looks good send it, lgtm post it, lgtm send it, lgtm ship it
""")
_REJECT = _phrases("""
    n, no, nope, nah, -1, 👎, ❌
    reject, rejected, cancel, discard, ignore, stop, abort, decline, declined, drop
    no thanks, no thank you, never mind, nevermind, forget it, drop it, scrap it, leave it
    cancel it, cancel that, discard it, reject it, throw it away, no cancel
    don't, do not, please don't, no don't, don't post it, do not post it, don't send it, do not send it
    no don't post it, no don't send it
""")

# Each line one form of asking for a change. A verb alone is not enough ("add a comment to PAY-1" is new).
_CHANGES = r"""
(?:make|keep) (?:it|this|that|the (?:tone|draft|comment|e-?mail|subject|text))\b
(?:much |a bit |a little |slightly )?(?:shorter|longer|simpler|friendlier|warmer|softer)\b
(?:a bit |a little )?(?:more|less) (?:formal|casual|detail(?:ed)?|concise|polite|friendly)\b
(?:a bit |a little )?(?:more|less) (?:specific|direct|technical)\b
(?:it'?s |that'?s )?too (?:long|short|formal|informal|casual|wordy|vague|stiff|detailed|technical)\b
(?:shorten|rephrase|reword|rewrite|redo|simplify)(?: (?:it|this|that|the .{1,40}))?\s*[.!]?$
try again\b
use \S+ instead\b
(?:it'?s|it should be|should be|i meant|i mean) [A-Z][A-Z0-9_]+-\d+\b
(?:add|mention|include|say|note|write) (?:that|also that)\b
(?:also )?mention\b
(?:do not|don'?t) (?:mention|say|include)\b
leave out\b
(?:remove|drop|delete|cut|fix|change) the (?:part|bit|line|sentence|word|phrase|first|last|second|typo|tone)\b
(?:fix|change) the (?:subject|greeting|closing|signature|name|date)\b
(?:change|replace) .{1,80} (?:to|with|by) \S
"""
_POLITE = r"(?:(?:please|pls|can you|could you|would you|and|also|now|but|just|hmm?|maybe)[\s,]+)*"
_REFUSED_FIRST = r"(?:no|nope|nah)\s*[,.;:!–—-]+\s*"
_ACCEPTED_FIRST = r"(?:yes|yeah|ok|okay|good|looks good|lgtm)[\s,]+(?=(?:but|just|except)\b)"
_FEEDBACK = re.compile(
    rf"^(?:{_REFUSED_FIRST}|{_ACCEPTED_FIRST})?{_POLITE}"
    rf"(?:{'|'.join(_CHANGES.split(chr(10))[1:-1])})",
    re.IGNORECASE,
)
_LONGEST_FEEDBACK = 500  # characters; a longer chat message is something new


def spoken_verb(said: str) -> Literal["accept", "reject"] | None:
    """What the whole of `said` means, if it is one of the closed list."""
    plain = _plain(said)
    if plain in _ACCEPT:
        return "accept"
    return "reject" if plain in _REJECT else None


def answers_draft(message: str) -> bool:
    """Whether a chat message answers the pending draft rather than saying something new."""
    if spoken_verb(message):
        return True
    return len(message) <= _LONGEST_FEEDBACK and bool(_FEEDBACK.match(message.strip()))


def _plain(said: str) -> str:
    said = unicodedata.normalize("NFKC", said[:100]).replace("’", "'").casefold()
    return " ".join(re.sub(r"[^\w\s'+\-👍✅👌👎❌]|(?<=\w)[-+]|\ufe0f", " ", said).split())
