"""Clauses about what is still to be done or needed: "need to write tests", "need logs from Bob"."""

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import (
    Clause,
    Words,
    base_and_object,
    cores,
    has_object,
    joined,
    lead,
)
from nodes.jira_assistant.language.nouns import (
    articles_after_prepositions,
    core,
    phrase_end,
    plural,
    with_article,
)
from nodes.jira_assistant.language.tables import word_set

_TO_DO = (["need", "to"], ["needs", "to"], ["have", "to"], ["has", "to"], ["must"])
_NO_PASSIVE = word_set("be get have make go come see wait talk do let keep try look work run")


def pending(words: Words) -> Clause | None:
    """still need to write tests -> tests still need to be written; need logs -> logs are needed"""
    at = lead(words, lex.ADVERBS - {"not"})
    before, plain = cores(words[:at]), cores(words[at:])
    opening = next((o for o in _TO_DO if plain[: len(o)] == o and len(plain) > len(o)), None)
    if opening and before[:1] != ["never"]:
        return _to_do(before, words[at + len(opening) :])
    if plain[0] in ("need", "needs", "needing") and len(plain) > 1:
        return _wanted(not {"only", "just"}.isdisjoint(before), "still" in before, words[at + 1 :])
    if plain[0] in ("todo", "to-do") and len(plain) > 1:
        return Clause("pending", f"to do: {joined(words[at + 1 :]).lstrip(': ')}")
    if (
        plain[0] in ("next", "then")
        and len(plain) > 1
        and plain[1] in verbs.VERBS
        and has_object(words[at + 2 :])
    ):
        return Clause("pending", f"next: {' '.join(base_and_object(words[at + 1 :]))}")
    return None


def _to_do(before: Words, words: Words) -> Clause:
    verb, rest, still = core(words[0]), words[1:], "still" in before
    plain = Clause("pending", f"{'still ' * still}to do: {' '.join(base_and_object(words))}", "")
    end = phrase_end(rest)
    if end == 0 and rest and core(rest[0]) in ("it", "this", "that"):
        end = 1
    if verb not in verbs.VERBS - _NO_PASSIVE or end == 0 or not _plain_object(rest, end):
        return plain
    thing = with_article(rest[:end], new=verb in verbs.NEW_THINGS)
    thing = thing if {"just", "only"}.isdisjoint(before) else ["only", *thing]
    need = f"{'still ' * still}{'need' if plural(rest[:end]) else 'needs'} to be {verbs.PARTICIPLE[verb]}"
    return Clause("pending", " ".join([*thing, need, *articles_after_prepositions(rest[end:])]))


def _plain_object(rest: Words, end: int) -> bool:
    """Whether the object is one thing: no second verb, no person, no clause hidden in it."""
    if core(rest[0]) in lex.OBJECT_PRONOUNS or core(rest[0]) in lex.TIMES or rest[end - 1][-1] in ",;:":
        return False
    if end < len(rest) and core(rest[end]) in lex.NO_PASSIVE_BEFORE:
        return False
    plain = cores(rest)
    if any(w in ("and", "or", "then") and plain[i + 1] in verbs.VERBS for i, w in enumerate(plain[:-2])):
        return False
    return not any(word in verbs.VERBS and not lex.is_work_noun(word) for word in plain[1:])


def _is_result(phrase: Words) -> bool:
    """PAY-31 done, Bob to help: what is needed is that something happens."""
    return core(phrase[-1]) in lex.PREDICATES or not {"to", "done", "fixed"}.isdisjoint(cores(phrase))


def _wanted(only: bool, still: bool, rest: Words) -> Clause | None:
    end = phrase_end(rest)
    off = end < len(rest) and core(rest[end]) == "off"  # two days off
    if (
        off
        or end == 0
        or core(rest[0]) in lex.OBJECT_PRONOUNS
        or rest[end - 1][-1] in ",;:"
        or _is_result(rest[:end])
    ):
        return Clause("said", f"I {'still ' * still}{'only ' * only}need {joined(rest)}")
    thing = with_article(rest[:end], new=True)
    be = "are" if plural(rest[:end]) else "is"
    words = ["only"] * only + [
        *thing,
        be,
        *["still"] * still,
        "needed",
        *articles_after_prepositions(rest[end:]),
    ]
    return Clause("pending", " ".join(words))
