"""Clauses about a thing with its verb: at most the subject, an article or "there are" was left out.

Each rule returns the clause written out, or None where it is not of that shape.
"""

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import Clause, Words, after_verb, cores, joined, lead
from nodes.jira_assistant.language.copula import is_subject, known, with_its_article
from nodes.jira_assistant.language.nouns import articles_after_prepositions, core, phrase_end, plural
from nodes.jira_assistant.language.tables import word_set

_KNOWING = word_set("know see think understand have remember expect want need")


def it(words: Words) -> Clause | None:
    """works now -> it works now; should be ready -> this should be ready; do not know -> I do not know"""
    at = lead(words, frozenset({"still", "now", "also", "only", "never", "again"}))
    plain = [*cores(words[at:]), ""]
    if plain[0] in verbs.SYMPTOMS and (plain[0] not in verbs.AMBIGUOUS_SYMPTOMS or len(words) > at + 1):
        return Clause("said", f"it {joined(words)}")
    if len(words) < at + 2 or plain[1] in lex.PRONOUNS:
        return None
    said_of_it = plain[1] in lex.PREDICATES | lex.ADVERBS | lex.PREPOSITIONS or plain[1].endswith(
        ("ed", "ing")
    )
    if plain[0] in ("is", "has") and (said_of_it or plain[1] in ("been", "a", "an", "no")):
        return Clause("said", f"it {joined(words)}")
    if plain[:2] == ["does", "not"]:
        return Clause("said", f"it {joined(words)}")
    if plain[0] in ("should", "might", "may"):
        return Clause("said", f"{'I' if _of_person(plain) else 'this'} {joined(words)}")
    if plain[:2] == ["do", "not"] and plain[2] in _KNOWING:
        return Clause("said", f"I {joined(words)}")
    if plain[0] in ("cannot", "could", "did", "had", "was", "am", "have"):
        return Clause("state", joined(words), "I")
    return None


def _of_person(plain: list[str]) -> bool:
    """should be done with it, should have it, should be back"""
    return (
        plain[1] == "have"
        or "with" in plain[2:5]
        or (plain[1] == "be" and plain[2] in lex.OF_PEOPLE | {"able"})
    )


def none(words: Words) -> Clause | None:
    """no blockers -> there are no blockers; eta Friday -> the ETA is Friday"""
    plain = cores(words)
    if plain[0] == "eta" and len(words) > 1 and plain[1] not in lex.AUXILIARIES | {"for", "of", "on"}:
        return Clause("said", f"the ETA is {joined(words[1:])}")
    if plain[0] != "no" or len(words) < 2 or words[0][-1] == "," or plain[1] in ("longer", "one", "way"):
        return None
    phrase = words[1 : 1 + phrase_end(words[1:])]
    if plain[1] in ("luck", "news", "idea", "need", "progress", "response", "reply", "answer"):
        return Clause("said", joined(words))
    if not phrase or not (
        lex.is_work_noun(core(phrase[-1])) or core(phrase[-1]) in ("available", "left", "needed")
    ):
        return None
    return Clause("said", f"there {'are' if plural(phrase) else 'is'} {joined(words)}")


def finite(words: Words) -> Clause | None:
    """A clause with its own subject and verb: at most an article is missing."""
    at = lead(words, lex.ADVERBS - {"all", "half"})
    plain = cores(words[: at + 12])
    if plain[at] in lex.PRONOUNS - {"that"} and len(plain) > at + 1:
        return Clause("said", " ".join([*words[: at + 1], *_verb_and_object(words[at + 1 :])]))
    if plain[at] in lex.SUBORDINATORS or plain[at] in ("please", "sorry", "apologies"):
        return Clause("said", joined(words))
    if (
        plain[at] in _QUANTITIES
        and len(plain) > at + 1
        and plain[at + 1] in lex.AUXILIARIES | verbs.EVENTS | _BASES_OF_THINGS
    ):
        return Clause("said", joined(words))
    for verb in range(at + 1, len(plain)):
        if plain[verb] in ("that", "which", "who") or words[verb - 1][-1] in ",;:":
            return None
        phrase = words[at : verb - lead(words[at:verb][::-1], _BEFORE_VERB)]
        if core(phrase[-1]) in lex.DETERMINERS - {"this", "that", "these", "those"}:
            continue
        if plain[verb] in lex.AUXILIARIES or plain[verb] in verbs.EVENTS or _is_verb_of(phrase, plain[verb]):
            end = phrase_end(phrase)
            subject = [*with_its_article(phrase[:end]), *articles_after_prepositions(phrase[end:])]
            rest = [*words[at + len(phrase) : verb], *_verb_and_object(words[verb:])]
            return Clause("said", " ".join([*words[:at], *subject, *rest]))
    return None


_BASES_OF_THINGS = word_set("""
    pass fail work break look need run crash hang report say see want complain get use keep show return throw
    expire
""")
_QUANTITIES = word_set("both all none some most neither either each everything")
_BEFORE_VERB = lex.ADVERBS - {"all", "half"}
_SAYING = word_set("""
    needs said says wants told asked approved reviewed mentioned confirmed thinks suggested
""")


def _is_verb_of(phrase: Words, word: str) -> bool:
    """Whether `word` after this phrase is its verb: "tests pass", "the API returns", "Anna approved"."""
    if word in _BASES_OF_THINGS and plural(phrase):
        return is_subject(phrase)
    if (word in verbs.THIRD or word in verbs.SYMPTOMS) and not plural(phrase) and is_subject(phrase):
        return not lex.is_work_noun(word) or (word in verbs.SYMPTOMS and known(phrase[-1]))
    named = phrase[-1][:1].isupper() and phrase[-1].isalpha()
    return (word in verbs.PAST and named and len(phrase) <= 2) or word in _SAYING


def _verb_and_object(words: Words) -> list[str]:
    at = 0
    while at < len(words) - 1 and core(words[at]) in lex.AUXILIARIES | lex.ADVERBS | {"not", "going", "to"}:
        at += 1
    verb = core(words[at])
    if verb in verbs.PAST or verb in verbs.GERUND or (verb in verbs.VERBS and at):
        return [*words[: at + 1], *after_verb(verb, words[at + 1 :])]
    return articles_after_prepositions(words)
