"""Clauses about a thing, with the verb or a small word left out: "build green", "works now", "no blockers".

Each rule returns the clause written out, or None where it is not of that shape.
"""

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import Clause, Words, after_verb, cores, joined, lead
from nodes.jira_assistant.language.nouns import (
    articles_after_prepositions,
    core,
    is_hole,
    is_key,
    phrase_end,
    plural,
    takes_article,
)
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
    if plain[0] in ("is", "does", "has"):
        return Clause("said", f"it {joined(words)}")
    if plain[0] in ("should", "might", "may"):
        return Clause("said", f"{'I' if plain[1] == 'have' else 'this'} {joined(words)}")
    if plain[:2] == ["do", "not"] and plain[2] in _KNOWING:
        return Clause("said", f"I {joined(words)}")
    if plain[0] in ("cannot", "could", "did", "had", "was", "am", "have"):
        return Clause("state", joined(words), "I")
    return None


def none(words: Words) -> Clause | None:
    """no blockers -> there are no blockers; eta Friday -> the ETA is Friday"""
    plain = cores(words)
    if plain[0] == "eta" and len(words) > 1 and plain[1] not in lex.AUXILIARIES:
        return Clause("said", f"the ETA is {joined(words[1:])}")
    if plain[0] != "no" or len(words) < 2 or words[0][-1] == ",":
        return None
    phrase = words[1 : 1 + phrase_end(words[1:])]
    if plain[1] in ("luck", "news", "idea", "need", "progress", "response", "reply", "answer"):
        return Clause("said", joined(words))
    if not phrase or not lex.is_work_noun(core(phrase[-1])):
        return None
    return Clause("said", f"there {'are' if plural(phrase) else 'is'} {joined(words)}")


def thing(words: Words) -> Clause | None:
    """build green -> the build is green; login bug fixed -> the login bug has been fixed"""
    if first := lead(words, _FIRST):
        said = thing(words[first:])
        return said and Clause(
            "said", " ".join([*cores(words[:first]), said.text]).replace("just ", "only ", 1)
        )
    for said_of in (_is_predicate, _is_participle, _is_doing):
        for at in range(1, min(len(words), 8)):
            end = at
            while end > 1 and (core(words[end - 1]) in _BETWEEN or _is_share(words, end - 1)):
                end -= 1
            if _nominal(words[:end]) and (be := said_of(words, at, end)):
                many = plural(words[:end])
                have = ["are" if many else "is"] if be == "is" else ["have" if many else "has"]
                rest = [
                    *have,
                    *words[end:at],
                    *["been"] * (be == "has been"),
                    *articles_after_prepositions(words[at:]),
                ]
                return Clause("said", " ".join([*_subject(words[:end]), *rest]))
    return None


def condition(plain: Words) -> int:
    """How many of the first words are a standing phrase such as "in progress"."""
    return next((n for n in (2, 3) if " ".join(plain[:n]) in lex.CONDITIONS), 0)


_BETWEEN = word_set("""
    still now already almost nearly mostly partially partly fully finally currently also not all just only
    half successfully completely again yet really very somewhat fairly extremely too no longer
""")
_AFTER = lex.PREPOSITIONS | lex.ADVERBS | lex.TIMES | word_set("this next last tonight too there here too")


def _is_share(words: Words, at: int) -> bool:
    """90% in "migration 90% done"."""
    return (
        is_hole(words[at])
        and not is_key(words[at])
        and core(words[at + 1]) in ("done", "complete", "there", "ready")
    )


def _subject(phrase: Words) -> list[str]:
    return ["the", *phrase] if takes_article(phrase) else list(phrase)


_FIRST = frozenset({"just", "only", "also", "now"})
_SMALL = (lex.PREPOSITIONS | lex.AUXILIARIES | lex.PRONOUNS | lex.OBJECT_PRONOUNS | lex.ADVERBS | {"no", "not"}) - {
    "and", "all", "this", "that", "these", "those",
}  # fmt: skip


