"""The truth about actions: one hash an action, changed only by the scripts below.

    prepared -> approved -> sending -> done
        |          ^-----------|  (not done: may be claimed again)
        |                      `-> unknown  (nobody can tell; a human must)
        `-> rejected | superseded | expired

Each change is one script on the server's clock, so two reviewers, two resumes or two processes cannot
both win, and a step repeated after a lost answer changes nothing. Each is also appended to the action's
history, which nothing ever changes. All keys share one hash tag: the scripts touch a row and its indexes
together, which a cluster allows only within one slot.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import count
from typing import Any, Literal, cast

from services import JSON, ActionRow, Backlog, Metrics, Unrecorded, action_metrics
from services import ledger_scripts as scripts
from services.errors import ActionConflict, ActionNotFound, StorageDamaged
from services.redis_client import RedisClient, text
from services.steps import Steps

_STATUS_AFTER = {"accept": "approved", "edit": "approved", "respond": "superseded", "reject": "rejected"}
_PAGE = 500
Change = tuple[str, list[Any]]
"""The name of a step of `scripts.CHANGE`, and its arguments."""


def canonical(value: Any) -> str:
    """One text for one JSON value, whatever the order its keys were written in."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(action: str, args: JSON) -> str:
    """What an approval binds to: sha256 of exactly what will be sent."""
    return sha256(canonical({"action": action, "args": args}).encode()).hexdigest()


class RedisLedger:
    """The `services.Ledger` on any Redis. `prefix` separates installations that share a server."""

    def __init__(
        self, redis: RedisClient, metrics: Metrics | None = None, *, prefix: str = "jira-assistant"
    ) -> None:
        self._redis = redis
        self._metrics = metrics or Unrecorded()
        self._root = f"{prefix}:{{ledger}}:"
        self._pending = self._root + "pending"
        self._unfinished = self._root + "unfinished"
        self._by_time = self._root + "all"

    def prepare(
        self, row: JSON, *, expires_in_s: float, decision: JSON | None = None, result: JSON | None = None
    ) -> Steps[ActionRow]:
        row = {**row, "digest": digest_of(row["action"], row["args"])}
        fields = [
            part
            for field, value in row.items()
            for part in (field, canonical(value) if isinstance(value, dict) else value)
        ]
        steps: list[Change] = [("prepare", [expires_in_s, *fields])]
        if decision is not None:
            steps.append(_decide("", decision))
            if result is not None:
                by = decision["by"]
                steps += [_claim(row["action"], row["digest"], by), _settle(by, "done", result)]
        indexes = [self._user_key(row["tenant"], row["user_id"]), self._by_time]
        return (yield from self._change(row["action_id"], steps, indexes=indexes))

    def decide(
        self, action_id: str, digest: str, decision: JSON, *, new_args: JSON | None = None
    ) -> Steps[ActionRow]:
        edited, before = ("", ""), None
        if new_args is not None:
            before = yield from self.get(action_id)
            edited = canonical(new_args), digest_of(before["action"], new_args)
        steps = [_decide(digest, decision, *edited)]
        return (yield from self._change(action_id, steps, before=before and before["args"]))

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
        steps = [_claim(action, digest, owner, lease_s, repeatable)]
        if result is not None:
            steps.append(_settle(owner, "done", result))
        row = yield from self._change(action_id, steps)
        if digest_of(row["action"], row["args"]) != row["digest"]:
            raise StorageDamaged(
                f"The arguments of action {action_id} are not the ones that were approved, "
                "so it was not carried out: somebody changed the ledger by hand."
            )
        return row

    def settle(
        self,
        action_id: str,
        owner: str,
        status: Literal["done", "approved", "superseded", "unknown"],
        result: JSON,
    ) -> Steps[ActionRow]:
        return (yield from self._change(action_id, [_settle(owner, status, result)]))

    def close(
        self, action_id: str, status: Literal["superseded", "expired"], by: str, reason: str
    ) -> Steps[ActionRow]:
        return (yield from self._change(action_id, [("close", [status, by, reason])]))

    def take_reminder(self, action_id: str) -> Steps[bool]:
        return bool((yield from self._redis.script(scripts.REMIND, self._keys(action_id))))

    def get(self, action_id: str) -> Steps[ActionRow]:
        return self._row(action_id, (yield from self._redis.command("HGETALL", self._key(action_id))))

    def history(self, action_id: str) -> Steps[list[JSON]]:
        found = yield from self._redis.command("XRANGE", self._history_key(action_id), "-", "+")
        return [_event(fields) for _, fields in found]

    def pending(self, *, limit: int = 100) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._pending, "-inf", "+inf", limit))

    def unfinished(self, *, limit: int = 100) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._unfinished, "-inf", "+inf", limit))

    def backlog(self) -> Steps[Backlog]:
        counts: list[Any] = [("TIME",)]
        for index in (self._pending, self._unfinished):
            counts += [("ZCARD", index), ("ZRANGE", index, 0, 0, "WITHSCORES")]
        clock, waiting, first, unfinished, begun = yield from self._redis.transaction(counts)
        now = float(clock[0]) + float(clock[1]) / 1e6
        return {
            "waiting": int(waiting),
            "oldest_waiting_s": max(0.0, now - float(first[0][1])) if first else 0.0,
            "unfinished": int(unfinished),
            "oldest_unfinished_s": max(0.0, now - float(begun[0][1])) if begun else 0.0,
        }

    def of_user(self, tenant: str, user_id: str, since: float, until: float) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._user_key(tenant, user_id), since, f"({until}"))

    def all(self, since: float, until: float) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._by_time, since, f"({until}"))

    def _change(
        self,
        action_id: str,
        steps: Sequence[Change],
        *,
        indexes: Sequence[str] = (),
        before: JSON | None = None,
    ) -> Steps[ActionRow]:
        """The row after all of `steps`, which nobody can come between. `before`: what an edit replaces."""
        keys = [*self._keys(action_id), *indexes]
        args = [part for name, given in steps for part in (name, len(given), *given)]
        answer = yield from self._redis.script(scripts.CHANGE, keys, args)
        row = self._row(action_id, answer)
        became = text(answer[-1]).split()
        for status in became:
            self._metrics.record("actions_total", action=row["action"], became=status)
        changed = {name for name, _ in steps} if became else set()
        if "decide" in changed:
            action_metrics.decided(self._metrics, row, before)
        if "settle" in changed:
            action_metrics.settled(self._metrics, row)
        return row

    def _keys(self, action_id: str) -> list[str]:
        return [self._key(action_id), self._history_key(action_id), self._pending, self._unfinished]

    def _range(self, index: str, low: Any, high: Any, limit: int | None = None) -> Steps[list[ActionRow]]:
        """At most `limit` rows; a page a round trip, so that no script holds the server up for long."""
        rows: list[ActionRow] = []
        for start in count(0, _PAGE):
            page = _PAGE if limit is None else min(_PAGE, limit - start)
            args = [low, high, start, page, self._key("")]
            found = (yield from self._redis.script(scripts.RANGE, [index], args)) if page > 0 else []
            rows += [self._row("", row) for row in found if row]
            if len(found) < _PAGE:
                break
        return rows

    def _key(self, action_id: str) -> str:
        return f"{self._root}action:{action_id}"

    def _history_key(self, action_id: str) -> str:
        return f"{self._root}history:{action_id}"

    def _user_key(self, tenant: str, user_id: str) -> str:
        return f"{self._root}user:{sha256(canonical([tenant, user_id]).encode()).hexdigest()}"

    def _row(self, action_id: str, answer: Any) -> ActionRow:
        if isinstance(answer, bytes | str):
            raise ActionConflict(_CONFLICTS[text(answer)].format(action_id), action_id=action_id)
        pairs = answer.items() if isinstance(answer, Mapping) else zip(answer[::2], answer[1::2], strict=True)
        fields: dict[str, Any] = {text(field): text(value) for field, value in pairs}
        if not fields:
            raise ActionNotFound(
                f"There is no action {action_id}: it was never prepared here. Check the id.",
                action_id=action_id,
            )
        return _parse(fields)


