"""Casual spelling made plain, on text whose tokens are hidden (see `language.spans`).

Only words that the tables know are touched; all else is left as it was typed.
"""

import re

from nodes.jira_assistant.language.lexicon import PREDICATES
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.typing_slips import slip_of
from nodes.jira_assistant.language.verbs import GERUND, PARTICIPLE, VERBS
from nodes.jira_assistant.language.wording import CASUAL, PHRASES, SHORT, SPELLING, TYPOS

PAUSE = "\ufdd0"
"""Where an emoji or a "lol" was: people use them instead of a full stop. A word of its own."""
_HIDDEN = re.compile(
    "[\ufdd0\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
    "|(?<=[ -\u024f])[\u200c\u200d]|[\u200c\u200d](?=[ -\u024f])"
)
"""Characters that show as nothing and can hide text. Joiners only beside Latin: elsewhere they spell words."""
# Ticks, crosses and signs of waiting say something: they stay, but for a tick after a sentence.
_EMOJI = re.compile(
    "(?![✅✔☑❌✗✘✖🚫⛔👎⏳⌛🚧⚠🔴🟡🟠🟢])"
    "[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u20e3\ufe0f\u200d]"
)
_FINAL_TICK = re.compile(r"(?<=\w) ?[✅✔☑]\ufe0f?[ .!]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?![\w:])")
_EMOTICON = re.compile(
    r"(?<!\S)(?:[:;=8xX]['-]?[)(DPpOo/\\|*3\]\[]+|<3|\^_?\^|-_-|¯\\_\(ツ\)_/¯|o_O)(?=[\s.,!?]|$)"
)
_LAUGHTER = re.compile(
    r"(?<![\w'/@.-])(?:lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,}|omg|wtf|smh|ffs)(?![\w'/@-])", re.I
)
_CONTRACTED = (
    (re.compile(r"\bain't\b", re.I), "is not"),
    (re.compile(r"\bcan't\b", re.I), "cannot"),
    (re.compile(r"\bwon't\b(?! fix\s*(?:$|[.,;]))", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"\blet's\b", re.I), "let us"),
    (re.compile(r"\bi'm\b", re.I), "I am"),
    (re.compile(r"\b(?!(?:wo|ca|sha)n't)([A-Za-z]{2,6})n't\b"), r"\1 not"),
    (re.compile(r"\b([A-Za-z]+)'re\b"), r"\1 are"),
    (re.compile(r"\b([A-Za-z]+)'ve\b"), r"\1 have"),
    (re.compile(r"\b([A-Za-z]+)'ll\b"), r"\1 will"),
    (re.compile(r"(?<!\w)'em\b"), "them"),
)
_IS = re.compile(
    r"(?<![A-Za-z])([A-Za-z]+|[\U000f0000-\U0010fffd])'s(?=((?: (?:still|now|already|just|also|only|all|"
    r"almost|nearly|finally|really|probably|definitely|currently|not|never|been))*)(?: ([A-Za-z]+)(?= [a-z]|(?P<end>)))?)"
)
_HAD = re.compile(r"\b(i|you|we|they|he|she|it|that|who)'d(?: ([A-Za-z]+))?", re.I)
_SUBJECTS = word_set("""
    it that there what he she who here where how this everything something nothing everyone
""")
_STATES = PREDICATES | word_set("in on under up a an the not still now going")
_DEGREE = re.compile(r"\b(?:super|mega|crazy|insanely|hella|stupidly|ridiculously|pretty|damn|way) ([a-z]+)")
_DEGREES = PREDICATES | word_set("""
    easy hard simple complex weird strange annoying close common confusing useful long
""")
_KIND_OF = re.compile(r"(?<!\ba )(?<!\bthis )(?<!\bthat )(?<!\bwhat )(?<!\bsome )(?<!\bany )(?<!\bthe )(?<!\bone )(?<!\beach )\b(?:kind|sort) of\b")  # fmt: skip
_PHRASE = re.compile(
    r"(?<![\w'/.@-])(?:"
    + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True))
    + r")(?![\w'/@-])",
    re.I,
)
_WORD = re.compile(
    r"(?<![\w'/.@&\\$\U000f0000-\U0010fffd-])'?[A-Za-z][A-Za-z']*(?![\w/@\\\U000f0000-\U0010fffd-])"
)
_WORDS = {**TYPOS, **SHORT, **CASUAL, **SPELLING}
_SPECIAL = (
    (re.compile(r"(?<!\w)w/o\b ?"), "without "),
    (re.compile(r"(?<!\w)w/ ?(?=\S)"), "with "),
    (re.compile(r"(?<=\s)w (?=\S)"), "with "),
    (re.compile(r"(?<=[^\W\d_]) [+&] (?=[^\W\d_])"), " and "),
    (re.compile(r"(?<!\w)b/c\b"), "because"),
    (re.compile(r"\b(work(?:ing|ed)? on (?:the )?[A-Za-z]+) stuff\b"), r"\1"),
    (re.compile(r"(?<!\w)(can|could|cannot|to|not|try|tried to) repro\b"), r"\1 reproduce"),
    (re.compile(r"(?<!\w)(?:repro'd|reproed)\b"), "reproduced"),
    (re.compile(r"\brepro (?:steps|case)\b"), "reproduction steps"),
    (re.compile(r"\b(the [A-Za-z]+) guys\b"), r"\1 team"),
    (re.compile(r"\b(is|are|was|has|in|for|by|took|takes|about) like (?=\d)", re.I), r"\1 about "),
    (re.compile(r"\bwip\b(?! [a-z])", re.I), "in progress"),
    (re.compile(r"\b(?:literally|honestly|frankly|actually|tbqh)\b,? ?", re.I), ""),
    (re.compile(r"\b(?:basically|essentially)(?:,| (?=(?:i|we|it|the|this|that|so|just)\b)) ?", re.I), ""),
    (re.compile(r"\bill (?=(?:[a-z]+ly |also |then |just )?(?:" + "|".join(sorted(VERBS)) + r")\b)"), "I will "),
    (
        re.compile(
            r"\b(by|on|until|till|next|this|last|from|since|before|after|for|til|to) "
            r"(mon|tues?|weds?|thur?s?|fri|sat|sun)\b(?! [a-z]*(?:ing|ed)\b)",
            re.I,
        ),
        lambda found: f"{found[1]} {_day(found[2])}",
    ),
    (re.compile(r"\b(\d{1,2}(?:st|nd|rd|th)?) (march|may)\b|\b(march|may) (?=\d{1,2}\b)"), lambda found: found[0].title()),
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _day(short: str) -> str:
    return next(day for day in _DAYS if day[:2] == short[:2].title())


def without_hidden(text: str) -> str:
    """`text` without characters that show as nothing."""
    return _HIDDEN.sub("", text)


def hidden_at(text: str) -> list[tuple[int, int]]:
    """Where such characters are."""
    return [found.span() for found in _HIDDEN.finditer(text)]


def plain_words(text: str) -> str:
    """Contractions, casual words, short forms and common misspellings written out; emoji dropped."""
    for noise in (_EMOJI, _SHORTCODE, _EMOTICON, _LAUGHTER):
        text = noise.sub(f" {PAUSE} ", text)
    text = _FINAL_TICK.sub(_without_tick, _unshouted(text))
    for pattern, instead in _CONTRACTED:
        text = pattern.sub(instead, text)
    text = _IS.sub(_is_or_has, text)
    text = _HAD.sub(_would_or_had, text)
    for pattern, change in _SPECIAL:
        text = pattern.sub(change, text)
    text = _DEGREE.sub(lambda found: f"very {found[1]}" if found[1] in _DEGREES else found[0], text)
    text = _KIND_OF.sub("somewhat", text)
    text = _PHRASE.sub(lambda found: PHRASES[found[0].lower()], text)
    text = _WORD.sub(_plain_word, text)
    text = re.sub(r"[^\S\n]{2,}", " ", text)
    return _ORPHAN_COMMA.sub(r"\1", re.sub(r"[^\S\n]+([,.;!?])(?!\S)", r"\1", text))


_ORPHAN_COMMA = re.compile(rf"(^|\n|[.!?,]|{PAUSE}) ?[,;]+(?=\s)")


def _without_tick(found: re.Match[str]) -> str:
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return "" if line.count(" ") > 1 else found[0]


def _plain_word(found: re.Match[str]) -> str:
    word = found[0]
    lower = word.lower()
    if slip := slip_of(word):
        return SPELLING.get(slip, slip)
    if lower not in _WORDS or (word.isupper() and len(word) > 1 and lower not in CASUAL):
        return word
    return _WORDS[lower]


def _unshouted(text: str) -> str:
    """A message typed in capitals, in small letters; a few capitals among small letters are meant."""
    letters = [c for c in text if c.isalpha()]
    words = re.findall(r"[A-Za-z]{2,}", text)
    if len(words) < 3 or sum(c.isupper() for c in letters) < 0.8 * len(letters):
        return text
    return text.lower()


def _is_or_has(found: re.Match[str]) -> str:
    subject, between, after = found[1], found[2] or "", (found[3] or "").lower()
    said_of = after in _STATES or after in GERUND or (found["end"] is not None and after in _PARTICIPLES)
    if subject.lower() not in _SUBJECTS and not between and not said_of:
        return found[0]  # a possessive
    if subject.lower() not in _SUBJECTS and after in GERUND and after not in PREDICATES:
        return found[0]
    return f"{subject} {'has' if between.endswith('been') or after == 'got' else 'is'}"


def _would_or_had(found: re.Match[str]) -> str:
    after = (found[2] or "").lower()
    had = after in _PARTICIPLES or after == "already"
    return f"{found[1]} {'had' if had else 'would'}" + (f" {found[2]}" if found[2] else "")


_PARTICIPLES = frozenset(PARTICIPLE.values()) | {"better", "been", "cancelled"}
