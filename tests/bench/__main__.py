"""Run every measurement, or those named: `python -m tests.bench graph cli`."""

import sys
from importlib import import_module

from rich.console import Console

SECTIONS = ("cli", "graph", "saver", "gateway")


def main() -> None:
    console = Console(width=120)
    for name in sys.argv[1:] or SECTIONS:
        for table in import_module(f"tests.bench.{name}").tables():
            console.print(table)


if __name__ == "__main__":
    main()
