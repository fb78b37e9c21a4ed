"""How well the entities of a message are found: `python -m tests.evals entities`.

`entities.txt` holds messages written by hand with their entities marked. Each is read as it is and in two
variants, with other keys, people, days and versions in the same places.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from nodes.jira_assistant.entities import extract
from tests.evals.figures import Figure, never, share

LABELLED = Path(__file__).with_name("entities.txt")
SEED = 20261120
VARIANTS = 2
Kind = Literal["issue_keys", "people", "dates", "statuses", "terms", "versions", "urls"]
_KINDS: dict[str, Kind] = {
    "k": "issue_keys", "p": "people", "d": "dates", "s": "statuses", "t": "terms", "v": "versions",
    "u": "urls",
}  # fmt: skip
_MARK = re.compile(r"<([kpdstvu]) ([^>]*)>")
_POOLS = {
    "k": ("BILL-204", "X9-1", "SHOP-12345", "QA-7", "PLATFORM-88", "#4711"),
    "p": ("Ana", "Sven", "Fatima", "Pedro", "Katarzyna", "Ravi", "Mei"),
    "d": ("on Thursday", "tomorrow", "by 2027-01-15", "last week", "at 16:05", "on 3 March", "yesterday"),
    "v": ("v1.0.3", "10.4.0", "2.0.0-beta.1", "0.9.12"),
}
_BEFORE_A_DATE = re.compile(r"^(?:(?:by|on|at|since|until|before|from|for|in|the) )+", re.IGNORECASE)


class Marked(NamedTuple):
    text: str
    entities: dict[Kind, list[str]]


def _read(line: str) -> Marked:
    found: dict[Kind, list[str]] = {kind: [] for kind in _KINDS.values()}
    for sign, text in _MARK.findall(line):
        found[_KINDS[sign]].append(text)
    return Marked(_MARK.sub(r"\2", line), found)


def labelled() -> Iterator[Marked]:
    rng = random.Random(SEED)

    def other(mark: re.Match[str]) -> str:
        return f"<{mark[1]} {rng.choice(_POOLS.get(mark[1], (mark[2],)))}>"

    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _read(line)
            for _ in range(VARIANTS):
                yield _read(_MARK.sub(other, line))


def _same(kind: Kind, text: str) -> str:
    """As it is compared: a date without its preposition, a person without a title."""
    if kind == "dates":
        return _BEFORE_A_DATE.sub("", text).casefold()
    return text.removeprefix("Dr. ").casefold()


def main() -> Iterator[Figure]:
    say, n = sys.stdout.write, 0
    hits, marked, given = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    made_up = 0
    for message in labelled():
        n += 1
        found = extract(message.text)
        for kind in _KINDS.values():
            wanted = {_same(kind, text) for text in message.entities[kind]}
            got = {_same(kind, text) for text in found[kind]}
            hits[kind] += len(wanted & got)
            marked[kind] += len(wanted)
            given[kind] += len(got)
            made_up += sum(text.casefold() not in message.text.casefold() for text in found[kind])
            if wanted - got or (got - wanted and kind != "terms"):
                say(f"{kind:11}missed {sorted(wanted - got)}, wrong {sorted(got - wanted)}: ")
                say(f"{message.text!r}\n")
    for kind in _KINDS.values():
        yield share(f"entities, recall: {kind}", hits[kind], marked[kind])
        if kind != "terms":
            yield share(f"entities, precision: {kind}", hits[kind], given[kind])
    yield never("entities: not in the message", made_up, n)
