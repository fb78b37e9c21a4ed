"""Clauses whose form of "be" was left out: "build green", "login bug fixed", "API returning 500"."""

from itertools import pairwise

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import Clause, Words, cores, lead
from nodes.jira_assistant.language.nouns import (
    articles_after_prepositions,
    core,
    is_amount,
    is_hole,
    is_key,
    plural,
    takes_article,
)
from nodes.jira_assistant.language.tables import word_set

_FIRST = word_set("just only also now")
_BETWEEN = word_set("""
    still now already almost nearly mostly partially partly fully finally currently also not all just only
    half successfully completely again yet really very somewhat fairly extremely too no longer essentially
    halfway hopefully probably basically quasi practically virtually roughly
""")
_AFTER = lex.PREPOSITIONS | lex.ADVERBS | lex.TIMES | word_set("this next last tonight too there here")
_READY = word_set(
    "done finished complete ready live fixed deployed released merged closed tested reviewed shipped"
)
_CLEAR = lex.PREDICATES - word_set(
    "done finished complete closed good better fine ok okay solid poor left next up down"
)
_PARTICIPLES = frozenset(verbs.PARTICIPLE.values()) - verbs.PERSONAL_ACTS - {"been", "gone", "become"}
_PARTICIPLES |= {"cancelled", "labelled"}
_NO_HEADS = (
    (_PARTICIPLES | lex.PREDICATES) - lex.COUNT - lex.MASS - lex.PLACES - {"read", "set", "split", "left"}
)
_AGENTS = word_set(
    "qa ops dev devs developers team client customer customers manager user users reviewer vendor legal"
)
"""Those who do things: "QA approved" is what they did, not what was done to them."""
_OPEN = word_set("left pending remaining missing needed next")
_PARTICLES = word_set("off up out down over back in on through")
_SMALL = (
    lex.PREPOSITIONS | lex.AUXILIARIES | lex.PRONOUNS | lex.OBJECT_PRONOUNS | lex.ADVERBS | {"no", "not"}
) - (word_set("and all this that these those"))


def thing(words: Words) -> Clause | None:
    """build green -> the build is green; login bug fixed -> the login bug has been fixed"""
    if first := lead(words, _FIRST):
        said = thing(words[first:])
        before = " ".join(cores(words[:first])).replace("just", "only")
        return said and Clause("said", f"{before} {said.text}")
    for said_of in (_is_predicate, _is_participle, _is_doing):
        for at in range(1, min(len(words), 8)):
            end = at
            while end > 1 and (core(words[end - 1]) in _BETWEEN or _is_share(words, end - 1)):
                end -= 1
            if is_subject(words[:end]) and not _to_come(words, at) and (be := said_of(words, at, end)):
                return _with_be(words, at, end, be)
    return None


def _with_be(words: Words, at: int, end: int, be: str) -> Clause:
    many = plural(words[:end])
    form = ["are" if many else "is"] if be == "is" else ["have" if many else "has"]
    been = ["been"] * (be == "has been")
    rest = [*form, *words[end:at], *been, *articles_after_prepositions(words[at:])]
    return Clause("said", " ".join([*with_its_article(words[:end]), *rest]))


def with_its_article(phrase: Words) -> list[str]:
    """A subject, with "the" where it needs an article."""
    return ["the", *phrase] if takes_article(phrase) else list(phrase)


def condition(plain: Words) -> int:
    """How many of the first words are a standing phrase such as "in progress"."""
    return next((n for n in (2, 3) if " ".join(plain[:n]) in lex.CONDITIONS), 0)


def known(noun: str) -> bool:
    """Whether a word is a key, a number or a noun of the lexicon."""
    if is_hole(noun):
        return not is_amount(noun)
    return core(noun).isdigit() or lex.is_work_noun(core(noun))


def is_subject(phrase: Words) -> bool:
    """Whether these words can be a subject: no verb, no small word, nothing after a comma but keys."""
    plain = cores(phrase)
    if not plain or len(plain) > 6 or plain[-1] in lex.DETERMINERS or plain[-1] == "and":
        return False
    if plain[-1] in _NO_HEADS or any(not _is_wordy(word) for word in phrase):
        return False
    if any(
        word in lex.DETERMINERS and at
        for at, word in enumerate(plain)
        if plain[at - 1] not in lex.DETERMINERS
    ):
        return False
    if any(word[-1] in ",;:" for word in phrase):
        return all(is_key(word) or core(word) == "and" for word in phrase)
    return _may_begin(plain[0]) and not any(word in _SMALL or _is_verb(word) for word in plain)


