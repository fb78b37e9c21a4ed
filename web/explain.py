"""Why a thread went as it did, step by step, in plain words: from its kept states and the ledger alone.

States are kept once a run where the assistant is used in process, so each message is told from the last one
that was kept of it. Nothing is made up: what was not recorded is said to be not recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from nodes.jira_assistant.propose import action_id_of
from services import JSON, ActionRow
from web import explain_draft
from web.cards import label_of, lasting, told
from web.results import TITLES

Actions = Mapping[str, tuple[ActionRow, list[JSON]]]
"""Actions with their histories, by id."""

_ROUTE = ("receive", "classify_by_rules", "classify_by_llm")
_DRAFT = ("complete_task", "rephrase_comment", "draft_email", "repair", "report_productivity", "clarify")
_ABOUT = ("project", "issue_key", "role", "tenant")


class Told(TypedDict):
    """One step. Times are seconds since 1970, UTC."""

    step: str
    words: list[str]
    at: float | None  # None: not recorded
    took_s: float | None  # the assistant's own work, without waits for people; None: not recorded


def messages_of(states: Iterable[tuple[JSON, str | None]]) -> list[tuple[JSON, float | None]]:
    """The last state of each message, and when its first was kept; `states` with their ISO times, oldest
    first. An answer to a draft belongs to the message that was drafted."""
    found: dict[str, tuple[JSON, float | None]] = {}
    for values, kept_at in states:
        if request_id := (values.get("metadata") or {}).get("request_id"):
            first = found[request_id][1] if request_id in found else _seconds(kept_at)
            found[request_id] = (values, first)
    return list(found.values())


def action_ids(state: JSON, thread_id: str) -> list[str]:
    """The ids of all that was proposed for a message, in the order of its parts."""
    tenant, request_id = (state.get("author") or {}).get("tenant"), state["metadata"]["request_id"]
    found: dict[str, None] = {}
    for draft in [*_parts(state), state]:
        part = draft.get("part") if state.get("parts") else None
        for at in range(draft.get("rounds") or 0):
            found[action_id_of(tenant, thread_id, request_id, at, part)] = None
    return list(found)


def _parts(state: JSON) -> list[JSON]:
    """The drafts of a message of several actions; one that was put back is there twice: the last counts."""
    drafts = {draft["part"]: draft for draft in state.get("drafted") or []}
    return [drafts[part] for part in sorted(drafts)]


def explained(state: JSON, at: float | None, actions: Actions) -> list[Told]:
    """One message, from what was said to what came of it."""
    steps = [_said(state, at)]
    for draft in _parts(state) or [state]:
        of = f" of part {draft['part'] + 1}" if draft is not state else ""
        steps += [
            _step(f"Route{of}", [*explain_draft.route(draft)], None, _took(draft, _ROUTE)),
            _step(f"Draft{of}", [*explain_draft.draft(draft)], None, _took(draft, _DRAFT)),
            _step(f"Checks{of}", [*explain_draft.checks(draft)], None, _took(draft, ("validate",))),
        ]
    for row, history in actions.values():
        steps += _action(row, history)
    if gone := len(action_ids(state, "")) - len(actions):
        steps.append(_step("Proposed", [f"Of {gone} actions nothing is recorded any more."]))
    return [step for step in [*steps, _outcome(state)] if step["words"]]


def _step(name: str, words: list[str], at: float | None = None, took_s: float | None = None) -> Told:
    return {"step": name, "words": words, "at": at, "took_s": took_s}


def _took(state: JSON, names: Iterable[str]) -> float | None:
    timings = state["metadata"].get("stage_timings") or {}
    found = [timings[name] for name in names if name in timings]
    return round(sum(found), 6) if found else None


def _said(state: JSON, at: float | None) -> Told:
    author = state.get("author") or {}
    who, said = author.get("user_id") or "Somebody", state.get("whole_input") or state["original_input"]
    words = [f"{who} said: {said}"]
    words += [f"{label_of(name)}: {author[name]}" for name in _ABOUT if author.get(name)]
    if variant := state["metadata"].get("variant"):
        words.append(f"Served with the variant {variant}.")
    if state.get("superseded"):
        words.append(f"It replaced the draft that waited before, {state['superseded']}.")
    return _step("Said", words, at)


def _action(row: ActionRow, history: list[JSON]) -> Iterator[Told]:
    summary = row["summary"]
    named = (row["args"].get(name) for name in ("issue_key", "issue_keys", "to"))
    target = summary.get("target") or next(filter(None, named), "the caller")
    title = TITLES.get(row["action"], row["action"])
    why = summary.get("reason")
    asked = f"Why a human was asked: {why}" if why else "Policy let it go without asking anybody."
    words = [f"{title} for {target}, action {row['action_id']}.", asked]
    words += [f"Note for the reviewer: {note}" for note in summary.get("notes") or []]
    yield _step("Proposed", words, row["prepared_at"])
    for event in map(told, history[1:] if history and history[0]["event"] == "prepared" else history):
        words = [f"By {event['by']}, {_after(event['at'] - row['prepared_at'])} after it was proposed."]
        words += [event["words"]] if event["words"] else []
        words += [f"{label_of(name)}: {value}" for name, value in event["detail"].items()]
        yield _step(event["title"], words, event["at"])


def _outcome(state: JSON) -> Told:
    words = []
    if state.get("error"):
        words.append(f"It ended with {state['error']}: {state.get('error_message')}")
    elif state.get("requires_user_approval"):
        words.append("It waits for a decision.")
    else:
        words.append("It was carried out." if state.get("executed") else "Nothing was carried out.")
    timings = state["metadata"].get("stage_timings") or {}
    slow = ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in timings.items())
    words.append(f"Steps took: {slow}." if slow else "How long the steps took was not recorded.")
    return _step("Outcome", words, None, state["metadata"].get("processing_time_s"))


def _after(seconds: float) -> str:
    return f"{max(seconds, 0):.1f} s" if seconds < 60 else lasting(seconds)


def _seconds(kept_at: Any) -> float | None:
    return datetime.fromisoformat(kept_at).timestamp() if kept_at else None
