"""Carry an approved action out, once, for every graph and for the sweeper.

Trusts the ledger alone: what is sent is the row's arguments, after the row was claimed. A process that
dies half-way leaves the row for the sweeper, which ends it the same way.
"""

import time
import uuid
from typing import Literal

from services import JSON, ActionRow, Services
from services.errors import ActionConflict, ActionError, ActionFailed, OutcomeUnknown, TargetChanged
from services.steps import Steps, pause
from services.telemetry import about, span

HANDED_OVER: JSON = {"handed_to": "caller"}
"""What came of an action that has no receiver."""
_LOOK_AGAIN_S = 0.05


def carry_out(services: Services, action_id: str, action: str, digest: str) -> Steps[ActionRow]:
    """The row once done (or `unknown`). Without a connector the result is handed to the caller.

    Raises ActionConflict when it is not approved or is being sent right now, ActionFailed when it was
    certainly not done, TargetChanged, or OutcomeUnknown; each is recorded in the ledger first.
    """
    ledger, connector = services.ledger, services.connectors.get(action)
    owner, lease_s = str(uuid.uuid4()), services.settings.action_lease_seconds
    if connector is None:
        return (
            yield from ledger.claim(action_id, action, digest, owner, lease_s=lease_s, result=HANDED_OVER)
        )
    row = yield from ledger.claim(
        action_id, action, digest, owner, lease_s=lease_s, repeatable=connector.repeatable
    )
    if row["status"] != "sending":
        return row
    try:
        with about(action_id=action_id, thread_id=row["thread_id"]), span(f"perform {row['action']}"):
            result = yield from connector.perform(action_id, row["args"])
    except (ActionFailed, OutcomeUnknown, TargetChanged) as error:
        problem = {"error": error.code, "error_message": error.message}
        yield from ledger.settle(action_id, owner, _status_after(error), problem)
        raise
    return (yield from ledger.settle(action_id, owner, "done", result))


def settled(services: Services, action_id: str, *, within_s: float = 5.0) -> Steps[ActionRow]:
    """The row once whoever is sending has settled it; as it is, when that takes longer than `within_s`."""
    ends = time.monotonic() + within_s
    while True:
        row = yield from services.ledger.get(action_id)
        if row["status"] != "sending" or time.monotonic() > ends:
            return row
        yield from pause(_LOOK_AGAIN_S)


def sweep(services: Services) -> Steps[list[ActionRow]]:
    """Ends what was approved and left behind by a process that stopped. Returns the rows it ended.

    What is being sent right now, and what the receiver still refuses, is left for the next time.
    """
    ended: list[ActionRow] = []
    for row in (yield from services.ledger.unfinished()):
        try:
            ended.append((yield from carry_out(services, row["action_id"], row["action"], row["digest"])))
        except ActionConflict:
            continue  # a live lease: its owner ends it
        except (ActionFailed, OutcomeUnknown):
            continue  # recorded in the ledger, where it is seen
    return ended


def _status_after(error: ActionError) -> Literal["approved", "superseded", "unknown"]:
    """Failed for certain: may be tried again. Changed meanwhile: this approval is void. Else nobody knows."""
    if isinstance(error, TargetChanged):
        return "superseded"
    return "unknown" if isinstance(error, OutcomeUnknown) else "approved"
