"""Noun phrases: where one ends, which article is missing, whether it is plural.

An article is put in only before a singular noun that the lexicon knows; anything else stays bare.
"""

from collections.abc import Sequence

from nodes.jira_assistant.language.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BARE_AFTER_PREPOSITION,
    COUNT,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    is_plural,
)
from nodes.jira_assistant.language.spans import AMOUNT_HOLE, HOLE, KEY_HOLE
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.verbs import VERBS

_LONGEST = 5  # words before we are no longer sure that it is one phrase
_DEFINITE = word_set("cause reason culprit root solution")
_CONSONANT_U = ("use", "usa", "uni", "uti", "url", "ui", "ux", "uat", "utc", "one", "eu")
_VOWEL_SOUND = frozenset("aefhilmnorsx")  # letters whose names begin with a vowel
_TAKE_ARTICLE_AFTER = word_set("on in to for with from by about into of at")


def core(word: str) -> str:
    """A word without the punctuation around it, in small letters."""
    return word.strip("()[]{},;:.!?\"'").lower()


def is_hole(word: str) -> bool:
    """Whether the word stands for a hidden token."""
    return word[:1] >= KEY_HOLE


def is_amount(word: str) -> bool:
    """Whether the word stands for a number, date or time."""
    return word[:1] >= AMOUNT_HOLE


def is_key(word: str) -> bool:
    """Whether the word stands for an issue key or a reference such as #12."""
    return KEY_HOLE <= word[:1] < HOLE


def phrase_end(words: Sequence[str]) -> int:
    """How many of the first words form one noun phrase, as far as small words and commas tell."""
    for at, word in enumerate(words):
        plain = core(word)
        if plain in PREPOSITIONS or plain in AUXILIARIES or plain in PRONOUNS - DETERMINERS:
            return at
        before = core(words[at - 1]) if at else ""
        if plain in DETERMINERS and at and not (before.isdigit() or before in DETERMINERS or before == "of"):
            return at
        if (
            (plain in ADVERBS and at)
            or word[0] in "(-–—/"
            or (plain in ("that", "which", "who", "not") and at)
        ):
            return at
        if word[-1] in ",;:)":
            return at + 1
    return len(words)


def takes_article(phrase: Sequence[str]) -> bool:
    """Whether this noun phrase is singular, countable, known, and has no article yet."""
    if not phrase or len(phrase) > _LONGEST:
        return False
    first, last = core(phrase[0]), core(phrase[-1])
    if first in DETERMINERS or first[:1].isdigit() or phrase[0].endswith(("'s", "s'")):
        return False
    if any(word[-1] in ",;:" for word in phrase[:-1]) or phrase[-1] != phrase[-1].lstrip("("):
        return False
    return last in COUNT and not is_plural(last)


def indefinite(word: str) -> str:
    """a or an, by the sound that the word begins with."""
    plain = core(word)
    if plain.startswith(_CONSONANT_U):
        return "a"
    if plain.startswith(("hour", "honest")):
        return "an"
    if (word.isupper() and len(plain) > 1) or plain in ("pr", "mr"):
        return "an" if plain[:1] in _VOWEL_SOUND else "a"
    return "an" if plain[:1] in "aeiou" else "a"


def with_article(words: Sequence[str], *, new: bool = False) -> list[str]:
    """`words`, whose first noun phrase, and one joined to it, gets the article it lacks: "a" for a new thing,
    else "the"."""
    end = phrase_end(words)
    done = _phrase_with_article(words[:end], new)
    joined = words[end + 1 : end + 1 + _LONGEST] if end < len(words) and words[end] in ("and", "or") else []
    after = phrase_end(joined)
    return [
        *done,
        *words[end : end + 1],
        *_phrase_with_article(joined[:after], new),
        *words[end + 1 + after :],
    ]


def _phrase_with_article(phrase: Sequence[str], new: bool) -> list[str]:
    if not takes_article(phrase):
        return list(phrase)
    article = indefinite(phrase[0]) if new and core(phrase[-1]) not in _DEFINITE else "the"
    return [article, *phrase]


def articles_after_prepositions(words: Sequence[str]) -> list[str]:
    """The same for each noun phrase after a preposition: "bug in login page" -> "bug in the login page"."""
    done: list[str] = []
    for at, word in enumerate(words):
        done.append(word)
        rest = words[at + 1 : at + 2 + _LONGEST]
        if core(word) in _TAKE_ARTICLE_AFTER and word[-1:] not in ",;:" and rest:
            end = phrase_end(rest)
            verb = end == 1 and core(word) == "to" and core(rest[0]) in VERBS  # "left to fix"
            if takes_article(rest[:end]) and not verb and core(rest[end - 1]) not in BARE_AFTER_PREPOSITION:
                done.append("the")
    return done


def plural(phrase: Sequence[str]) -> bool:
    """Whether a noun phrase takes "are"."""
    plain = [core(word) for word in phrase]
    if "and" in plain or sum(map(is_key, phrase)) > 1:
        return True
    if plain[0].isdigit():
        return plain[0] != "1"
    if plain[0] in ("these", "those", "both", "several", "many", "few") or plain[0] in _NUMBER_WORDS:
        return True
    return not is_hole(phrase[-1]) and is_plural(plain[-1])


_NUMBER_WORDS = word_set("two three four five six seven eight nine ten")
