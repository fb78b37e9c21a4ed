"""The end of every run: the answer in words for chat clients, and a bounded history."""

from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, RemoveMessage

from nodes.jira_assistant.parts import as_one
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services.tokens import count_tokens

_FRAME_TOKENS = 4  # what a message takes besides its words


def finish(state: State, run: Run[Context]) -> Update:
    """Adds the closing message and drops the oldest ones beyond `max_history_tokens`."""
    together = as_one(state)
    said = AIMessage(together.get("generated_content") or _closing_words(state))
    update: Update = {
        **together,
        "messages": [*_too_old(state.get("messages") or [], run.services.settings.max_history_tokens), said],
    }
    decision = state.get("decision")
    if state.get("executed") or (decision and decision["verb"] == "reject"):
        update["pending_approval"] = None  # what failed stays, so that accepting again tries again
    return update


def _closing_words(state: State) -> str:
    if state.get("error"):
        return state["error_message"] or ""
    decision = state.get("decision")
    if decision and decision["verb"] == "reject":
        return "Discarded. Nothing was posted or sent."
    if state.get("requires_user_approval"):
        return "The draft waits for approval."
    content = state.get("generated_content") or ""
    if not state.get("executed"):
        return content
    outcome = state.get("outcome") or {}
    handed = outcome.get("handed_to") == "caller"
    return f"{'Approved and handed over' if handed else 'Done'}: {content}"


def _too_old(messages: list[AnyMessage], most: int) -> list[Any]:
    """Removals of the oldest messages, so that what stays has at most `most` tokens."""
    tokens, keep = 0, 0
    for message in reversed(messages):
        tokens += count_tokens(message.text) + _FRAME_TOKENS
        if tokens > most:
            break
        keep += 1
    return [RemoveMessage(id=message.id) for message in messages[: len(messages) - keep] if message.id]
