"""`serve` as a process of its own: it starts on nothing doubtful, and what it has begun it ends."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from graph.installation import open_installation
from services.settings import Settings
from services.steps import run
from tests.fake_jira import FakeJira
from tests.integration.conftest import environment
from tests.loopback import Fault, serving
from tests.openai_server import OpenAIServer, Reply
from tests.servers import RedisServer, free_port

COMMAND = str(Path(sys.executable).with_name("jira-assistant"))
CONTEXT = {"user_id": "u1"}
DRAFT = "The button bug on PAY-12 is fixed and was tested on staging."


@contextmanager
def serve(data_dir: Path, workers: int, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A serving process and its address; it is killed where the test does not end it."""
    port = free_port()
    command = [COMMAND, "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment(data_dir, **settings), cwd=data_dir)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None, "it did not start"
            assert time.monotonic() < deadline, "it does not let anybody in"
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("workers", [1, 2])
def test_at_sigterm_nobody_new_is_let_in_and_what_runs_is_ended_first(
    workers: int, openai_server: OpenAIServer, tmp_path: Path
) -> None:
    fake, sending, go_on = FakeJira(cloud=False, tokens={"Bearer tok": "acc-1"}), threading.Event(), 2.0
    fake.world.add("PAY-12")
    openai_server.default = Reply(text=DRAFT)
    with serving(fake) as jira, ThreadPoolExecutor() as clients:
        settings = {
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": openai_server.url,
            "PRIMARY_MODEL": "gpt-4o-mini",
            "JIRA_BASE_URL": jira.url,
            "JIRA_FLAVOUR": "datacenter",
            "JIRA_PERSONAL_ACCESS_TOKEN": "tok",
        }
        with serve(tmp_path, workers, **settings) as (process, url):

            def post(path: str, **body: object) -> httpx.Response:
                return httpx.post(url + path, json=body, timeout=30)

            said = "PAY-12: fixed button bug, tested staging"
            first = post("/chat", message=said, context=CONTEXT).json()
            asked = len(openai_server.requests)
            openai_server.default = Reply(text=DRAFT, wait_s=go_on)

            def slowly() -> None:
                sending.set()
                time.sleep(go_on)

            jira.faults.append(Fault(r"POST .*/comment$", before=slowly))
            drafting = clients.submit(post, "/chat", message=f"{said} again", context=CONTEXT)
            action_id = first["pending_approval"]["action_id"]
            approving = clients.submit(post, f"/approvals/{action_id}", verb="accept", user_id="u1")
            assert sending.wait(20)
            while len(openai_server.requests) == asked:
                time.sleep(0.01)

            process.send_signal(signal.SIGTERM)
            while answers(int(url.rpartition(":")[2])):
                time.sleep(0.01)
            assert not drafting.done()
            assert not approving.done()

            assert approving.result().json()["executed"]
            drafted = drafting.result().json()
            assert drafted["generated_content"] == DRAFT
            assert process.wait(20) == 0
    assert len(fake.world.issues["PAY-12"].comments) == 1
    installation = open_installation(Settings(data_dir=tmp_path))
    try:
        assert run(installation.services.ledger.get(action_id))["status"] == "done"
        waiting = [row["action_id"] for row in run(installation.services.ledger.pending())]
        assert waiting == [drafted["pending_approval"]["action_id"]]
    finally:
        installation.close()


def refusal(data_dir: Path, *arguments: str, **settings: str) -> str:
    """What `serve` said, in one line, instead of starting."""
    ended = subprocess.run(
        [COMMAND, "serve", *arguments],
        env=environment(data_dir, **settings),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


def test_without_sign_in_it_listens_to_this_machine_alone(tmp_path: Path) -> None:
    assert "AUTH_REQUIRED" in refusal(tmp_path, "--host", "0.0.0.0")


def test_a_port_in_use_is_named_before_anything_is_served(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port}" in refusal(tmp_path, "--port", port)


def test_a_redis_that_does_not_answer_is_named_at_start(tmp_path: Path) -> None:
    said = refusal(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert "Redis at redis://127.0.0.1" in said


def test_production_does_not_start_on_a_redis_that_forgets(redis_server: RedisServer, tmp_path: Path) -> None:
    redis_server.configure("maxmemory-policy", "allkeys-lru")
    try:
        said = refusal(tmp_path, ENVIRONMENT="production", REDIS_URL=redis_server.url)
    finally:
        redis_server.configure("maxmemory-policy", "noeviction")
    assert "Set it to noeviction" in said
