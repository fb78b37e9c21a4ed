"""A small part of `python -m tests.security stored`, in a process of its own: audit hooks stay for good."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_altered_state_is_a_value_or_a_typed_error_and_runs_nothing() -> None:
    command = [sys.executable, "-m", "tests.security.stored", "150"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
