"""Clauses whose subject, the speaker, was left out: "fixed bug", "gonna test", "need to write tests".

Each rule returns the clause written out, or None where it is not of that shape.
"""

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import (
    Clause,
    Words,
    after_verb,
    base_and_object,
    cores,
    has_object,
    joined,
    lead,
)
from nodes.jira_assistant.language.copula import condition, known
from nodes.jira_assistant.language.nouns import (
    articles_after_prepositions,
    core,
    is_hole,
    is_key,
    phrase_end,
    plural,
    with_article,
)
from nodes.jira_assistant.language.tables import word_set

_BEFORE_DONE = word_set("""
    just finally only already also then now have has successfully still partially partly mostly almost
    nearly not quickly manually initially
""")
_DROPPED = word_set("just finally only now still have has")


def did(words: Words) -> Clause | None:
    """fixed login bug -> fixed the login bug; alone: it -> it has been fixed"""
    at = lead(words, _BEFORE_DONE)
    verb = core(words[at])
    if verb not in verbs.PAST and not _unknown_past(words[at:]):
        return None
    if words[at][-1] == ":" or verb in ("was", "had", "did"):
        return None
    if verbs.PAST.get(verb) == verb and not has_object(words[at + 1 :]):
        return None
    if verb == "took" and len(words) > at + 1 and (is_hole(words[at + 1]) or words[at + 1][0].isdigit()):
        return Clause("said", f"it {joined(words)}")
    if "not" in cores(words[:at]):
        return Clause("state", joined(words), "", f"this has {joined(words[:at])} been {joined(words[at:])}")
    before = [word for word in words[:at] if core(word) not in _DROPPED]
    rest = after_verb(verb, words[at + 1 :])
    return Clause("did", " ".join([*before, words[at].lower(), *rest]), "I", _passive(before, verb, rest))


def _unknown_past(words: Words) -> bool:
    """picked up, memoized the: an unknown verb that takes an object or a particle"""
    word = core(words[0])
    if not word.endswith("ed") or len(word) < 5 or word in lex.PREDICATES or len(words) < 2:
        return False
    return has_object(words[1:]) or core(words[1]) in ("it", "out", "off", "with", "from", "my", "our")


def _passive(before: Words, verb: str, rest: Words) -> str:
    if verb not in verbs.PAST or verb in verbs.PERSONAL_ACTS or (verb in verbs.EVENTS and not rest):
        return ""
    end = phrase_end(rest)
    thing = list(rest[:end]) or ["this"]
    if rest and core(rest[0]) in ("it", "this", "that"):
        thing, end = [core(rest[0])], 1
    have = "have" if plural(thing) else "has"
    return " ".join([*thing, have, *before, "been", verbs.PARTICIPLE[verbs.PAST[verb]], *rest[end:]])


ALONE = word_set("investigating debugging fixing checking deploying retrying reverting")
"""What people do with no more said: "tests fail, investigating"."""


def doing(words: Words) -> Clause | None:
    """working on login page -> currently working on the login page"""
    at = lead(words, lex.ADVERBS)
    verb, then = core(words[at]), core(words[at + 1]) if at + 1 < len(words) else ""
    if (
        verb not in verbs.GERUND
        or then == "of"
        or (not then and (at == 0 or verb in lex.MASS) and verb not in ALONE)
    ):
        return None
    if any(
        word in lex.AUXILIARIES | verbs.EVENTS for word in _until_conjunction(cores(words[at + 1 : at + 8]))
    ) or (verb in lex.MASS and then in lex.PREDICATES):
        return None
    plain = cores(words)
    text = " ".join([*words[: at + 1], *after_verb(verb, words[at + 1 :])])
    timed = at or "now" in plain or "currently" in plain or not lex.LATER.isdisjoint(plain)
    return Clause("doing", text if timed else f"currently {text}", "I am")


def _until_conjunction(plain: Words) -> Words:
    return next((plain[:i] for i, word in enumerate(plain) if word in _JOINING), plain)


_JOINING = lex.SUBORDINATORS | lex.PRONOUNS | {"and", "but", "which", "why", "how", "what", "where"}


def been(words: Words) -> Clause | None:
    """been debugging this -> I have been debugging this"""
    if core(words[0]) == "been" and len(words) > 1 and core(words[1]) in verbs.GERUND:
        return Clause("said", f"I have {joined(words)}")
    return None


def will(words: Words) -> Clause | None:
    """going to test tomorrow -> will test tomorrow; will be ready -> this will be ready"""
    at = lead(words, lex.ADVERBS)
    plain = cores(words[at:])
    if plain[:2] == ["going", "to"] and len(plain) > 2:
        rest = words[at + 2 :]
    elif plain[0] == "will" and len(plain) > 1:
        rest = words[at + 1 :]
    elif plain[0] in ("plan", "hope", "want", "aim") and plain[1:2] == ["to"]:
        return Clause("will", joined(words), "I")
    else:
        return None
    of_thing = core(rest[0]) == "be" and len(rest) > 1 and core(rest[1]) in lex.PREDICATES - lex.OF_PEOPLE
    text = " ".join([*words[:at], "will", *base_and_object(rest)])
    return Clause("said", f"this {text}") if of_thing else Clause("will", text, "I")


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


def _wanted(only: bool, still: bool, rest: Words) -> Clause | None:
    end = phrase_end(rest)
    if end == 0 or core(rest[0]) in lex.OBJECT_PRONOUNS or rest[end - 1][-1] in ",;:" or "to" in cores(rest):
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


def _done_with(words: Words) -> Clause | None:
    """80% done with the API -> work on the API is 80% done"""
    plain = cores(words)
    at = next((i for i, word in enumerate(plain[:4]) if word == "done"), -1)
    if at < 0 or not all(word in lex.ADVERBS or is_hole(word) for word in words[:at]):
        return None
    to = at + 2 if plain[at + 1 : at + 2] == ["yet"] else at + 1
    end = to + 1 + phrase_end(words[to + 1 :])
    if plain[to : to + 1] != ["with"] or end == to + 1 or not lex.LATER.isdisjoint(plain) or is_key(words[0]):
        return None
    if not known(words[end - 1]) or plain[end - 1] == "work" or plain[end : end + 1] == ["for"]:
        return None
    after = (
        [*words[at:to], *words[end:]]
        if plain[end : end + 1] in (["yet"], ["now"], ["already"])
        else words[at:to]
    )
    rest = [] if len(after) > to - at else words[end:]
    thing = [*with_article(words[to + 1 : end]), *rest]
    return Clause("said", f"work on {joined(thing)} is {' '.join([*words[:at], *after])}")


_OF_SPEAKER = word_set("sick ill unwell late ooo wfh afk away")
_STUCK = word_set("blocked stuck waiting stalled")


def state(words: Words) -> Clause | None:
    """blocked by PAY-3 -> currently blocked by PAY-3; done with the API -> work on the API is done"""
    at = lead(words, lex.ADVERBS)
    plain = cores(words)
    if plain[at] in _STUCK:
        text = joined(words) if at or "now" in plain or "currently" in plain else f"currently {joined(words)}"
        return Clause("state", text, "I am", f"this is {text}")
    if clause := _done_with(words):
        return clause
    if plain[at] in ("ready", "pending", "live", "unblocked") or condition(plain[at:]):
        return Clause("state", f"this is {joined(words)}")
    if plain[0] in ("almost", "nearly", "halfway", "half") or plain[at] in _OF_SPEAKER:
        return Clause("state", joined(words), "I am", f"I am {joined(words)}")
    return None
