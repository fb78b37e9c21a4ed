"""From one tidied line to clear sentences: where to cut, how to join, which capital and stop.

Works on text whose tokens are hidden. When a cut is doubtful there is none. Only a few words to each side
of a possible cut are looked at, so that the time stays linear in the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.clause import Clause, Words
from nodes.jira_assistant.language.doings import ALONE
from nodes.jira_assistant.language.fillers import without_fillers
from nodes.jira_assistant.language.nouns import core, is_hole
from nodes.jira_assistant.language.reading import read
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.tidy import PAUSE

_SIGHT = 16  # words to each side of a possible cut
_STOP = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bvs\.)(?<!\bapprox\.)\s+")
_DASHES = frozenset({PAUSE, "-", "--", "–", "—", "->", "=>", "→", "|"})
_JOINTS = frozenset({"and", "but", "so", "then", "plus", "yet", "&", "+"})
_ALONG = frozenset({"and", "and then", "then"})
_AGAINST = frozenset({"but", "so", "yet"})


@dataclass(slots=True)
class Sentence:
    """Clauses said in one breath. `joints[i]` is what stands before `clauses[i]`; the first is ""."""

    clauses: list[Clause]
    joints: list[str]
    stop: str = "."


def sentences(line: str) -> list[list[Sentence]]:
    """What was typed up to each full stop, as the sentences that it makes."""
    found: list[list[Sentence]] = []
    for part in _STOP.split(line.strip()):
        text = without_fillers(part.strip(PAUSE + " ").rstrip(".!,; "))
        if not text:
            continue
        if text.endswith("?"):
            found.append([Sentence([_question(text.rstrip("?! "))], [""], "?")])
        elif words := text.split():
            found.append(_grouped(list(_clauses(words))))
    return found


def _question(text: str) -> Clause:
    if re.match(r"(?:anyone|anybody|someone) \w+", text, re.IGNORECASE):
        text = f"does {text[0].lower()}{text[1:]}"
    return Clause("said", text.replace(f" {PAUSE} ", " "))


def _clauses(words: Words) -> Iterator[tuple[str, Clause]]:
    """Each clause with what joined it to the one before."""
    start, joint = 0, ""
    if core(words[0]) not in lex.SUBORDINATORS:
        for at, length, mark, word in _possible_cuts(words):
            left, right = words[start:at], words[at + length :]
            if at <= start or not left[0] or not _may_cut(left, mark, word, right[:_SIGHT]):
                continue
            yield joint, read(_closed(left))
            start, joint = at + length, word or mark
    yield joint, read(_closed(words[start:]))


def _closed(words: Words) -> Words:
    words = [word for word in words if word != PAUSE]
    return [*words[:-1], words[-1].rstrip(",;") or words[-1]]


def _possible_cuts(words: Words) -> Iterator[tuple[int, int, str, str]]:
    """(where the left side ends, how many words the cut takes, its mark, its word)"""
    at = 1
    while at < len(words):
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
        if (mark or word) and at + length < len(words):
            yield at, length, mark, {"&": "and", "+": "and", "plus": "and"}.get(word, word)
        at += max(length, 1)


def _may_cut(left_words: Words, mark: str, word: str, right: Words) -> bool:
    left = read(_closed(left_words[:_SIGHT]))
    if mark == ";":
        return True
    if core(left_words[-1]) in _OPEN_ENDED or (word == "so" and not mark and core(right[0]) not in _AFTER_SO):
        return False
    if left.kind == "fragment" or (word == "so" and core(right[0]) in ("that", "far")):
        return False
    part = _next_part(right)
    clause = read(part)
    if clause.kind == "fragment" or core(part[0]) in lex.SUBORDINATORS:
        return False
    if clause.kind == "doing" and left.kind != "doing" and not _surely_doing(part, left.kind == "did"):
        return False
    if mark or word in _AGAINST:
        return True
    # A bare "and" or "then": one subject may hold both sides, and a condition may too.
    if any(core(w) in lex.SUBORDINATORS | {"that", "which", "who"} for w in left_words[-_SIGHT:]):
        return False
    if core(part[0]) == "no" or (clause.kind == "did" and left.kind == "said"):
        return False
    # "PAY-12 is done and waiting for QA": the thing is the subject of both; a person would not be.
    return left.kind != "said" or clause.kind not in ("state", "doing") or core(left_words[0]) in ("i", "we")


_OPEN_ENDED = (
    lex.AUXILIARIES | lex.DETERMINERS | lex.PREPOSITIONS - {"up", "down", "out", "off", "in", "on", "back"}
)
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


def _grouped(clauses: Sequence[tuple[str, Clause]]) -> list[Sentence]:
    found: list[Sentence] = []
    for joint, clause in clauses:
        last = found[-1] if found else None
        if last and joint in _AGAINST:
            last.clauses.append(clause)
            last.joints.append(joint)
        elif last and joint not in (";", "-") and _alike(last, clause):
            last.clauses.append(clause)
            last.joints.append(joint if joint in _ALONG else "and")
        elif (
            last
            and joint in _ALONG
            and len(last.clauses) == 1
            and last.clauses[0].kind == clause.kind == "said"
        ):
            last.clauses.append(clause)
            last.joints.append(f", {joint}")
        else:
            found.append(Sentence([clause], [""]))
    return found


def _alike(sentence: Sentence, clause: Clause) -> bool:
    """Whether the clause can go on under the same subject."""
    first = sentence.clauses[0]
    if not set(sentence.joints[1:]) <= _ALONG or not first.subject or not clause.subject:
        return False
    return first.kind == clause.kind and clause.kind in ("did", "doing", "will")


def apart(sentence: Sentence) -> list[Sentence]:
    """The same as one sentence for each clause, where each can stand alone."""
    if set(sentence.joints[1:]) <= _ALONG:
        return [Sentence([clause], [""], sentence.stop) for clause in sentence.clauses]
    return [sentence]


def written(sentence: Sentence, *, named: bool = False) -> str:
    """The sentence with its capital and stop; `named`: with the subject that was left out."""
    text = ""
    for at, (joint, clause) in enumerate(zip(sentence.joints, sentence.clauses, strict=True)):
        said = (
            f"{clause.subject} {clause.text}"
            if named and clause.subject and joint not in _ALONG
            else clause.text
        )
        if joint in _ALONG:
            last = at == len(sentence.clauses) - 1 or sentence.joints[at + 1] not in _ALONG
            joint = f" {joint} " if last else ", "
            text += joint + said.removeprefix("currently ")
        elif joint:
            text += f", {joint.lstrip(', ')} {said}"
        else:
            text = said
    return finished(text, sentence.stop)


_SMALL_START = word_set("npm pip kubectl webpack gRPC iOS macOS eslint pytest systemd cron git")


def finished(text: str, stop: str = ".") -> str:
    """Sentence case and an end."""
    text = capital(text.strip())
    if not text or text[-1] in ".:?!":
        return text
    return text + stop


def capital(text: str) -> str:
    """`text` beginning with a capital, unless its first word is spelt small or is no plain word."""
    first = text.split(" ", 1)[0]
    if (
        first in _SMALL_START
        or not text[:1].islower()
        or not first.rstrip(",:;").replace("'", "").replace("-", "").isalpha()
    ):
        return text
    return text if any(c.isupper() for c in first) else text[0].upper() + text[1:]
