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
from nodes.jira_assistant.entity_words import ISSUE_KEY
from nodes.jira_assistant.language.spans import find_spans

MOST_PARTS = 8  # a longer list is a report: one comment says it better than ten
_MOST_PIECES = 4 * MOST_PARTS
_ISSUE = rf"(?:{ISSUE_KEY}|(?:task|ticket|issue) #?\d{{1,6}})(?![\w-])"
_ANY_ISSUE = re.compile(rf"(?<![\w-]){_ISSUE}", re.IGNORECASE)
_MARK = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_JOINT = re.compile(r"(?:(?:and|then|also|plus|next|finally)[, ]+)+", re.IGNORECASE)
_OF_ANOTHER = re.compile(  # before a key: it is said of the issue before, not of this one
    r"(?:\b(?:block\w*|wait\w*|depend\w*|need\w*|requir\w*|duplicat\w*|caus\w*|br[eo]k\w*|relat\w*|link\w*"
    r"|unblock\w*|same|like|unlike|see|cf|than|instead|parts?|subtasks?|child|children|parent|because|due|thanks|per|via|behind"
    r"|mov\w*|split\w*|follow\w*|superseded|replac\w*|into|from|with)(?: \w+){0,2}|[(/])\s*$",
    re.IGNORECASE,
)
_DONE_WITH = re.compile(r"\b(?:done|finished|helped|started|happy|through) with\s*$", re.IGNORECASE)
_LEADS_ALL = re.compile(  # before a key: what may be meant of the parts after it, too
    r"^(?:is|are|was|were|does|did|do|has|can|could|will|would|should|what|which|how|why|who|where|please)\b"
    r"|(?<![\w'])(?:if|when|whenever|once|until|till|unless|after|before|because|since|as soon as|provided"
    r"|assuming|hopefully|hop(?:e|ing)|wish|want|almost|nearly|maybe|perhaps|probably|i think|i guess"
    r"|not sure|one|two|three|four|five|all|some|most|un(?:mark|close|resolve)\w*|reopen\w*"
    r"|should|would|might|could|supposed|said|says|told|wrote|thinks|tell|ask|inform|notify|remind|message"
    r"|according|by|whether|don't|never|keep)(?![\w'])",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?P<hard>[.;!](?=\s|$)\s*|\n\s*)|,\s*(?:(?:and|but|then|also|while) )*"
    r"|\s+(?:and then|and also|and|but|then|plus|&|\+|[-–—|])\s+"
)
_REACHES_OVER = re.compile(
    r"(?<![\w'])(?:both|neither|either|none|mistake|ignore)(?![\w'])"
    r"|(?:^|[,.;!\n-] ?)(?:that's|that is|this is|those are|these are|all of (?:it|that|this|those|them))\b",
    re.IGNORECASE,
)
_FINISHED_BUT = re.compile(  # "PAY-12 and PAY-13 done by Friday" may be said of both
    rf"{_ISSUE}\W*(?:(?:is|are|was|has been|all|also|now) )*"
    r"(?:done|finish\w*|complet\w*|closed|resolved|wrapped)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"\w")
_SAYS_NOTHING = re.compile(
    r"(?:\W|\b(?:is|isn't|are|was|will|be|and|or|plus|not|yet|still|too|also|the|one|today|tomorrow|yesterday"
    r"|later|soon|next|this|week|month|sprint|on|by|in)\b)*(?:as\b.*)?",
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
    kind: str  # "issue", "mail", "" for what goes on with the piece before, or "whole"


def split(text: str, *, threshold: float = 0.8) -> list[Part]:
    """The parts of `text`, two or more, in order; empty where it is one message."""
    text = _MARK.sub("", text)
    if len({found[0].upper() for found in _ANY_ISSUE.finditer(text)}) < 2 or _REACHES_OVER.search(text):
        return []
    if classify(text, threshold=threshold)["intent"] == "task_completion":
        return []  # "closed PAY-12, PAY-13 and PAY-14"
    pieces = list(_pieces(text, threshold))
    kinds = {piece.kind for piece in pieces}
    if not pieces[0].kind or "whole" in kinds or len(pieces) > _MOST_PIECES:
        return []
    issues, mails = _joined(pieces, "issue"), _joined(pieces, "mail")
    if not 2 <= len(issues) <= MOST_PARTS - len(mails):
        return []
    finished = [classify(said, threshold=threshold)["intent"] == "task_completion" for said in issues]
    if any(map(_elliptic, issues)):
        return []
    unfinished = [said for said, done in zip(issues, finished, strict=True) if not done]
    if any(finished) and any(map(_FINISHED_BUT.search, unfinished)):
        return []
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
        key = _ANY_ISSUE.search(said)
        if key and cut and not cut["hard"] and not _SAID.search(said[: key.start()] + said[key.end() :]):
            continue  # "PAY-12 and PAY-13 are done"
        if said:
            hard = not joint.strip(" ,") or joint[0] in ".;!"
            kind = _kind(said, key, seen, threshold)
            if kind == "issue" and mailed and not hard:
                kind = ""  # it is what the mail says
            if kind == "issue":
                seen |= {found.upper() for found in _ANY_ISSUE.findall(said)}
            mailed = mailed or kind == "mail"
            yield _Piece(said, joint, kind)
            joint = ""
        start, joint = after, (joint + cut[0]) if cut else ""


def _kind(said: str, key: re.Match[str] | None, seen: set[str], threshold: float) -> str:
    """ "whole" keeps the message whole."""
    if classify(_JOINT.sub("", said, count=1), threshold=threshold)["intent"] == "email_request":
        return "mail"
    if "?" in said:
        return "whole"
    if key is None:
        return ""
    lead = said[: key.start()].strip().lower()
    if _LEADS_ALL.search(lead):
        return "whole"
    of_another = _OF_ANOTHER.search(lead) and not _DONE_WITH.search(lead)
    return "" if of_another or key[0].upper() in seen else "issue"


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
