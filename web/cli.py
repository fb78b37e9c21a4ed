"""The command line. Heavy libraries are imported by the commands that need them, so the rest start fast."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from services.errors import AssistantError
from services.steps import run
from web import serve, upkeep
from web.key_commands import keys

if TYPE_CHECKING:
    from web.desk import Desk

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Say something casual; get a Jira comment, a finished task, an e-mail or real figures, reviewed.",
)
out, err = Console(), Console(stderr=True)

User = Annotated[str, typer.Option("--user", help="Who speaks.", envvar="JIRA_ASSISTANT_USER")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the Result as JSON.")]
EXIT_FAILED, EXIT_USAGE = 1, 2


def main() -> None:
    """The console script: every expected failure is one readable line and exit code 1."""
    try:
        app()
    except AssistantError as error:
        err.print(error.message, style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def ask(
    message: Annotated[str, typer.Argument(help="What you want to say; - reads standard input.")],
    user: User = "me",
    thread: Annotated[str | None, typer.Option("--thread", help="Go on in this thread.")] = None,
    issue: Annotated[str | None, typer.Option("--issue", help="The issue it is about.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send one message. A draft then waits: decide on it with `decide THREAD accept`."""
    said = sys.stdin.read() if message == "-" else message
    context = {"user_id": user, **({"issue_key": issue} if issue else {})}
    with _desk() as desk, _spinner("Working"):
        result = run(desk.ask(said, context, thread))
    _print(result, as_json)
    if not as_json and result.get("requires_user_approval"):
        out.print(
            f"Decide: [bold]jira-assistant decide {result['thread_id']} accept|edit|respond|reject[/bold]"
        )
    if not result["success"]:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def pending(as_json: AsJson = False) -> None:
    """List the drafts that wait for a decision, longest waiting first."""
    with _desk() as desk, _spinner("Reading"):
        rows = run(desk.waiting())
    if as_json:
        _print_json(rows)
        return
    from web.terminal import queue

    out.print(queue(rows, time.time()))


@app.command()
def decide(
    thread: Annotated[str, typer.Argument(help="The thread, as `ask` and `pending` print it.")],
    verb: Annotated[str, typer.Argument(help="accept, edit, respond or reject.")],
    text: Annotated[
        str | None, typer.Option("--text", help="The edited text, the wish, or the reason.")
    ] = None,
    user: User = "me",
    as_json: AsJson = False,
) -> None:
    """Accept, edit, respond to or reject the draft that a thread waits with."""
    if verb not in ("accept", "edit", "respond", "reject"):
        raise typer.BadParameter(f"{verb} is none of accept, edit, respond, reject.")
    if verb in ("edit", "respond") and not text:
        raise typer.BadParameter(f"{verb} needs --text.")
    with _desk() as desk, _spinner("Working"):
        result = run(desk.decide(thread, verb, text, {"user_id": user}))
    _print(result, as_json)
    if not result["success"]:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def chat(user: User = "me", issue: Annotated[str | None, typer.Option("--issue")] = None) -> None:
    """Talk to the assistant; answer drafts with yes, no, or what to change. Ends with Ctrl-D or /quit."""
    context = {"user_id": user, **({"issue_key": issue} if issue else {})}
    thread: str | None = None
    with _desk() as desk:
        out.print("Say what you did or need. [dim]/quit ends.[/dim]")
        while True:
            try:
                said = out.input("[bold]> [/bold]")
            except EOFError:
                return
            if said.strip() in ("/quit", "/exit"):
                return
            with _spinner("Working"):
                result = run(desk.ask(said, context, thread))
            thread = result["thread_id"]
            _print(result, as_json=False)
            if result.get("requires_user_approval"):
                out.print("[dim]yes posts it, no discards it; or say what to change.[/dim]")


@app.command()
def audit(
    days: Annotated[float, typer.Option("--days", help="How far back.")] = 30,
    user: Annotated[str | None, typer.Option("--user", help="Only what this user asked for.")] = None,
) -> None:
    """Export the record of every action: one JSON object a line, with all that became of it."""
    now = time.time()
    with _desk() as desk, _spinner("Reading"):
        record = run(desk.audit(now - days * 86_400, now + 1))
    for row in record:
        if user is None or row["user_id"] == user:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


@app.command()
def route(
    file: Annotated[str, typer.Argument(help="Messages, one a line; - reads standard input.")] = "-",
) -> None:
    """Classify messages offline: one a line in, one JSON object a line out."""
    from nodes.jira_assistant.classify_by_rules import classify
    from nodes.jira_assistant.contracts import route_of
    from nodes.jira_assistant.entities import extract
    from services.settings import load_settings

    threshold = load_settings().confidence_threshold
    for line in sys.stdin if file == "-" else _lines_of(Path(file)):
        text = line.rstrip("\r\n")
        decision = classify(text, threshold=threshold)
        answer = {
            "text": text,
            **decision,
            "route_type": route_of(decision["intent"]),
            "entities": extract(text),
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check the configuration and every dependency for real. Exits 1 when something is wrong."""
    from web.doctor import examine, table

    report = examine()
    if as_json:
        _print_json(report)
    else:
        out.print(table(report))
    if not report["ok"]:
        raise typer.Exit(EXIT_FAILED)


app.command()(serve.serve)
app.command()(upkeep.compare)
app.command()(upkeep.explain)
app.command()(upkeep.usage)
app.add_typer(upkeep.cache, name="cache")
app.add_typer(keys, name="keys")
app.add_typer(upkeep.tone, name="tone")


@contextmanager
def _desk() -> Iterator["Desk"]:
    with _spinner("Starting"):
        from web.desk import Desk

        installation = upkeep.opened()
    try:
        yield Desk(installation)
    finally:
        installation.close()


@contextmanager
def _spinner(label: str) -> Iterator[None]:
    with err.status(label) if err.is_terminal else _nothing():
        yield


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _lines_of(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}.") from error


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(result)
        return
    from web.terminal import show

    show(out, result)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
