"""Several actions in one message: "PAY-12 done, PAY-13 blocked by infra, email Anna about it".

A message is split only where each part plainly stands alone: it begins with an issue of its own (or a verb
and its issue), or asks for a mail. Whatever could reach over a cut (a condition, a question, words before the
first part) keeps the message whole, as does any doubt: it is then what it was before there were parts.

A report of several issues becomes a comment on each. A finish in it is only reported there, since beside
unfinished work nobody plainly asks for it to be marked. Where a mail is asked for besides, the message is a
list of things to do: then a finish that nothing else qualifies is proposed as one, and a human confirms it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.contracts import Intent
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.entity_words import ISSUE_KEY
from nodes.jira_assistant.language.spans import find_spans

MOST_PARTS = 8  # a longer list is a report: one comment says it better than ten
_MOST_PIECES = 4 * MOST_PARTS
_ISSUE = rf"(?:{ISSUE_KEY}|(?:task|ticket|issue) #?\d{{1,6}}|#\d{{2,6}})(?![\w-])"
_ANY_ISSUE = re.compile(rf"(?<![\w-]){_ISSUE}", re.IGNORECASE)
_DID = (
    "finished|done with|completed|closed|resolved|fixed|merged|deployed|released|shipped|tested|started"
    "|reviewed|added|implemented|updated|refactored|investigated|wrote|working on|testing|reviewing|debugging"
    "|starting|looking into|blocked on|stuck on|marked?|close"
)
_LEAD = (
    r"[-*•] ?|(?:i|we|have|has|i've|we've|i'm|we're|am|are|just|also|still|finally|now|and|then|hey|hi|ok"
    r"|today|for|on|re)[ ,:]+"
)
_OWN_ISSUE = re.compile(
    rf"(?:{_LEAD})*(?P<verb>(?:{_DID}) (?:[^,;.:\n]{{1,60}}? (?:in|on|for|of|at|to) )?)?(?:the )?"
    rf"(?P<issue>{_ISSUE})",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?P<hard>[.;!](?=\s|$)\s*|\n\s*)|,\s*(?:(?:and|but|then|also|while) )*"
    r"|\s+(?:and then|and also|and|but|then|plus|&|\+|[-–—|])\s+"
)
_REACHES_OVER = re.compile(
    r"\?|(?<![\w'])(?:if|when|whenever|once|until|unless|after|before|because|since|as soon as|provided"
    r"|assuming|hopefully|almost|nearly|maybe|probably|both|neither|either|none|mistake|wrong|ignore|not sure"
    r"|i think|i guess|should be|would be|might be|supposed)(?![\w'])",
    re.IGNORECASE,
)
_FINISH = re.compile(r"(?<!\w)(?:done|finish\w*|complet\w*|close[ds]?|resolved|wrapped)(?!\w)", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:\W|\b(?:is|isn't|are|was|will|be|and|or|plus|not|yet|still|too|also|the|one|today|tomorrow|yesterday|later|soon"
    r"|next|this|week|month|sprint|on|by|in)\b)*",
    re.IGNORECASE,
)
"""What is left of an issue's part where its verb is in another one: "PAY-12 is done, PAY-13 is not"."""
_ABOUT_THE_REST = re.compile(
    r"(?:about|with|on|regarding|re) (?:it|this|that|them|these|those|all (?:of )?(?:it|this|that|them)|both"
    r"|the (?:status|update|progress|rest))\W*$"
    r"|(?:update|status|summary|e-?mail|mail)(?: to)? (?:my )?\w+\W*$",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """One action of a message, as if it had been said alone."""

    text: str
    intent: Intent


class _Piece(NamedTuple):
    text: str
    after: str  # what joined it to the piece before
    kind: str  # "issue", "mail", or "" for what goes on with the piece before


def split(text: str, *, threshold: float = 0.8) -> list[Part]:
    """The parts of `text`, two or more, in order; empty where it is one message."""
    if len({found[0].upper() for found in _ANY_ISSUE.finditer(text)}) < 2 or _REACHES_OVER.search(text):
        return []
    if classify(text, threshold=threshold)["intent"] == "task_completion":
        return []  # "closed PAY-12, PAY-13 and PAY-14"
    pieces = list(_pieces(text, threshold))
    if not pieces[0].kind or len(pieces) > _MOST_PIECES:
        return []
    issues, mails = _joined(pieces, "issue"), _joined(pieces, "mail")
    if not 2 <= len(issues) <= MOST_PARTS - len(mails):
        return []
    finished = [classify(said, threshold=threshold)["intent"] == "task_completion" for said in issues]
    if any(map(_elliptic, issues)):
        return []
    unfinished = [said for said, done in zip(issues, finished, strict=True) if not done]
    if any(finished) and any(map(_FINISH.search, unfinished)):
        return []  # "PAY-12 and PAY-13 done by Friday" may be said of both
    if not mails:
        return [Part(said, "task_update") for said in issues]
    done = ", ".join(said for said, is_done in zip(issues, finished, strict=True) if is_done)
    parts = [Part(done, "task_completion")] if done else []
    parts += [Part(said, "task_update") for said in unfinished]
    report = ", ".join(issues)
    return parts + [
        Part(f"{report}, {mail}" if _ABOUT_THE_REST.search(mail) else mail, "email_request") for mail in mails
    ]


def _pieces(text: str, threshold: float) -> Iterator[_Piece]:
    """The text between possible cuts; none is inside a quotation, code or a link."""
    closed = [(span.start, span.end) for span in find_spans(text)]
    start, joint, mailed = 0, "\n", False
    seen: set[str] = set()
    for cut in [*_CUT.finditer(text), None]:
        end, after = cut.span() if cut else (len(text), len(text))
        if cut and any(low < after and end < high for low, high in closed):
            continue
        said = text[start:end].strip()
        own = _OWN_ISSUE.match(said)
        if own and not own["verb"] and cut and not cut["hard"] and not said[own.end() :].strip(" :"):
            continue  # "PAY-12 and PAY-13 are done"
        if said:
            kind, hard = "", not joint.strip(" ,") or joint[0] in ".;!"
            if classify(said, threshold=threshold)["intent"] == "email_request":
                kind, mailed = "mail", True
            elif own and own["issue"].upper() not in seen and (hard or not mailed):
                kind = "issue"
                seen |= {key.upper() for key in extract(said)["issue_keys"]}
            yield _Piece(said, joint, kind)
            joint = ""
        start, joint = after, (joint + cut[0]) if cut else ""


def _joined(pieces: list[_Piece], kind: str) -> list[str]:
    """The pieces of a kind, each with those that go on with it."""
    joined: list[str] = []
    within = False
    for piece in pieces:
        if piece.kind:
            within = piece.kind == kind
            if within:
                joined.append(piece.text)
        elif within:
            joined[-1] += f"{piece.after.rstrip() if piece.after.strip() else '.'} {piece.text}"
    return joined


def _elliptic(said: str) -> bool:
    """Whether an issue is named and nothing is said of it."""
    return bool(_SAYS_NOTHING.fullmatch(_ANY_ISSUE.sub("", said)))
