"""A verb and a text, as people give them, as a reply that the graph accepts."""

import json
from typing import Any, Literal

from services import JSON

Verb = Literal["accept", "edit", "respond", "reject"]
_MAIN_TEXT = {"post_jira_comment": "comment", "send_email": "body", "mark_task_complete": "issue_keys"}


def reply_of(verb: str, text: str | None, action: str, args: JSON | None = None) -> Any:
    """An edit is given as `args`, or as `text`: the main text of the draft, or a JSON object of arguments."""
    if verb != "edit":
        return {"type": {"respond": "response", "reject": "reject"}.get(verb, verb), "args": text}
    edited = _edited(text or "", action) if args is None else args
    return {"type": "edit", "args": {"action": action, "args": edited}}


def _edited(text: str, action: str) -> JSON:
    if text.lstrip().startswith("{"):
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        if isinstance(given, dict):
            return given
    return {_MAIN_TEXT.get(action, "text"): text}
