"""A finished task: the keys the user named become a proposed action, with no model in between."""

from nodes.jira_assistant.drafts import target_keys
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update


def complete_task(state: State, run: Run[Context]) -> Update:
    """Proposes `mark_task_complete`. Keys are never inferred: with none known `issue_keys` is empty."""
    keys = ", ".join(target_keys(state, run.context))
    return {
        "processing_type": "backend_shortcut",
        "backend_action": "mark_task_complete",
        "generated_content": f"Mark {keys or 'the task'} as done.",
        "action": {"name": "mark_task_complete", "args": {"issue_keys": keys}},
    }
