"""Why an e-mail is asked for, and what it is to say: "that it is done", "asking for access".

The table is read in order; the first form that the text begins with wins, and the rest is what is said.
"""

import re
from typing import Literal

from nodes.jira_assistant.language.lexicon import is_work_noun
from nodes.jira_assistant.language.nouns import core
from nodes.jira_assistant.language.reading import read
from nodes.jira_assistant.language.verbs import GERUND

Purpose = Literal["tell", "about", "whether", "ask", "for", "please", "wish", "thank", "sorry", "remind"]

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
    ("about", rf"{_ASKING} about"),
    ("about", r"about|regarding|re|concerning|on|with regards? to"),
    ("about", r"with (?:an? |the )?(?:status|update|news)(?: update)?s? (?:on|of|about|for)"),
    ("tell", r"(?:and |to )?say(?:ing)?(?: that)?"),
    ("tell", r"(?:and |to )?(?:explain|announc|confirm|report|mention|stat)(?:e|ing)? that"),
    ("tell", r"that|with the (?:message|text)|because|since"),
    ("wish", r"to(?= \w)"),
    ("for", r"for"),
)
_LINK = tuple((purpose, re.compile(rf"(?:{form})(?![\w-])\s*[:,]?\s*", re.I)) for purpose, form in _LINKS)
_SORT = re.compile(r"\b(apology|thank|reminder)\b", re.I)
_BY_SORT: dict[str, Purpose] = {"apology": "sorry", "thank": "thank", "reminder": "remind"}
_TOPIC = 8  # words: what is shorter and no clause is a topic


def purpose_of(opening: str, rest: str) -> tuple[Purpose, str]:
    """The purpose and what is said. `opening` asked for the e-mail ("write an apology email"), `rest` follows
    the recipients."""
    sort = _SORT.search(opening)
    if sort and (about := re.match(r"\s*(?:for|about|to|that)\b", rest)):
        purpose = _BY_SORT[sort[1].lower()]
        return purpose, rest[about.end() if purpose != "remind" else 0 :].strip()
    said = rest.lstrip(" ,;:–—-").strip()
    if rest.lstrip()[:1] not in (":", "–", "—"):
        for purpose, pattern in _LINK:
            if found := pattern.match(said):
                return purpose, said[found.end() :].strip()
        words = said.split(maxsplit=1)
        if (
            len(words) > 1 and core(words[0]) in GERUND and not is_work_noun(core(words[0]))
        ):  # "declining the meeting"
            return "wish", f"{GERUND[core(words[0])]} {words[1]}"
    return ("about" if _is_topic(said) else "tell"), said


def _is_topic(said: str) -> bool:
    """Whether it only names what the e-mail is about: "the release notes"."""
    words = said.split()
    if not 1 < len(words) <= _TOPIC or re.search(r"[.!?,;:\n]", said):
        return False
    return read(words).kind == "fragment"
