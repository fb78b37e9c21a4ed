"""One clause, and the small questions that every rule about clauses asks of its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.nouns import (
    articles_after_prepositions,
    core,
    is_hole,
    phrase_end,
    with_article,
)

Kind = Literal["did", "doing", "will", "state", "pending", "said", "fragment"]
Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause written out, without capital and full stop.

    `subject` is what goes before it where the speaker has to be named ("I", "I am"); `alone` is the form to
    use where it is all that there is, so that a comment is never one bare word.
    """

    kind: Kind
    text: str
    subject: str = ""
    alone: str = ""


def cores(words: Words) -> list[str]:
    """The words without punctuation, in small letters."""
    return [core(word) for word in words]


def joined(words: Words) -> str:
    """The words as text, with the articles that are missing after prepositions."""
    return " ".join(articles_after_prepositions(words))


def lead(words: Words, adverbs: frozenset[str]) -> int:
    """How many of the first words are among `adverbs`; the last word never counts."""
    at = 0
    while at < len(words) - 1 and core(words[at]) in adverbs and words[at][-1] not in ",:":
        at += 1
    return at


def after_verb(verb: str, rest: Words) -> list[str]:
    """What follows `verb` in any form, with its articles: tested [on] staging, fixed [the] bug."""
    if rest and core(rest[0]) in verbs.GERUND and core(rest[0]) not in lex.PLACES:
        return articles_after_prepositions(rest)
    base = verbs.PAST.get(verb) or verbs.GERUND.get(verb) or verb
    if rest and core(rest[0]) in lex.PLACES and phrase_end(rest) == 1:
        if base in ("test", "retest", "verify", "validate", "reproduce"):
            return ["on", *articles_after_prepositions(rest)]
        if base in ("deploy", "redeploy", "release", "ship", "promote"):
            return ["to", *articles_after_prepositions(rest)]
    return articles_after_prepositions(with_article(rest, new=base in verbs.NEW_THINGS))


def base_and_object(words: Words) -> list[str]:
    """A verb in its base form, after any adverbs, and what follows it."""
    at = lead(words, lex.ADVERBS | {"not"})
    return [*words[: at + 1], *after_verb(core(words[at]), words[at + 1 :])]


def has_object(rest: Words) -> bool:
    """Whether something follows that only a verb can have: tells "set the flag" from "set of flags"."""
    return bool(rest) and (core(rest[0]) in lex.DETERMINERS or is_hole(rest[0]) or core(rest[0]) == "up")
