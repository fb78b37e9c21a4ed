"""Commands for API keys: who may come in, with which rights."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from services.access_keys import AccessKey
from services.identity import ROLES
from services.steps import run
from web.upkeep import installed

out, err = Console(), Console(stderr=True)
keys = typer.Typer(no_args_is_help=True, help="API keys: who may come in, with which rights.")


@keys.command()
def add(
    user: Annotated[str, typer.Option("--user", help="Who it is for; their decisions carry this name.")],
    tenant: Annotated[str, typer.Option("--tenant", help="Their organisation.")] = "",
    role: Annotated[
        list[str] | None, typer.Option("--role", help="reviewer, operator, or both; everybody is a user.")
    ] = None,
    project: Annotated[
        list[str] | None, typer.Option("--project", help="Only these Jira projects are theirs to review.")
    ] = None,
    days: Annotated[float | None, typer.Option("--days", min=0.01, help="How long it is good.")] = None,
) -> None:
    """Make a key and print it, once: hand it over safely. Nobody can read it again."""
    if unknown := set(role or []).difference(ROLES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: the roles are {', '.join(ROLES)}.")
    roles = [known for known in ROLES if known in (role or [])]
    with installed() as installation:
        key, secret = run(installation.keys.add(user, tenant, roles, project or None, days))
    sys.stdout.write(f"{secret}\n")
    err.print(f"The key {key.id} of {user} is shown only now.", markup=False, highlight=False)


@keys.command("list")
def show(as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """List all keys that were ever made, without their secrets."""
    with installed() as installation:
        known = run(installation.keys.all())
    now = datetime.now(UTC).timestamp()
    rows = [_row(key, now) for key in known]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    table = Table(
        Column("Key", no_wrap=True), "User", "Tenant", "Roles", "Projects", "Made", "Good until", "State"
    )
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    out.print(table)


@keys.command()
def revoke(id: Annotated[str, typer.Argument(help="As `keys list` prints it.")]) -> None:
    """Refuse a key, and every browser that signed in with it, from the next request on."""
    with installed() as installation:
        run(installation.keys.revoke(id))
    out.print(f"Revoked: {id}.", markup=False, highlight=False)


def _row(key: AccessKey, now: float) -> dict[str, str | None]:
    who = key.identity
    return {
        "id": key.id,
        "user": who.user_id,
        "tenant": who.tenant,
        "roles": " ".join(sorted(who.roles)),
        "projects": "all" if who.projects is None else " ".join(sorted(who.projects)),
        "created": _day(key.created),
        "expires": _day(key.expires),
        "state": "good" if key.usable(now) else "revoked" if key.revoked else "expired",
    }


def _day(at: float | None) -> str | None:
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
