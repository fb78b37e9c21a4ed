"""How results look in a terminal: the draft beside the original, what was checked, what can be done."""

from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from services import JSON, ActionRow
from web.explain import Told
from web.results import TITLES

_STATUS_WORDS = {
    "waits": "its turn comes",
    "pending": "waits for you",
    "done": "done",
    "rejected": "discarded",
    "failed": "failed",
}
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def show(console: Console, result: JSON) -> None:
    """One result, whatever it is."""
    if result.get("superseded"):
        console.print("[yellow]The draft that waited before is withdrawn.[/yellow]")
    if result.get("error"):
        console.print(f"[red]{escape(str(result['error_message']))}[/red]")
    if parts := result.get("parts"):
        console.print(_parts(parts))
    if result.get("pending_approval") and result.get("requires_user_approval"):
        console.print(draft(result))
    elif not result.get("error"):
        console.print(_outcome(result))
    if figures := result.get("figures"):
        console.print(_figures(figures))


def draft(result: JSON) -> RenderableType:
    """Original and draft side by side, then score and findings."""
    pending = result["pending_approval"]
    beside = Table.grid(expand=True, padding=(0, 1))
    beside.add_column(ratio=1)
    beside.add_column(ratio=1)
    title = TITLES.get(pending["action"], pending["action"])
    beside.add_row(
        Panel(Text(result.get("original_input") or ""), title="You said"),
        Panel(Text(result.get("generated_content") or ""), title=title, border_style="green"),
    )
    return Group(beside, *_checks(result), _target(pending))


def _parts(parts: list[JSON]) -> RenderableType:
    """How far a message of several actions has come."""
    table = Table("", "action", "", show_header=False, box=None)
    for number, part in enumerate(parts, 1):
        table.add_row(str(number), Text(part["text"]), Text(_STATUS_WORDS[part["status"]], style="dim"))
    return table


def _checks(result: JSON) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if (score := result.get("quality_score")) is not None:
        lines.append(Text(f"Score {score:.2f}"))
    for finding in (result.get("validation") or {}).get("findings", []):
        said = f"{finding['severity']}: {finding['message']} {finding['fix']}"
        lines.append(Text(said, style=_COLOURS.get(finding["severity"], "")))
    if result.get("approval_reason"):
        lines.append(Text(result["approval_reason"], style="dim"))
    return lines


def _target(pending: JSON) -> Text:
    args = pending["args"]
    where = args.get("issue_key") or args.get("issue_keys") or args.get("to")
    return Text(f"Goes to: {where or 'the caller, no issue named'}", style="dim")


def _outcome(result: JSON) -> RenderableType:
    content = Text(result.get("generated_content") or "")
    decision = result.get("decision") or {}
    if decision.get("verb") == "reject":
        return Text("Discarded. Nothing was posted or sent.", style="yellow")
    if result.get("executed"):
        handed = (result.get("outcome") or {}).get("handed_to") == "caller"
        return Group(
            Text("Approved and handed over:" if handed else "Done:", style="green"),
            Panel(content, border_style="green"),
        )
    return content


def _figures(figures: JSON) -> RenderableType:
    table = Table(title=f"{figures['period']} ({figures['time_zone']})", caption=figures["source"])
    table.add_column("what")
    table.add_column("now", justify="right")
    table.add_column("before", justify="right")
    table.add_column("")
    most = max([*figures["counts"].values(), 1])
    for label, count in figures["counts"].items():
        bar = "█" * round(20 * count / most)
        table.add_row(label, str(count), str(figures["counts_before"][label]), bar)
    return table


def queue(rows: list[ActionRow], now: float) -> RenderableType:
    """What waits, longest first."""
    if not rows:
        return Text("Nothing waits for a decision.")
    table = Table()
    for heading in ("thread", "what", "by", "waits", "draft"):
        table.add_column(heading, overflow="fold" if heading in ("thread", "draft") else "ellipsis")
    for row in rows:
        waits = f"{(now - row['prepared_at']) / 60:.0f} min"
        text = str(row["summary"].get("draft") or "")
        title = TITLES.get(row["action"], row["action"])
        table.add_row(row["thread_id"], title, escape(row["user_id"]), waits, escape(text[:160]))
    return table


def steps(message: list[Told]) -> RenderableType:
    """One message, explained."""
    tree = Tree(Text(message[0]["words"][0], style="bold"))
    for step in message:
        when = f" {datetime.fromtimestamp(step['at'], UTC):%Y-%m-%d %H:%M:%S} UTC" if step["at"] else ""
        took = f" in {step['took_s'] * 1000:.1f} ms" if step["took_s"] is not None else ""
        branch = tree.add(Text.assemble((step["step"], "bold green"), (when + took, "dim")))
        for words in step["words"] if step is not message[0] else step["words"][1:]:
            branch.add(Text(words))
    return tree
