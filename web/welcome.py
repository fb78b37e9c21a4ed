"""What `make run` says first: where everything is, and one thing to try."""

import sys

from rich.console import Console


def main(port: str) -> None:
    root = f"http://127.0.0.1:{port}"
    Console().print(
        f"""
[bold]Jira assistant[/bold]
  API         {root}  (docs at {root}/docs)
  Studio      https://smith.langchain.com/studio/?baseUrl={root}
  Try it      in another terminal:
              [bold].venv/bin/jira-assistant ask "fixed button bug, tested staging"[/bold]
  Stop        Ctrl-C
""",
        highlight=False,
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "2024")
