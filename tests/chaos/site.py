"""The pages and routes, served by a process of their own on a Redis that may fail."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.integration.conftest import ROOT, environment
from tests.servers import free_port


@contextmanager
def site_on(redis_port: int) -> Iterator[str]:
    """The pages and routes as one process, in a database of its own: it has no receiver, so its sweeper
    would hand the actions of others to nobody."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "web.app:app", "--port", str(port), "--log-level", "warning"]
    with tempfile.TemporaryDirectory() as folder:
        env = environment(
            Path(folder),
            REDIS_URL=f"redis://127.0.0.1:{redis_port}/1",
            MAX_REQUESTS_PER_MINUTE="100000",
            MAX_REQUESTS_PER_HOUR="1000000",
        )
        process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}/approvals"))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False


def wait_until(true: Callable[[], bool], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Not ready after {within_s} s.")
        time.sleep(0.1)
