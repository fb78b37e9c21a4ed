"""What an approved action does in Jira, once: `post_jira_comment` and `mark_task_complete`.

Jira has no idempotency keys, so repeating is made safe by looking first: a comment carries the id of its
action as a property of the same write, and of a transition services.jira_moves knows whether it was made.
What the reviewer saw is pinned in the args (when the issue was last updated, its status): when it is no
longer so, the action asks again instead of acting.
"""

import re
from collections.abc import Mapping

from pydantic import SecretStr

from services import Preview
from services.adf_markdown import to_markdown
from services.errors import ActionError, ActionFailed, OutcomeUnknown, ReceiverUnavailable
from services.jira import JSON, Credentials, Jira
from services.jira_fields import choices, required, value
from services.jira_moves import chosen_move, made, moves_to_done, planned, unchanged
from services.jira_shapes import Comment
from services.markup import to_adf
from services.steps import Steps, within

SECONDS = 45.0
"""No request of one action begins later; with the time of that request a lease on the action outlasts it."""
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,30}-[1-9][0-9]{0,9}")


class PostJiraComment:
    """The action `post_jira_comment`. Args: `issue_key`, `comment` (Markdown, see services.markup), and from
    `preview` `issue_updated`, what the reviewer saw. `public`: customers of a service desk see it."""

    repeatable = True

    def __init__(self, jira: Jira, *, public: bool = False, seconds: float = SECONDS) -> None:
        self._jira = jira
        self._public = public
        self._seconds = seconds

    def acting_as(self, token: SecretStr) -> "PostJiraComment":
        jira = self._jira.acting_as(Credentials(token))
        return PostJiraComment(jira, public=self._public, seconds=self._seconds)

    def check(self) -> Steps[str]:
        """Who we are there."""
        return (yield from _signed_in(self._jira))

    def preview(self, args: JSON) -> Steps[Preview]:
        """The comment as Jira will show it, and the issue as it is now; `missing` where none was named."""
        comment, named = str(args.get("comment", "")), str(args.get("issue_key", ""))
        key = _key(named) if _is_key(named) else ""
        links = self._jira.issue_links(key)
        shown = Preview(
            target="",
            text=to_markdown(to_adf(comment, links), links),
            args={"issue_key": key, "comment": comment},
            missing=[] if key else [_missing("issue_key", "the issue to comment on", [])],
            notes=[],
        )
        if key:
            issue = yield from self._jira.issue(key)
            shown["target"], shown["args"]["issue_updated"] = str(issue), issue.updated
            shown["notes"] += [f"{key} is already {issue.status}."] if issue.done else []
        return shown

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        """Returns issue_key, comment_id, url."""
        return (yield from _in_time(self._perform(action_id, args), self._seconds))

    def _perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        key, comment = _key(str(args.get("issue_key", ""))), str(args.get("comment", ""))
        posted = yield from self._jira.find_comment(key, action_id)
        if posted is None:
            if seen := args.get("issue_updated"):
                issue = yield from self._jira.issue(key)
                unchanged(issue, "last update", seen, issue.updated)
            posted = yield from self._post(key, comment, action_id)
        url = f"{self._jira.issue_url(key)}?focusedCommentId={posted.id}"
        return {"issue_key": key, "comment_id": posted.id, "url": url}

    def _post(self, key: str, comment: str, action_id: str) -> Steps[Comment]:
        try:
            return (yield from self._jira.comment(key, comment, mark=action_id, public=self._public))
        except OutcomeUnknown as unknown:
            try:
                posted = yield from self._jira.find_comment(key, action_id)
            except ActionError as error:
                raise unknown from error
            if posted is None:
                raise
            return posted


