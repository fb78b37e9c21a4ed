"""A verb and a text, as people give them, as a reply that the graph accepts."""

import json
from typing import Any

from services import JSON

_MAIN_TEXT = {"post_jira_comment": "comment", "send_email": "body", "mark_task_complete": "issue_keys"}


def reply_of(verb: str, text: str | None, action: str) -> Any:
    """`text` edits the main text of the pending draft; a JSON object in it edits the arguments it names."""
    if verb != "edit":
        return {"type": {"respond": "response", "reject": "reject"}.get(verb, verb), "args": text}
    return {"type": "edit", "args": {"action": action, "args": _edited(text or "", action)}}


def _edited(text: str, action: str) -> JSON:
    if text.lstrip().startswith("{"):
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        if isinstance(given, dict):
            return given
    return {_MAIN_TEXT.get(action, "text"): text}
