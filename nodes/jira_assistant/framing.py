"""The request in front of what is to be said: "add a comment on PAY-12 that ..." -> PAY-12, "...".

Works on text whose tokens are hidden; what is asked for is recognised only at the edges of the message.
"""

import re

_KEY = "[\U000f0000-\U000ffffd]"
_ASK = (
    r"(?:(?:please|pls|kindly|hey|hi|ok|okay|so|just|also|can you|could you|would you|will you|can we|i want to|i would like to|"
    r"i need to|i need you to|help me|let us)[ ,]+)*"
)
_ABOUT = rf"(?:(?: (?:on|to|in|for|under|of|into|at))?(?: (?:the|my|this|our))?(?: (?:jira|ticket|issue|task|card|story))*(?: (?P<key>{_KEY}))?)"
_THAT = (
    r"(?P<link> ?(?:[:,–—]| -) ?| (?:that|saying(?: that)?|to say(?: that)?|stating(?: that)?|with)\b[: ]*)"
)
_OPENINGS = tuple(
    re.compile(_ASK + pattern, re.IGNORECASE)
    for pattern in (
        r"(?:add|post|write|leave|put|make|create|drop|draft)(?: me)?(?: an?| another| the| this| my)?(?: (?:quick|short|jira|status|progress|professional|new))*"
        rf" (?:comment|note|update|status|message|line)s?{_ABOUT}{_THAT}",
        rf"(?:post|log|record|mention|comment|say|write|report|state|note|put|add){_ABOUT}{_THAT}",
        rf"update(?: the| my)?(?: (?:jira|ticket|issue|task|status|comment))*{_ABOUT}{_THAT}",
        rf"(?:(?:jira|status|progress|quick|a|an|my) )*(?:update|comment|status|note|report){_ABOUT} ?(?P<link>[:–—-] ?)",
        rf"(?P<key>{_KEY}) (?:(?:status|progress|quick) )?(?:update|comment|status|note|report) ?(?P<link>[:–—-] ?)",
        r"(?:rephrase|reword|polish|clean up|fix up|rewrite|improve|professionali[sz]e|summari[sz]e|format|make|turn)"
        r"(?: (?:this|that|it|the following))?[^:\n]{0,60}(?P<link>:)(?P<key>(?!))?",
        rf"(?:let|tell) (?:the team|everyone|them|people|everybody)(?: know)?{_ABOUT}(?P<link> ?[:,]? that\b|:)",
    )
)
_CLOSING = re.compile(
    r"(?:^|[.!?,;\n–—-])\s*(?:(?:please|pls|can you|could you|would you|and|now|just) )*"
    r"(?:post|add|log|write|put|save|submit|rephrase|reword|format|clean|polish|turn|make)\s+(?:this|that|it|all this)\b"
    rf"(?=[^.?!\n]*(?:comment|professional|jira|ticket|formal|nice|{_KEY})|(?: up)?(?: please| for me)?[.?!\s]*$)[^.?!\n]{{0,80}}[.?!\s]*$",
    re.IGNORECASE,
)
_CLOSING_SIGHT = 160  # characters


def without_request(text: str) -> tuple[str, str]:
    """(the key that the request names, hidden; the rest): "" and the text itself where nothing was asked."""
    key = ""
    for opening in _OPENINGS:
        found = opening.match(text)
        if found and _is_request(found) and text[found.end() :].strip():
            key, text = found["key"] or "", text[found.end() :].lstrip(" :,–—-")
            if re.match(
                r"\W*(?:(?:hey|please|pls)\W+)*(?:can|could|would|will) (?:you|we)\b", found[0], re.I
            ):
                text = text.rstrip("? ")  # it was the request that was a question
            break
    tail = _CLOSING.search(text[-_CLOSING_SIGHT:])
    if tail and (start := max(len(text) - _CLOSING_SIGHT, 0) + tail.start()) > 0:
        key = key or next(iter(re.findall(_KEY, tail[0])), "")
        text = text[:start]
    return key, text.strip()


def _is_request(found: re.Match[str]) -> bool:
    """A verb and "with" alone can be work: "update the docs with examples", "add tests with mocks"."""
    plain = found["link"].strip(" :") == "with"
    about_jira = found["key"] or re.search(
        r"\b(?:jira|ticket|issue|task|comment|status|note|update)\b", found[0], re.I
    )
    return bool(about_jira) or not plain
