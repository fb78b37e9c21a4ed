"""The door: what came in is checked, the last message's leftovers are cleared, and a pending draft is met.

A pending draft lives in the state, so a chat message can answer it. Any other message replaces it
openly: the ledger records that it was superseded, and the result names it.
"""

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from nodes.jira_assistant.asking import NOTHING_SPENT
from nodes.jira_assistant.parts import another, several, waiting
from nodes.jira_assistant.rights import answered_by, only_for_its_people, own_reply
from nodes.jira_assistant.spoken import answers_draft
from nodes.jira_assistant.state import Context, PendingApproval, State, fresh
from nodes.step import Run, Update
from services.errors import InputError, NotAllowed, RateLimited
from services.sensitive import without_secrets
from services.steps import Steps
from services.telemetry import new_request_id
from services.variants import chosen

# All control characters but tab and line ends, and halves of characters, which no encoding can carry.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")


def receive(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `original_input`, or `error`; `reply` when the message answers the pending draft."""
    pending = state.get("pending_approval")
    metadata = {"request_id": new_request_id(), "thread_id": run.thread_id, **NOTHING_SPENT, **_variant(run)}
    if run.caller.session_id:
        metadata["session_id"] = run.caller.session_id
    message, from_chat = _message(state)
    reply = _reply(state, run)
    answers = reply is not None or (isinstance(message, str) and answers_draft(message.strip()))
    other = another(state, state.get("reply_to")) if reply is not None else None
    only_for_its_people(dict(state) | (other or {}), run.identity, answers)
    try:
        if not run.caller.user_id:
            raise InputError("missing_context", "There is no user_id in the context: say who is speaking.")
        if pending and reply is not None:
            if other is None and not _meant(state, pending):
                return _REPLACED
            return {**(other or {}), **_answered(state["reply"])}
        text = _checked(message, run.services.settings.max_input_length)
        if run.services.settings.secrets_in_input == "block" and without_secrets(text) != text:
            raise InputError("secret_in_input", "The message holds a key or a password: send it without.")
        yield from run.services.limits.check(f"{run.caller.tenant or ''}\0{run.actor}")
    except (InputError, RateLimited) as error:
        return {
            **fresh(),
            **_refusal(error, message, pending),
            "author": state.get("author") or run.caller.kept(),
            "metadata": {**metadata, **error.details},
        }
    said = {} if from_chat else {"messages": [HumanMessage(text)]}
    if pending and answers_draft(text):
        return {**said, **_answered(answered_by(run.identity, text))}
    return {
        **fresh(),
        **said,
        "original_input": text,
        "author": run.caller.kept(),
        "metadata": metadata,
        "superseded": (yield from _supersede(state, pending, run)) if pending else None,
        **several(text, run),
    }


def _variant(run: Run[Context]) -> dict[str, str]:
    """The variant that this message is served with, also while others answer its approval."""
    name = chosen(run.services.settings.variants, run.caller.tenant, run.caller.user_id or "")
    return {"variant": name} if name else {}


def _reply(state: State, run: Run[Context]) -> Any:
    """The reply that came with this message; none where somebody else's was left behind."""
    try:
        return own_reply(run.identity, state.get("reply"))
    except NotAllowed:
        return None


def _meant(state: State, pending: PendingApproval) -> bool:
    """Whether the reply is to the draft that waits now; one that names none is."""
    return state.get("reply_to") in (None, pending["action_id"])


_REPLACED: Update = {
    "reply": None,
    "reply_to": None,
    "success": False,
    "error": "invalid_decision",
    "error_message": "The draft that was answered has been replaced: look at the one that waits now.",
}


def _answered(reply: Any) -> Update:
    """The draft stays as it is; its decision comes next."""
    return {
        "reply": reply,
        "reply_to": None,
        "message": "",
        "error": None,
        "error_message": None,
        "success": True,
    }


def _message(state: State) -> tuple[Any, bool]:
    """What the user said, and whether it came as a chat message."""
    if state.get("message"):
        return state["message"], False
    return _last_said(state.get("messages") or []), True


def _last_said(messages: Sequence[AnyMessage]) -> str:
    if not messages or isinstance(messages[-1], AIMessage):
        return ""
    return str(messages[-1].text)


def _checked(message: Any, longest: int) -> str:
    if not isinstance(message, str):
        raise InputError("empty_input", f"The message is a {type(message).__name__}, not text: send text.")
    if len(message) > longest:
        raise InputError(
            "input_too_long",
            f"The message has {len(message)} characters, {longest} are allowed: shorten it, it was not cut.",
        )
    text = _CONTROL.sub(" ", message).strip()
    if not text:
        raise InputError("empty_input", "There is no message: say what you did or what you need.")
    return text


_ACTION_AFTER = {
    "empty_input": "request_input",
    "missing_context": "request_authentication",
    "input_too_long": "show_error_message",
    "secret_in_input": "show_error_message",
    "rate_limited": "show_error_message",
}
_NEW_MESSAGE = "a new message came before a decision"
_SHOWN_OF_REFUSED = 200  # characters of a refused message that the result repeats


def _refusal(error: InputError | RateLimited, message: Any, pending: PendingApproval | None) -> Update:
    """A pending draft waits on; only the message is refused."""
    code = error.input_code if isinstance(error, InputError) else error.code
    return {
        "pending_approval": pending,
        "requires_user_approval": pending is not None,
        "success": False,
        "error": code,
        "error_message": error.message,
        "backend_action": _ACTION_AFTER[code],
        "original_input": without_secrets(message[:_SHOWN_OF_REFUSED]) if isinstance(message, str) else "",
    }


def _supersede(state: State, pending: PendingApproval, run: Run[Context]) -> Steps[str | None]:
    for action_id in waiting(state):
        yield from run.services.ledger.close(action_id, "superseded", run.actor, _NEW_MESSAGE)
    row = yield from run.services.ledger.close(pending["action_id"], "superseded", run.actor, _NEW_MESSAGE)
    return pending["action_id"] if row["status"] == "superseded" else None
