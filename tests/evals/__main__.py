"""Print how good the parts are: `make eval`, or those named: `python -m tests.evals routing`.

What became worse than in `results.json`, as it is committed, or breaks a promise, ends it with 1. `--write`
takes the figures of this run for the committed ones. `--model` runs the sets on the real model instead.
"""

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from services.errors import ConfigurationError
from tests.evals import figures, model
from tests.evals.pairwise import PLAIN

SECTIONS = (
    "routing",
    "parts",
    "thresholds",
    "drafting",
    "pairwise",
    "validation",
    "entities",
    "sensitive",
    "compression",
    "semantic",
    "learning",
)
EXPERIMENTS = ("local_stage",)  # run by name alone


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--write", action="store_true", help="commit to the figures of this run")
    parser.add_argument("--model", action="store_true", help="the sets on the model of the environment")
    parser.add_argument("--against", type=Path, default=PLAIN, help="prompt files to compare with --model")
    parser.add_argument("--most", type=int, help="of each set only so many messages, with --model")
    asked = parser.parse_args()
    if asked.model:
        return _on_model(asked)
    if unknown := set(asked.sections) - {*SECTIONS, *EXPERIMENTS}:
        parser.error(f"there is no section {', '.join(sorted(unknown))}, only: {', '.join(SECTIONS)}")
    measured: list[figures.Figure] = []
    for name in asked.sections or SECTIONS:
        began = time.monotonic()
        sys.stdout.write(f"== {name}\n")
        measured += import_module(f"tests.evals.{name}").main()
        sys.stdout.write(f"({time.monotonic() - began:.0f} s)\n\n")
    committed = figures.load()
    fine = figures.report(measured, committed, complete=not asked.sections)
    if asked.write:
        figures.write(measured, {} if not asked.sections else committed)
        return 0
    if not fine:
        sys.stdout.write("\nWorse than committed. Mend it, or say why it may be so and run with --write.\n")
    return 0 if fine else 1


def _on_model(asked: argparse.Namespace) -> int:
    try:
        measured = list(model.figures(asked.against, asked.most))
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    committed = figures.load(model.MODEL_RESULTS)
    if asked.write:
        figures.write(measured, {}, model.MODEL_RESULTS)
    return 0 if figures.report(measured, committed, complete=False, noisy=True) else 1


if __name__ == "__main__":
    sys.exit(main())
