"""What a person changes in draft after draft, as plain replacements that rules can repeat.

Only what is certain to be a matter of taste: a phrase that is replaced, a sentence that is struck out, words
that are put before or after, each at least twice and nearly always, with no fact, no finish and no negation
in it. What is no habit stays an example for a model, which may see more in it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from nodes.jira_assistant.claims import completion_claims
from nodes.jira_assistant.facts import facts
from nodes.jira_assistant.language.tables import word_set

AT_LEAST = 2  # once is a correction
_NEARLY_ALWAYS = 0.6  # of the drafts that held the phrase
_LONGEST = 12  # words
_TOKEN = re.compile(r"\n|[^\s]+")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_NEGATIONS = word_set("not no never without cannot neither nor none nobody nothing hardly unable n't")
_AT_START, _AT_END = ("<start>",), ("<end>",)
Words = tuple[str, ...]


class Habit(NamedTuple):
    """`old` becomes `new`; it may stand for the start or the end of a text."""

    old: Words
    new: Words


def habits(edits: Sequence[tuple[str, str]]) -> list[Habit]:
    """Those that (before, after) of several edits show, the most frequent first."""
    times = Counter(habit for before, after in edits for habit in set(_changes(before, after)))
    tokens = [_tokens(before) for before, _ in edits]
    return [
        habit
        for habit, count in times.most_common()
        if count >= AT_LEAST and count >= _NEARLY_ALWAYS * sum(_holds(text, habit.old) for text in tokens)
    ]


def as_usual(text: str, known: Sequence[Habit]) -> str:
    """`text` with the habits followed; byte for byte as it was where none applies."""
    words = _tokens(text)
    followed = words
    for habit in known:
        followed = _replaced(followed, habit)
    if followed == words:
        return text
    return re.sub(r" ?\n ?", "\n", " ".join(followed))


def _tokens(text: str) -> Words:
    return tuple(_TOKEN.findall(text))


def _changes(before: str, after: str) -> list[Habit]:
    old, new = _tokens(before), _tokens(after)
    found: list[Habit] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal" or j - i > _LONGEST or m - k > _LONGEST:
            continue
        habit = Habit(old[i:j], new[k:m])
        if what == "insert" and i in (0, len(old)):
            habit = Habit(_AT_START if i == 0 else _AT_END, new[k:m])
        if _is_taste(habit):
            found.append(habit)
    return found


def _is_taste(habit: Habit) -> bool:
    if not habit.old:
        return False  # put in somewhere in the middle: nobody knows where the next time
    if not habit.new and not habit.old[-1].endswith((".", "!", "?")):
        return False  # a word struck out may leave half a sentence
    old, new = " ".join(habit.old), " ".join(habit.new)
    at_edge = habit.old in (_AT_START, _AT_END)
    if not at_edge and (facts(old) or not _CONTENT.search(old)):
        return False  # "is" for "was" is no habit, it was right there
    said = {word.strip(".,;:!?").lower() for word in (*habit.old, *habit.new)}
    return not (facts(new) or completion_claims(new) or said & _NEGATIONS)


def _holds(words: Words, old: Words) -> bool:
    if old in (_AT_START, _AT_END):
        return True
    return any(words[at : at + len(old)] == old for at in range(len(words) - len(old) + 1))


def _replaced(words: Words, habit: Habit) -> Words:
    if habit.old == _AT_START:
        return words if words[: len(habit.new)] == habit.new else (*habit.new, *words)
    if habit.old == _AT_END:
        return words if words[-len(habit.new) :] == habit.new else (*words, *habit.new)
    found: list[str] = []
    at = 0
    while at < len(words):
        hit = words[at : at + len(habit.old)] == habit.old
        found += habit.new if hit else words[at : at + 1]
        at += len(habit.old) if hit else 1
    return tuple(found)
