"""What `make run` does first: find a free port, say where everything is, and start the server there.

Left to itself the server would silently take another port when the wanted one is in use.
"""

import os
import socket
import sys

from rich.console import Console

from services.errors import ConfigurationError

_TRIED = 50  # ports above the wanted one


def free_port(wanted: int) -> int:
    """`wanted`, or the next port above it that nobody listens on. Raises ConfigurationError."""
    for port in range(wanted, min(wanted + _TRIED, 65_536)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ConfigurationError(f"No port from {wanted} up is free: give another one, make run PORT=...")


def say(port: int) -> None:
    """Where everything is, and one thing to try."""
    root = f"http://127.0.0.1:{port}"
    Console(soft_wrap=True).print(
        f"""
[bold]Jira assistant[/bold]
  Open this   [bold]{root}/app[/bold]
  Try it      say there: [bold]fixed button bug, tested staging[/bold]
  Review      {root}/review
  Figures     {root}/figures
  Operations  {root}/operations
  API         {root}/docs
  Studio      https://smith.langchain.com/studio/?baseUrl={root}
  Terminal    .venv/bin/jira-assistant chat
  Stop        Ctrl-C
""",
        highlight=False,
    )


def main(wanted: str) -> None:
    try:
        port = free_port(int(wanted))
    except ConfigurationError as error:
        sys.exit(error.message)
    if port != int(wanted):
        Console().print(f"[yellow]Port {wanted} is in use, so this is on {port}.[/yellow]")
    say(port)
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--host", "127.0.0.1", "--port", str(port)]
    quiet = {"LOG_LEVEL": "WARNING", **os.environ}
    os.execve(  # noqa: S606 - the server takes this process's place, so that Ctrl-C reaches it
        sys.executable, [*command, "--no-browser", "--no-reload", "--n-jobs-per-worker", "10"], quiet
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "2024")
