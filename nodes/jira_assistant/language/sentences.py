"""From one tidied line to clear sentences: where to cut, how to join, which capital and stop.

Works on text whose tokens are hidden.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nodes.jira_assistant.language.clause import Clause
from nodes.jira_assistant.language.cutting import AGAINST, OPEN_ENDED, clauses
from nodes.jira_assistant.language.fillers import without_fillers
from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.names import is_unexplained
from nodes.jira_assistant.language.nouns import core
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.wording import SPELLING

_STOP = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bvs\.)(?<!\bapprox\.)\s+")
_ALONG = frozenset({"and", "and then", "then"})


@dataclass(slots=True)
class Sentence:
    """Clauses said in one breath. `joints[i]` is what stands before `clauses[i]`; the first is ""."""

    clauses: list[Clause]
    joints: list[str]
    stop: str = "."


def sentences(line: str) -> list[list[Sentence]]:
    """What was typed up to each full stop, as the sentences that it makes."""
    found: list[list[Sentence]] = []
    for part in _typed(line):
        text = without_fillers(part.rstrip(".!,; "))
        if not text:
            continue
        if text.endswith("?") or _ASKS.match(text):
            found.append([Sentence([_question(text.rstrip("?! "))], [""], "?")])
        elif words := _small_first(text.split()):
            found.append(_grouped(list(clauses(words))))
    return found


def _typed(line: str) -> Iterator[str]:
    """The line up to each full stop, and to each emoji or "lol" that stands for one."""
    for part in _STOP.split(line.strip()):
        held: list[str] = []
        for piece in part.split(PAUSE):
            held += piece.split()
            ended = len(held) > 1 and core(held[-1]) not in OPEN_ENDED
            if ended or " ".join(held).lower() in ("no", "yes"):
                yield " ".join(held)
                held = []
        if held:
            yield " ".join(held)


_WHOM = r"(?:you|we|they|he|she|it|i|anyone|anybody|someone|[\U000f0000-\U000ffffd])"
_ASKS = re.compile(
    rf"(?:is|are|was|were|has|can|could|will|would|should) {_WHOM}(?![\w:])"
    r"|does (?!not\b)\w|do (?:you|we|they|i)\b"
    r"|(?:is|are) (?:the|my|our|your|this|that|there|any)\b",
    re.I,
)
"""How questions begin, also when nobody types the question mark."""


def _small_first(words: list[str]) -> list[str]:
    """With the capital of the first word undone, where it is there only because the sentence begins."""
    first = words[0] if words else ""
    plain = first.lower().rstrip(",.:;")
    if first.istitle() and plain not in SPELLING and not is_unexplained(plain):
        return [first.lower(), *words[1:]]
    return words


def _question(text: str) -> Clause:
    if re.match(r"(?:anyone|anybody|someone) \w+", text, re.IGNORECASE):
        text = f"does {text[0].lower()}{text[1:]}"
    return Clause("said", text)


def _grouped(clauses: Sequence[tuple[str, Clause]]) -> list[Sentence]:
    found: list[Sentence] = []
    for joint, clause in clauses:
        last = found[-1] if found else None
        if last and joint in AGAINST:
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
