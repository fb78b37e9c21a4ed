"""How an action is written in Redis, and read: text throughout, so that Lua changes nothing of its JSON."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services import JSON, ActionRow
from services.errors import ActionConflict, ActionNotFound, StorageDamaged
from services.redis_client import text
from services.sensitive import quoted

_ROW = TypeAdapter(ActionRow)
_CONFLICTS = {
    "digest": "Action {} is not what was shown for approval any more: look at it again, then decide.",
    "not approved": "Action {} was not approved, so it was not carried out: approve it first.",
    "busy": "Action {} is being carried out by another process right now: look again in a minute.",
}


def canonical(value: Any) -> str:
    """One text for one JSON value, whatever the order its keys were written in."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(action: str, args: JSON) -> str:
    """What an approval binds to: sha256 of exactly what will be sent."""
    return sha256(canonical({"action": action, "args": args}).encode()).hexdigest()


def pairs_of(answer: Any) -> dict[str, str]:
    """A hash as either protocol answers with it."""
    pairs = answer.items() if isinstance(answer, Mapping) else zip(answer[::2], answer[1::2], strict=True)
    return {text(field): text(value) for field, value in pairs}


def flat(row: JSON) -> list[Any]:
    """Fields and values of a row, for HSET."""
    parts = ((field, canonical(value) if isinstance(value, dict) else value) for field, value in row.items())
    return [part for pair in parts for part in pair]


def event_of(answer: Any) -> JSON:
    event: JSON = pairs_of(answer)
    with _reading(event.get("event")):
        return {**event, "at": float(event["at"])}


def row_of(action_id: str, answer: Any) -> ActionRow:
    """Raises ActionNotFound, and ActionConflict where a script refused."""
    if isinstance(answer, bytes | str):
        raise ActionConflict(_CONFLICTS[text(answer)].format(action_id), action_id=action_id)
    fields: dict[str, Any] = pairs_of(answer)
    if not fields:
        raise ActionNotFound(
            f"There is no action {quoted(action_id, 64)}: it was never prepared here. Check the id.",
            action_id=action_id,
        )
    return _parse(fields)


def _parse(fields: dict[str, Any]) -> ActionRow:
    with _reading(fields.get("action_id")):
        for name in ("args", "summary", "decision", "result"):
            fields[name] = json.loads(fields[name]) if name in fields else None
        for name in ("prepared_at", "expires_at", "finished_at", "decided_at"):
            fields[name] = float(fields[name]) if name in fields else None
        for name in ActionRow.__annotations__:
            fields.setdefault(name, None)
        if fields["decision"] is not None:
            fields["decision"]["at"] = fields["decided_at"]
        return _ROW.validate_python({name: fields[name] for name in ActionRow.__annotations__})


@contextmanager
def _reading(what: object) -> Iterator[None]:
    """Inside it, a value of another shape than ours is damage."""
    try:
        yield
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        wrong = f"{error.error_count()} wrong fields" if isinstance(error, ValidationError) else error
        raise StorageDamaged(
            f"The ledger row of action {what} cannot be read: {wrong}. "
            "It was left as it is; restore it from a backup of Redis."
        ) from error
