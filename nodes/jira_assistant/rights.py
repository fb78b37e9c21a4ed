"""Who may answer a draft: the last line of defence, behind the door that every caller comes through.

A reply that the door let in carries the name of who gave it. Without that, one that a run left behind when
it was cut off (LangGraph keeps it, and uses it before any newer one) would be taken for the word of
whoever comes next.
"""

import re
from collections.abc import Mapping
from typing import Any

from services.errors import NotAllowed
from services.identity import Identity
from services.settings import Settings

_ISSUE = re.compile(r"([A-Z][A-Z0-9_]*)-[0-9]+")
_UNKNOWN = "?"
_BY, _REPLY = "answered_by", "reply"
NOT_YOURS = "There is no such conversation here, or it is not yours."
LEFT_BEHIND = "An answer of somebody else was left here unfinished and was not taken: please answer again."


def projects_of(args: Mapping[str, Any], claimed: str | None) -> frozenset[str]:
    """The Jira projects that an action is about: of its issues, and the one that its author named.

    "?" stands for what looks like no issue key, so that no spelling gets around the rules of a project.
    """
    named = [str(args.get(name) or "").split(",") for name in ("issue_key", "issue_keys")]
    keys = [key.strip().upper() for parts in named for key in parts if key.strip()]
    found = {match[1] if (match := _ISSUE.fullmatch(key)) else _UNKNOWN for key in keys}
    return frozenset(found | ({claimed.strip().upper()} if claimed and claimed.strip() else set()))


def why_not(settings: Settings, actor: str, author: str, verb: str, projects: frozenset[str]) -> str | None:
    """Why `actor` may not answer so for these projects, by APPROVERS and SELF_APPROVAL; None: they may."""
    own = actor == author
    if own and verb in ("reject", "respond"):
        return None
    rules = settings.approvers
    for project in sorted(projects) or ["*"]:
        at_hand = list(rules.values()) if project == _UNKNOWN else [rules.get(project, rules.get("*"))]
        for rule in at_hand or [None]:
            if rule and rule.approvers is not None and actor not in rule.approvers:
                return (
                    f"Only the approvers of {project} may do this: {', '.join(rule.approvers) or 'nobody'}."
                )
            by_rule = rule.self_approval if rule else None
            if own and not (settings.self_approval if by_rule is None else by_rule):
                return "Somebody else has to accept this: nobody approves their own drafts here."
    return None


def owner_of(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """Tenant and user whose conversation a state is of; None where nobody is named."""
    author = values.get("author") or {}
    return (author.get("tenant") or "", author["user_id"]) if author.get("user_id") else None


def only_for_its_people(state: Mapping[str, Any], identity: Identity | None, answers: bool) -> None:
    """In a conversation only its author speaks; reviewers answer its draft. Raises NotAllowed."""
    if identity is None or "author" not in state:
        return
    owner, pending = owner_of(state), state.get("pending_approval")
    if owner == (identity.tenant, identity.user_id):
        return
    if owner is None or pending is None or not answers:
        raise NotAllowed(NOT_YOURS)
    if not identity.may_see(*owner, projects_of(pending["args"], state["author"].get("project"))):
        raise NotAllowed(NOT_YOURS)


def answered_by(identity: Identity | None, reply: Any) -> Any:
    """The reply, with the name of who gives it, where somebody is signed in."""
    return reply if identity is None else {_BY: [identity.tenant, identity.user_id], _REPLY: reply}


def own_reply(identity: Identity | None, given: Any) -> Any:
    """The reply itself. Raises NotAllowed for one that somebody else gave."""
    if not isinstance(given, Mapping) or set(given) != {_BY, _REPLY}:
        return given
    if identity is None or list(given[_BY]) != [identity.tenant, identity.user_id]:
        raise NotAllowed(LEFT_BEHIND)
    return given[_REPLY]
