"""The embedded server: one for all processes of a folder, gone with the last, its data never."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.errors import StorageUnavailable
from tests.services.embedding import OPEN, ROOT, ends, ours, process_id

AND_STAY = "sys.stdin.read()\n"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Another process that opens the folder, says the id of the server and runs `code`."""
    started: list[subprocess.Popen[str]] = []

    def begin(folder: Path, code: str = AND_STAY) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", OPEN + code, str(folder)]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(command, text=True, cwd=ROOT, **pipes))
        return started[-1]

    yield begin
    for process in started:
        process.communicate()


def said(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def leave(process: "subprocess.Popen[str]") -> None:
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")


def test_data_is_there_the_next_time_and_nothing_runs_in_between(tmp_path: Path) -> None:
    with ours(tmp_path) as (_, ask):
        ask("SET", "k", "v")
        first = process_id(ask)
    ends(first)
    with ours(tmp_path) as (_, ask):
        assert ask("GET", "k") == b"v"
        assert process_id(ask) != first


def test_two_processes_share_one_server_and_the_last_one_stops_it(tmp_path: Path, start: Start) -> None:
    other = start(tmp_path)
    server = said(other)
    with ours(tmp_path) as (_, ask):
        assert process_id(ask) == server
        leave(other)
        assert ask("PING")
    ends(server)


def test_many_processes_at_once_get_one_server(tmp_path: Path, start: Start) -> None:
    others = [start(tmp_path) for _ in range(4)]
    servers = {said(other) for other in others}
    assert len(servers) == 1
    for other in others:
        leave(other)
    ends(servers.pop())


def test_processes_that_come_and_go_never_lose_a_write_nor_find_no_server(
    tmp_path: Path, start: Start
) -> None:
    others = [
        start(tmp_path, "run(client.command('INCR', 'n')); client.close(); server.close()") for _ in range(5)
    ]
    for other in others:
        leave(other)
    with ours(tmp_path) as (_, ask):
        assert ask("GET", "n") == b"5"


def test_two_users_in_one_process_share_it_too(tmp_path: Path) -> None:
    with ours(tmp_path) as (first, ask):
        with ours(tmp_path) as (_, ask_too):
            assert process_id(ask_too) == process_id(ask)
        assert ask("PING")
        first.close()
        first.close()
        with pytest.raises(StorageUnavailable):
            ask("PING")


def test_a_process_that_just_ends_leaves_nothing_running(tmp_path: Path, start: Start) -> None:
    other = start(tmp_path, "client.close()")
    server = said(other)
    leave(other)
    ends(server)


def test_it_outlives_a_kill_of_the_process_that_started_it(tmp_path: Path, start: Start) -> None:
    starter = start(tmp_path, "run(client.command('SET', 'k', 'v'))\n" + AND_STAY)
    server = said(starter)
    with ours(tmp_path) as (_, ask):
        while not ask("EXISTS", "k"):
            time.sleep(0.01)
        starter.kill()
        starter.wait()
        assert ask("GET", "k") == b"v"
        assert process_id(ask) == server
    ends(server)


def test_a_server_without_users_is_found_again(tmp_path: Path, start: Start) -> None:
    starter = start(tmp_path)
    server = said(starter)
    starter.kill()
    starter.wait()
    with ours(tmp_path) as (_, ask):
        assert process_id(ask) == server
    ends(server)


def answer_when_back(ask: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 10
    while True:
        try:
            return ask()
        except StorageUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def test_a_killed_server_is_back_for_its_users_with_all_it_acknowledged(tmp_path: Path, start: Start) -> None:
    other = start(tmp_path)
    server = said(other)
    with ours(tmp_path) as (_, ask):
        for n in range(3):
            ask("SET", f"k{n}", n)
            os.kill(server, signal.SIGKILL)
            ends(server)
            kept = answer_when_back(lambda: ask("MGET", "k0", "k1", "k2"))
            assert kept == [b"%d" % m if m <= n else None for m in range(3)]
            server = process_id(ask)
        leave(other)
        assert process_id(ask) == server
    ends(server)


def test_after_a_kill_of_everything_the_data_is_there(tmp_path: Path, start: Start) -> None:
    other = start(tmp_path, "run(client.command('SET', 'k', 'v')); print(1, flush=True)\n" + AND_STAY)
    server = said(other)
    said(other)
    other.kill()
    os.kill(server, signal.SIGKILL)
    ends(server)
    with ours(tmp_path) as (_, ask):
        assert ask("GET", "k") == b"v"
