"""What somebody asks for who asks for an e-mail: to whom, in copy to whom, and what it is to say.

Works on text whose tokens are hidden and whose casual words are plain. What no form fits is said as it is.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from nodes.jira_assistant.language.tables import any_of
from nodes.jira_assistant.recipients import Recipient, recipients

Purpose = Literal["tell", "about", "whether", "ask", "for", "please", "wish", "thank", "sorry", "remind"]


class EmailRequest(NamedTuple):
    """`said` is what the e-mail is to say, hidden tokens and all; `purpose` is how it was asked for."""

    to: list[Recipient]
    cc: list[Recipient]
    purpose: Purpose
    said: str
    subject: str = ""  # where one was dictated


_MAIL = r"(?:e-?mails?|mails?|message|note)"
_BY_MAIL = r"(?:by|via|in|through|over|with) (?:an? )?(?:e-?mail|mail)"
_KIND = any_of("""
    an?; the; my; this; apology; thank you; thank-you; reminder; sick leave; vacation; status; update; quick
    short; brief; polite; formal; professional; nice; friendly; follow-up; new; one
""")
_KINDS = f"(?:{_KIND} )*"
_WRITE = any_of("""
    write; send; draft; compose; prepare; shoot; drop; fire off; create; make; do; generate; type; whip up
    put together
""")
_ASKED = any_of("""
    please; kindly; hey; hi; hello; ok; okay; so; just; also; then; and; can (?:you|we|i); could you
    would you; will you; i want(?: you)? to; i would like(?: you)? to; i need(?: you)? to; i need; i want
    help me(?: to)?; let us; we need to; we should; go ahead and
""")
_OPENINGS = tuple(
    re.compile(rf"\s*(?:{_ASKED}[ ,]+)*{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_WRITE}(?: me)? {_KINDS}{_MAIL}(?: to| for)?(?![\w-])",
        rf"{_KINDS}(?:e-?mail|mail)(?: to)?(?![\w-])",
        rf"{_WRITE} to(?![\w-])",
        rf"(?:{_WRITE}|give)(?= (?:\S+ ){{1,4}}?{_KINDS}{_MAIL}\b)",
        r"(?P<verb>let|tell|inform|notify|ask|remind|thank|update|message|contact)"
        rf"(?=[^.\n]{{0,400}}\b{_BY_MAIL}\b)",
    )
)
_CC = re.compile(r"[,;(]?\s*(?:and |with |please )?\b(?:in )?cc(?:'?ing|'?ed)?\b:?(?: to)? ", re.I)
_SOON = re.compile(
    r"^[ ,]*(?:as soon as possible|asap|quickly|right away|immediately|again|please|now)\b,?", re.I
)
_WHO = "(?:him|her|them|everyone|everybody|people|you)"
_LETTING = "(?:to |and )?(?:let(?:ting)?|tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|updat(?:e|ing))"
_ASKING = rf"(?:to |and )?ask(?:ing)?(?: {_WHO})?"
_LINKS: tuple[tuple[Purpose, str], ...] = (
    ("tell", rf"{_LETTING} {_WHO}(?: know)?(?: that|:)"),
    ("about", rf"{_LETTING} {_WHO}(?: know)? (?:about|of|on|regarding)"),
    ("tell", rf"{_LETTING}(?: {_WHO})?(?: know)?"),
    ("remind", rf"(?:to |and )?remind(?:ing)?(?: {_WHO})?"),
    ("whether", rf"{_ASKING} (?:if|whether)|if|whether"),
    ("please", rf"(?:to |and )?ask(?:ing)? {_WHO} to"),
    ("for", rf"{_ASKING} for|(?:to )?request(?:ing)?(?: for)?"),
    ("ask", rf"{_ASKING}(?= (?:when|why|how|what|where|which|who)\b)"),
    (
        "thank",
        rf"(?:an? )?(?:big )?thanks?(?: you)?(?: note)? for|(?:to |and )?thank(?:ing)?(?: {_WHO})?(?: for)?",
    ),
    ("sorry", r"(?:to )?apologi[sz](?:e|ing)(?: to \w+)?(?: for)?"),
    ("about", r"about|regarding|re|concerning|on|with regards? to"),
    ("about", r"with (?:an? |the )?(?:status|update|news)(?: update)?s? (?:on|of|about|for)"),
    ("tell", r"(?:and |to )?(?:say|explain|announc|confirm|report|mention|stat)(?:e|ing)?(?: that)?"),
    ("tell", r"that|with the (?:message|text)|because|since"),
    ("wish", r"to(?= \w)"),
    ("for", r"for"),
)
_LINK = tuple((purpose, re.compile(rf"(?:{form})(?![\w-])\s*[:,]?\s*", re.I)) for purpose, form in _LINKS)
_SUBJECT = re.compile(
    r"[,;(]?\s*(?:and |with )?(?:the )?subject(?: line)?:\s*(?P<subject>[^,;.\n]{1,80})", re.I
)
_SORT = re.compile(r"\b(apology|thank|reminder)\b", re.I)
_BY_SORT: dict[str, Purpose] = {"apology": "sorry", "thank": "thank", "reminder": "remind"}
_SIDE_REQUEST = re.compile(
    r"(?:,? and|,|[.;])(?: also)?(?: please)? (?:ask|remind) (?:him|her|them)(?P<how> to| if| whether| for)\b"
    r"(?P<what>[^.?!\n]{3,300})",
    re.I,
)


def parse_request(text: str, hidden: Mapping[str, str]) -> EmailRequest:
    """`hidden` gives the tokens that stand for addresses."""
    text = text.strip()
    opening = next((found for pattern in _OPENINGS if (found := pattern.match(text))), None)
    if not opening:
        return EmailRequest([], [], "tell", text)
    rest = text[opening.end() :].strip(" ")
    verb = (opening.groupdict().get("verb") or "").lower()
    if verb:
        rest = re.sub(rf",? ?\b{_BY_MAIL}\b,?", "", rest, count=1, flags=re.I)
    cc, rest = _copies(_SIDE_REQUEST.sub(_side_request, rest), hidden)
    to, rest = recipients(rest, hidden)
    rest = re.sub(rf"^\s*{_KINDS}{_MAIL}\b", "", rest, flags=re.I) if to else rest
    if not to and (after := re.match(r"\s*(?:to|for) ", rest)):
        to, rest = recipients(rest[after.end() :], hidden)
    rest = _SOON.sub("", rest)
    if verb in ("ask", "remind", "thank"):
        rest = f"{verb} them {rest.lstrip()}"
    elif verb:
        rest = re.sub(r"^\s*know\b", "", rest, flags=re.I)
    dictated = _SUBJECT.search(rest)
    subject = dictated["subject"].strip(" \"'") if dictated else ""
    purpose, said = _purpose(opening[0], _SUBJECT.sub("", rest, count=1))
    return EmailRequest(to, cc, purpose, said.strip() or subject, subject)


def _purpose(opening: str, rest: str) -> tuple[Purpose, str]:
    """Why it is written, and what is said: "an apology email ... for the outage", "that it is done"."""
    sort = _SORT.search(opening)
    if sort and (about := re.match(r"\s*(?:for|about|to|that)\b", rest)):
        purpose = _BY_SORT[sort[1].lower()]
        return purpose, rest[about.end() if purpose != "remind" else 0 :]
    after = rest.lstrip(" ,;:–—-")
    if rest.lstrip()[:1] not in (":", "–", "—"):
        for purpose, pattern in _LINK:
            if found := pattern.match(after):
                return purpose, after[found.end() :]
    return "tell", after


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
