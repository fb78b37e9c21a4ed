"""What somebody asks for who asks for an e-mail: to whom, in copy to whom, and what it is to say.

Works on text whose tokens are hidden and whose casual words are plain. What no form fits is said as it is.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from nodes.jira_assistant.email_purpose import Purpose, purpose_of
from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.tables import any_of
from nodes.jira_assistant.recipients import Recipient, recipients


class EmailRequest(NamedTuple):
    """`said` is what the e-mail is to say, hidden tokens and all; `purpose` is how it was asked for."""

    to: list[Recipient]
    cc: list[Recipient]
    purpose: Purpose
    said: str
    subject: str = ""  # where one was dictated


_MAIL = r"(?:e-?mails?|mails?|message|note|line)"
_ONLY_MAIL = r"(?:e-?mail|mail)"
_BY_MAIL = rf"(?:by|via|in|through|over|with) (?:an? )?{_ONLY_MAIL}"
_KIND = any_of("""
    an?; the; my; this; apology; thank you; thank-you; reminder; sick leave; vacation; status; update; quick
    short; brief; polite; formal; professional; nice; friendly; follow-up; new; one
""")
_KINDS = f"(?:{_KIND} )*"
_WRITE = any_of("""
    write; send(?: out)?; draft; compose; prepare; shoot; drop; fire off; create; make; do; generate; type
    whip up; put together
""")
_QUESTION = "(?:can|could|would|will) (?:you|we|i)"
_ASKED = any_of(rf"""
    please; kindly; hey; hi; hello; ok; okay; so; just; also; then; now; and; {_QUESTION}
    (?:i |we )?(?:need|have|want|should|would like)(?: you)? to; (?:i |we )?(?:need|want); we should
    help me(?: to| with)?; let us; go ahead and