def _nominal(phrase: Words) -> bool:
    """Whether these words can be a subject: no verb, no small word, nothing after a comma but keys."""
    plain = cores(phrase)
    if not plain or len(plain) > 6 or plain[-1] in lex.DETERMINERS or plain[-1] == "and":
        return False
    if plain[0] in verbs.PAST or (
        plain[0] in verbs.VERBS | verbs.GERUND.keys() and not lex.is_work_noun(plain[0])
    ):
        return False
    if any(word[-1] in ",;:" for word in phrase):
        return all(is_key(word) or core(word) == "and" for word in phrase)
    return not any(
        word in _SMALL or (word in verbs.SYMPTOMS and not lex.is_work_noun(word)) for word in plain
    )


def _is_predicate(words: Words, at: int, end: int) -> str:
    plain = cores(words[: at + 4])
    then = plain[at + 1] if at + 1 < len(plain) else ""
    if length := condition(plain[at:]):
        return "is" if len(plain) == at + length or plain[at + length] in _AFTER else ""
    if plain[at] not in lex.PREDICATES or (plain[at] == "working" and then == "on" and not is_key(words[0])):
        return ""
    if (
        then
        and then not in _AFTER
        and not then[0].isdigit()
        and not is_hole(words[at + 1])
        and words[at][-1] != ","
    ):
        return ""
    return "is"


def _is_participle(words: Words, at: int, end: int) -> str:
    here, then = core(words[at]), core(words[at + 1]) if at + 1 < len(words) else ""
    if here not in _PARTICIPLES or (then and then not in _AFTER and words[at][-1] != ","):
        return ""
    if here in verbs.EVENTS:
        return "has" if end < at and here.endswith("ed") and _known(words[end - 1]) else ""
    return "has been" if _known(words[end - 1]) else ""


_PARTICIPLES = frozenset(verbs.PARTICIPLE.values()) - verbs.PERSONAL_ACTS - {"been", "gone", "become"}


def _is_doing(words: Words, at: int, end: int) -> str:
    here, then = core(words[at]), core(words[at + 1]) if at + 1 < len(words) else ""
    if here not in verbs.GERUND or (not then and here in lex.MASS) or then in ("of", "for"):
        return ""
    return (
        "is" if _known(words[end - 1]) and core(words[end - 1]) not in lex.PLACES | {"unit", "error"} else ""
    )


def _known(noun: str) -> bool:
    return is_key(noun) or lex.is_work_noun(core(noun))


def finite(words: Words) -> Clause | None:
    """A clause with its own subject and verb: at most an article is missing."""
    at = lead(words, lex.ADVERBS - {"all", "half"})
    plain = cores(words[: at + 12])
    if plain[at] in lex.PRONOUNS - {"that"} and len(plain) > at + 1:
        return Clause("said", " ".join([*words[: at + 1], *_verb_and_object(words[at + 1 :])]))
    if plain[at] in lex.SUBORDINATORS or plain[at] == "please":
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
        phrase = words[at:verb]
        if plain[verb] in lex.AUXILIARIES or plain[verb] in verbs.EVENTS or _is_verb_of(phrase, plain[verb]):
            end = phrase_end(phrase)
            subject = [*_subject(phrase[:end]), *articles_after_prepositions(phrase[end:])]
            return Clause("said", " ".join([*words[:at], *subject, *_verb_and_object(words[verb:])]))
    return None


_BASES_OF_THINGS = word_set("pass fail work break look need run crash hang")
_QUANTITIES = word_set("both all none some most neither either each everything")
_SAYING = word_set("""
    needs said says wants told asked approved reviewed mentioned confirmed thinks suggested
""")


def _is_verb_of(phrase: Words, word: str) -> bool:
    """Whether `word` after this phrase is its verb: "tests pass", "the API returns", "Anna approved"."""
    if word in _BASES_OF_THINGS and plural(phrase):
        return _nominal(phrase)
    if (word in verbs.THIRD or word in verbs.SYMPTOMS) and not plural(phrase) and _nominal(phrase):
        return not lex.is_work_noun(word) or (word in verbs.SYMPTOMS and _known(phrase[-1]))
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
