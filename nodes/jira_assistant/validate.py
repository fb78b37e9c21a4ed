"""Is the draft fit to be shown, kept and approved? The checks are pure; this step applies them."""

from nodes.jira_assistant import drafts, kept_drafts
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services.steps import Steps


def validate(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `validation` and `quality_score`; keeps a model's draft that passed for the next time."""
    settings, action = run.services.settings, state["action"]
    assert action is not None  # noqa: S101 - only drafts come here
    validation = drafts.checked(action["name"], action["args"], *drafts.said_of(state), run)
    if key := state.get("cache_key"):
        if validation["passed"] and validation["overall"] >= settings.quality_threshold:
            yield from kept_drafts.keep(key, state, run)
        else:
            yield from run.services.cache.release(key)
    return {"validation": validation, "quality_score": validation["overall"], "cache_key": None}
