"""One good question back, when it is not clear what is wanted or no route serves it."""

from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update

_QUESTIONS = {
    "general_question": "I cannot look that up. I can write a Jira comment from what you tell me, "
    "mark a task as finished, draft an e-mail, or show your figures. Which of these helps?",
    "task_completion": "Is {subject} finished, so that I mark it as done, or is this an update on it?",
    "task_update": "Shall I write this as a comment{on_subject}? If so, say what was done and what is open.",
    "email_request": "Shall I draft an e-mail? If so, tell me to whom and what it should say.",
    "productivity_query": "Do you want figures about your work? If so, for which period, such as this week?",
    "unclear": "What would you like: write an update, finish a task, send an e-mail, or see your figures?",
}


def clarify(state: State, run: Run[Context]) -> Update:
    """Asks about the most likely meaning; claims no knowledge that this graph does not have."""
    decision = state["classification"]
    assert decision is not None  # noqa: S101 - only classified messages come here
    likely: str = decision["intent"]
    if likely == "unclear" and decision["runner_up"]:
        likely = decision["runner_up"]["intent"]
    entities = state.get("extracted_entities")
    keys = entities["issue_keys"] if entities else []
    subject = ", ".join(keys) or run.context.issue_key or ""
    question = _QUESTIONS.get(likely, _QUESTIONS["unclear"]).format(
        subject=subject or "the task", on_subject=f" on {subject}" if subject else ""
    )
    return {
        "route_type": "llm_classification",
        "processing_type": "classification_help",
        "backend_action": "show_clarification_request",
        "generated_content": question,
    }