def _decide(digest: str, decision: JSON, new_args: str = "", new_digest: str = "") -> Change:
    """An empty digest decides on what is there."""
    status = _STATUS_AFTER[decision["verb"]]
    return "decide", [digest, status, canonical(decision), decision["by"], new_args, new_digest]


def _claim(action: str, digest: str, owner: str, lease_s: float = 0, repeatable: bool = True) -> Change:
    return "claim", [action, digest, owner, lease_s, int(repeatable)]


def _settle(owner: str, status: str, result: JSON) -> Change:
    return "settle", [owner, status, canonical(result)]


_CONFLICTS = {
    "digest": "Action {} is not what was shown for approval any more: look at it again, then decide.",
    "not approved": "Action {} was not approved, so it was not carried out: approve it first.",
    "busy": "Action {} is being carried out by another process right now: look again in a minute.",
}


def _event(fields: Any) -> JSON:
    pairs = fields.items() if isinstance(fields, Mapping) else zip(fields[::2], fields[1::2], strict=True)
    event: JSON = {text(field): text(value) for field, value in pairs}
    return {**event, "at": float(event["at"])}


def _parse(fields: dict[str, Any]) -> ActionRow:
    try:
        for name in ("args", "summary", "decision", "result"):
            fields[name] = json.loads(fields[name]) if name in fields else None
        for name in ("prepared_at", "expires_at", "finished_at", "decided_at"):
            fields[name] = float(fields[name]) if name in fields else None
        for name in ActionRow.__annotations__:
            fields.setdefault(name, None)
        if fields["decision"] is not None:
            fields["decision"]["at"] = fields["decided_at"]
        return cast(ActionRow, {name: fields[name] for name in ActionRow.__annotations__})
    except ValueError as error:
        raise StorageDamaged(
            f"The ledger row of action {fields.get('action_id')} cannot be read: {error}. "
            "It was left as it is; restore it from a backup of Redis."
        ) from error
