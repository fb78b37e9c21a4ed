"""How good the detector of sensitive information is: recall by kind, flags on ordinary text, time on attacks.

Run `python -m tests.evals sensitive`.
"""

import random
import re
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial

from services import sensitive_assigned, sensitive_personal
from services.sensitive import PERSONAL, find_sensitive
from services.sensitive_rules import FORMATS, compiled
from tests.evals.figures import Figure, share
from tests.evals.sensitive_examples import (
    FAMILIES,
    Example,
    families_of,
    fill,
    labelled,
    ordinary,
    rows,
    said,
    secrets,
)

SEED = 20260301
ATTACK_LENGTH = 100_000
LEAST_RECALL = 0.95
MOST_FLAGGED = 0.005


def hidden(example: Example) -> bool:
    """Whether the whole secret is covered, as masking needs: a part that is left is a leak."""
    return any(h.start <= example.start and example.end <= h.end for h in find_sensitive(example.text))


def attacks(length: int = ATTACK_LENGTH) -> Iterator[str]:
    """Texts of `length` characters made to be slow: what patterns begin with, repeated, never finished."""
    pieces = {part for *_, needed, _ in FORMATS for part in needed}
    pieces |= {fill(row["text"], random.Random(SEED)) for row in rows("attacks")}
    return ((piece * length)[:length] for piece in sorted(pieces))


def _behind_names(pattern: re.Pattern[str], text: str) -> Iterator[object]:
    return (pattern.match(text, name.end()) for name in sensitive_assigned.NAME.finditer(text))


def slowest() -> list[tuple[float, str]]:
    """The most processor time any attack costs a search, in milliseconds, dearest first."""
    searches: list[tuple[str, tuple[str, ...], Callable[[str], Iterator[object]]]] = [
        (pattern, needed, compiled(pattern).finditer) for *_, needed, pattern in FORMATS
    ]
    for name, value in vars(sensitive_personal).items():
        if isinstance(value, re.Pattern) and not name.startswith("_N"):  # those see found numbers only
            searches.append((name, ("",), value.finditer))
    searches.append(("names of secrets", ("",), sensitive_assigned.NAME.finditer))
    for name in ("_ASSIGNMENT", "_SENTENCE", "_BARE"):  # only ever matched behind the name of a secret
        pattern = vars(sensitive_assigned)[name]
        searches.append((f"{name} behind each name", ("",), partial(_behind_names, pattern)))
    searches.append(("all names and what is judged beside them", ("",), sensitive_assigned.find_assigned))
    worst: dict[str, float] = defaultdict(float)
    for attack in attacks():
        for name, needed, search in searches:
            if any(part in attack for part in needed):
                began = time.thread_time()
                deque(search(attack), maxlen=0)
                worst[name] = max(worst[name], (time.thread_time() - began) * 1000)
    return sorted(((took, name) for name, took in worst.items()), reverse=True)


def main() -> Iterator[Figure]:
    rng = random.Random(SEED)
    say = sys.stdout.write
    say(f"seed {SEED}\n{'sensitive part wholly hidden':32}{'found':>7}{'of':>7}{'recall':>9}\n")
    named: dict[str, list[bool]] = {name: [] for name in (*FAMILIES, *sorted(PERSONAL))}
    for examples in (secrets(rng), said(rng), labelled()):
        counts: dict[str, list[bool]] = defaultdict(list)
        for example in examples:
            counts[example.kind].append(found := hidden(example))
            for name in (*families_of(example), *PERSONAL & {example.kind.split()[0]}):
                named[name].append(found)
        for kind, all_found in sorted(counts.items()):
            hits, of = sum(all_found), len(all_found)
            say(f"{kind:32}{hits:7}{of:7}{hits / of:9.1%}\n")
            yield share(f"sensitive, recall: {kind}", hits, of)
    for name, all_found in named.items():
        yield share(f"sensitive, recall of all: {name}", sum(all_found), len(all_found), goal=LEAST_RECALL)
    texts = ordinary(rng)
    began = time.thread_time()
    flags = sum(bool(find_sensitive(text)) for text in texts)
    took = (time.thread_time() - began) * 1e6 / sum(map(len, texts))
    flagged = "sensitive: ordinary texts flagged"
    yield share(flagged, flags, len(texts), better="lower", tolerance=0.001, goal=MOST_FLAGGED)
    say(f"ordinary texts flagged: {flags} of {len(texts)}, {1000 * flags / len(texts):.1f} per 1,000\n")
    say(f"time on ordinary text: {took:.2f} ms per 1,000 characters\n")
    say(f"processor time on {ATTACK_LENGTH:,} characters of attack, dearest searches first:\n")
    for took, name in slowest()[:6]:
        say(f"{took:8.1f} ms  {' '.join(name.split())[:90]}\n")
