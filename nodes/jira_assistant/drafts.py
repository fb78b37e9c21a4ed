"""What a draft is, for comments and e-mails alike: a text to read and the flat arguments to send.

Whoever wrote it (model, cache, rules, reviewer), a draft enters the state only through here.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from nodes.jira_assistant.checks import check_comment, check_email
from nodes.jira_assistant.contracts import EmailComponents, Validation
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.language.spans import find_spans
from nodes.jira_assistant.offline_comment import draft_comment, redraft_comment
from nodes.jira_assistant.offline_email import (
    NOBODY,
    draft_email,
    placeholders,
    redraft_email,
    render_email,
)
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON
from services.sensitive import without_secrets

_CONTEXT_FACTS = (
    "user_name",
    "role",
    "department",
    "manager_name",
    "manager_email",
    "project",
    "issue_key",
)
"""What of the context a draft may mention."""


class EmailDraft(BaseModel):
    """An e-mail as a model gives it; longer parts are no e-mail any more."""

    to: Annotated[list[str], Field(max_length=50)]
    cc: Annotated[list[str], Field(max_length=50)] = []
    subject: Annotated[str, Field(max_length=250)]
    greeting: Annotated[str, Field(max_length=250)]
    body: Annotated[str, Field(max_length=10_000)]
    closing: Annotated[str, Field(max_length=250)]
    signature: Annotated[str, Field(max_length=500)]


def known(context: Context) -> dict[str, str]:
    """The facts of the context by name, without the unknown ones."""
    values = {name: getattr(context, name) for name in _CONTEXT_FACTS}
    return {name: value for name, value in values.items() if value}


def said_of(state: State) -> tuple[str, list[str]]:
    """What a draft takes its facts from: the message and what reviewers asked for, with no secret in it."""
    return without_secrets(state["original_input"]), [without_secrets(w) for w in state.get("feedback") or []]


def target_keys(state: State, context: Context) -> list[str]:
    """The issues meant: what the latest feedback names, else the message, else the chat's own issue."""
    for said in [*reversed(state.get("feedback") or []), state["original_input"]]:
        if keys := extract(said)["issue_keys"]:
            return keys
    return [context.issue_key] if context.issue_key else []


def as_comment(text: str, state: State, context: Context) -> Update:
    """A comment on the first issue meant; with none known its `issue_key` is empty."""
    key = next(iter(target_keys(state, context)), "")
    return {
        "generated_content": text,
        "action": {"name": "post_jira_comment", "args": {"issue_key": key, "comment": text}},
    }


def _addressed(draft: EmailDraft, state: State, context: Context) -> EmailDraft:
    """`draft` to whom the rules read that it goes: a model writes the text and never chooses who gets it, as
    its input may tell it to. Only where they read nobody, and beside them, it may name who a reviewer did,
    or the manager."""
    said, feedback = said_of(state)
    read = _mail_by_rules(said, feedback, context)
    trusted = {span.text.lower() for wish in feedback for span in find_spans(wish) if span.kind == "email"}
    trusted.add((context.manager_email or "").lower())
    to, cc = ([one for one in named if one.lower() in trusted] for named in (draft.to, draft.cc))
    nobody = all(one == NOBODY for one in read["to"])
    to = to if nobody and to else [*read["to"], *to]
    return draft.model_copy(update={"to": _each(to), "cc": _each([*read["cc"], *cc])})


def _each(addresses: list[str]) -> list[str]:
    return list({one.lower(): one for one in reversed(addresses)}.values())[::-1]


def as_email(draft: EmailDraft | EmailComponents) -> Update:
    """An e-mail; every part is an argument of its own, so that a reviewer edits parts."""
    fields = draft.model_dump() if isinstance(draft, EmailDraft) else dict(draft)
    args = {
        name: ", ".join(value) if isinstance(value := fields[name], list) else str(value).strip()
        for name in EmailDraft.model_fields
    }
    parts = email_of(args)
    return {
        "generated_content": render_email(parts),
        "email_components": parts,
        "action": {"name": "send_email", "args": args},
    }


def as_written(draft: JSON, state: State, context: Context) -> Update:
    """What a model wrote: a `comment`, or the fields of an EmailDraft."""
    if "comment" in draft:
        return as_comment(draft["comment"], state, context)
    return as_email(_addressed(EmailDraft.model_validate(draft), state, context))


def edited(name: str, args: dict[str, str]) -> Update:
    """The draft as a reviewer left it; arguments that only pin what was seen are no part of its text."""
    if name == "send_email":
        return {**as_email(email_of(args)), "action": {"name": name, "args": args}}
    if name == "post_jira_comment":
        return {"generated_content": args["comment"], "action": {"name": name, "args": args}}
    content = f"Mark {args['issue_keys']} as done."
    return {"generated_content": content, "action": {"name": name, "args": args}}


def email_of(args: Mapping[str, str]) -> EmailComponents:
    """The parts back from the flat arguments."""
    parts: EmailComponents = {
        "to": _addresses(args["to"]),
        "cc": _addresses(args["cc"]),
        "subject": args["subject"],
        "greeting": args["greeting"],
        "body": args["body"],
        "closing": args["closing"],
        "signature": args["signature"],
        "missing_fields": [],
    }
    return {**parts, "missing_fields": placeholders(parts)}


def by_rules(state: State, context: Context) -> Update:
    """The draft that needs no model; after feedback that rules cannot follow, the draft as it was."""
    said, feedback = said_of(state)
    if state["route_type"] == "llm_email":
        return as_email(_mail_by_rules(said, feedback, context))
    text = draft_comment(said)
    for wish in feedback:
        text = redraft_comment(said, text, wish) or text
    return as_comment(text, state, context)


def _mail_by_rules(said: str, feedback: Sequence[str], context: Context) -> EmailComponents:
    parts = draft_email(said, known(context))
    for wish in feedback:
        parts = redraft_email(said, parts, wish) or parts
    return parts


def checked(
    name: str, args: Mapping[str, str], said: str, feedback: Sequence[str], run: Run[Context]
) -> Validation:
    """What the checks say of a draft; its facts must come from what was `said`, `feedback` or the context."""
    domains = run.services.settings.allowed_email_domains.split(",")
    allowed = tuple(domain.strip() for domain in domains if domain.strip())
    facts = known(run.context)
    if name == "send_email":
        return check_email(email_of(args), said, facts, feedback=feedback, allowed_domains=allowed)
    return check_comment(args["comment"], said, facts, feedback=feedback, allowed_domains=allowed)


def _addresses(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
