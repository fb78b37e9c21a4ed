"""The types that the steps hand each other: plain JSON shapes, no library behind them, quick to import.

JSON values only: an enum or a model object can come back from a checkpoint as something else.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

RouteType = Literal[
    "backend_completion", "backend_productivity", "llm_rephrasing", "llm_email", "llm_classification"
]
Intent = Literal[
    "task_completion", "task_update", "productivity_query", "email_request", "general_question", "unclear"
]
Action = Literal["mark_task_complete", "post_jira_comment", "send_email"]


_ROUTE_OF: dict[str, RouteType] = {
    "task_completion": "backend_completion",
    "productivity_query": "backend_productivity",
    "task_update": "llm_rephrasing",
    "email_request": "llm_email",
}


def route_of(intent: str) -> RouteType:
    """The route an intent takes; every other one ends with a model, and then in a question back."""
    return _ROUTE_OF.get(intent, "llm_classification")


class Entities(TypedDict):
    """What a message names, as written there; nothing is inferred. Each list is unique, in text order."""

    issue_keys: list[str]  # JIRA-456 whole and upper case; also "task #123" as "#123"
    people: list[str]
    dates: list[str]  # dates, times and periods, as written: "by Friday", "this week", "2026-03-01"
    statuses: list[str]
    terms: list[str]  # technical terms
    versions: list[str]
    urls: list[str]


class Scored(TypedDict):
    """One intent with the score it got, 0..1."""

    intent: Intent
    confidence: float


class Classification(TypedDict):
    """The same from the rules and from a model."""

    intent: Intent | Literal["abstain"]
    confidence: float  # 0..1
    stage: Literal["rules", "model", "fallback"]
    rule: str | None  # the name of the matched rule; None from a model
    runner_up: Scored | None
    reason: NotRequired[str]
    # only for telling how it came to this:
    rules: NotRequired[Any]  # where the rules abstained: their own Classification
    model: NotRequired[str | None]  # who decided in the stage "model"; None: a decision kept from before


class Finding(TypedDict):
    """One thing a check found in a draft."""

    # tone, length, sensitive, completion_marker, fact_lost, fact_invented, fact_negation, added, structure,
    # missing_field, hidden_characters
    code: str
    severity: Literal["info", "warning", "error"]
    span: list[int] | None  # [start, end) in the checked text, None where it is about the whole
    message: str
    fix: str


class Validation(TypedDict):
    """What the checks say of one draft."""

    tone_score: float
    length_ok: bool
    overall: float  # 0..1
    findings: list[Finding]
    passed: bool  # no finding of severity warning or error


PartStatus = Literal["waits", "pending", "done", "rejected", "failed"]  # waits: its turn comes after others


class PartResult(TypedDict):
    """What became of one action of a message that asks for several."""

    text: str  # the part of the message, as if it had been said alone
    intent: Intent
    status: PartStatus
    action_id: str | None
    generated_content: str | None
    error_message: str | None
    tokens_in: int
    tokens_out: int
    cost_usd: float | None  # None: no price is known


class EmailComponents(TypedDict):
    """An e-mail in parts. `to` and `cc` hold addresses, or placeholders like [Manager Email]."""

    to: list[str]
    cc: list[str]
    subject: str
    greeting: str
    body: str
    closing: str
    signature: str
    missing_fields: list[str]  # the placeholders left, without brackets