def _is_wordy(word: str) -> bool:
    return word == "&" or any(c.isalnum() or is_hole(c) for c in word)


def _may_begin(word: str) -> bool:
    """fixed, picked, expecting: a participle in front is what somebody did, not a subject."""
    if word in verbs.PAST or word == "please":
        return False
    return not word.endswith(("ing", "ed")) or lex.is_work_noun(word) or word in verbs.GERUND


def _is_verb(word: str) -> bool:
    forms = word in verbs.VERBS or word in verbs.EVENTS or word in verbs.SYMPTOMS or word in verbs.THIRD
    return forms and not lex.is_work_noun(word)


def _is_share(words: Words, at: int) -> bool:
    """90% in "migration 90% done"."""
    return is_amount(words[at]) and core(words[at + 1]) in ("done", "complete", "there", "ready")


def _to_come(words: Words, at: int) -> bool:
    """ "PAY-12 done by Friday" may be a goal: then nothing says that it is so."""
    if core(words[at]) not in _READY:
        return False
    plain = cores(words[at + 1 :])
    goal = any(
        word in ("by", "in", "until", "within", "before")
        and (is_hole(then) or then[:1].isdigit() or then in _POINTS)
        for word, then in pairwise(plain)
    )
    return goal or not lex.LATER.isdisjoint(plain)


_POINTS = lex.TIMES | word_set("end next this eod eow noon midnight a an about two three")


def _is_predicate(words: Words, at: int, end: int) -> str:
    plain = cores(words[: at + 4])
    then = plain[at + 1] if at + 1 < len(plain) else ""
    if plain[at] == "at" and then and end < at and (is_amount(words[at + 1]) or then[:1].isdigit()):
        return "is"
    if length := condition(plain[at:]):
        if plain[0] in verbs.GERUND:
            return ""
        return "is" if len(plain) == at + length or plain[at + length] in _AFTER else ""
    if words[at][-1] == ":":
        return ""
    if plain[0] in verbs.GERUND and not lex.is_work_noun(plain[0]) and plain[at] not in _OPEN:
        return ""
    if plain[at] == "finished" and then and words[at][-1] != ",":
        return ""  # a verb: "the migration finished with errors"
    if plain[at] not in lex.PREDICATES or (plain[at] == "working" and then == "on" and not is_key(words[0])):
        return ""
    if end == 1 and is_amount(words[0]):
        return ""
    if not known(words[end - 1]) and not is_amount(words[end - 1]) and not _plainly(words[:end], plain[at]):
        return ""
    if words[at][-1] == "," or not then or then in _AFTER or then.endswith("ly"):
        return "is"
    followed = then[0].isdigit() or is_hole(words[at + 1])
    return "is" if followed and plain[at] not in verbs.PAST else ""


def _plainly(phrase: Words, predicate: str) -> bool:
    """Whether an unknown subject may be one: "checkout broken", but not "well done"."""
    last = core(phrase[-1])
    if last in ("well", "so", "too") or last.endswith("ly"):
        return False
    return predicate in _CLEAR or len(phrase) > 1 or phrase[-1][:1].isupper()


def _is_participle(words: Words, at: int, end: int) -> str:
    here, then = core(words[at]), core(words[at + 1]) if at + 1 < len(words) else ""
    if here not in _PARTICIPLES or not known(words[end - 1]):
        return ""
    if then in _PARTICLES and at + 2 < len(words) and core(words[at + 2]) not in _AFTER:
        return ""  # "QA signed off PAY-12"
    if then and then not in _AFTER and not then.endswith("ly") and words[at][-1] != ",":
        return ""
    if here in verbs.EVENTS:
        return "has" if end < at and here.endswith("ed") else ""
    if core(words[end - 1]) in _AGENTS:
        return ""
    return "" if core(words[0]) in verbs.GERUND and not lex.is_work_noun(core(words[0])) else "has been"


def _is_doing(words: Words, at: int, end: int) -> str:
    here, then = core(words[at]), core(words[at + 1]) if at + 1 < len(words) else ""
    if (
        here not in verbs.GERUND
        or (not then and here in lex.MASS)
        or then in ("of", "for")
        or then in verbs.THIRD
    ):
        return ""
    head = core(words[end - 1])
    return "is" if known(words[end - 1]) and head not in lex.PLACES | {"unit", "error"} else ""
