"""Is the draft fit to be shown, kept and approved? The checks are pure; this step applies them."""

from nodes.jira_assistant import drafts
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON
from services.steps import Steps


def validate(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `validation` and `quality_score`; keeps a model's draft that passed for the next time."""
    settings, action = run.services.settings, state["action"]
    assert action is not None  # noqa: S101 - only drafts come here
    validation = drafts.checked(action["name"], action["args"], *drafts.said_of(state), run)
    key = state.get("cache_key")
    if key and validation["passed"] and validation["overall"] >= settings.quality_threshold:
        email = action["name"] == "send_email"
        minutes = settings.cache_ttl_email_minutes if email else settings.cache_ttl_comment_minutes
        args = action["args"]
        draft: JSON = (
            {**args, "to": drafts.email_of(args)["to"], "cc": drafts.email_of(args)["cc"]}
            if email
            else {"comment": args["comment"]}
        )
        kept = {"draft": draft, "model": state["metadata"].get("model_used")}
        yield from run.services.cache.put(key, kept, minutes)
    return {"validation": validation, "quality_score": validation["overall"], "cache_key": None}
