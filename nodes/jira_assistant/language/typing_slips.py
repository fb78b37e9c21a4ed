"""Slips of the finger in common words of work: two letters swapped, one lost, one doubled or halved.

Only long, frequent words are guessed at, only when exactly one fits, and never at a word that exists.
"""

from collections import defaultdict
from functools import cache

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs, wording
from nodes.jira_assistant.language.tables import word_set

_FREQUENT = word_set("""
    almost already approved assigned authentication backend because before blocked branch broken button
    changes checked checking checkout closed commit complete completed confirmed configuration created
    customer dashboard database debugging delayed deleted dependencies deploy deployed deploying
    deployment development documentation endpoint environment failed failing feature finished fixing
    following friday frontend implement implementation implemented improved integration investigated
    investigating looking manager meeting merged merging message migrated migration missing monday
    needed nothing notification passing payment pending performance permission pipeline problem
    production project pushed ready refactor refactored refactoring release released removed renamed
    replaced reported reproduce reproduced request requirements resolved response review reviewed
    reviewing running schema script server service should staging started starting status sprint
    successfully testing tested thursday ticket tickets together tomorrow trying tuesday update updated
    updating upgraded validation verified version waiting wednesday without working yesterday
""")
_REAL = word_set("""
    stats stated crated rated raised though through trough filed filing tired hosed crate stating rating
    realised revised pined missed closet posing bloc locked clocked blacked lapsed meting mating sated
    stared staring starting staging stagings sting fined finding fishing moved loved proved serves sever
    severs delayed relayed pusher rushed crashed form from trail trial casual causal quite quiet
""")


def slip_of(word: str) -> str:
    """The word that a small-letter `word` is a slip of; "" when it is none or it is not clear."""
    return _slips().get(word, "")


@cache
def _slips() -> dict[str, str]:
    meant: dict[str, set[str]] = defaultdict(set)
    for word in _FREQUENT:
        for slip in _variants(word):
            meant[slip].add(word)
    known = _REAL | _FREQUENT | lex.COUNT | lex.MASS | lex.PREDICATES | lex.ADVERBS | lex.PREPOSITIONS
    known |= verbs.VERBS | verbs.PAST.keys() | verbs.GERUND.keys() | verbs.THIRD.keys()
    known |= wording.TYPOS.keys() | wording.SHORT.keys() | wording.CASUAL.keys() | wording.SPELLING.keys()
    return {slip: words.pop() for slip, words in meant.items() if len(words) == 1 and slip not in known}


def _variants(word: str) -> set[str]:
    """The slips that keep the first letter."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    lost = {word[:i] + word[i + 1 :] for i in range(1, len(word) - 1)}
    doubled = {word[:i] + word[i] + word[i:] for i in range(1, len(word))}
    return (swapped | lost | doubled) - {word}
