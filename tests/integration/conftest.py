"""Real processes: the LangGraph server as `make run` starts it, and the command line as it is installed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers import free_port

ROOT = Path(__file__).parents[2]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """A clean environment: no key, no settings but these."""
    names = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "JIRA_ASSISTANT_DATA_DIR": str(data_dir), "LANGSMITH_TRACING": "false", **more}


@contextmanager
def langgraph_server(folder: Path, **settings: str) -> Iterator[str]:
    """The address of `langgraph dev`, with these settings and no others."""
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--n-jobs-per-worker", "10"],
            cwd=ROOT,
            env=environment(folder / "data", **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{url}/ok", timeout=1).is_success:
                break
        except httpx.HTTPError:
            pass
        assert process.poll() is None, f"the server stopped: {log.read_text()[-3000:]}"
        assert time.monotonic() < deadline, f"the server did not start: {log.read_text()[-3000:]}"
        time.sleep(0.1)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert not (folder / "data/valkey/valkey.sock").exists(), "it did not stop what it had started"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `langgraph dev` on an embedded Valkey of its own, with no key."""
    with langgraph_server(tmp_path_factory.mktemp("server")) as url:
        yield url
