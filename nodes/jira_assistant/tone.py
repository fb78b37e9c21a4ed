"""Edits as examples of how a user wants to sound, where LEARN_FROM_EDITS says so.

They are kept in LangGraph's store under the user whose draft was edited, a bounded number of them, and only
once they have passed the checks, so without secrets; the user can see and erase them. A model is shown the
newest, fenced as data; rules repeat what is plainly a habit. Whatever comes of it is checked against the
message as every draft is. Where the store cannot be asked, a draft is written without them; that is logged.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence

from langgraph.store.base import Item, PutOp
from typing_extensions import TypedDict

from nodes.jira_assistant import drafts
from nodes.jira_assistant.contracts import Action
from nodes.jira_assistant.habits import as_usual, habits
from nodes.jira_assistant.state import Context
from nodes.step import Run, Update
from services.budget import Piece
from services.errors import StorageError
from services.steps import Call, Steps

KEPT_AT_MOST = 20  # for each user and kind of draft, the newest
SHOWN_AT_MOST = 5  # to a model
_LONGEST = 2000  # characters of an argument; a longer one is no example of tone
_OF_TONE: dict[Action, tuple[str, ...]] = {
    "post_jira_comment": ("comment",),
    "send_email": ("subject", "greeting", "body", "closing"),
}
log = logging.getLogger(__name__)


class Example(TypedDict):
    """One edited draft: the arguments that were changed, as (before, after)."""

    user_id: str
    edited_by: str
    changed: dict[str, list[str]]


def namespace(tenant: str | None, user: str, action: str = "") -> tuple[str, ...]:
    """Where a user's examples are; a label of the store may hold no full stop, so the user is hashed."""
    owner = hashlib.sha256(json.dumps([tenant or "", user]).encode()).hexdigest()[:32]
    return ("tone", owner, action) if action else ("tone", owner)


def remember(
    action_id: str, action: Action, before: Mapping[str, str], after: Mapping[str, str], run: Run[Context]
) -> Steps[None]:
    """Keeps an edit of a draft, and drops the oldest beyond KEPT_AT_MOST."""
    store = run.store
    if store is None or not run.services.settings.learn_from_edits:
        return
    changed = {
        name: [before[name], after[name]]
        for name in _OF_TONE.get(action, ())
        if before[name] != after[name] and max(len(before[name]), len(after[name])) <= _LONGEST
    }
    if not changed:
        return
    kept: Example = {"user_id": run.user, "edited_by": run.actor, "changed": changed}
    place, value = namespace(run.context.tenant, run.user, action), dict(kept)
    try:
        yield from Call(
            lambda: store.put(place, action_id, value), lambda: store.aput(place, action_id, value)
        )
        oldest = (yield from _search(place, run))[KEPT_AT_MOST:]
        drop = [PutOp(place, item.key, None) for item in oldest]
        yield from Call(lambda: store.batch(drop), lambda: store.abatch(drop))
    except StorageError as error:
        log.warning("An edit could not be kept as an example: %s", error)


def learned(action: Action, run: Run[Context]) -> Steps[list[Example]]:
    """The user's examples for this kind of draft, the newest first."""
    if run.store is None or not run.services.settings.learn_from_edits:
        return []
    try:
        items = yield from _search(namespace(run.context.tenant, run.user, action), run)
    except StorageError as error:
        log.warning("A draft is written without the user's examples: %s", error)
        return []
    return [item.value for item in items]  # type: ignore[misc] # as `remember` kept it


def _search(place: tuple[str, ...], run: Run[Context]) -> Steps[Sequence[Item]]:
    store, most = run.store, 5 * KEPT_AT_MOST
    assert store is not None  # noqa: S101 - who calls has looked
    return (
        yield from Call(lambda: store.search(place, limit=most), lambda: store.asearch(place, limit=most))
    )


def restyled(draft: Update, examples: Sequence[Example]) -> Update:
    """A draft by rules as the user usually leaves it."""
    if not examples:
        return draft
    action = draft["action"]
    args = {name: as_usual(value, habits(_edits(name, examples))) for name, value in action["args"].items()}
    return draft if args == action["args"] else {**draft, **drafts.edited(action["name"], args)}


def _edits(name: str, examples: Sequence[Example]) -> list[tuple[str, str]]:
    """What became of one argument."""
    return [(pair[0], pair[1]) for example in examples if (pair := example["changed"].get(name))]


def shown(examples: Sequence[Example]) -> list[Piece]:
    """The newest examples for a prompt; they are the first to give way."""
    return [
        Piece(f"style_example {at}", f"Draft: {before}\nAs it was sent: {after}", 0, may_cut=True)
        for at, example in enumerate(examples[:SHOWN_AT_MOST], 1)
        for before, after in [_longest(example)]
    ]


def _longest(example: Example) -> tuple[str, str]:
    before, after = max(example["changed"].values(), key=lambda pair: len(pair[0]))
    return before, after


def digest(examples: Sequence[Example]) -> dict[str, str]:
    """What a draft with examples is kept under besides; nothing where there are none."""
    return {"tone": hashlib.sha256(json.dumps(examples).encode()).hexdigest()[:16]} if examples else {}
