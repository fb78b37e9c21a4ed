"""The one way in for people: ask, list what waits, decide. The command line and the pages share it.

Everything is answered in process. What a run gives is a Result in plain JSON, with typed errors turned
into the Result's own `error` fields.
"""

import time
import uuid
from typing import Any

from langgraph.types import Command, StateSnapshot

from graph.installation import Installation
from nodes.carry_out import sweep
from nodes.jira_assistant.parts import waiting as waiting_parts
from nodes.jira_assistant.rights import answered_by, projects_of, why_not
from nodes.jira_assistant.state import Context
from services import JSON, ActionRow
from services.errors import ActionConflict, AssistantError, InputError, NotAllowed
from services.reminders import remind_of
from services.steps import Call, Steps
from web.records import ROWS_READ_AT_MOST, Records, config_of
from web.replies import reply_of
from web.results import as_result, decided_already, failure, is_decision_of, nothing_waits

_CLOCKS_DIFFER_S = 60  # what is late by our clock may not be so by that of Redis


class Desk(Records):
    """Whose desk it is counts for what is said and decided there, too."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self.tidied_at = time.monotonic()

    def ask(self, message: str, context: JSON, thread_id: str | None = None) -> Steps[JSON]:
        """One message. The Result, with `thread_id` to go on with."""
        try:
            if thread_id and self._who:
                yield from self._snapshot(thread_id)
        except AssistantError as error:
            return failure(error, thread_id or "")
        return (yield from self._invoke({"message": message}, context, thread_id or str(uuid.uuid4())))

    def decide(self, thread_id: str, verb: str, text: str | None, context: JSON) -> Steps[JSON]:
        """A decision on what the thread waits for."""
        try:
            snapshot = yield from self._snapshot(thread_id)
        except AssistantError as error:
            return failure(error, thread_id)
        pending = snapshot.values.get("pending_approval")
        if not pending:
            return nothing_waits(snapshot.values, thread_id)
        return (yield from self._answer(snapshot, reply_of(verb, text, pending["action"]), context))

    def decide_action(
        self, action_id: str, verb: str, context: JSON, *, text: str | None = None, args: JSON | None = None
    ) -> Steps[JSON]:
        """A decision on this action and no other; where another came first, an error with that one."""
        thread_id = ""
        try:
            me = self._who.user_id if self._who else context.get("user_id")
            if not me:
                raise InputError("missing_context", "Say who decides: there is no user_id.")
            row = yield from self._row(action_id)
            thread_id = row["thread_id"]
            if row["status"] != "prepared":
                raise decided_already(row)
            snapshot = yield from self._state(thread_id)
            pending = snapshot.values.get("pending_approval")
            asked = pending is not None and pending["action_id"] == action_id
            if not asked and action_id not in waiting_parts(snapshot.values):
                return (yield from self._decide_without_thread(row, verb, text, me))
            reply = reply_of(verb, text, row["action"], args)
            result = yield from self._answer(snapshot, reply, context, None if asked else action_id)
            row = yield from self._ledger.get(action_id)
            if not is_decision_of(row, verb, me):
                raise decided_already(row)
        except AssistantError as error:
            return failure(error, thread_id)
        return result

    def tidy(self) -> Steps[None]:
        """Ends what a stopped process left behind and what nobody decided in time; reminds of the rest."""
        yield from sweep(self._services)
        now = time.time()
        rows = yield from self._ledger.pending(limit=ROWS_READ_AT_MOST)
        for row in rows:
            if row["expires_at"] < now - _CLOCKS_DIFFER_S:
                yield from self._ledger.close(row["action_id"], "expired", "clock", "nobody decided in time")
        if reminders := self._services.reminders:
            after_hours = self._services.settings.remind_after_hours
            yield from remind_of(self._ledger, reminders, rows, after_hours=after_hours, now=now)
        self.tidied_at = time.monotonic()

    def _answer(
        self, snapshot: StateSnapshot, reply: Any, context: JSON, other: str | None = None
    ) -> Steps[JSON]:
        """Resumes by the interrupt's own id, so that no later draft is answered by mistake. `other`: the
        action of another part of the message than the one that is asked about."""
        interrupts, reply = snapshot.interrupts, answered_by(self._who, reply)
        given: Any
        if interrupts and other is None:
            given = Command(resume={interrupts[0].id: reply})
        else:
            reply_to = other or snapshot.values["pending_approval"]["action_id"]
            given = {"reply": reply, "reply_to": reply_to}
        thread_id = snapshot.config["configurable"]["thread_id"]
        return (yield from self._invoke(given, context, thread_id))

    def _decide_without_thread(self, row: ActionRow, verb: str, text: str | None, by: str) -> Steps[JSON]:
        """A thread may be deleted while its draft waits: nobody could carry that out, but it can be ended."""
        if verb != "reject":
            raise ActionConflict(
                f"The conversation that action {row['action_id']} belongs to has ended or moved on, so it "
                "cannot be carried out: reject it, and send the message again if it is still wanted."
            )
        claimed = row["summary"].get("project")
        projects = projects_of(row["args"], claimed)
        if why := why_not(self._services.settings, by, row["user_id"], verb, projects):
            raise NotAllowed(why)
        decision = {"verb": verb, "by": by, "text": text}
        row = yield from self._ledger.decide(row["action_id"], row["digest"], {**decision, "edit_diff": None})
        return {
            "success": True,
            "decision": row["decision"],
            "executed": False,
            "thread_id": row["thread_id"],
        }

    def _invoke(self, given: Any, context: JSON, thread_id: str) -> Steps[JSON]:
        config, speaker = config_of(thread_id, self._who), Context.model_validate(context)
        try:
            output = yield from Call(
                lambda: self._assistant.invoke(given, config, context=speaker),
                lambda: self._assistant.ainvoke(given, config, context=speaker),
            )
        except AssistantError as error:
            return failure(error, thread_id)
        return as_result(output, thread_id)
