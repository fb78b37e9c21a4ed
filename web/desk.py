"""The one way in for people: ask, list what waits, decide. The command line and the pages share it.

Everything is answered in process, as a Result in plain JSON, with typed errors turned into the Result's
own `error` fields, so that no caller ever sees a traceback.
"""

import uuid
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, StateSnapshot

from graph.server import Assistant, Installation
from services import JSON, ActionRow
from services.errors import AssistantError
from services.steps import Call, Steps
from web.replies import reply_of


class Desk:
    """`installation` stays the caller's to close."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._assistant: Assistant = installation.compiled(with_saver=True)

    def ask(self, message: str, context: JSON, thread_id: str | None = None) -> Steps[JSON]:
        """One message. The Result, with `thread_id` to go on with."""
        return (yield from self._invoke({"message": message}, context, thread_id or str(uuid.uuid4())))

    def decide(self, thread_id: str, verb: str, text: str | None, context: JSON) -> Steps[JSON]:
        """A decision on what the thread waits for; its interrupt is named, so no later one is answered."""
        try:
            snapshot = yield from self._snapshot(thread_id)
        except AssistantError as error:
            return failure(error, thread_id)
        pending = snapshot.values.get("pending_approval")
        if not pending:
            return _nothing_waits(snapshot, thread_id)
        reply = reply_of(verb, text, pending["action"])
        interrupts = snapshot.interrupts
        answer: Any = Command(resume={interrupts[0].id: reply}) if interrupts else {"reply": reply}
        return (yield from self._invoke(answer, context, thread_id))

    def waiting(self) -> Steps[list[ActionRow]]:
        """What waits for a decision, longest first. Raises StorageError."""
        return (yield from self._installation.services.ledger.pending())

    def _invoke(self, given: Any, context: JSON, thread_id: str) -> Steps[JSON]:
        config = _config(thread_id)
        try:
            output = yield from Call(
                lambda: self._assistant.invoke(given, config, context=context),  # type: ignore[arg-type]
                lambda: self._assistant.ainvoke(given, config, context=context),  # type: ignore[arg-type]
            )
        except AssistantError as error:
            return failure(error, thread_id)
        return as_result(output, thread_id)

    def _snapshot(self, thread_id: str) -> Steps[StateSnapshot]:
        config = _config(thread_id)
        return (
            yield from Call(
                lambda: self._assistant.get_state(config), lambda: self._assistant.aget_state(config)
            )
        )


def as_result(output: JSON, thread_id: str) -> JSON:
    """The Result of a run in plain JSON: without the chat, with the thread it is in."""
    result = {key: value for key, value in output.items() if key not in ("messages", "__interrupt__")}
    return {**result, "thread_id": thread_id}


def failure(error: AssistantError, thread_id: str) -> JSON:
    """What could not even be recorded, as a Result."""
    return {
        "success": False,
        "error": error.code,
        "error_message": error.message,
        "backend_action": "show_error_message",
        **error.details,
        "thread_id": thread_id,
    }


def _nothing_waits(snapshot: StateSnapshot, thread_id: str) -> JSON:
    known = bool(snapshot.values)
    why = "was decided already" if known else "is not known here"
    return {
        "success": False,
        "error": "invalid_decision",
        "error_message": f"Thread {thread_id} {why}: nothing waits there. List what waits with pending.",
        "backend_action": "show_error_message",
        "decision": snapshot.values.get("decision"),
        "executed": bool(snapshot.values.get("executed")),
        "thread_id": thread_id,
    }


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}
