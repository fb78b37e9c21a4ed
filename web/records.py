"""What there is to see: what waits, conversations, the record, figures. Whoever looks sees what is theirs.

What only reads raises typed errors.
"""

import copy
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.store.base import PutOp, SearchItem
from langgraph.types import StateSnapshot

from graph.installation import Assistant, Installation
from nodes.jira_assistant.report_productivity import figures_of
from nodes.jira_assistant.rights import owner_of, projects_of
from nodes.jira_assistant.tone import namespace
from services import JSON, ActionRow
from services.errors import ActionNotFound, InputError, NotAllowed
from services.identity import Identity
from services.sensitive import quoted
from services.steps import Call, Steps
from web.explain import Told, action_ids, explained, messages_of
from web.results import facets

_ACTION_ID = re.compile(r"[0-9a-f]{32}")
ROWS_READ_AT_MOST = 1000
_PAGES_AT_MOST = 50
_STATES_READ_AT_MOST = 500
_EDITS_AT_MOST = 1000


class Records:
    """`installation` stays the caller's to close. Whose records they are counts for all that they are asked:
    what is not theirs to see is not there. Those of nobody are for this machine's own users, who see all."""

    def __init__(self, installation: Installation) -> None:
        self._who: Identity | None = None
        self._services = installation.services
        self._ledger = installation.services.ledger
        self._store = installation.store
        self._assistant: Assistant = installation.compiled(with_saver=True)

    def of(self, identity: Identity) -> Self:
        """The same desk, for who is signed in."""
        theirs = copy.copy(self)
        theirs._who = identity if identity.signed_in else None
        return theirs

    def waiting(self, **filters: str) -> Steps[list[ActionRow]]:
        """What waits for a decision, longest first; `project`, `user`, `action` narrow it. StorageError."""
        wanted = {name: value for name, value in filters.items() if value}.items()
        now, found = time.time(), list[ActionRow]()
        for skip in range(0, _PAGES_AT_MOST * ROWS_READ_AT_MOST, ROWS_READ_AT_MOST):  # others may have many
            rows = yield from self._ledger.pending(limit=ROWS_READ_AT_MOST, skip=skip)
            found += [
                row
                for row in rows
                if row["expires_at"] > now and wanted <= facets(row).items() and self._may_see(row)
            ]
            if len(rows) < ROWS_READ_AT_MOST or len(found) >= ROWS_READ_AT_MOST:
                break
        return found

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
        config = config_of(thread_id, None)
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

    def edits(self, user: str, tenant: str = "") -> Steps[list[JSON]]:
        """The edits that the user's drafts learn from, the newest first; who is signed in has their own."""
        return [
            {"action": item.namespace[-1], "action_id": item.key, **item.value}
            for item in (yield from self._edits(user, tenant))
        ]

    def forget_edits(self, user: str, tenant: str = "", action_id: str | None = None) -> Steps[int]:
        """How many were forgotten: all, or that of this action."""
        gone = [item for item in (yield from self._edits(user, tenant)) if action_id in (None, item.key)]
        drop = [PutOp(item.namespace, item.key, None) for item in gone]
        yield from Call(lambda: self._store.batch(drop), lambda: self._store.abatch(drop))
        return len(gone)

    def _edits(self, user: str, tenant: str) -> Steps[list[SearchItem]]:
        if self._who:
            tenant, user = self._who.tenant, self._who.user_id
        if not user:
            raise InputError("missing_context", "Say whose edits: there is no user.")
        place = namespace(tenant, user)
        return (
            yield from Call(
                lambda: self._store.search(place, limit=_EDITS_AT_MOST),
                lambda: self._store.asearch(place, limit=_EDITS_AT_MOST),
            )
        )

    def _turn(self, message: AnyMessage) -> Steps[JSON]:
        if isinstance(message, HumanMessage):
            return {"said": message.text}
        if message.id and _ACTION_ID.fullmatch(message.id):  # a draft's message is named after its action
            with suppress(ActionNotFound):
                return {"action": (yield from self._row(message.id))}
        return {"answered": message.text}

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
        config = config_of(thread_id, None)
        return (
            yield from Call(
                lambda: self._assistant.get_state(config), lambda: self._assistant.aget_state(config)
            )
        )


def config_of(thread_id: str, who: Identity | None) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "langgraph_auth_user": who.as_user() if who else None}}


async def _listed(snapshots: AsyncIterator[StateSnapshot]) -> list[StateSnapshot]:
    return [snapshot async for snapshot in snapshots]


def _is_done(turn: JSON) -> bool:
    return "action" in turn and turn["action"]["status"] == "done"
