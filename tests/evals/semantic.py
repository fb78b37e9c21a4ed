"""How often a message finds the draft of another that says the same, and how often wrongly.

Run `python -m tests.evals semantic`. Likeness needs the extra `semantic`; agreement does not.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nodes.jira_assistant.same_meaning import same_meaning
from services.settings import Settings
from services.similar import StaticEmbedder, installed
from tests.evals.figures import Figure, never, share

PAIRS = Path(__file__).with_name("semantic_pairs.txt")


class Pair(NamedTuple):
    """`other` says the same as `said`, or comes near to it without saying the same."""

    said: str
    other: str
    same: bool


def pairs() -> Iterator[Pair]:
    """In the order of the file; its head explains the signs."""
    said = ""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        sign, text = line[:1], line[2:].strip()
        if sign == ">":
            said = text
        elif sign in ("=", "!") and text:
            yield Pair(said, text, sign == "=")


def main() -> Iterator[Figure]:
    rows = list(pairs())
    agree = [same_meaning(row.said, row.other) for row in rows]
    out = sys.stdout.write
    out(f"semantic cache: {sum(row.same for row in rows)} paraphrases, ")
    out(f"{sum(not row.same for row in rows)} near misses\n")
    _print("agreement alone", rows, agree)
    same = [agreed for agreed, row in zip(agree, rows, strict=True) if row.same]
    other = [agreed for agreed, row in zip(agree, rows, strict=True) if not row.same]
    yield share("semantic cache: paraphrases found", sum(same), len(same))
    yield never("semantic cache: false hits", sum(other), len(other))
    if not installed():
        out("  likeness is not measured: pip install 'jira-assistant[semantic]'\n")
        return
    threshold, embedder = Settings(_env_file=None).similarity_threshold, StaticEmbedder()
    scores = [
        sum(a * b for a, b in zip(embedder.embed(row.said), embedder.embed(row.other), strict=True))
        for row in rows
    ]
    alike = [score >= threshold for score in scores]
    _print(f"likeness of {threshold:g} alone", rows, alike)
    _print("both, as served", rows, [a and b for a, b in zip(alike, agree, strict=True)])
    near = [score for score, row in zip(scores, rows, strict=True) if row.same]
    far = [score for score, row in zip(scores, rows, strict=True) if not row.same]
    above = sum((a > b) + (a == b) / 2 for a in near for b in far) / (len(near) * len(far))
    out(f"  a paraphrase scores above a near miss in {above:.0%} of all pairs (50% is chance)\n")


def _print(what: str, rows: list[Pair], served: list[bool]) -> None:
    hits = sum(row.same for row, hit in zip(rows, served, strict=True) if hit)
    false = [row for row, hit in zip(rows, served, strict=True) if hit and not row.same]
    of = sum(row.same for row in rows)
    sys.stdout.write(f"  {what}: {hits}/{of} found ({hits / of:.0%}), {len(false)} false hits\n")
