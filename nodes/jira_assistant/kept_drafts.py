"""Drafts kept for the next time: for the very same message and, if that is on, for one that says the same.

A draft of another message is never trusted for being alike. Its message must agree with the new one in every
fact and word (`same_meaning`), it must pass the checks against the new one, it says where it comes from, and
a human always sees it. It is not kept again, so that each draft stays one step from its own message.
"""

import logging
from typing import Any

from pydantic import BaseModel, ValidationError

from nodes.jira_assistant import drafts
from nodes.jira_assistant.same_meaning import same_meaning
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON, Similar
from services.steps import Steps

log = logging.getLogger(__name__)
ORIGIN = ("cache", "cache_score", "cache_age_s", "cache_source", "cost_saved_usd")
"""What the metadata says of a kept draft and of no other: its kind, likeness (-1..1), age, message, cost."""


def find(key: str, state: State, run: Run[Context]) -> Steps[Update | None]:
    """A kept draft; or None, after which `keep` or the cache's `release` must follow: others wait for it."""
    cache, settings = run.services.cache, run.services.settings
    kept = yield from cache.get_or_lead(key, settings.llm_timeout_seconds)
    if kept is not None and (served := _served(kept, {"cache": "exact"}, state, run)):
        return served
    if run.services.similar is None:
        return None
    said, _ = drafts.said_of(state)
    for similar in (yield from run.services.similar.find(key, said, settings.similarity_threshold)):
        if same_meaning(similar.text, said) and (found := _fitting(similar, state, run)):
            yield from cache.release(key)
            return found
    return None


def keep(key: str, state: State, run: Run[Context]) -> Steps[None]:
    """Keep a model's draft that passed the checks."""
    settings, action = run.services.settings, state["action"]
    assert action is not None  # noqa: S101 - only drafts come here
    args = action["args"]
    if action["name"] == "send_email":
        minutes, parts = settings.cache_ttl_email_minutes, drafts.email_of(args)
        draft: JSON = {**args, "to": parts["to"], "cc": parts["cc"]}
    else:
        minutes, draft = settings.cache_ttl_comment_minutes, {"comment": args["comment"]}
    metadata = state["metadata"]
    kept = {"draft": draft, "model": metadata.get("model_used"), "cost_usd": metadata.get("draft_cost_usd")}
    yield from run.services.cache.put(key, kept, minutes)
    if run.services.similar is not None:
        yield from run.services.similar.keep(key, drafts.said_of(state)[0], kept, minutes)


def _fitting(similar: Similar, state: State, run: Run[Context]) -> Update | None:
    """The draft of a similar message, if it has no fault as a draft of this one."""
    origin = {
        "cache": "semantic",
        "cache_score": round(similar.score, 4),
        "cache_age_s": round(similar.age_s),
        "cache_source": similar.text,
    }
    update = _served(similar.value, origin, state, run)
    if update is None:
        return None
    action = update["action"]
    validation = drafts.checked(action["name"], action["args"], *drafts.said_of(state), run)
    return update if validation["passed"] else None


class _Comment(BaseModel):
    comment: str


class _Kept(BaseModel):
    """What a draft is kept with; storage is not trusted to hold it still."""

    draft: dict[str, Any]
    model: str | None
    cost_usd: float | None = None


def _served(kept: JSON, origin: JSON, state: State, run: Run[Context]) -> Update | None:
    """The kept draft as this run's own; None where it is none, or of another kind than the message wants."""
    shape = drafts.EmailDraft if state["route_type"] == "llm_email" else _Comment
    try:
        whole = _Kept.model_validate(kept)
        written = shape.model_validate(whole.draft).model_dump()
    except ValidationError as error:
        log.warning("A kept draft is damaged and was passed over: %s faults", error.error_count())
        return None
    said = {"model_used": whole.model, "cost_saved_usd": whole.cost_usd}
    draft = drafts.as_written(written, state, run.context)
    return {**draft, "from_cache": True, "metadata": {**state["metadata"], **origin, **said}}
