"""Ask, then decide: two steps, so that a resume repeats nothing but the question.

The decision is recorded in the ledger before anything acts on it. The ledger's first decision is the one
of record, whatever a second reply says.
"""

from difflib import unified_diff

from langgraph.types import interrupt

from nodes.jira_assistant import drafts, formats, tone
from nodes.jira_assistant.decisions import Answer, parse
from nodes.jira_assistant.rights import NOT_YOURS, own_reply, projects_of, why_not
from nodes.jira_assistant.state import Context, Decision, PendingApproval, State
from nodes.step import Run, Update
from services import ActionRow
from services.errors import InvalidDecision, NotAllowed
from services.steps import Steps

UNUSABLE_REPLIES_AT_MOST = 5  # then the run ends; the draft still waits and can be answered


def approve(state: State, run: Run[Context]) -> Update:
    """Asks, and does nothing else: on resume this step runs again from its first line."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only proposals come here
    question = formats.payload(pending, run.context.interrupt_format)
    return {"reply": interrupt(question, response_schema=formats.REPLY_SCHEMA)}


def decide(state: State, run: Run[Context]) -> Steps[Update]:
    """Reads the reply and records it. An unusable reply changes nothing but is counted."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only asked drafts come here
    start: Update = {"reply": None, "error": None, "error_message": None, "success": True}
    row = yield from run.services.ledger.get(pending["action_id"])
    try:
        answer = parse(own_reply(run.identity, state.get("reply")), pending["action"], pending["args"])
        _allowed(answer, row, run)
        if row["status"] == "prepared":
            answer = _usable(answer, state, run)
    except InvalidDecision as error:
        return {**start, **_unusable(pending, error)}
    except NotAllowed as error:  # asked again, and not counted: others could use the count up
        return {**start, "success": False, "error": error.code, "error_message": error.message}
    ours: Decision = {
        "verb": answer.verb,
        "by": run.actor,
        "text": answer.text,
        "edit_diff": _diff(pending["args"], answer.args) if answer.args else None,
    }
    if row["status"] == "prepared":
        row = yield from run.services.ledger.decide(
            pending["action_id"], pending["digest"], {**ours}, new_args=answer.args
        )
        if answer.args and row["args"] == answer.args:
            yield from tone.remember(row["action_id"], pending["action"], pending["args"], answer.args, run)
    return {**start, **_decided(row, state, ours)}


def _allowed(answer: Answer, row: ActionRow, run: Run[Context]) -> None:
    """Raises NotAllowed for a stranger, and for whom the rules of a project leave out: of the one that the
    draft is about, and of the one that an edit moves it to."""
    claimed = row["summary"].get("project")
    projects = projects_of(row["args"], claimed)
    if run.identity and not run.identity.may_see(row["tenant"], row["user_id"], projects):
        raise NotAllowed(NOT_YOURS)
    if answer.args:
        projects |= projects_of(answer.args, claimed)
    why = why_not(run.services.settings, run.actor, row["user_id"], answer.verb, projects)
    if why and row["status"] == "prepared":
        raise NotAllowed(why)


def _usable(answer: Answer, state: State, run: Run[Context]) -> Answer:
    """`answer`, once what would be sent has passed the checks that no approval can waive."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101
    if answer.verb in ("respond", "reject"):
        return _within_rounds(answer, state, run)
    args = answer.args or pending["args"]
    _all_filled(pending, args)
    if pending["action"] == "mark_task_complete":
        return answer
    # A reviewer may say anything new: what was edited is checked as if it had been said so.
    said, feedback = (" ".join(args.values()), []) if answer.args else drafts.said_of(state)
    validation = drafts.checked(pending["action"], args, said, feedback, run)
    wrong = [f for f in validation["findings"] if f["code"] == "missing_field"]
    if answer.args:
        wrong += [f for f in validation["findings"] if f["severity"] == "error" and f not in wrong]
    if wrong:
        raise InvalidDecision(" ".join(f"{finding['message']} {finding['fix']}" for finding in wrong))
    return answer


def _all_filled(pending: PendingApproval, args: dict[str, str]) -> None:
    """What the receiver requires must be there, and one of its own values where it names them."""
    for field in pending["missing"]:
        value, allowed = args.get(field["name"], ""), field["allowed"]
        if not value or (allowed and value not in allowed):
            choice = f" as one of: {', '.join(allowed)}" if allowed else ""
            raise InvalidDecision(f"{field['label']} is required{choice}: edit the draft and fill it in.")


def _within_rounds(answer: Answer, state: State, run: Run[Context]) -> Answer:
    most = run.services.settings.max_review_rounds
    if answer.verb == "respond" and len(state.get("feedback") or []) >= most:
        raise InvalidDecision(f"This draft was rewritten {most} times already: edit, accept or reject it.")
    return answer


def _unusable(pending: PendingApproval, error: InvalidDecision) -> Update:
    again: PendingApproval = {
        **pending,
        "problem": error.message,
        "unusable_replies": pending["unusable_replies"] + 1,
    }
    return {"pending_approval": again, "success": False, "error": error.code, "error_message": error.message}


def _decided(row: ActionRow, state: State, ours: Decision) -> Update:
    """What the ledger's row means for this run. One that contradicts the first decision changes nothing;
    one that also says yes goes on with it, which is how what failed is tried again."""
    if row["decision"] is None:
        return _too_late(row, f"This draft is {row['status']}, so nothing was done. Send your message again.")
    of_record: Decision = {name: row["decision"].get(name) for name in Decision.__annotations__}  # type: ignore[assignment]
    both_say_yes = ours["verb"] == "accept" and of_record["verb"] in ("accept", "edit")
    if ours != of_record and not both_say_yes:
        verb, by = of_record["verb"], of_record["by"]
        return _too_late(row, f"This draft was decided already: {verb} by {by}.", of_record)
    update: Update = {"decision": of_record, "requires_user_approval": False}
    if of_record["verb"] == "respond":
        return {**update, "feedback": [*(state.get("feedback") or []), of_record["text"]]}
    if of_record["verb"] == "edit":
        pending = state["pending_approval"]
        assert pending is not None  # noqa: S101
        pending = {**pending, "args": row["args"], "digest": row["digest"]}
        return {**update, **drafts.edited(row["action"], row["args"]), "pending_approval": pending}
    return update


def _too_late(row: ActionRow, message: str, of_record: Decision | None = None) -> Update:
    return {
        "pending_approval": None,
        "requires_user_approval": False,
        "decision": of_record,
        "executed": row["status"] == "done",
        "outcome": row["result"],
        "success": False,
        "error": "invalid_decision",
        "error_message": message,
    }


def _diff(before: dict[str, str], after: dict[str, str]) -> str:
    """What a reviewer changed, as a unified diff of each argument."""
    lines: list[str] = []
    for name, old in before.items():
        lines += unified_diff(old.splitlines(), after[name].splitlines(), name, name, lineterm="", n=1)
    return "\n".join(lines)
