"""Print how good the parts are: `make eval`, or those named: `python -m tests.evals routing`."""

import sys
from importlib import import_module

SECTIONS = ("routing", "sensitive", "compression", "semantic")


def main() -> None:
    for name in sys.argv[1:] or SECTIONS:
        import_module(f"tests.evals.{name}").main()


if __name__ == "__main__":
    main()
