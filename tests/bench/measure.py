"""How things are measured here: what is compared is done in turns, in one run, on a real server."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.servers import BINARIES, RedisServer


@dataclass(frozen=True)
class Line:
    """One figure. `low` and `high`: a tenth of what was measured is below, a tenth above; a ratio's are
    those of the pairs it was measured in."""

    what: str
    by: str  # who did it: ours, or what it is compared with
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    goal: float | None = None
    at_least: bool = False  # else the goal is a most
    excused: str = ""  # why a goal does not apply to this figure

    @property
    def met(self) -> bool | None:
        if self.goal is None or self.excused:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def verdict(self) -> str:
        return self.excused or {True: "met", False: "MISSED", None: ""}[self.met]

    @property
    def wanted(self) -> str:
        return "" if self.goal is None else f"{'>=' if self.at_least else '<='} {number(self.goal)}"


@dataclass(frozen=True)
class Section:
    """Figures that belong together, and what a reader must know of them."""

    title: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""

    def table(self) -> Table:
        table = Table(*HEADS, title=self.title, caption=self.note, caption_justify="left")
        for line in self.lines:
            table.add_row(*cells(line))
        return table

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Section":
        return cls(kept["title"], [Line(**line) for line in kept["lines"]], kept["note"])


HEADS = ("what", "by", "figure", "a tenth below .. above", "goal", "verdict")


def cells(line: Line) -> tuple[str, ...]:
    spread = "" if line.low is None or line.high is None else f"{number(line.low)} .. {number(line.high)}"
    return line.what, line.by, f"{number(line.value)} {line.unit}", spread, line.wanted, line.verdict


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def line(what: str, by: str, samples: Sequence[float], unit: str, **goal: Any) -> Line:
    """The median of samples, and their spread."""
    tenths = statistics.quantiles(samples, n=10, method="inclusive")
    return Line(what, by, statistics.median(samples), unit, tenths[0], tenths[-1], **goal)


def ratio(what: str, by: str, ours: Sequence[float], theirs: Sequence[float], **goal: Any) -> Line:
    """The ratio of the medians; its spread is that of the pairs."""
    pairs = line(what, by, [one / other for one, other in zip(ours, theirs, strict=True)], "x")
    value = statistics.median(ours) / statistics.median(theirs)
    return Line(what, by, value, "x", pairs.low, pairs.high, **goal)


def in_turns(*ways: Callable[[], object], runs: int = 150, warm: int = 10) -> list[list[float]]:
    """Milliseconds of each way; they alternate, so that a slow moment of the machine meets them all."""
    for _ in range(warm):
        for once in ways:
            once()
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(runs):
        for once, times in zip(ways, took, strict=True):
            started = time.perf_counter()
            once()
            times.append((time.perf_counter() - started) * 1000)
    return took


@contextmanager
def valkey() -> Iterator[RedisServer]:
    """A Valkey of its own, which syncs each write as the embedded one does."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        try:
            yield server
        finally:
            server.kill()
