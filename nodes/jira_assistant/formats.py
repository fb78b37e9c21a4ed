"""How a pause is written for the clients that show it; the facts behind each format are theirs.

Agent Inbox reads a list of one and edits flat strings; agent-chat-ui reads langchain's batched schema;
the hybrid serves both at the price of Agent Inbox's ignore button.
"""

from datetime import UTC, datetime
from typing import Any, assert_never

from nodes.jira_assistant.contracts import Finding
from nodes.jira_assistant.state import InterruptFormat, PendingApproval

REPLY_SCHEMA: dict[str, Any] = {
    "title": "Decision",
    "type": "object",
    "properties": {
        "type": {
            "enum": ["accept", "edit", "response", "ignore"],
            "description": "What to do with the draft.",
        },
        "args": {"description": "edit: the action with its edited args; response: what to change."},
    },
    "required": ["type"],
}
"""Given as a dict, which clients draw a form from and nothing enforces: the normaliser takes every shape."""


def payload(pending: PendingApproval, interrupt_format: InterruptFormat) -> Any:
    """The value of the interrupt in the format that the client asked for."""
    description = pending["description"]
    if pending["problem"]:
        description = f"**The last reply could not be used.** {pending['problem']}\n\n{description}"
    inbox = {
        "action_request": {"action": pending["action"], "args": pending["args"]},
        "config": {"allow_ignore": True, "allow_respond": True, "allow_edit": True, "allow_accept": True},
        "description": description,
    }
    request = {"name": pending["action"], "args": pending["args"], "description": description}
    hitl = {
        "action_requests": [request],
        "review_configs": [
            {
                "action_name": pending["action"],
                "allowed_decisions": ["approve", "edit", "reject", "respond"],
            }
        ],
    }
    match interrupt_format:
        case "agent_inbox":
            return [inbox]
        case "hitl":
            return hitl
        case "hybrid":
            return {**inbox, **hitl, "action_requests": [{**request, "arguments": pending["args"]}]}
        case _:
            assert_never(interrupt_format)


def describe(
    original: str,
    draft: str,
    *,
    target: str,
    score: float | None,
    findings: list[Finding],
    notes: list[str],
    expires_at: float,
) -> str:
    """What a reviewer reads, as Markdown: the original, the draft, what was checked, where it goes."""
    expires = datetime.fromtimestamp(expires_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = ["**Original**", "", _quoted(original), "", "**Draft**", "", _quoted(draft), ""]
    if score is not None:
        lines.append(
            f"**Checks**: score {score:.2f}, {len(findings) or 'no'} finding{'s' * (len(findings) != 1)}"
        )
        lines += [f"- {finding['severity']}: {finding['message']} {finding['fix']}" for finding in findings]
    lines += [f"- {note}" for note in notes]
    return "\n".join(
        [*lines, "", f"**Target**: {target}", f"**Expires**: {expires}, never accepted by itself"]
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
