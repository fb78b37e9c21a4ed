"""Where a sentence falls into clauses. When a cut is doubtful there is none.

Only a few words to each side of a possible cut are looked at, so that the time stays linear in the sentence.
"""

from collections.abc import Iterator

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import Clause, Words
from nodes.jira_assistant.language.doings import ALONE
from nodes.jira_assistant.language.nouns import core, is_hole
from nodes.jira_assistant.language.reading import read
from nodes.jira_assistant.language.tables import word_set

_SIGHT = 16  # words to each side of a possible cut
_JOINTS = frozenset({"and", "but", "so", "then", "plus", "yet", "&", "+"})
_DASHES = frozenset({"-", "--", "–", "—", "->", "=>", "→", "|"})
AGAINST = frozenset({"but", "so", "yet"})


def clauses(words: Words) -> Iterator[tuple[str, Clause]]:
    """Each clause with what joined it to the one before."""
    start, joint = 0, ""
    inverted = core(words[0]) in ("had", "were") and len(words) > 1 and core(words[1]) in lex.PRONOUNS
    if core(words[0]) not in lex.SUBORDINATORS and not inverted:
        for at, length, mark, word in _possible_cuts(words):
            if at <= start:
                continue
            left, before = words[start : min(at, start + _SIGHT)], words[max(start, at - _SIGHT) : at]
            if _may_cut(left, before, mark, word, words[at + length : at + length + _SIGHT]):
                yield joint, read(_closed(words[start:at]))
                start, joint = at + length, word or mark
    yield joint, read(_closed(words[start:]))


def _closed(words: Words) -> Words:
    return [*words[:-1], words[-1].rstrip(",;") or words[-1]]


def _possible_cuts(words: Words) -> Iterator[tuple[int, int, str, str]]:
    """(where the left side ends, how many words the cut takes, its mark, its word)"""
    at = 1
    depth = 0
    while at < len(words):
        depth += words[at - 1].count("(") - words[at - 1].count(")")
        mark = words[at - 1][-1] if words[at - 1][-1] in ",;" else ""
        length = int(not mark and words[at] in _DASHES)
        mark = mark or ("-" if length else "")
        word = words[at + length].lower() if at + length < len(words) else ""
        if word in _JOINTS:
            length += 1
            if word == "and" and at + length < len(words) and words[at + length].lower() in ("then", "also"):
                word, length = "and then" if words[at + length].lower() == "then" else "and", length + 1
        else:
            word = ""
        if (mark or word) and at + length < len(words) and depth <= 0:
            yield at, length, mark, {"&": "and", "+": "and", "plus": "and"}.get(word, word)
        at += max(length, 1)


def _may_cut(opening: Words, before: Words, mark: str, word: str, right: Words) -> bool:
    """`opening`: the first words of the left side; `before`: its last ones."""
    if mark == ";":
        return True
    if core(before[-1]) in OPEN_ENDED or (word == "so" and not mark and core(right[0]) not in _AFTER_SO):
        return False
    left = read(_closed(opening))
    if left.kind == "fragment" or (word == "so" and core(right[0]) in ("that", "far")):
        return False
    part = _next_part(right)
    clause = read(part)
    if clause.kind == "fragment" or core(part[0]) in lex.SUBORDINATORS:
        return False
    if clause.kind == "doing" and left.kind != "doing" and not _surely_doing(part, left.kind == "did"):
        return False
    if mark or word in AGAINST:
        return True
    # A bare "and" or "then": one subject may hold both sides, and a condition may too.
    if any(core(w) in lex.SUBORDINATORS | {"that", "which", "who"} for w in before):
        return False
    if core(part[0]) == "no" or (clause.kind == "did" and left.kind == "said"):
        return False
    # "PAY-12 is done and waiting for QA": the thing is the subject of both; a person would not be.
    return (
        left.kind != "said"
        or clause.kind not in ("state", "doing", "will")
        or core(opening[0]) in ("i", "we")
    )


OPEN_ENDED = (
    lex.AUXILIARIES | lex.DETERMINERS | lex.PREPOSITIONS - {"up", "down", "out", "off", "in", "on", "back"}
)
"""Words after which something has to follow."""
_AFTER_SO = lex.PRONOUNS | lex.DETERMINERS | {"now", "will", "going", "had", "need", "no"}


def _next_part(words: Words) -> Words:
    """As many words as belong to the next clause at the most."""
    for at, word in enumerate(words):
        if at and word in ("but", "so", "&", "->"):
            return words[:at]
        if word[-1] in ",;" and len(word) > 1:
            return _closed(words[: at + 1])
    return words


_ACTIVE = word_set("""
    working waiting investigating debugging testing fixing checking looking trying planning writing
""")


def _surely_doing(part: Words, in_list: bool) -> bool:
    """Whether the -ing form is a verb ("testing it now") rather than a noun ("caching, monitoring")."""
    plain = [core(word) for word in part]
    if plain[-1] in ALONE:
        return True
    at = next((i for i, word in enumerate(plain) if word in verbs.GERUND), 0)
    if at or plain[0] in _ACTIVE or (not in_list and plain[0] not in lex.MASS):
        return len(plain) > 1
    return len(plain) > 1 and (plain[1] in lex.DETERMINERS | {"on", "it", "now", "with"} or is_hole(part[1]))