""")
_OPENINGS = tuple(
    re.compile(rf"\s*+(?:{_ASKED}[ ,]+)*{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_WRITE}(?: me)? {_KINDS}{_MAIL}(?: to| for)?(?![\w-])",
        rf"(?:{_WRITE} )?{_KINDS}(?:reply|response)(?: back)? to(?![\w-])|(?:write back|respond) to(?![\w-])",
        rf"{_KINDS}{_ONLY_MAIL}(?: update| reminder)?(?: to| for)?(?![\w-])",
        rf"{_WRITE} to(?![\w-])",
        rf"(?:{_WRITE}|give)(?= (?:\S+ ){{1,4}}?{_KINDS}(?:{_MAIL}\b|update {_BY_MAIL}))",
        r"(?P<verb>let|tell|inform|notify|ask|remind|thank|update|message|contact)"
        rf"(?=[^.\n]{{0,400}}\b{_BY_MAIL}\b)",
    )
)
_LATER_OPENING = re.compile(r"(?:[.!?;,]| -)\s+(?=(?:\w+ ){0,6}?(?:e-?mail|mail|write)\b)", re.I)
_WHENEVER = re.compile(r"(?:when|whenever|if|once) (?:you|possible|there)\b", re.I)
_THEN_TELL = re.compile(r"\W*(?:and )?(?P<verb>tell|let|inform|notify|ask|remind|thank) ", re.I)
_SENT_WORD = re.compile(rf"^\s*{_KINDS}(?:{_MAIL}\b(?: {_BY_MAIL}\b)?|(?:update )?{_BY_MAIL}\b)", re.I)
_CC = re.compile(r"[,;(]?\s{0,9}+(?:and |with |please )?\b(?:in )?cc(?:'?ing|'?ed)?\b:?(?: to)? ", re.I)
_SOON = re.compile(
    r"^[ ,]*(?:as soon as possible|asap|quickly|right away|immediately|again|please|now)\b,?", re.I
)
_SUBJECT = re.compile(
    r"[,;(]?\s{0,9}+(?:and |with )?(?:the )?subject(?: line)?:\s*(?P<subject>[^,;.\n]{1,80})", re.I
)
_SIDE_REQUEST = re.compile(
    r"(?:,? and|,|[.;])(?: also)?(?: please)? (?:ask|remind) (?:him|her|them)(?P<how> to| if| whether| for)\b"
    r"(?P<what>[^.?!\n]{3,300})",
    re.I,
)


def parse_request(text: str, hidden: Mapping[str, str]) -> EmailRequest:
    """`hidden` gives the tokens that stand for addresses."""
    text = text.strip()
    if opening := _opening(text):
        return _after(opening, text[opening.end() :], hidden)
    for found in list(_LATER_OPENING.finditer(text))[:10]:  # "I am ill today, please email my manager"
        before, asked = text[: found.start()], text[found.end() :]
        if opening := _opening(asked):
            request = _after(opening, asked[opening.end() :], hidden)
            return request if _WHENEVER.match(before) else _said_before(before, request)
    return EmailRequest([], [], "tell", text)


def _said_before(before: str, request: EmailRequest) -> EmailRequest:
    """ "PAY-12 is done, email Anna", "... about it", "... about the release", "... that we can deploy"."""
    if re.fullmatch(r"(?:it|this|that)?[\s.,!?]*", request.said):
        return request._replace(purpose="tell", said=before)
    if request.purpose == "tell":
        return request._replace(said=f"{before}. {request.said}")
    return request._replace(said=f"{request.said}. {before}")


def _opening(text: str) -> re.Match[str] | None:
    return next((found for pattern in _OPENINGS if (found := pattern.match(text))), None)


def _after(opening: re.Match[str], rest: str, hidden: Mapping[str, str]) -> EmailRequest:
    """What is asked for after the words that ask for it."""
    rest = rest.strip(" ")
    if re.search(rf"\b{_QUESTION}\b", opening[0], re.I):
        rest = rest.rstrip("? ")  # it was the request that was a question
    verb = (opening.groupdict().get("verb") or "").lower()
    if verb:
        rest = re.sub(rf",? ?\b{_BY_MAIL}\b,?", "", rest, count=1, flags=re.I)
    cc, rest = _copies(_SIDE_REQUEST.sub(_side_request, rest), hidden)
    to, rest = recipients(rest, hidden)
    rest = _SENT_WORD.sub("", re.sub(r"^'s\b", "", rest)) if to else rest
    if not to and (after := re.match(r"\s*(?:to|for) ", rest)):
        to, rest = recipients(rest[after.end() :], hidden)
    if not to and (told := _THEN_TELL.match(rest)):
        verb = told["verb"].lower()
        to, rest = recipients(rest[told.end() :], hidden)
    rest = _SOON.sub("", rest)
    if verb in ("ask", "remind", "thank"):
        rest = f"{verb} them {rest.lstrip()}"
    elif verb:
        rest = re.sub(r"^\s*know\b", "", rest, flags=re.I)
    dictated = _SUBJECT.search(rest)
    subject = dictated["subject"].strip(" \"'") if dictated else ""
    purpose, said = purpose_of(opening[0], _SUBJECT.sub("", rest, count=1))
    return EmailRequest(to, cc, purpose, said.strip(f" {PAUSE}") or subject, subject)


def _side_request(found: re.Match[str]) -> str:
    """... and ask him to verify it -> ... . Could you please verify it?"""
    how, what = found["how"].strip().lower(), found["what"].strip()
    if how == "to":
        return f". Could you please {what}?"
    return f". I would like to ask {'for' if how == 'for' else 'whether'} {what}"


def _copies(text: str, hidden: Mapping[str, str]) -> tuple[list[Recipient], str]:
    found = _CC.search(text)
    if not found:
        return [], text
    cc, rest = recipients(text[found.end() :], hidden)
    if not cc:
        return [], text
    return cc, f"{text[: found.start()]} {rest.lstrip(' )')}".strip()
