"""The request around what is to be said: "add a comment on PAY-12 that ..." -> PAY-12, "...".

Works on text whose tokens are hidden; what is asked for is recognised only at the edges of the message.
"""

import re

from nodes.jira_assistant.language.tables import any_of

_KEY = "[\U000f0000-\U000ffffd]"
_QUESTION = any_of("can you; could you; would you; will you; can we")
_POLITE = any_of(
    "please; kindly; hey; hi; ok; okay; so; just; also; i want to; i would like to; i need to; help me"
)
_ASKED = rf"(?:(?:{_POLITE}|i need you to|{_QUESTION})[ ,]+)*"
_ABOUT = (
    r"(?: (?:on|to|in|for|under|of|into|at))?(?: (?:the|my|this|our))?"
    rf"(?: (?:jira|ticket|issue|task|card|story))*(?: (?P<key>{_KEY}))?"
)
_THAT = (
    r"(?P<link> ?(?:[:,–—]| -) ?| (?:(?:saying |stating |to say )?that|saying|to say|stating|with)\b[: ]*)"
)
_COLON = r" ?(?P<link>[:–—-] ?)"
_NOTE = any_of("update; comment; status; note; report")
_REWRITE = "rephrase|reword|polish|rewrite|format"
_OPENINGS = tuple(
    re.compile(_ASKED + pattern, re.IGNORECASE)
    for pattern in (
        r"(?:add|post|write|leave|put|make|create|drop|draft)(?: me)?(?: an?| another| the| this| my)?"
        r"(?: (?:quick|short|jira|status|progress|professional|new))*"
        rf" (?:comment|note|update|status|message|line)s?{_ABOUT}{_THAT}",
        rf"(?:post|log|record|mention|comment|say|write|report|state|note|put|add){_ABOUT}{_THAT}",
        rf"update(?: the| my)?(?: (?:jira|ticket|issue|task|status|comment))*{_ABOUT}{_THAT}",
        rf"(?:(?:jira|status|progress|quick|a|an|my) )*{_NOTE}{_ABOUT}{_COLON}",
        rf"(?P<key>{_KEY}) (?:(?:status|progress|quick) )?{_NOTE}{_COLON}",
        rf"(?:{_REWRITE}|clean up|fix up|improve|professionali[sz]e|summari[sz]e|make|turn)"
        r"(?: (?:this|that|it|the following))?[^:.!?\n]{0,60}(?P<link>:)(?P<key>(?!))?",
        rf"(?:let|tell) (?:the team|everyone|them|people)(?: know)?{_ABOUT}(?P<link> ?[:,]? that\b|:)",
    )
)
_ASKED_AS_QUESTION = re.compile(rf"\W*(?:{_POLITE}\W+)*{_QUESTION}\b", re.IGNORECASE)
_ADDRESSED = any_of(rf"""
    up; as; into; to; on; in; under; for; sound; look; more; an?; the; my; me; us; nice; nicely; professional
    professionally; formal; proper; jira; comment; ticket; issue; task; update; note; please; thanks; {_KEY}
""")
_CLOSING = re.compile(
    rf"(?:^|[.!?,;\n–—-])\s*(?:(?:{_QUESTION}|please|and|now|just) )*"
    rf"(?:post|add|log|write|put|save|submit|{_REWRITE}|clean|turn|make) (?:this|that|it)"
    rf"(?: {_ADDRESSED})*[.?!\s]*$",
    re.IGNORECASE,
)
"""Only words about where and how: "add it to the release notes" is work, not a request."""
_SIGHT = 160  # characters at the end in which a closing request may be


def without_request(text: str) -> tuple[str, str]:
    """(the key that the request names, hidden; the rest): "" and the text itself where nothing was asked."""
    key = ""
    for opening in _OPENINGS:
        found = opening.match(text)
        if found and _is_request(found) and text[found.end() :].strip():
            key, text = found["key"] or "", text[found.end() :].lstrip(" :,–—-")
            if _ASKED_AS_QUESTION.match(found[0]):
                text = text.rstrip("? ")  # it was the request that was a question
            break
    tail = _CLOSING.search(text[-_SIGHT:])
    if tail and (start := max(len(text) - _SIGHT, 0) + tail.start()) > 0:
        key = key or next(iter(re.findall(_KEY, tail[0])), "")
        text = text[:start]
    return key, text.strip()


def _is_request(found: re.Match[str]) -> bool:
    """A verb and "with" alone can be work: "update the docs with examples", "add tests with mocks"."""
    if found["link"].strip(" :") != "with" or found["key"]:
        return True
    return bool(
        re.search(r"\b(?:jira|ticket|issue|task|comment|status|note|update)\b", found[0], re.IGNORECASE)
    )
