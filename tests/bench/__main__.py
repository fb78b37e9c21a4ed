"""Run every measurement, or those named: `python -m tests.bench routes cli`.

`--write` keeps the figures in results.json and writes docs/performance.md and its plots from them; `page`
writes those anew without measuring.
"""

import json
import os
import platform
import sys
import time
from importlib import import_module

from rich.console import Console

from tests.bench import page

SECTIONS = ("cli", "routes", "profile", "redis_use", "saver", "throughput", "gateway", "money")


def main() -> None:
    console, machine = Console(width=130), _machine()
    console.print(machine)
    keep = "--write" in sys.argv
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if named != ["page"]:
        found = {}
        for name in named or SECTIONS:
            started = time.monotonic()
            found[name] = list(import_module(f"tests.bench.{name}").sections())
            for section in found[name]:
                console.print(section.table())
            console.print(f"{name} took {time.monotonic() - started:.0f} s\n")
        if keep:
            before = json.loads(page.RESULTS.read_text())["sections"] if page.RESULTS.exists() else {}
            kept = {name: [one.json() for one in sections] for name, sections in found.items()}
            merged = {name: {**before, **kept}[name] for name in SECTIONS if name in {**before, **kept}}
            page.RESULTS.write_text(json.dumps({"machine": machine, "sections": merged}, indent=1) + "\n")
    if keep or named == ["page"]:
        for path, text in page.files().items():
            path.write_text(text)
            console.print(f"wrote {path.relative_to(page.DOCS.parent)}")


def _machine() -> str:
    """What the figures depend on; other work on the machine above all."""
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    state = "quiet" if busy < cores else f"BUSY with other work (load {busy:.0f}): only ratios mean anything"
    return f"{cores} cores, {platform.system()}, Python {platform.python_version()}, {state}"


if __name__ == "__main__":
    main()
