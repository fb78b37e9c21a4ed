"""Whether two messages say the same, so that the draft of one may be proposed for the other.

Likeness cannot tell: "PAY-12 is blocked" and "PAY-13 is blocked" are more alike than most paraphrases are. So
two messages agree only where each word of the one is in the other in its place, after what never changes a
meaning is taken away: capitals, punctuation, spelling, contractions, articles, greetings, "I" before a verb,
the order of independent deeds. Facts agree as in the facts guard: "5pm" is "17:00", "2" is "two".
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.facts import facts
from nodes.jira_assistant.language.hidden import hidden_at
from nodes.jira_assistant.language.lexicon import AUXILIARIES, PLACES, PREPOSITIONS
from nodes.jira_assistant.language.spans import AMOUNT_HOLE, HOLE
from nodes.jira_assistant.language.tables import any_of, pairs, word_set
from nodes.jira_assistant.language.tidy import plain_words
from nodes.jira_assistant.language.verbs import GERUND, PARTICIPLE, PAST

Clause = tuple[str, ...]

_ALIKE = pairs("""
    merge request=pr; pull request=pr; awaiting=waiting for; waiting on=waiting for
    looking into=investigating; e-mail=email; defect=bug; defects=bugs; docs=documentation; repo=repository
    config=configuration; app=application; began=started; begin=start; have to=need to; must=need to
""")
"""Only what means the same in every message of this kind: "deleted" is not always "removed"."""
_PHRASE = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_ALIKE, key=len, reverse=True)))})\b")
_UNSURE = re.compile(r"\bgot to\b|[\u2600-\u27bf\U0001f000-\U0001faff\U000f0000-\U0010ffff]", re.I)
"""What `plain_words` decides or drops ("I got to" is past or to come, an emoji may say it all), and holes."""
_ASIDE = word_set("""
    hey hi hello ok okay so well please team all folks everyone quick status update thanks thank you cheers
""")
_OPENING = word_set("hey hi hello ok okay so please")
_CAPITALS = re.compile(r"\b(?!(?:IT|US|WHO)\b)\w+")  # those are not the pronouns
_ARTICLES = word_set("a an the")
_NO_ARTICLE_BEFORE = (
    AUXILIARIES
    | PREPOSITIONS
    | word_set("""
    few little lot most least last next more less other only half second third
""")
)
"""Before these "a" and "the" may say something: "a few", "the last week", "plan a is"."""
_CLAUSE_END = re.compile(r"(?<![,;:.!])[,;:.!]++(?=\s|$)|\s[-–—]+\s|\n+|\band\b")
_BOUND = any_of("""
    then; after; before; because; so; but; although; though; while; until; once; when; if; which; that; who
    it; its; this; them; these; those; they; he; she; his; her; their; there; here; one; first; next; later
    finally; both; same; other; another; again; therefore; since; also; too; respectively; now; today; as
""")
_IN_ORDER = re.compile(rf"\b{_BOUND}\b|\?")
"""Words that tie a clause to the one before it, or to a time: order means something then."""
_MOST_FACTS = 500  # a message with more is a list or a log
_NEGATION = word_set("not no never nothing nobody none nor neither without")
_DONE = frozenset(PAST) | frozenset(PARTICIPLE.values())
_WHERE = PLACES - {"test", "local", "stage", "preview"}  # these are more often something else
_TESTED = word_set("tested testing retested retesting verified verifying")


def same_meaning(one: str, other: str) -> bool:
    """False where in doubt. Symmetric and transitive."""
    reading = _reading(one)
    return reading is not None and reading == _reading(other)


def _reading(text: str) -> tuple[Clause, ...] | None:
    """The clauses, in a fixed order where theirs does not matter; None where it cannot be read safely."""
    if hidden_at(text) or _UNSURE.search(text):
        return None
    hidden, values = _without_facts(text)
    if len(values) > _MOST_FACTS:
        return None
    plain = _CAPITALS.sub(lambda found: found[0].lower(), plain_words(hidden))
    plain = _PHRASE.sub(lambda found: _ALIKE[found[0]], plain)
    clauses = [clause for words in _clauses(plain) if (clause := _core(words))]
    told = [tuple("".join(values.get(c, c) for c in word) for word in clause) for clause in clauses]
    if told and _may_be_sorted(plain, clauses):
        told.sort()
    elif told and "?" in plain:
        told.append(("?",))
    return tuple(told) or None


def _without_facts(text: str) -> tuple[str, dict[str, str]]:
    """The text with one private character for each fact, and by that character what the fact says."""
    values: dict[str, str] = {}
    parts, at = [], 0
    for number, fact in enumerate(facts(text)):
        if number <= _MOST_FACTS and fact.kind != "word" and fact.start >= at:
            hole = chr(ord(AMOUNT_HOLE if fact.kind in ("date", "time") else HOLE) + number)
            values[hole] = "|".join(sorted(fact.forms))
            parts += [text[at : fact.start], hole]
            at = fact.end
    return "".join([*parts, text[at:]]), values


def _clauses(plain: str) -> Iterator[list[str]]:
    """Words of each clause; what is no word, a quote or a plus for instance, stays where it is."""
    for part in _CLAUSE_END.split(plain):
        words = part.replace("?", " ").split()
        if not _ASIDE.issuperset(words):
            while words[0] in _OPENING:
                words = words[1:]
            yield words


def _core(words: list[str]) -> list[str]:
    """A clause without what every reader adds by themselves."""
    if not _NEGATION & {*words}:
        words = [word for word in words if word not in ("just", "also")]
    if words[:1] == ["currently"]:
        words = words[1:]
    if words[:1] == ["i"]:
        words = words[1:]
        after = words[1] if len(words) > 1 else ""
        if (words[:1] == ["have"] and after in _DONE) or (words[:1] == ["am"] and after in GERUND):
            words = words[1:]
    core: list[str] = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in _ARTICLES and "" < after < AMOUNT_HOLE and after not in _NO_ARTICLE_BEFORE:
            continue
        if word in ("on", "in") and after in _WHERE:
            if core and core[-1] in _TESTED:
                continue
            word = "on"
        core.append(word)
    return core


def _may_be_sorted(plain: str, clauses: list[list[str]]) -> bool:
    """Whether these are deeds that stand for themselves: each with its own verb and object, none dated."""
    if _IN_ORDER.search(plain) or max(plain) >= AMOUNT_HOLE:
        return False
    return all(len(clause) > 1 and (clause[0] in PAST or clause[0] in GERUND) for clause in clauses)
