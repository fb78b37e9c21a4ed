"""What a reviewer must not miss in a text: which words changed, and characters that nobody can see."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+(?:[-'.@:/]\w+)*\s*|[^\w\s]\s*|\s+")
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
_IN_EMOJI = "\u200d\ufe0f"  # joins or styles a picture where it stands beside one


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that both texts have (`same`), or only this one (`changed`)."""

    kind: Literal["same", "changed"]
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text as it is shown; `hidden` is the name of one character that has no looks."""

    text: str
    hidden: str | None


def compared(before: str, after: str) -> tuple[list[Span], list[Span]]:
    """Both texts, word by word: what of `before` is gone, what of `after` is new."""
    olds, news = _WORD.findall(before), _WORD.findall(after)
    left: list[Span] = []
    right: list[Span] = []
    matcher = SequenceMatcher(None, [old.strip() for old in olds], [new.strip() for new in news])
    for tag, i, j, m, n in matcher.get_opcodes():
        kind: Literal["same", "changed"] = "same" if tag == "equal" else "changed"
        left += _marked(kind, "".join(olds[i:j]))
        right += _marked(kind, "".join(news[m:n]))
    return left, right


def _marked(kind: Literal["same", "changed"], text: str) -> list[Span]:
    """Without the blank after a word, which would be marked with it."""
    words = text.rstrip()
    parts = [Span(kind, words), Span("same", text[len(words) :])]
    return [part for part in parts if part.text]


def shown(text: str) -> list[Part]:
    """`text` in parts, every hidden character on its own."""
    parts: list[Part] = []
    start = 0
    for at, character in enumerate(text):
        if _is_hidden(text, at):
            parts += [Part(text[start:at], None), Part(f"U+{ord(character):04X}", _name(character))]
            start = at + 1
    return [part for part in [*parts, Part(text[start:], None)] if part.text]


def hidden_in(text: str) -> int:
    """How many characters of `text` cannot be seen."""
    return sum(_is_hidden(text, at) for at in range(len(text)))


def _is_hidden(text: str, at: int) -> bool:
    character = text[at]
    if character < "\x7f":
        return character < " " and character not in "\n\t"
    if character in _IN_EMOJI:
        return not (at and _is_picture(text[at - 1]))
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return True  # variation selectors
    return character in _BLANK_LETTERS or unicodedata.category(character) in ("Cc", "Cf", "Co", "Zl", "Zp")


def _is_picture(character: str) -> bool:
    return character == "\ufe0f" or unicodedata.category(character) in ("So", "Sk")


def _name(character: str) -> str:
    return unicodedata.name(character, "control or private character").lower()
