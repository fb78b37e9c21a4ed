"""Casual spelling made plain, on text whose tokens are hidden (see `language.spans`).

Only words that the tables know are touched; all else is left as it was typed.
"""

import re
from collections.abc import Callable

from nodes.jira_assistant.language.contractions import written_out
from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.lexicon import PREDICATES
from nodes.jira_assistant.language.tables import any_of, word_set
from nodes.jira_assistant.language.typing_slips import slip_of
from nodes.jira_assistant.language.verbs import VERBS
from nodes.jira_assistant.language.wording import CASUAL, PHRASES, SHORT, SPELLING, TYPOS

_SIGNS = "➡→✅✔☑❌✗✘✖🚫⛔👎⏳⌛🚧⚠🔴🟡🟠🟢"
"""Ticks, crosses and signs of waiting say something: they stay, but for a tick after a sentence."""
_NOISE = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?![{_SIGNS}])[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u20e3\ufe0f\u200d]",
        r"(?<!\S)(?:[:;=8xX]['-]?[)(DPpOo/\\|*3\]\[]+|<3|\^_?\^|-_-|¯\\_\(ツ\)_/¯|o_O)(?=[\s.,!?]|$)",
        r"(?i)(?<![\w'/@.-])(?:lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,}|omg|wtf|smh|ffs)(?![\w'/@-])",
    )
)
_FINAL_TICK = re.compile(r"(?<=\w) ?[✅✔☑]\ufe0f?[ .!]*$", re.MULTILINE)
_DEGREE = re.compile(
    r"\b(?:super|mega|crazy|insanely|hella|stupidly|ridiculously|pretty|damn|(?<!half )way) ([a-z]+)"
)
_DEGREES = PREDICATES | word_set("""
    easy hard simple complex weird strange annoying close common confusing useful long
""")
_KIND_OF = re.compile(r"\b(?:(a|this|that|what|some|any|the|one|each|which) )?(?:kind|sort) of\b", re.I)
_PHRASE = re.compile(
    rf"(?<![\w'/.@-])(?=[A-Za-z]){any_of(';'.join(sorted(PHRASES, key=len, reverse=True)))}(?![\w'/@-])", re.I
)
_WORD = re.compile(
    r"(?<![\w'/.@&\\$\U000f0000-\U0010fffd-])'?[A-Za-z][A-Za-z']*(?![\w/@\\\U000f0000-\U0010fffd-])"
)
_WORDS = {**TYPOS, **SHORT, **CASUAL, **SPELLING}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_Change = str | Callable[[re.Match[str]], str]
_CHANGES: tuple[tuple[str, _Change], ...] = (
    (r"(?<!\w)w/o\b ?", "without "),
    (r"(?<!\w)w/ ?(?=\S)", "with "),
    (r"(?<=\s)w (?=\S)", "with "),
    (r"(?<!\w)b/c\b", "because"),
    (r"(?<=[^\W\d_]) [+&] (?=[^\W\d_])", " and "),
    (r"\b(work(?:ing|ed)? on (?:the )?[A-Za-z]+) stuff\b", r"\1"),
    (r"(?<!\w)(can|could|cannot|to|not|try|tried to) repro\b", r"\1 reproduce"),
    (r"(?<!\w)(?:repro'd|reproed)\b", "reproduced"),
    (r"(?<!\w)(?:demo'd|demoed)\b", "demonstrated"),
    (r"\brepro (?:steps|case)\b", "reproduction steps"),
    (r"\b(the [A-Za-z]+) guys\b", r"\1 team"),
    (r"(?i)\b(is|are|was|has|in|for|by|took|takes|about) like (?=\d)", r"\1 about "),
    (r"(?i)\bwip\b(?! [a-z])", "in progress"),
    (r"(?i)\b(?:literally|honestly|frankly|actually|tbqh)\b,? ?", ""),
    (r"(?i)\b(?:basically|essentially)(?:,| (?=(?:i|we|it|the|this|that|so|just)\b)) ?", ""),
    (rf"\bill (?=(?:[a-z]+ly |also |then |just )?(?:{'|'.join(sorted(VERBS))})\b)", "I will "),
    (
        r"(?i)\b(by|on|until|till|next|this|last|from|since|before|after|for|til|to) "
        r"(mon|tues?|weds?|thur?s?|fri|sat|sun)\b(?! [a-z]*(?:ing|ed)\b)",
        lambda found: f"{found[1]} {next(day for day in _DAYS if day[:2] == found[2][:2].title())}",
    ),
    (
        r"\b(?:\d{1,2}(?:st|nd|rd|th)? (?:march|may)|(?:march|may) (?=\d{1,2}\b))\b",
        lambda found: found[0].title(),
    ),
)
_COMPILED = tuple((re.compile(pattern), change) for pattern, change in _CHANGES)
_ORPHAN_COMMA = re.compile(rf"(^|\n|[.!?,]|{PAUSE}) ?[,;]{{1,9}}(?=\s)")


def plain_words(text: str) -> str:
    """Contractions, casual words, short forms and common misspellings written out; emoji dropped."""
    for noise in _NOISE:
        text = noise.sub(f" {PAUSE} ", text)
    text = written_out(_FINAL_TICK.sub(_without_tick, _unshouted(text)))
    for pattern, change in _COMPILED:
        text = pattern.sub(change, text)
    text = _DEGREE.sub(lambda found: f"very {found[1]}" if found[1] in _DEGREES else found[0], text)
    text = _KIND_OF.sub(lambda found: found[0] if found[1] else "somewhat", text)
    text = _PHRASE.sub(lambda found: PHRASES[found[0].lower()], text)
    text = re.sub(r"[^\S\n]{2,}", " ", _WORD.sub(_plain_word, text))
    return _ORPHAN_COMMA.sub(r"\1", re.sub(r"(?<![^\S\n])[^\S\n]++([,.;!?])(?!\S)", r"\1", text))


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


def _without_tick(found: re.Match[str]) -> str:
    """A tick alone after one word may be all that is said of it."""
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return "" if line.count(" ") > 1 else found[0]
