"""`serve`: the pages and routes on plain processes, as many as wanted, all on one Redis.

Everything is checked before anybody can connect. A SIGTERM lets nobody in any more, and what runs ends
first: a request takes no longer than an action may take to be sent, so no longer is waited.
"""

import math
import signal
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.errors import ConfigurationError
from services.settings import LOOPBACK, Settings
from services.steps import run
from web.upkeep import installed

if TYPE_CHECKING:
    from uvicorn import Config

_WORKER_SILENT_S = 60  # then it hangs, and another takes its place; a start on a busy machine takes 10
err = Console(stderr=True)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0: any free one.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes.")] = 1,
) -> None:
    """Serve the pages and routes, without the LangGraph server, until SIGTERM or Ctrl-C."""
    settings = check(host)
    with _bound(host, port) as listening:
        where = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        err.print(f"Jira assistant on {where}/app, {workers} process(es).", highlight=False, soft_wrap=True)
        _serve(_config(workers, math.ceil(settings.action_lease_seconds)), listening)


def check(host: str) -> Settings:
    """The settings, once everything that they name can be opened; what is doubtful is printed.

    Raises ConfigurationError and StorageUnavailable.
    """
    from services.redis_check import check_server

    with installed() as installation:
        settings = installation.settings
        if host not in LOOPBACK and not settings.sign_in_required:
            raise ConfigurationError(
                f"Anybody who reaches {host} could speak and approve in any name: set AUTH_REQUIRED=true, or "
                "ENVIRONMENT to staging or production, or listen on 127.0.0.1."
            )
        unsafe, notes = run(check_server(installation.redis))
    if unsafe and settings.environment == "production":
        raise ConfigurationError(f"Production does not start on a Redis that forgets: {' '.join(unsafe)}")
    for warning in (*unsafe, *notes):
        err.print(f"Warning: {warning}", markup=False, highlight=False, soft_wrap=True)
    return settings


def _bound(host: str, port: int) -> socket.socket:
    """Not listening yet: nobody is let in before the first worker is up."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"Port {port} on {host} cannot be had: {error.strerror or error}. Give another one with --port."
        ) from error
    return listening


def _config(workers: int, drain_s: int) -> "Config":
    try:
        import uvicorn

        import web.app  # noqa: F401 - what is missing is better said here than by each worker
    except ImportError as error:
        raise ConfigurationError(
            f"`serve` needs more than is installed ({error.name}): pip install 'jira-assistant[web]'"
        ) from error
    return uvicorn.Config(
        "web.app:app",
        workers=workers,
        lifespan="on",
        log_level="warning",
        timeout_graceful_shutdown=drain_s,
        timeout_worker_healthcheck=_WORKER_SILENT_S,
    )


def _serve(config: "Config", listening: socket.socket) -> None:
    """Until a signal ends it; then, or where it did not come up, exits with the code for that."""
    from uvicorn import Server
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    class Workers(Multiprocess):
        def terminate_all(self) -> None:
            listening.close()  # the workers close theirs; while one is open, the kernel lets callers in
            super().terminate_all()

    if config.workers > 1:
        workers = Workers(config, sockets=[listening])
        workers.run()
        sys.exit(int(any(process.exitcode == STARTUP_FAILURE for process in workers.processes)))
    server = Server(config)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the server raises it again once it has ended
    server.run(sockets=[listening])
    sys.exit(int(not server.started))
