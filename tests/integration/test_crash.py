"""Whatever is killed, a paused conversation goes on where it was, in another process."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import environment
from tests.servers import BINARIES, RedisServer

# Says a message or answers, prints the result, then waits to be killed: it never closes anything.
_PROGRAM = """
import json, sys, time
from langgraph.types import Command
from graph import open_assistant

given = json.loads(sys.argv[1])
with open_assistant() as assistant:
    config = {"configurable": {"thread_id": "t-1"}}
    value = Command(resume=given["resume"]) if "resume" in given else given
    out = assistant.invoke(value, config, context={"user_id": "u1"})
    print(json.dumps({key: out[key] for key in ("executed", "generated_content", "error")}), flush=True)
    time.sleep(60)
"""
UPDATE = {"message": "fixed button bug, tested staging"}


def run_and_kill(given: dict[str, Any], data: Path, **more: str) -> dict[str, Any]:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, json.dumps(given)],
        env=environment(data, **more),
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    line = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    result: dict[str, Any] = json.loads(line)
    return result


@pytest.mark.parametrize("kind", sorted(BINARIES))
def test_a_pause_survives_kill_9_of_the_process_and_of_redis(kind: str, tmp_path: Path) -> None:
    binary = BINARIES[kind]
    if binary is None:
        pytest.skip("redis-server is not installed; CI installs it")
    redis = RedisServer(binary, tmp_path).start()
    try:
        paused = run_and_kill(UPDATE, tmp_path / "data", REDIS_URL=redis.url)
        redis.kill()
        redis.start()
        done = run_and_kill({"resume": "yes"}, tmp_path / "data", REDIS_URL=redis.url)
        again = run_and_kill({"resume": "no"}, tmp_path / "data", REDIS_URL=redis.url)
    finally:
        redis.kill()
    assert paused["executed"] is False
    assert done == {"executed": True, "generated_content": paused["generated_content"], "error": None}
    assert again["executed"] is True


def test_a_pause_survives_kill_9_on_the_embedded_server(tmp_path: Path) -> None:
    paused = run_and_kill(UPDATE, tmp_path)
    done = run_and_kill({"resume": "yes"}, tmp_path)
    assert done["executed"] is True
    assert done["generated_content"] == paused["generated_content"]
    subprocess.run(  # whoever leaves last in an orderly way stops the server that the killed ones left
        [sys.executable, "-c", "from graph import open_assistant\nwith open_assistant(): pass"],
        env=environment(tmp_path),
        check=True,
        timeout=30,
    )
