"""Texts made to be slow for one regular expression: what its repeats take in, over and over, and then what
they cannot end on. Backtracking is at its worst where two repeats may share a character or a start may be
anywhere, so prefixes are pumped too, and so are all pairs of characters that the expression knows.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product
from re import _constants, _parser  # the own tree of its parser is the one to walk
from typing import Any

op: Any = _constants
_COMMON = "a0 _-.\n@/:'\"([#A,"
_ENDS = ("\0", "", "\n!")
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_MANY = 8  # a repeat of fewer cannot be pumped
_CLASSES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def attacks(pattern: re.Pattern[Any], size: int, most: int) -> Iterator[str]:
    """At most `most` texts of `size` characters; the first are the most specific."""
    return islice(dict.fromkeys(text[:size] for text in _attacks(pattern, size)), most)


def _attacks(pattern: re.Pattern[Any], size: int) -> Iterator[str]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _parser.parse(source, pattern.flags & ~re.LOCALE)
    letters = "".join(dict.fromkeys([*_literals(tree), *_COMMON]))
    found = list(_pumps(list(tree), "", letters))
    for (before, body), end in product(found, _ENDS):
        room = size - len(end)
        yield before + _repeated(body, room - len(before)) + end
        yield _repeated(before + body, room) + end
    for before, body in found:
        yield _repeated(before + body * 30, size)
        yield _repeated(before, size)
    for one, other in product(letters[:8], letters[:8]):
        yield _repeated(one + other, size)


def _repeated(text: str, size: int) -> str:
    return text * (size // len(text)) if text else ""


def _pumps(nodes: Iterable[Any], before: str, letters: str) -> Iterator[tuple[str, str]]:
    """What leads to each repeat, and what it may take in."""
    for kind, value in nodes:
        if kind in _REPEATS:
            _, most, inner = value
            if most >= _MANY:
                yield from ((before, body) for body in _samples(inner, letters) if body)
            yield from _pumps(inner, before, letters)
        for inner in _inside(kind, value):
            yield from _pumps(inner, before, letters)
        before += next(iter(_samples([(kind, value)], letters)), "")


def _inside(kind: Any, value: Any) -> list[Any]:
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return []


def _samples(nodes: Iterable[Any], letters: str) -> list[str]:
    """A few texts that fit: each alternative once, and a few characters of each class."""
    texts = [""]
    for kind, value in nodes:
        more = _sample(kind, value, letters)[:6] or [""]
        texts = [text + one for text, one in islice(product(texts, more), 12)]
    return texts


def _sample(kind: Any, value: Any, letters: str) -> list[str]:
    if kind is op.LITERAL:
        return [chr(value)]
    if kind in (op.ANY, op.NOT_LITERAL, op.IN):
        return [letter for letter in letters if _fits(kind, value, letter)]
    if kind in _REPEATS:
        least, _, inner = value
        return [text * max(least, 1) for text in _samples(inner, letters)]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [""]
    return [text for inner in _inside(kind, value) for text in _samples(inner, letters)[:4]]


def _fits(kind: Any, value: Any, letter: str) -> bool:
    if kind is op.ANY:
        return letter != "\n"
    if kind is op.NOT_LITERAL:
        return bool(ord(letter) != value)
    negated = value[0][0] is op.NEGATE
    return any(_in_class(one, of, letter) for one, of in value) != negated


def _in_class(kind: Any, value: Any, letter: str) -> bool:
    if kind is op.LITERAL:
        return bool(ord(letter) == value)
    if kind is op.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    return kind is op.CATEGORY and bool(_class(value).match(letter))


@cache
def _class(category: Any) -> re.Pattern[str]:
    return re.compile(_CLASSES[category])


def _literals(nodes: Iterable[Any]) -> Iterator[str]:
    for kind, value in nodes:
        if kind is op.LITERAL:
            yield chr(value)
        elif kind is op.IN:
            yield from (
                chr(of if one is op.LITERAL else of[0]) for one, of in value if one in (op.LITERAL, op.RANGE)
            )
        elif kind in _REPEATS:
            yield from _literals(value[2])
        for inner in _inside(kind, value):
            yield from _literals(inner)
