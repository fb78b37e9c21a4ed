"""What a quality figure is, how sure it is, and whether it became worse than the one that was committed.

Shares have Wilson's interval, means a bootstrap's with a fixed seed, so that a run gives the same everywhere.
The sets do not change from run to run: whatever is worse by more than a stated tolerance is a regression.
"""

import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean
from typing import Literal

RESULTS = Path(__file__).with_name("results.json")
TOLERANCE = 0.005  # a label that is put right may move a share by this much
_Z = 1.959964  # of the normal distribution, for 95 %
_RESAMPLES = 1000
_SEED = 20261120

Committed = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` of `n` cases with its 95 % interval. A `goal` that is a `promise` fails the run when missed."""

    name: str
    value: float
    n: int
    low: float
    high: float
    better: Literal["higher", "lower"] = "higher"
    kind: Literal["share", "mean", "count"] = "share"
    tolerance: float = TOLERANCE
    goal: float | None = None
    promise: bool = False

    def met(self) -> bool:
        """Whether the goal is reached, where there is one."""
        return self.goal is None or self._gain(self.goal) >= 0

    def _gain(self, other: float) -> float:
        """By how much it is better than `other`; floats that print alike are equal."""
        return round(self.value - other if self.better == "higher" else other - self.value, 6)

    def verdict(self, committed: Committed, *, noisy: bool = False) -> str:
        """`noisy`: of a model that never answers twice alike; only a drop out of the interval counts."""
        said = "" if self.met() else ", goal missed"
        if self.promise and not self.met():
            return "BROKEN"
        if self.name not in committed:
            return f"new{said}"
        gain = self._gain(committed[self.name]["value"])
        if gain < -(max(self.tolerance, (self.high - self.low) / 2) if noisy else self.tolerance):
            return "WORSE"
        return f"{'better' if gain > 0 else 'same' if gain == 0 else 'about the same'}{said}"


def wilson(hits: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share; of no case at all it is everything."""
    if not n:
        return 0.0, 1.0
    share = hits / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return (max(0.0, middle - half) if hits else 0.0), (min(1.0, middle + half) if hits < n else 1.0)


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean."""
    rng = random.Random(_SEED)
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return means[round(0.025 * _RESAMPLES)], means[round(0.975 * _RESAMPLES) - 1]


def share(
    name: str,
    hits: int,
    n: int,
    *,
    better: Literal["higher", "lower"] = "higher",
    goal: float | None = None,
    tolerance: float = TOLERANCE,
) -> Figure:
    return Figure(name, hits / n if n else 0.0, n, *wilson(hits, n), better, "share", tolerance, goal)


def mean(
    name: str, values: Iterable[float], *, better: Literal["higher", "lower"] = "higher", tolerance: float
) -> Figure:
    of = list(values)
    return Figure(name, fmean(of), len(of), *bootstrap(of), better, "mean", tolerance)


def never(name: str, times: int, n: int) -> Figure:
    """What must not happen at all; its interval says how often it may still happen in as many other cases."""
    low, high = wilson(times, n)
    return Figure(name, times, n, low * n, high * n, "lower", "count", 0.0, 0.0, promise=True)


def load(path: Path = RESULTS) -> Committed:
    committed: Committed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return committed


def write(figures: Iterable[Figure], others: Committed, path: Path = RESULTS) -> None:
    """Keeps `others` too. Goals, tolerances and the like are in the code."""
    measured = {
        figure.name: {
            "value": round(figure.value, 6),
            "n": figure.n,
            "low": round(figure.low, 4),
            "high": round(figure.high, 4),
        }
        for figure in figures
    }
    path.write_text(json.dumps({**others, **measured}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def report(
    figures: Sequence[Figure], committed: Committed, *, complete: bool = True, noisy: bool = False
) -> bool:
    """Prints the table. False when anything became worse, a promise is broken, or a `complete` run lacks what
    was committed."""
    say = sys.stdout.write
    wide = max((len(figure.name) for figure in figures), default=0)
    say(f"{'figure':{wide}}{'value':>8}{'n':>7}   {'95 % interval':17}{'committed':>9}  {'goal':10}verdict\n")
    fine = True
    for figure in figures:
        verdict = figure.verdict(committed, noisy=noisy)
        fine = fine and not verdict.isupper()
        before = _shown(figure, committed[figure.name]["value"]) if figure.name in committed else ""
        sign = ">=" if figure.better == "higher" else "<="
        goal = "" if figure.goal is None else f"{sign} {_shown(figure, figure.goal)}"
        between = f"{_shown(figure, figure.low)} .. {_shown(figure, figure.high)}"
        say(f"{figure.name:{wide}}{_shown(figure, figure.value):>8}{figure.n:7}   {between:17}")
        say(f"{before:>9}  {goal:10}{verdict}\n")
    for name in committed.keys() - {figure.name for figure in figures} if complete else ():
        say(f"{name}: GONE, it was committed and is measured no more\n")
        fine = False
    return fine


def _shown(figure: Figure, value: float) -> str:
    if figure.kind == "share":
        return f"{value:.1%}"
    return f"{value:.3f}" if figure.kind == "mean" else f"{value:.4g}"
