"""What graphs and receivers agree on about actions: how one is shown, carried out, recorded, reminded of."""

from typing import Any, Literal, Protocol

from pydantic import SecretStr
from typing_extensions import TypedDict

from services.steps import Steps

JSON = dict[str, Any]


class Preview(TypedDict):
    """What a reviewer is shown besides the args: the receiver's side, read when it was asked for."""

    target: str  # where it goes, for people: "PAY-12 Refund button fails (In Progress)"
    text: str  # what will be seen there once it is done
    args: dict[str, str]  # the args completed: what the receiver asks for is added, "" where unknown
    missing: list[JSON]  # args that must be filled: name, label, allowed (a list of str, empty: any text)
    notes: list[str]  # for the reviewer: "PAY-12 is already done"


class Connector(Protocol):
    """Carries one kind of action out, once.

    `repeatable`: whether performing the same action again after an unknown outcome has no second effect.
    """

    repeatable: bool

    def acting_as(self, token: SecretStr) -> "Connector":
        """The same receiver in the name of the user whose token this is; itself where that means nothing."""

    def check(self) -> Steps[str]:
        """Whether the receiver lets us in, in words; changes nothing. Raises ActionError."""

    def preview(self, args: JSON) -> Steps[Preview]:
        """Looks, and changes nothing. Its completed args are the ones to approve: they pin what was seen,
        so that `perform` raises TargetChanged when that is no longer so. Raises ActionFailed."""

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        """Returns what the receiver said, for example its id. Raises ActionFailed naming the step that
        failed (nothing was done) or OutcomeUnknown (it may have been done)."""


class ActionRow(TypedDict):
    """One action as the ledger keeps it. Times are seconds since 1970, UTC, by the server's clock."""

    action_id: str
    status: Literal["prepared", "approved", "sending", "done", "rejected", "expired", "superseded", "unknown"]
    action: str  # the name of what is to be done, for example "send_email"
    args: JSON  # exactly what will be sent
    digest: str  # sha256 of the canonical JSON of action and args
    tenant: str
    user_id: str  # who asked for it
    thread_id: str
    summary: JSON  # what a reviewer is shown besides the args
    prepared_at: float
    expires_at: float
    decision: JSON | None  # verb, by, at, reason, edit diff: the first one is the one of record
    owner: str | None  # who holds the lease while sending
    result: JSON | None  # what the receiver said, once done; what went wrong, where it did
    finished_at: float | None


class Backlog(TypedDict):
    """How much is open on the ledger; no age without anything open is 0."""

    waiting: int  # for a decision
    oldest_waiting_s: float  # since it was prepared
    unfinished: int  # approved and not done
    oldest_unfinished_s: float  # since it was approved


class Ledger(Protocol):
    """The truth about actions. Every change is one atomic step on the server, and idempotent."""

    def prepare(
        self, row: JSON, *, expires_in_s: float, decision: JSON | None = None, result: JSON | None = None
    ) -> Steps[ActionRow]:
        """Enter an action (action_id, action, args, tenant, user_id, thread_id, summary).

        With a `decision` that nobody has to be asked for, decided in the same step; with a `result` too,
        for what nobody but the caller receives, done in that step.
        """

    def decide(
        self, action_id: str, digest: str, decision: JSON, *, new_args: JSON | None = None
    ) -> Steps[ActionRow]:
        """Record a decision on the args that `digest` names; later ones get the first one's row back.

        `decision["verb"]` is accept, edit (with `new_args`), respond, reject. Raises ActionNotFound, and
        ActionConflict when the digest is not of what was prepared.
        """

    def claim(
        self,
        action_id: str,
        action: str,
        digest: str,
        owner: str,
        *,
        lease_s: float,
        repeatable: bool = True,
        result: JSON | None = None,
    ) -> Steps[ActionRow]:
        """Take an approved action for sending. The row says what came of it: `sending` with your owner (it
        is yours), `done` (use its result), `unknown` (a lease ended without a result and the action is not
        repeatable). With a `result`, for what nobody but the caller receives, it is done in the same step.
        Raises ActionConflict: not approved, another action or digest, or somebody's lease is live."""

    def settle(
        self,
        action_id: str,
        owner: str,
        status: Literal["done", "approved", "superseded", "unknown"],
        result: JSON,
    ) -> Steps[ActionRow]:
        """Record what became of a claimed action: done; not done, so it may be claimed again (approved) or
        is void (superseded); or unknown."""

    def close(
        self, action_id: str, status: Literal["superseded", "expired"], by: str, reason: str
    ) -> Steps[ActionRow]:
        """Withdraw an action that nobody decided on; anything else is left as it is and returned."""

    def take_reminder(self, action_id: str) -> Steps[bool]:
        """Whether it is for the caller to remind of this undecided action: true once, for one caller."""

    def get(self, action_id: str) -> Steps[ActionRow]:
        """Raises ActionNotFound."""

    def history(self, action_id: str) -> Steps[list[JSON]]:
        """All that became of an action, oldest first: event, by, at, detail. Append-only."""

    def pending(self, *, limit: int = 100, skip: int = 0) -> Steps[list[ActionRow]]:
        """Actions that wait for a decision, longest waiting first, without the first `skip`."""

    def unfinished(self, *, limit: int = 100) -> Steps[list[ActionRow]]:
        """Actions that were approved and are not done, longest approved first."""

    def backlog(self) -> Steps[Backlog]:
        """How much is open, at the price of one round trip however much it is."""

    def of_user(self, tenant: str, user_id: str, since: float, until: float) -> Steps[list[ActionRow]]:
        """The actions of one user that were prepared in [since, until), oldest first."""

    def all(self, since: float, until: float) -> Steps[list[ActionRow]]:
        """The actions of everybody that were prepared in [since, until), oldest first."""


class Reminder(Protocol):
    """One way to tell somebody that an approval waits."""

    def remind(self, row: ActionRow, waits_hours: float) -> Steps[None]:
        """Raises ActionError when nobody could be told."""
