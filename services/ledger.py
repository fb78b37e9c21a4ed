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

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Any, Literal

from services import JSON, ActionRow, Backlog, Metrics, Unrecorded, action_metrics
from services import ledger_scripts as scripts
from services.errors import StorageDamaged
from services.ledger_rows import canonical, digest_of, event_of, flat, row_of
from services.redis_client import RedisClient, text
from services.steps import Steps

_PAGE = 500


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
        steps: list[scripts.Step] = [("prepare", [expires_in_s, *flat(row)])]
        if decision is not None:
            steps.append(scripts.decide("", decision))
            if result is not None:
                by = decision["by"]
                steps += [
                    scripts.claim(row["action"], row["digest"], by),
                    scripts.settle(by, "done", result),
                ]
        indexes = [self._user_key(row["tenant"], row["user_id"]), self._by_time]
        return (yield from self._change(row["action_id"], steps, indexes=indexes))

    def decide(
        self, action_id: str, digest: str, decision: JSON, *, new_args: JSON | None = None
    ) -> Steps[ActionRow]:
        edited, before = ("", ""), None
        if new_args is not None:
            before = yield from self.get(action_id)
            edited = canonical(new_args), digest_of(before["action"], new_args)
        steps = [scripts.decide(digest, decision, *edited)]
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
        steps = [scripts.claim(action, digest, owner, lease_s, repeatable)]
        if result is not None:
            steps.append(scripts.settle(owner, "done", result))
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
        return (yield from self._change(action_id, [scripts.settle(owner, status, result)]))

    def close(
        self, action_id: str, status: Literal["superseded", "expired"], by: str, reason: str
    ) -> Steps[ActionRow]:
        return (yield from self._change(action_id, [("close", [status, by, reason])]))

    def take_reminder(self, action_id: str) -> Steps[bool]:
        return bool((yield from self._redis.script(scripts.REMIND, self._keys(action_id))))

    def get(self, action_id: str) -> Steps[ActionRow]:
        return row_of(action_id, (yield from self._redis.command("HGETALL", self._key(action_id))))

    def history(self, action_id: str) -> Steps[list[JSON]]:
        found = yield from self._redis.command("XRANGE", self._history_key(action_id), "-", "+")
        return [event_of(fields) for _, fields in found]

    def pending(self, *, limit: int = 100, skip: int = 0) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._pending, "-inf", "+inf", limit, skip))

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
        steps: Sequence[scripts.Step],
        *,
        indexes: Sequence[str] = (),
        before: JSON | None = None,
    ) -> Steps[ActionRow]:
        """The row after all of `steps`, which nobody can come between. `before`: what an edit replaces."""
        keys = [*self._keys(action_id), *indexes]
        args = [part for name, given in steps for part in (name, len(given), *given)]
        answer = yield from self._redis.script(scripts.CHANGE, keys, args, copied=True)
        refused = isinstance(answer, bytes | str)
        row = row_of(action_id, answer if refused else answer[0])
        became = [text(status) for status in answer[1]]
        for status in became:
            self._metrics.record("actions_total", action=row["action"], became=status)
        changed = {name for name, _ in steps} if became else set()
        if "decide" in changed:
            action_metrics.decided(self._metrics, row, before)
        if "settle" in changed or "unknown" in became:
            action_metrics.settled(self._metrics, row)
        return row

    def _keys(self, action_id: str) -> list[str]:
        return [self._key(action_id), self._history_key(action_id), self._pending, self._unfinished]

    def _range(
        self, index: str, low: Any, high: Any, limit: int | None = None, skip: int = 0
    ) -> Steps[list[ActionRow]]:
        """At most `limit` rows; a page a round trip, so that no script holds the server up for long."""
        rows: list[ActionRow] = []
        for start in count(0, _PAGE):
            page = _PAGE if limit is None else min(_PAGE, limit - start)
            args = [low, high, skip + start, page, self._key("")]
            found = (yield from self._redis.script(scripts.RANGE, [index], args)) if page > 0 else []
            rows += [row_of("", row) for row in found if row]
            if len(found) < _PAGE:
                break
        return rows

    def _key(self, action_id: str) -> str:
        return f"{self._root}action:{action_id}"

    def _history_key(self, action_id: str) -> str:
        return f"{self._root}history:{action_id}"

    def _user_key(self, tenant: str, user_id: str) -> str:
        return f"{self._root}user:{sha256(canonical([tenant, user_id]).encode()).hexdigest()}"
