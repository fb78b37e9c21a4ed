"""R9: our own tests against seeded bugs. Each is one change of text in a copy of the code; one that no test
notices is a missing test, and one whose text is not there any more is an error.

Left out are LangGraph's conformance suite, which nine deliberately broken savers passed, and the random
histories of test_checkpoint_model, so that what is noticed is noticed each time.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from os import environ
from pathlib import Path
from queue import SimpleQueue

from services import JSON

ROOT = Path(__file__).parents[2]
_COPIED = ("graph", "nodes", "prompts", "services", "tests", "web", "pyproject.toml")
_CHECKPOINT = ("", "_faults", "_lifetime", "_safety", "_places", "_listing", "_graph")
_TESTS = {
    "services/checkpoint": [f"tests/services/test_checkpoint{part}.py" for part in _CHECKPOINT],
    "services/redis_client": ["tests/services/test_redis_client.py", "tests/services/test_redis_silence.py"],
    "services/ledger": ["tests/services/test_ledger.py", "tests/nodes/test_carry_out.py"],
    "nodes/carry_out": ["tests/nodes/test_carry_out.py"],
    "services/limits": ["tests/services/test_limits.py"],
    "services/costs": ["tests/services/test_costs.py", "tests/services/test_budget.py"],
    "services/breaker": ["tests/services/test_breaker.py"],
    "services/cache": ["tests/services/test_cache.py"],
}
_MINUTES_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug: `text` of `file` becomes `instead`. `danger` says what a user would meet."""

    name: str
    danger: str
    file: str
    text: str
    instead: str

    @property
    def tests(self) -> list[str]:
        return next(tests for start, tests in _TESTS.items() if self.file.startswith(start))

    def source(self) -> str:
        return (ROOT / self.file).read_text()

    def changed(self) -> str:
        """The file with the bug in it; raises ValueError where the text is not there, or not once."""
        if (times := self.source().count(self.text)) != 1:
            raise ValueError(f"{self.file} has the text of the bug {self.name!r} {times} times, not once")
        return self.source().replace(self.text, self.instead)


def mutants() -> list[Mutant]:
    """Every seeded bug there is."""
    modules = [import_module(f"tests.chaos.mutants_{name}") for name in ("saver", "actions", "bounds")]
    return [mutant for module in modules for mutant in module.MUTANTS]


def mutation(seeded: Sequence[Mutant], *, at_once: int = 2, without: bool = True) -> Iterator[JSON]:
    """R9. One row a bug, with the first test that failed. Raises ValueError where the text of one is gone;
    `without`, RuntimeError where a test fails with no bug at all."""
    for mutant in seeded:
        mutant.changed()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(at_once):
            copies.put(_copy(Path(folder) / str(number)))
        sound = [tests for tests in _TESTS.values() if any(mutant.tests == tests for mutant in seeded)]
        for row in pool.map(partial(_in_a_copy, copies, None), sound if without else []):
            if row["killed by"]:
                raise RuntimeError(f"A test fails without any bug: {row['killed by']}")
        yield from pool.map(lambda mutant: _in_a_copy(copies, mutant, mutant.tests), seeded)


def _copy(target: Path) -> Path:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    return target


def _in_a_copy(copies: "SimpleQueue[Path]", mutant: Mutant | None, tests: list[str]) -> JSON:
    copy = copies.get()
    started = time.monotonic()
    try:
        with _seeded(copy, mutant):
            killed, killer = _first_failure(copy, tests)
    finally:
        copies.put(copy)
    return {
        "bug": mutant.name if mutant else "none",
        "danger": mutant.danger if mutant else "",
        "killed by": killer,
        "survived": not killed,
        "seconds": round(time.monotonic() - started, 1),
    }


@contextmanager
def _seeded(copy: Path, mutant: Mutant | None) -> Iterator[None]:
    if mutant is None:
        yield
        return
    (copy / mutant.file).write_text(mutant.changed())
    try:
        yield
    finally:
        shutil.copy(ROOT / mutant.file, copy / mutant.file)


def _first_failure(copy: Path, tests: list[str]) -> tuple[bool, str]:
    """Whether a test failed, and which. On Valkey alone: one server of the two is enough to notice."""
    command = [sys.executable, "-m", "pytest", "-x", "-rfE", "-p", "no:cacheprovider", "-k", "not [redis"]
    told = subprocess.run(
        [*command, *tests],
        cwd=copy,
        env={**environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=_MINUTES_AT_MOST * 60,
    )
    failed = re.search(r"^(?:FAILED|ERROR) \S+/(\S+?\.py::\w+)", told.stdout, re.MULTILINE)
    if told.returncode == 1 and failed is not None:
        return True, failed[1]
    return False, "" if told.returncode == 0 else f"pytest ended with {told.returncode}: {told.stdout[-500:]}"
