"""Commands for whoever runs the assistant rather than talks to it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.steps import run

if TYPE_CHECKING:
    from graph.installation import Installation

out = Console()
cache = typer.Typer(no_args_is_help=True, help="What is kept so that no model is asked twice.")


tone = typer.Typer(no_args_is_help=True, help="What drafts learn from edits, with LEARN_FROM_EDITS.")
OfUser = Annotated[str, typer.Option("--user", help="Whose.")]
OfTenant = Annotated[str | None, typer.Option("--tenant", help="The organisation of that user.")]


@cache.command()
def clear(user: OfUser, tenant: OfTenant = None) -> None:
    """Forget all that is cached for one user. Threads, approvals and records stay."""
    from services.cache import RedisCache

    with installed() as installation:
        dropped = run(RedisCache(installation.redis).forget(tenant, user))
    out.print(f"Forgotten: {dropped} cached results of {user}.", markup=False, highlight=False)


@tone.command("list")
def list_examples(user: OfUser, tenant: OfTenant = None) -> None:
    """The edits kept as examples of how this user wants to sound, as JSON, the newest first."""
    from web.records import Records

    with installed() as installation:
        kept = run(Records(installation).edits(user, tenant or ""))
    sys.stdout.write(json.dumps(kept, ensure_ascii=False, indent=2) + "\n")


@tone.command("clear")
def clear_examples(
    user: OfUser,
    tenant: OfTenant = None,
    action_id: Annotated[str | None, typer.Option("--action", help="Only the edit of this action.")] = None,
) -> None:
    """Forget those examples; drafts sound again as for everybody."""
    from web.records import Records

    with installed() as installation:
        gone = run(Records(installation).forget_edits(user, tenant or "", action_id))
    out.print(f"Forgotten: {gone} edits of drafts for {user}.", markup=False, highlight=False)


def compare(
    file: Annotated[typer.FileText, typer.Argument(help="Messages, one a line; - reads standard input.")],
    variant: Annotated[str, typer.Option("--variant", help="One of VARIANTS.")],
    user: Annotated[str, typer.Option("--user", help="Whose budget it is spent from.")] = "me",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Draft each message as now and with a variant; nothing is proposed, kept or sent. Asks the models."""
    from web import compare as side_by_side

    messages = [line.strip() for line in file if line.strip()]
    with installed() as installation:
        report = side_by_side.compare(installation.services, variant, messages, user)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        out.print(side_by_side.table(report))


def explain(
    thread: Annotated[str, typer.Argument(help="The thread, as `ask` and `pending` print it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the steps as JSON.")] = False,
) -> None:
    """Tell why a thread went as it did, step by step: route, draft, cost, cache, approval, receiver."""
    from web.desk import Desk
    from web.terminal import steps

    with installed() as installation:
        messages = run(Desk(installation).explained(thread))
    if as_json:
        sys.stdout.write(json.dumps(messages, ensure_ascii=False, indent=2) + "\n")
    else:
        out.print(*(steps(message) for message in messages), sep="\n")


def usage(
    by: Annotated[str, typer.Option("--by", help="user, tenant, graph, purpose, model, day.")] = "day,model",
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="Today and the days before.")] = 30,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of JSON.")] = False,
) -> None:
    """What models were asked and what it cost, summed up, dearest first."""
    from services import usage as books

    with installed() as installation:
        last = datetime.now(UTC).date()
        report = books.Usage(installation.redis, installation.models.costs)
        lines = run(report.by(by.split(","), last - timedelta(days=days - 1), last))
    sys.stdout.write(books.as_csv(lines) if as_csv else json.dumps(lines, indent=2) + "\n")


def opened() -> "Installation":
    """What the settings name, open; imported here because it takes most of a command's start."""
    from graph.installation import open_installation
    from services.logs import set_up_logs
    from services.settings import load_settings
    from services.telemetry import export_spans

    settings = load_settings()
    set_up_logs(settings, level="WARNING")
    export_spans()
    return open_installation(settings)


@contextmanager
def installed() -> Iterator["Installation"]:
    installation = opened()
    try:
        yield installation
    finally:
        installation.close()
