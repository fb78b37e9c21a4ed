"""For tests of the embedded server: users of it in this process and in others."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from services.embedded import EmbeddedServer, open_embedded
from services.redis_client import RedisClient
from services.steps import run

ROOT = Path(__file__).parents[2]
OPEN = """
import sys
from pathlib import Path
from services.embedded import open_embedded
from services.redis_client import RedisClient
from services.steps import run
server = open_embedded(Path(sys.argv[1]))
client = RedisClient(server.url)
print(run(client.command("INFO", "server"))["process_id"], flush=True)
"""
"""Opens the folder that is named on the command line, and says the id of the server."""


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[tuple[EmbeddedServer, Callable[..., Any]]]:
    server = open_embedded(folder)
    client = RedisClient(server.url, timeout_seconds=2)
    try:
        yield server, lambda *command: run(client.command(*command))
    finally:
        client.close()
        server.close()


def process_id(ask: Callable[..., Any]) -> int:
    return int(ask("INFO", "server")["process_id"])


def ends(process: int) -> None:
    """Wait until a process is gone, or is only remembered for a parent that never asks."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
        ).stdout
        if not state.strip() or state.strip().startswith("Z"):
            return
        time.sleep(0.01)
    raise AssertionError(f"process {process} is still there: {state}")
