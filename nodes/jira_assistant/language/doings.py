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
        word in lex.AUXILIARIES | verbs.EVENTS | _HAPPENS
        for word in _until_conjunction(cores(words[at + 1 : at + 8]))
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
    with_it = len(rest) > 2 and core(rest[2]) == "with"
    of_thing = (
        not with_it
        and core(rest[0]) == "be"
        and len(rest) > 1
        and core(rest[1]) in lex.PREDICATES - lex.OF_PEOPLE
    )
    text = " ".join([*words[:at], "will", *base_and_object(rest)])
    return Clause("said", f"this {text}") if of_thing else Clause("will", text, "I")


def _done_with(words: Words) -> Clause | None:
    """80% done with the API -> work on the API is 80% done; nothing where an exception or a time follows"""
    plain = cores(words)
    at = next((i for i, word in enumerate(plain[:4]) if word == "done"), -1)
    if at < 0 or is_key(words[0]) or not all(word in lex.ADVERBS or is_hole(word) for word in words[:at]):
        return None
    to = at + 2 if plain[at + 1 : at + 2] == ["yet"] else at + 1
    end = to + 1 + phrase_end(words[to + 1 :])
    if (
        plain[to : to + 1] != ["with"]
        or end == to + 1
        or not known(words[end - 1])
        or plain[end - 1] == "work"
    ):
        return None
    if any(word[-1] in ",:" or word[0] == "(" for word in words[to:]) or not _EXCEPTING.isdisjoint(
        plain[to:]
    ):
        return None
    late = plain[-1] in ("yet", "now", "already") and len(words) > end
    thing = with_article(words[to + 1 : len(words) - late])
    done = [*plain[:at], *plain[at:to], *([plain[-1]] if late else [])]
    return Clause("said", f"work on {joined(thing)} is {' '.join(done)}")


_EXCEPTING = lex.LATER | word_set("but except besides apart save for in though although")


_OF_SPEAKER = word_set("sick ill unwell late ooo wfh afk away")
_HAPPENS = verbs.SYMPTOMS - lex.COUNT - {f"{noun}s" for noun in lex.COUNT}
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
    if "not" in plain[:at] and condition(plain[at:]):
        return None  # "done on dev, not on production": of what, only the clause before tells
    if plain[at] in ("ready", "pending", "live", "unblocked") or condition(plain[at:]):
        return Clause("state", f"this is {joined(words)}")
    if plain[0] in ("almost", "nearly", "halfway", "half") or plain[at] in _OF_SPEAKER:
        return Clause("state", joined(words), "I am", f"I am {joined(words)}")
    return None