class MarkTaskComplete:
    """The action `mark_task_complete`. Args: `issue_keys` (comma-separated), and from `preview` for each key
    `KEY.from_status`, `KEY.transition` and one `KEY.<field id>` for each field that the transition needs.
    `done_status` names the wanted status of a project where several mean done."""

    repeatable = True

    def __init__(
        self, jira: Jira, *, done_status: Mapping[str, str] | None = None, seconds: float = SECONDS
    ) -> None:
        self._jira = jira
        self._done_status = done_status or {}
        self._seconds = seconds

    def acting_as(self, token: SecretStr) -> "MarkTaskComplete":
        jira = self._jira.acting_as(Credentials(token))
        return MarkTaskComplete(jira, done_status=self._done_status, seconds=self._seconds)

    def check(self) -> Steps[str]:
        """Who we are there."""
        return (yield from _signed_in(self._jira))

    def preview(self, args: JSON) -> Steps[Preview]:
        """What each issue would be moved by, and what has to be filled in for that; what is filled in
        already is checked."""
        named = [part for part in str(args.get("issue_keys", "")).split(",") if part.strip()]
        keys = list(dict.fromkeys(_key(part) for part in named if _is_key(part)))
        shown = Preview(target="", text="", args={"issue_keys": ", ".join(keys)}, missing=[], notes=[])
        if not keys:
            shown["missing"].append(_missing("issue_keys", "the issue that is done", []))
        shown["notes"] += [
            f"{part.strip()} is no issue key and left out." for part in named if not _is_key(part)
        ]
        targets, texts = [], []
        for key in keys:
            issue = yield from self._jira.issue(key)
            targets.append(str(issue))
            shown["args"][f"{key}.from_status"] = issue.status
            if issue.done:
                shown["notes"].append(f"{key} is already {issue.status}.")
                continue
            moves = yield from moves_to_done(self._jira, issue, self._done_status)
            chosen = chosen_move(issue, moves, args)
            shown["args"][f"{key}.transition"] = chosen.name if chosen else ""
            if chosen is None:
                shown["missing"].append(_missing(f"{key}.transition", f"{key}: how", [m.name for m in moves]))
                continue
            texts.append(f"{key}: {issue.status} → {chosen.to}")
            for name, field in required(chosen).items():
                shown["args"][f"{key}.{name}"] = text = str(args.get(f"{key}.{name}", ""))
                if text:
                    value(self._jira, key, field, text)
                shown["missing"].append(_missing(f"{key}.{name}", f"{key}: {field.name}", choices(field)))
        shown["missing"] = [part for part in shown["missing"] if not shown["args"][part["name"]]]
        return {**shown, "target": ", ".join(targets), "text": "\n".join(texts)}

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        """Returns issues: for each its key, status and whether it was done already. Nothing is moved before
        every issue was found to be movable."""
        return (yield from _in_time(self._perform(args), self._seconds))

    def _perform(self, args: JSON) -> Steps[JSON]:
        moves = []
        for key in _keys(args):
            moves.append((yield from planned(self._jira, key, args, self._done_status)))
        done: list[JSON] = []
        for move in moves:
            try:
                done.append((yield from made(self._jira, move)))
            except ActionError as error:
                if not done:
                    raise
                kept = ", ".join(one["key"] for one in done)
                raise type(error)(f"{error.message} Done before that: {kept}.", **error.details) from error
        return {"issues": done}


def _signed_in(jira: Jira) -> Steps[str]:
    me = yield from jira.myself()
    return f"signed in to Jira as {me.name}"


def _in_time(steps: Steps[JSON], seconds: float) -> Steps[JSON]:
    late = ReceiverUnavailable(
        f"Jira took more than {seconds:g} s in all, so the next step was not begun: try again."
    )
    return within(steps, seconds, late)


def _missing(name: str, label: str, allowed: list[str]) -> JSON:
    return {"name": name, "label": label, "allowed": allowed}


def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text.strip().upper()) is not None


def _key(text: str) -> str:
    """A whole issue key; raises ActionFailed for anything else, so that none can reach into an address."""
    if not _is_key(text):
        raise ActionFailed(f"{text[:40]!r} is no issue key: give one like PAY-12.")
    return text.strip().upper()


def _keys(args: JSON) -> list[str]:
    """The keys of `issue_keys`, each once, in their order."""
    return list(dict.fromkeys(_key(part) for part in str(args.get("issue_keys", "")).split(",")))
