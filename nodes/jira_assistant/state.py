"""The contracts of the graph: what goes in, what is kept, what comes out. JSON values only."""

from typing import Annotated, Any, Literal

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from typing_extensions import TypedDict

import prompts
from nodes.jira_assistant.contracts import (
    Action,
    Classification,
    EmailComponents,
    Entities,
    PartResult,
    RouteType,
    Validation,
)

SCHEMA_VERSION = 1

InterruptFormat = Literal["agent_inbox", "hitl", "hybrid"]


def _prompt(name: str, *nodes: str) -> Any:
    """A field whose default is the prompt file and which Studio lets people edit at those nodes."""
    return Field(
        default_factory=lambda: prompts.source(f"jira_assistant/{name}"),
        description=f"The instructions to the model for {' and '.join(nodes)}.",
        json_schema_extra={
            "langgraph_nodes": list(nodes),
            "langgraph_type": "prompt",
            "default": prompts.source(f"jira_assistant/{name}"),
        },
    )


class Context(BaseModel):
    """Who speaks, about what, and how they want to be answered. Data only, never a client."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    user_id: str | None = Field(default=None, description="Who speaks. Without it nothing is done.")
    user_name: str | None = Field(default=None, description="Signs e-mails.")
    role: str | None = Field(default=None, description="For example backend engineer.")
    department: str | None = Field(default=None, description="For example Payments.")
    manager_name: str | None = Field(default=None, description="Greeted in e-mails to the manager.")
    manager_email: str | None = Field(default=None, description="Where e-mails to the manager go.")
    project: str | None = Field(default=None, description="The Jira project, for example PAY.")
    issue_key: str | None = Field(default=None, description="The issue that the chat is about.")
    tenant: str | None = Field(default=None, description="The organisation; nothing is shared across it.")
    session_id: str | None = Field(default=None, description="The caller's own session, kept for traces.")
    jira_token: SecretStr | None = Field(
        default=None, description="Acts in Jira in this user's name; used for this run and never kept."
    )
    locale: str | None = Field(default=None, description="For example en-GB.")
    time_zone: str = Field(default="UTC", description="For periods such as this week: Europe/Berlin.")
    plan: str | None = Field(default=None, description="lite, pro or business: the token budget.")
    approval_mode: Literal["interrupt", "return"] = Field(
        default="interrupt", description="Pause for approval, or return the draft and end the run."
    )
    interrupt_format: InterruptFormat = Field(
        default="agent_inbox", description="How a pause is written: for Agent Inbox, agent-chat-ui, or both."
    )
    classify_prompt: str = _prompt("classify", "classify_by_llm")
    comment_prompt: str = _prompt("rephrase_comment", "rephrase_comment")
    email_prompt: str = _prompt("draft_email", "draft_email")

    def kept(self) -> dict[str, Any]:
        """What a thread keeps of its author."""
        never = {"jira_token", "classify_prompt", "comment_prompt", "email_prompt"}
        return self.model_dump(exclude=never, exclude_none=True)


class PendingApproval(TypedDict):
    """A draft that waits for a decision: all that a reviewer needs, for clients that see no interrupts."""

    action_id: str
    action: Action
    args: dict[str, str]  # exactly what will be sent, flat
    missing: list[dict[str, Any]]  # args to fill in: name, label, allowed values (none: any text)
    digest: str  # what the approval binds to
    description: str  # Markdown: original, draft, findings, target, expiry
    expires_at: float  # seconds since 1970, UTC
    problem: str | None  # why the last reply could not be used
    unusable_replies: int


class Decision(TypedDict):
    """The decision of record on a draft."""

    verb: Literal["accept", "edit", "respond", "reject"]
    by: str
    text: str | None  # the feedback of a response, the reason of a rejection
    edit_diff: str | None


class Input(TypedDict, total=False):
    """One of the first two. A `reply` answers the pending draft instead of a resume."""

    message: str  # what the user typed
    messages: Annotated[list[AnyMessage], add_messages]  # the same, from chat clients
    reply: Any  # any shape that a resume accepts
    reply_to: str | None  # the id of the action that the reply is meant for; None: the one that waits


class Result(TypedDict, total=False):
    """What comes out. Every field is there after each message; None or empty where it does not apply."""

    success: bool
    route_type: RouteType | None
    processing_type: (
        Literal[
            "backend_shortcut",
            "backend_calculation",
            "comment_generation",
            "email_generation",
            "classification_help",
        ]
        | None
    )
    backend_action: str | None
    original_input: str
    generated_content: str | None
    email_components: EmailComponents | None
    extracted_entities: Entities | None
    confidence: float | None
    quality_score: float | None
    validation: Validation | None
    requires_user_approval: bool
    approval_reason: str | None
    pending_approval: PendingApproval | None
    decision: Decision | None
    executed: bool
    from_cache: bool
    fallback_used: bool
    outcome: dict[str, Any] | None  # what the receiver said of the executed action
    superseded: str | None  # the id of a pending action that this message replaced
    figures: dict[str, Any] | None  # of a productivity report
    parts: list[PartResult]  # of a message that asks for several actions, in order; else empty
    error: str | None
    error_message: str | None
    metadata: dict[str, Any]


class Output(Result, total=False):
    """The result, and the conversation for chat clients."""

    messages: Annotated[list[AnyMessage], add_messages]


def collected(before: list[dict[str, Any]] | None, more: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """What parallel steps hand back, the latest of each part; None empties it for the next message."""
    if more is None:
        return []
    return list({draft["part"]: draft for draft in [*(before or []), *more]}.values())


class Drafted(TypedDict, total=False):
    """What drafting a part hands back."""

    drafted: Annotated[list[dict[str, Any]], collected]  # the drafts of all parts, as fields of State


class State(Input, Result, Drafted, total=False):
    """All of that and what the steps hand each other; reset by `receive` at each message."""

    schema_version: int
    author: dict[str, Any]  # the context of who wrote the message, kept for when another answers
    classification: Classification | None
    feedback: list[str]  # what reviewers asked for, oldest first
    rounds: int  # proposals made for this message
    repaired: bool
    cache_key: str | None  # under which this draft may be kept once it has passed the checks
    action: dict[str, Any] | None  # action and args proposed by a step
    part: int  # which of the parts is in work
    whole_input: str  # the message that the parts are of


def fresh() -> dict[str, Any]:
    """Every per-message field at its start: what the last message left must not leak into this one."""
    nothing = dict.fromkeys(Result.__annotations__)
    return {
        **nothing,
        "schema_version": SCHEMA_VERSION,
        "message": "",
        "reply": None,
        "reply_to": None,
        "success": True,
        "requires_user_approval": False,
        "executed": False,
        "from_cache": False,
        "fallback_used": False,
        "metadata": {},
        "author": {},
        "classification": None,
        "feedback": [],
        "rounds": 0,
        "repaired": False,
        "cache_key": None,
        "action": None,
        "parts": [],
        "part": 0,
        "drafted": None,
        "whole_input": "",
    }
