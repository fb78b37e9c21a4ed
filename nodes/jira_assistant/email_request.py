"""What somebody asks for who asks for an e-mail: to whom, in copy to whom, and what it is to say.

Works on text whose tokens are hidden and whose casual words are plain. What no form fits is said as it is.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from nodes.jira_assistant.language.names import FIRST_NAMES, is_unexplained
from nodes.jira_assistant.language.nouns import core
from nodes.jira_assistant.language.tables import word_set

Purpose = Literal["tell", "about", "whether", "ask", "for", "please", "wish", "thank", "sorry", "remind"]


class Recipient(NamedTuple):
    """`name` is for the greeting and `address` for the envelope, "" where unknown; `label` names the unknown."""

    sort: Literal["person", "manager", "group"]
    name: str
    label: str
    address: str = ""


class EmailRequest(NamedTuple):
    """`said` is what the e-mail is to say, hidden tokens and all; `purpose` is how it was asked for."""

    to: list[Recipient]
    cc: list[Recipient]
    purpose: Purpose
    said: str


_MAIL = r"(?:e-?mails?|mails?|message|note)"
_KIND = r"(?:(?:an?|the|my|this|apology|thank you|thank-you|reminder|sick leave|vacation|status|update|quick|short|brief|polite|formal|professional|nice|friendly|follow-up|new|one) )*"
_WRITE = r"(?:write|send|draft|compose|prepare|shoot|drop|fire off|create|make|do|generate|type|whip up|put together)"
_ASKED = (
    r"(?:(?:please|pls|kindly|hey|hi|hello|ok|okay|so|just|also|then|and|can you|could you|would you|will you|can we|can i|i want to|i want you to|"
    r"i would like to|i would like you to|i need to|i need you to|i need|i want|help me|help me to|let us|we need to|we should|go ahead and)[ ,]+)*"
)
_OPENINGS = tuple(
    re.compile(rf"\s*{_ASKED}{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_WRITE}(?: me)? {_KIND}{_MAIL}(?: to| for)?(?![\w-])",
        rf"{_KIND}(?:e-?mail|mail)(?: to)?(?![\w-])",
        rf"{_WRITE} to(?![\w-])",
        rf"(?:{_WRITE}|give)(?= (?:\S+ ){{1,4}}?{_KIND}{_MAIL}\b)",
        r"(?P<verb>let|tell|inform|notify|ask|remind|thank|update|message|contact)(?=[^.\n]{0,400}\b(?:by|via|in|through|over|with) (?:an? )?(?:e-?mail|mail)\b)",
    )
)
_BY_MAIL = re.compile(r",? ?\b(?:by|via|in|through|over|with) (?:an? )?(?:e-?mail|mail)\b,?", re.I)
_CC = re.compile(r"[,;(]?\s*(?:and |with |please )?\b(?:in )?cc(?:'?ing|'?ed)?\b:?(?: to)? ", re.I)
_WHO = r"(?:him|her|them|everyone|everybody|people|you)"
_LINKS: tuple[tuple[Purpose, str], ...] = (
    ("tell", rf"(?:to |and )?(?:let(?:ting)?|tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|updat(?:e|ing)) {_WHO}(?: know)?(?: that|:)"),
    ("about", rf"(?:to |and )?(?:let(?:ting)?|tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|updat(?:e|ing)) {_WHO}(?: know)? (?:about|of|on|regarding)"),
    ("tell", rf"(?:to |and )?(?:let(?:ting)?|tell(?:ing)?|inform(?:ing)?|notify(?:ing)?)(?: {_WHO})?(?: know)?"),
    ("remind", rf"(?:to |and )?remind(?:ing)?(?: {_WHO})?"),
    ("whether", rf"(?:to |and )?ask(?:ing)?(?: {_WHO})? (?:if|whether)|if|whether"),
    ("please", rf"(?:to |and )?ask(?:ing)? {_WHO} to"),
    ("for", rf"(?:to |and )?ask(?:ing)?(?: {_WHO})? for|(?:to )?request(?:ing)?(?: for)?"),
    ("ask", rf"(?:to |and )?ask(?:ing)?(?: {_WHO})?(?= (?:when|why|how|what|where|which|who)\b)|(?=(?:when|why|how|what|where) \w+ (?:is|are|will|can|the)\b)(?!)"),
    ("thank", rf"(?:an? )?(?:big )?thanks?(?: you)?(?: note)? for|(?:to |and )?thank(?:ing)?(?: {_WHO})?(?: for)?"),
    ("sorry", r"(?:to )?apologi[sz](?:e|ing)(?: to \w+)?(?: for)?"),
    ("about", r"about|regarding|re|concerning|on|with regards? to|with (?:an? |the )?(?:status|update|news)(?: update)?s? (?:on|of|about|for)"),
    ("tell", r"(?:and )?say(?:ing)?(?: that)?|(?:to )?(?:say|explain|announce|confirm|report|mention|state)(?:ing)? that|explaining(?: that)?|stating(?: that)?|"
             r"announcing(?: that)?|confirming(?: that)?|that|with the (?:message|text)|because|since"),
    ("wish", r"to(?= \w)"),
    ("for", r"for"),
)  # fmt: skip
_LINK = tuple(
    (purpose, re.compile(rf"(?:{pattern})(?![\w-])\s*[:,]?\s*", re.I)) for purpose, pattern in _LINKS
)

_MANAGERS = word_set("manager boss supervisor")
_GROUPS = word_set("""
    team all everyone everybody hr qa ops devops support sales marketing legal finance management
    engineering product design security platform it payroll clients customers client customer vendor vendors
    stakeholders developers devs testers managers users colleagues folks group department leads recruiting
    accounting leadership
