"""The one way in for people: ask, list what waits, decide. The command line and the pages share it.

Everything is answered in process. What a run gives is a Result in plain JSON, with typed errors turned
into the Result's own `error` fields; what only reads raises them.
"""

import copy
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, StateSnapshot

from graph.server import Assistant, Installation
from nodes.carry_out import sweep
from nodes.jira_assistant.parts import waiting as waiting_parts
from nodes.jira_assistant.report_productivity import figures_of
from nodes.jira_assistant.rights import answered_by, owner_of, projects_of, why_not
from nodes.jira_assistant.state import Context
from services import JSON, ActionRow
from services.errors import ActionConflict, ActionNotFound, AssistantError, InputError, NotAllowed
from services.identity import Identity
from services.reminders import remind_of
from services.sensitive import quoted
from services.steps import Call, Steps
from web.explain import Told, action_ids, explained, messages_of
from web.replies import reply_of
from web.results import as_result, decided_already, facets, failure, is_decision_of, nothing_waits

_ACTION_ID = re.compile(r"[0-9a-f]{32}")
_CLOCKS_DIFFER_S = 60  # what is late by our clock may not be so by that of Redis
_ROWS_READ_AT_MOST = 1000
_STATES_READ_AT_MOST = 500


class Desk:
    """`installation` stays the caller's to close. Whose desk it is counts for all that it is asked: what is
    not theirs to see is not there. A desk of nobody is that of this machine's own users, who see all."""

    def __init__(self, installation: Installation) -> None:
        self._who: Identity | None = None
        self._services = installation.services
        self._ledger = installation.services.ledger
        self._assistant: Assistant = installation.compiled(with_saver=True)
        self.tidied_at = time.monotonic()

    def of(self, identity: Identity) -> "Desk":
        """The same desk, for who is signed in."""
        theirs = copy.copy(self)
        theirs._who = identity if identity.signed_in else None
        return theirs

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

    def waiting(self, **filters: str) -> Steps[list[ActionRow]]:
        """What waits for a decision, longest first; `project`, `user`, `action` narrow it. StorageError."""
        wanted = {name: value for name, value in filters.items() if value}.items()
        now = time.time()
        rows = yield from self._ledger.pending(limit=_ROWS_READ_AT_MOST)
        return [
            row
            for row in rows
            if row["expires_at"] > now and wanted <= facets(row).items() and self._may_see(row)
        ]

    def action(self, action_id: str) -> Steps[tuple[ActionRow, list[JSON]]]:
        """One action and all that became of it, oldest first. Raises ActionNotFound, StorageError."""
        row = yield from self._row(action_id)
        return row, (yield from self._ledger.history(action_id))

    def conversation(self, thread_id: str) -> Steps[JSON]:
        """`turns`, oldest first: `said` by a person, `answered`, or the `action` that a draft became, the
        last one with `figures` where it has some; and what it is `about`, as its author said last."""
        snapshot = yield from self._snapshot(thread_id)
        turns: list[JSON] = []
        for message in snapshot.values.get("messages", []):
            turn = yield from self._turn(message)
            if not (turns and "answered" in turn and _is_done(turns[-1])):  # closing words repeat the draft
                turns.append(turn)
        if turns and (figures := snapshot.values.get("figures")):
            turns[-1]["figures"] = figures
        return {"turns": turns, "about": snapshot.values.get("author") or {}}

    def explained(self, thread_id: str) -> Steps[list[list[Told]]]:
        """Each message of a thread step by step, oldest first. Raises StorageError; ActionNotFound also for a
        thread that is not theirs to see."""
        yield from self._snapshot(thread_id)
        config = _config(thread_id, None)
        kept = yield from Call(
            lambda: list(self._assistant.get_state_history(config, limit=_STATES_READ_AT_MOST)),
            lambda: _listed(self._assistant.aget_state_history(config, limit=_STATES_READ_AT_MOST)),
        )
        if not kept:
            raise ActionNotFound(f"Thread {thread_id} is not known here: look at its id, `ask` prints it.")
        messages: list[list[Told]] = []
        for state, at in messages_of((snapshot.values, snapshot.created_at) for snapshot in reversed(kept)):
            actions: dict[str, tuple[ActionRow, list[JSON]]] = {}
            for action_id in action_ids(state, thread_id):
                with suppress(ActionNotFound):
                    actions[action_id] = yield from self.action(action_id)
            messages.append(explained(state, at, actions))
        return messages

    def audit(self, since: float, until: float) -> Steps[list[JSON]]:
        """Every action prepared in [since, until) that is theirs to see, with its history, oldest first."""
        rows = yield from self._ledger.all(since, until)
        record: list[JSON] = []
        for row in filter(self._may_see, rows):
            record.append({**row, "history": (yield from self._ledger.history(row["action_id"]))})
        return record

    def figures(self, user: str, asked: str, time_zone: str, tenant: str = "") -> Steps[JSON]:
        """The user's figures for the period that `asked` names: of others, for operators of their tenant."""
        if self._who:
            tenant = self._who.tenant
            if user != self._who.user_id and "operator" not in self._who.roles:
                raise NotAllowed("Figures of others are for operators: ask for your own.")
        return (yield from figures_of(self._services, tenant, user, asked, time_zone))

    def tidy(self) -> Steps[None]:
        """Ends what a stopped process left behind and what nobody decided in time; reminds of the rest."""
        yield from sweep(self._services)
        now = time.time()
        rows = yield from self._ledger.pending(limit=_ROWS_READ_AT_MOST)
        for row in rows:
            if row["expires_at"] < now - _CLOCKS_DIFFER_S:
                yield from self._ledger.close(row["action_id"], "expired", "clock", "nobody decided in time")
        if reminders := self._services.reminders:
            after_hours = self._services.settings.remind_after_hours
            yield from remind_of(self._ledger, reminders, rows, after_hours=after_hours, now=now)
        self.tidied_at = time.monotonic()

    def _turn(self, message: AnyMessage) -> Steps[JSON]:
        if isinstance(message, HumanMessage):
            return {"said": message.text}
        if message.id and _ACTION_ID.fullmatch(message.id):  # a draft's message is named after its action
            with suppress(ActionNotFound):
                return {"action": (yield from self._row(message.id))}
        return {"answered": message.text}

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
        config, speaker = _config(thread_id, self._who), Context.model_validate(context)
        try:
            output = yield from Call(
                lambda: self._assistant.invoke(given, config, context=speaker),
                lambda: self._assistant.ainvoke(given, config, context=speaker),
            )
        except AssistantError as error:
            return failure(error, thread_id)
        return as_result(output, thread_id)

    def _row(self, action_id: str) -> Steps[ActionRow]:
        """Raises ActionNotFound, also for what is not theirs to see."""
        row = yield from self._ledger.get(action_id)
        if not self._may_see(row):
            named = quoted(action_id, 64)
            raise ActionNotFound(f"There is no action {named}: it was never prepared here. Check the id.")
        return row

    def _may_see(self, row: ActionRow) -> bool:
        projects = projects_of(row["args"], row["summary"].get("project"))
        return self._who is None or self._who.may_see(row["tenant"], row["user_id"], projects)

    def _snapshot(self, thread_id: str) -> Steps[StateSnapshot]:
        """Raises ActionNotFound for a conversation that is not theirs to see. One is seen as a whole, so who
        reviews some projects only sees its drafts alone."""
        snapshot = yield from self._state(thread_id)
        owner = owner_of(snapshot.values)
        if self._who and snapshot.values and not (owner and self._who.may_see(*owner, projects=())):
            raise ActionNotFound(f"There is no conversation {thread_id} here: check the address.")
        return snapshot

    def _state(self, thread_id: str) -> Steps[StateSnapshot]:
        config = _config(thread_id, None)
        return (
            yield from Call(
                lambda: self._assistant.get_state(config), lambda: self._assistant.aget_state(config)
            )
        )


def _config(thread_id: str, who: Identity | None) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "langgraph_auth_user": who.as_user() if who else None}}


async def _listed(snapshots: AsyncIterator[StateSnapshot]) -> list[StateSnapshot]:
    return [snapshot async for snapshot in snapshots]


def _is_done(turn: JSON) -> bool:
    return "action" in turn and turn["action"]["status"] == "done"
