"""How one issue comes to be done: which transition is meant, what it asks for, and making it once.

A transition has no idempotency key, and needs none: it is made only from the status that was approved, and
an issue that is done already is left alone. After any failure the issue is read again before a word is said.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.errors import ActionError, ActionFailed, OutcomeUnknown, TargetChanged
from services.jira import JSON, Jira
from services.jira_fields import required, value
from services.jira_shapes import Issue, Transition
from services.steps import Steps

_COMPLETED = ("done", "closed", "resolved", "completed", "complete")
"""Where several transitions lead to a done status, one to such a status is meant, and not "Won't do"."""


class Move(NamedTuple):
    """An issue and what would move it; None where it is done already."""

    issue: Issue
    transition: Transition | None
    fields: JSON


def moves_to_done(jira: Jira, issue: Issue, done_status: Mapping[str, str]) -> Steps[list[Transition]]:
    """The transitions to a done status, those to the status that the settings name where they do."""
    offered = yield from jira.transitions(issue.key)
    moves = [move for move in offered if move.category == "done"]
    wanted = done_status.get(issue.key.rpartition("-")[0])
    if wanted:
        moves = [move for move in moves if move.to.casefold() == wanted.casefold()]
    if moves:
        return moves
    ways = ", ".join(f"{move.name!r} to {move.to}" for move in offered)
    offer = (
        f"Jira offers {ways}. Go there first." if ways else "Jira offers our account no transition at all."
    )
    raise ActionFailed(f"{issue} cannot be moved to {wanted or 'a done status'}: {offer}")


def chosen_move(issue: Issue, moves: list[Transition], args: JSON) -> Transition | None:
    """The one that the args name, else the only one, else the one to a status that means completed; None:
    somebody has to say which."""
    if named := args.get(f"{issue.key}.transition"):
        for move in moves:
            if named in (move.name, move.id):
                return move
        names = ", ".join(repr(move.name) for move in moves)
        raise TargetChanged(f"{issue} is not offered {named!r} any more, but {names}: decide again.")
    if len(moves) == 1:
        return moves[0]
    meant = [move for move in moves if move.to.casefold() in _COMPLETED]
    return min(meant, key=lambda move: _COMPLETED.index(move.to.casefold()), default=None)


def planned(jira: Jira, key: str, args: JSON, done_status: Mapping[str, str]) -> Steps[Move]:
    """What the approved args mean for one issue as it is now. Raises TargetChanged, or ActionFailed where
    something is still to be said."""
    issue = yield from jira.issue(key)
    if issue.done:
        return Move(issue, None, {})
    unchanged(issue, "status", args.get(f"{key}.from_status"), issue.status)
    moves = yield from moves_to_done(jira, issue, done_status)
    chosen = chosen_move(issue, moves, args)
    if chosen is None:
        names = ", ".join(repr(move.name) for move in moves)
        raise ActionFailed(f"{issue} can be finished in several ways ({names}): say which.")
    fields = {}
    for name, field in required(chosen).items():
        if not (text := str(args.get(f"{key}.{name}", "")).strip()):
            raise ActionFailed(f"{chosen.name!r} of {issue} needs {field.name}: fill in {key}.{name}.")
        fields[name] = value(jira, key, field, text)
    return Move(issue, chosen, fields)


def made(jira: Jira, move: Move) -> Steps[JSON]:
    """Make it; returns key, status, and whether somebody else had done it already."""
    issue, transition = move.issue, move.transition
    if transition is None:
        return {"key": issue.key, "status": issue.status, "already": True}
    try:
        yield from jira.transition(issue.key, transition, move.fields)
    except ActionError as error:
        try:
            now = yield from jira.issue(issue.key)
        except ActionError as unread:
            raise error from unread
        if now.done:  # by us if the answer was lost, by somebody else if it was a refusal
            by_others = not isinstance(error, OutcomeUnknown)
            return {"key": issue.key, "status": now.status, "already": by_others}
        if not isinstance(error, OutcomeUnknown):
            unchanged(now, "status", issue.status, now.status)
        raise
    return {"key": issue.key, "status": transition.to, "already": False}


def unchanged(issue: Issue, what: str, seen: str | None, now: str) -> None:
    """Raises TargetChanged where a reviewer saw something else; `seen` None: nobody looked."""
    if seen and seen != now:
        raise TargetChanged(
            f"{issue} has changed since it was shown ({what}: then {seen}, now {now}): look and decide again."
        )
