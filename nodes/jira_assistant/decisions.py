"""Every shape of answer to an approval, parsed in one place into one type.

Unrecognised input never means accept: it is a request to change the draft, or it is refused.
"""

import json
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nodes.jira_assistant.spoken import spoken_verb
from services.errors import InvalidDecision

Verb = Literal["accept", "edit", "respond", "reject"]

_VERBS: dict[str, Verb] = {
    "accept": "accept",
    "approve": "accept",
    "edit": "edit",
    "response": "respond",
    "respond": "respond",
    "ignore": "reject",
    "reject": "reject",
}

_LONGEST_ANSWER = 20_000  # characters: longer than any draft that the checks let through


@dataclass(frozen=True, slots=True)
class Answer:
    """One typed decision. `args` only with edit; `text` is the feedback of respond, the reason of reject."""

    verb: Verb
    args: dict[str, str] | None = None
    text: str | None = None


def parse(reply: Any, action: str, proposed: Mapping[str, str]) -> Answer:
    """`reply`, in any accepted shape, as a decision on `action` with the `proposed` arguments.

    Raises InvalidDecision when it is empty, malformed, of another action, or carries unknown arguments.
    """
    reply = _unwrapped(reply)
    if reply is True:
        return Answer("accept")
    if reply is False:
        return Answer("reject")
    if isinstance(reply, str):
        return _spoken(reply)
    if isinstance(reply, Mapping):
        return _typed(reply, action, proposed)
    raise InvalidDecision(f"The reply {_shown(reply)} is no decision: {_HELP}")


_HELP = "answer accept, edit, respond or reject, for example yes, no, or what to change."


def _unwrapped(reply: Any) -> Any:
    for _ in range(4):  # a JSON string of a list of a dict of decisions, and no deeper
        if isinstance(reply, str) and reply.strip()[:1] in ("{", "[", '"'):
            if len(reply) > _LONGEST_ANSWER:
                return reply
            try:
                reply = json.loads(reply)
            except (ValueError, RecursionError):
                return reply
        elif isinstance(reply, list):
            reply = _only(reply)
        elif isinstance(reply, Mapping) and "decisions" in reply:
            decisions = reply["decisions"]
            reply = _only(decisions if isinstance(decisions, list) else [])
        else:
            return reply
    return reply


def _only(answers: list[Any]) -> Any:
    if len(answers) != 1:
        raise InvalidDecision(f"One decision is wanted for one draft, and {len(answers)} came: send one.")
    return answers[0]


def _spoken(reply: str) -> Answer:
    if verb := spoken_verb(reply):
        return Answer(verb)
    return Answer("respond", text=_some_text(reply, "respond"))


def _typed(reply: Mapping[str, Any], action: str, proposed: Mapping[str, str]) -> Answer:
    kind = reply.get("type")
    verb = _VERBS.get(kind) if isinstance(kind, str) else None
    if verb is None:
        raise InvalidDecision(f"The reply's type {_shown(kind)} is not known: {_HELP}")
    if verb == "accept":
        if reply.get("args") is not None and _edited(reply["args"], "action", action, proposed) != proposed:
            raise InvalidDecision("An accept came with changed arguments: send them as an edit.")
        return Answer("accept")
    if verb == "edit":
        named = ("edited_action", "name") if "edited_action" in reply else ("args", "action")
        args = _edited(reply.get(named[0]), named[1], action, proposed)
        return Answer("accept") if args == proposed else Answer("edit", args=args)
    said = reply.get("message", reply.get("args"))
    if verb == "respond":
        return Answer("respond", text=_some_text(said, "respond"))
    return Answer("reject", text=_some_text(said, "reject") if said else None)


def _edited(change: Any, name_key: str, action: str, proposed: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(change, Mapping) or not isinstance(change.get("args"), Mapping):
        raise InvalidDecision(f"An edit carries {name_key} and args as objects: send the edited arguments.")
    if change.get(name_key) != action:
        raise InvalidDecision(
            f"The edit is of {_shown(change.get(name_key))}, the draft of {action}: an edit keeps the action."
        )
    if unknown := sorted(str(key) for key in change["args"].keys() - proposed.keys()):
        raise InvalidDecision(
            f"The edit names {', '.join(unknown)[:200]}, unknown to {action}: use {', '.join(proposed)}."
        )
    return {**proposed, **{key: _as_text(key, value) for key, value in change["args"].items()}}


def _as_text(key: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST_ANSWER:
        raise InvalidDecision(f"The edited {key} is no text of at most {_LONGEST_ANSWER} characters.")
    return value


def _some_text(said: Any, verb: str) -> str:
    if not isinstance(said, str) or not said.strip():
        raise InvalidDecision(f"A {verb} carries text, and this one has none: {_HELP}")
    if len(said) > _LONGEST_ANSWER:
        raise InvalidDecision(f"The text of a {verb} may have {_LONGEST_ANSWER} characters: shorten it.")
    return said.strip()


def _shown(value: Any) -> str:
    return reprlib.repr(value)[:80]  # bounded in depth: a reply may be nested without end
