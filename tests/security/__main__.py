"""Attack the assistant in each promised way and print what came of it: `make security`, or those named:
`python -m tests.security injection`. A section is a module here whose `main()` prints its table and returns
whether its goal holds; a small part of each also runs with `make test`.
"""

import sys
from importlib import import_module

SECTIONS: tuple[str, ...] = (
    "stored",
    "injection",
    "bypass",
    "tenants",
    "planted",
    "redos",
    "requests",
    "scripts",
)


def main() -> None:
    held = [import_module(f"tests.security.{name}").main() for name in sys.argv[1:] or SECTIONS]
    sys.exit(0 if all(held) else "A goal does not hold: see above.")


if __name__ == "__main__":
    main()