""")
_ROLES = word_set("""
    lead owner colleague teammate coworker director ceo cto pm po admin reviewer architect scrum master
    assistant analyst designer developer engineer tester contact partner head secretary officer mentor buddy
""")


def parse_request(text: str, hidden: Mapping[str, str]) -> EmailRequest:
    """`hidden` gives the tokens that stand for addresses."""
    text = text.strip()
    opening = next((found for pattern in _OPENINGS if (found := pattern.match(text))), None)
    if not opening:
        return EmailRequest([], [], "tell", text)
    rest = text[opening.end() :].strip(" ")
    by_verb = (opening.groupdict().get("verb") or "").lower()
    if by_verb:
        rest = _BY_MAIL.sub("", rest, count=1)
    rest = _SIDE_REQUEST.sub(_side_request, rest)
    cc, rest = _copies(rest, hidden)
    to, rest = recipients(rest, hidden)
    rest = re.sub(rf"^\s*{_KIND}{_MAIL}\b", "", rest, flags=re.I) if to else rest
    if not to and (after := re.match(r"\s*(?:to|for) ", rest)):
        to, rest = recipients(rest[after.end() :], hidden)
    rest = _SOON.sub("", rest)
    if by_verb in ("ask", "remind", "thank"):
        rest = f"{by_verb} them {rest.lstrip()}"
    elif by_verb:
        rest = re.sub(r"^\s*know\b", "", rest, flags=re.I)
    sort = re.search(r"\b(apology|thank|reminder)\b", opening[0], re.I)
    if sort and (about := re.match(r"\s*(?:for|about|to|that)\b", rest)):
        purpose = _BY_SORT[sort[1].lower()]
        return EmailRequest(to, cc, purpose, rest[about.end() if purpose != "remind" else 0 :].strip())
    return _linked(to, cc, rest.lstrip(" ,;:–—-"), explicit=rest.lstrip()[:1] in (":", "–", "—"))


_BY_SORT: dict[str, Purpose] = {"apology": "sorry", "thank": "thank", "reminder": "remind"}


_SOON = re.compile(
    r"^[ ,]*(?:as soon as possible|asap|quickly|right away|immediately|again|please|now)\b,?", re.I
)
_SIDE_REQUEST = re.compile(
    r"(?:,? and|,|[.;])(?: also)?(?: please)? (?:ask|remind) (?:him|her|them)"
    r"(?P<how> to| if| whether| for)\b(?P<what>[^.?!\n]{3,300})",
    re.I,
)


def _side_request(found: re.Match[str]) -> str:
    """... and ask him to verify it -> ... . Could you please verify it?"""
    how, what = found["how"].strip().lower(), found["what"].strip()
    if how == "to":
        return f". Could you please {what}?"
    return f". I would like to ask {'for' if how == 'for' else 'whether'} {what}"


def _linked(to: list[Recipient], cc: list[Recipient], rest: str, *, explicit: bool) -> EmailRequest:
    if not explicit:
        for purpose, pattern in _LINK:
            if found := pattern.match(rest):
                return EmailRequest(to, cc, purpose, rest[found.end() :].strip())
    return EmailRequest(to, cc, "tell", rest.strip())


def _copies(text: str, hidden: Mapping[str, str]) -> tuple[list[Recipient], str]:
    found = _CC.search(text)
    if not found:
        return [], text
    cc, rest = recipients(text[found.end() :], hidden)
    if not cc:
        return [], text
    return cc, f"{text[: found.start()]} {rest.lstrip(' )')}".strip()


def recipients(text: str, hidden: Mapping[str, str]) -> tuple[list[Recipient], str]:
    """Those named first in `text`, and the rest of it."""
    words = text.split(" ")
    found: list[Recipient] = []
    at = 0
    while at < len(words):
        one, length = _recipient(words[at:], hidden, first=not found)
        if not one:
            break
        found.append(one)
        at += length
        closed = words[at - 1][-1:] in ",;"
        if words[at - 1][-1:] in ":–—":
            return found, " ".join([":", *words[at:]])
        if (
            at < len(words)
            and words[at].lower() in ("and", "&", "und", "et", "y")
            and _recipient(words[at + 1 :], hidden)[0]
        ):
            at += 1
        elif not closed or not _recipient(words[at:], hidden)[0]:
            break
    return found, " ".join(words[at:])


def _recipient(
    words: list[str], hidden: Mapping[str, str], *, first: bool = False
) -> tuple[Recipient | None, int]:
    """One recipient at the start of `words`, and how many words name it. An unknown word in small letters is a
    name only as the `first`."""
    if not words or not words[0]:
        return None, 0
    if address := _address(words[0], hidden):
        name = re.split(r"[._+-]", address.split("@")[0])[0]
        return Recipient("person", name.title() if name.lower() in FIRST_NAMES else "", "", address), 1
    if (mention := hidden.get(words[0].strip(",;:"), "")) and mention[:2] in ("[~", f"@{mention[1:2]}"):
        who = mention.strip("[~]@")
        return Recipient(
            "person", who.title() if who.lower() in FIRST_NAMES else who, f"{who[:1].upper()}{who[1:]}'s"
        ), 1
    word = core(words[0])
    if word in ("my", "the", "our", "your") and len(words) > 1:
        return _role(words, hidden)
    if word in _MANAGERS:
        return _addressed(Recipient("manager", "", "Manager"), words, 1, hidden)
    if word in _GROUPS:
        return _addressed(_group(words[0].strip(",;:()")), words, 1, hidden)
    if not _is_name(words[0], first):
        return None, 0
    name, length = words[0].strip(",;:()"), 1
    if words[0][-1] not in ",;:" and len(words) > 1 and _is_name(words[1], False) and words[1][:1].isupper():
        name, length = f"{name} {words[1].strip(',;:()')}", 2
    name = " ".join(part if part[:1].isupper() else part.title() for part in name.split())
    return _addressed(Recipient("person", name, f"{name}'s"), words, length, hidden)


_NO_NAME = word_set("tell ask asking let say saying telling a an with it him her them as about regarding re")


def _is_name(word: str, unknown_too: bool) -> bool:
    plain = core(word)
    if len(plain) < 2 or not plain.replace("-", "").isalpha() or plain in _NO_NAME:
        return False
    return plain in FIRST_NAMES or (is_unexplained(plain) and (unknown_too or word.strip("(")[:1].isupper()))


def _group(title: str) -> Recipient:
    title = re.sub(r"^(?:whole|entire|rest of the) ", "", title)
    last = title.split()[-1].lower()
    greeted = (
        title if last == "team" else "everyone" if last in ("all", "everyone", "everybody", "folks") else ""
    )
    label = " ".join(part if part.isupper() else part.title() for part in title.split())
    return Recipient("group", greeted, "Recipient" if greeted == "everyone" else label)


def _role(words: list[str], hidden: Mapping[str, str]) -> tuple[Recipient | None, int]:
    for length in range(2, min(len(words), 5) + 1):
        head = core(words[length - 1])
        if head in _MANAGERS and length == 2:
            return _named(Recipient("manager", "", "Manager"), words, length, hidden)
        ends = head in _GROUPS or head in _ROLES or head == "team"
        more = (
            length < len(words)
            and words[length - 1][-1] not in ",;:"
            and core(words[length]) in _GROUPS | _ROLES | _MANAGERS
        )
        if ends and not more:
            title = " ".join(word.strip(",;:") for word in words[1:length])
            group = _group(title)
            return _addressed(
                group if head in _GROUPS else Recipient("person", "", group.label), words, length, hidden
            )
    return None, 0


def _named(one: Recipient, words: list[str], length: int, hidden: Mapping[str, str]) -> tuple[Recipient, int]:
    """my manager Sarah"""
    if words[length - 1][-1] not in ":;" and length < len(words):
        name = words[length].strip(",;:()")
        if core(name) in FIRST_NAMES or (
            name[:1].isupper() and name.isalpha() and is_unexplained(core(name))
        ):
            return _addressed(
                one._replace(name=name if name[:1].isupper() else name.title()), words, length + 1, hidden
            )
    return _addressed(one, words, length, hidden)


def _addressed(
    one: Recipient, words: list[str], length: int, hidden: Mapping[str, str]
) -> tuple[Recipient, int]:
    """Anna (anna@x.org), Anna at anna@x.org"""
    at = length + (length < len(words) and words[length].lower() in ("at", "on"))
    if at < len(words) and (address := _address(words[at], hidden)):
        return one._replace(address=address), at + 1
    return one, length


def _address(word: str, hidden: Mapping[str, str]) -> str:
    token = hidden.get(word.strip("(),;:<>."), "")
    return token if re.fullmatch(r"[\w.+-]+@[\w.-]+", token) else ""
