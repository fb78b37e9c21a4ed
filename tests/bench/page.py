"""The page docs/performance.md and its plots, written from the figures of the last run that was kept."""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.bench.measure import HEADS, Section, cells
from tests.bench.plots import bars, curve

RESULTS = Path(__file__).with_name("results.json")
DOCS = Path(__file__).parents[2] / "docs"
_INTRODUCTION = """# How fast it is, and what it costs

<!-- written by `python -m tests.bench page` from tests/bench/results.json; `make bench` prints the same -->

Measured by `python -m tests.bench --write` on: {machine}.

What is compared was measured in turns. Figures are medians; their spread leaves a tenth out at each end.
"""


def files() -> dict[Path, str]:
    """Each file, and what is to be in it."""
    kept = json.loads(RESULTS.read_text())
    page, found = [_INTRODUCTION.format(machine=kept["machine"])], {}
    for name, sections in kept["sections"].items():
        for section in map(Section.of, sections):
            page.append(f"\n## {section.title}\n")
            for plot, svg in _plots(name, section).items():
                file = f"{name}-{plot.replace(' ', '-')}.svg"
                page.append(f"![{plot}]({file})\n")
                found[DOCS / file] = svg
            page.append(_table(section))
            if section.note:
                page.append(f"\n{section.note}\n")
    return {**found, DOCS / "performance.md": "\n".join(page)}


def _table(section: Section) -> str:
    rows = [HEADS, ("---",) * len(HEADS), *(cells(line) for line in section.lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _plots(name: str, section: Section) -> Mapping[str, str]:
    """By what they show; none for sections that a table tells better."""
    of = defaultdict[str, dict[str, float]](dict)
    for line in section.lines:
        of[line.what][line.by] = line.value
    if name == "routes":
        told = {
            what: {
                "ours": by["ours"],
                "empty nodes in memory": next(v for k, v in by.items() if "empty" in k),
            }
            for what, by in of.items()
        }
        return {"latency by route": bars("One message, whole graph with Redis", "ms", told)}
    if name == "saver":
        told = {
            what: {saver: ms for saver, ms in by.items() if "over" not in saver}
            for what, by in of.items()
            if "clients" not in what
        }
        return {"operations": bars("Checkpoint saver", "ms", told)}
    if name == "profile":
        parts = {what: {"ms": by["finished task"]} for what, by in of.items() if "processor" not in what}
        return {"finished task": bars("A finished task", "ms", parts)}
    if name == "throughput":
        series = {by: [figures[by] for figures in of.values()] for by in ("ideal", "ours")}
        return {"one process": curve("Drafts a second, by how many wait at once", list(of), series)}
    if name == "redis_use":
        commands = {what: {"commands": by["commands"]} for what, by in of.items()}
        sizes = {what: {k: by[k] / 1024 for k in ("on the wire", "kept")} for what, by in of.items()}
        return {
            "commands": bars("Redis, one conversation", "commands", commands),
            "bytes": bars("Redis, one conversation", "kB", sizes),
        }
    if name == "money":
        costs = {what: {"USD": by.get("cost", by.get("total", 0.0))} for what, by in of.items()}
        return {"cost of 1000 messages": bars("1,000 messages", "US dollars", costs)}
    return {}
