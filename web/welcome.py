"""What `make run` says first: where everything is, and one thing to try."""

import sys

from rich.console import Console


def main(port: str) -> None:
    root = f"http://127.0.0.1:{port}"
    Console(soft_wrap=True).print(
        f"""
[bold]Jira assistant[/bold]
  Open this   [bold]{root}/app[/bold]
  Try it      say there: [bold]fixed button bug, tested staging[/bold]
  Review      {root}/review
  Figures     {root}/figures
  API         {root}/docs
  Studio      https://smith.langchain.com/studio/?baseUrl={root}
  Terminal    .venv/bin/jira-assistant chat
  Stop        Ctrl-C
""",
        highlight=False,
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "2024")
