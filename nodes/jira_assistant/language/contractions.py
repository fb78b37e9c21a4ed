"""Short forms with an apostrophe, written out: "can't", "it's been", "the build's failing", "I'd like"."""

import re

from nodes.jira_assistant.language.lexicon import PREDICATES
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.verbs import GERUND, PARTICIPLE

_PLAIN = (
    (re.compile(r"\bain't\b", re.I), "is not"),
    (re.compile(r"\bhavn't\b", re.I), "have not"),
    (re.compile(r"\bcan't\b", re.I), "cannot"),
    (
        re.compile(r"\bwon't\b(?! fix(?:$|[\n.,; ]*[\n.,;]))", re.I),
        "will not",
    ),  # "closed as won't fix" is a name
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"\blet's\b", re.I), "let us"),
    (re.compile(r"\bi'm\b", re.I), "I am"),
    (re.compile(r"\b(?!(?:wo|ca|sha)n't)([A-Za-z]{2,6})n't\b"), r"\1 not"),
    (re.compile(r"\b([A-Za-z]+)'re\b"), r"\1 are"),
    (re.compile(r"\b([A-Za-z]+)'ve\b"), r"\1 have"),
    (re.compile(r"\b([A-Za-z]+)'ll\b"), r"\1 will"),
    (re.compile(r"(?<!\w)'em\b"), "them"),
)
_BETWEEN = "still|now|already|just|also|only|all|almost|nearly|finally|really|probably|currently|not|never"
_IS = re.compile(
    r"(?<![A-Za-z])(?P<subject>[A-Za-z]+|[\U000f0000-\U0010fffd])'s"
    rf"(?=(?P<between>(?: (?:{_BETWEEN}|been))*)(?: (?P<after>[A-Za-z]+)(?= [a-z]|(?P<end>)))?)"
)
_HAD = re.compile(r"\b(i|you|we|they|he|she|it|that|who)'d(?: ([A-Za-z]+))?", re.I)
_SUBJECTS = word_set("""
    it that there what he she who here where how this everything something nothing everyone
""")
_STATES = PREDICATES | word_set("in on under up a an the not still now going")
_PARTICIPLES = frozenset(PARTICIPLE.values()) | {"better", "been", "cancelled"}


def written_out(text: str) -> str:
    """`text`, with straight apostrophes, without contractions; possessives stay."""
    for pattern, instead in _PLAIN:
        text = pattern.sub(instead, text)
    return _HAD.sub(_would_or_had, _IS.sub(_is_or_has, text))


def _is_or_has(found: re.Match[str]) -> str:
    subject, between, after = found["subject"], found["between"] or "", (found["after"] or "").lower()
    if subject.lower() not in _SUBJECTS:
        ends = found["end"] is not None and after in _PARTICIPLES  # "the meeting's cancelled", end of clause
        progressive = after in GERUND and (after in PREDICATES or between)
        if not (between or ends or progressive or after in _STATES):
            return found[0]  # a possessive
    return f"{subject} {'has' if between.endswith('been') or after == 'got' else 'is'}"


def _would_or_had(found: re.Match[str]) -> str:
    after = (found[2] or "").lower()
    had = after in _PARTICIPLES or after == "already"
    return f"{found[1]} {'had' if had else 'would'}" + (f" {found[2]}" if found[2] else "")
