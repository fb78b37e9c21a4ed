"""What every question to a model shares: who pays, what must not leave, what fits, what it came to cost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

import prompts
from nodes.jira_assistant.state import Context
from nodes.step import Run
from services import ModelAnswer, ModelRequest, Purpose
from services.budget import Piece, fit
from services.sensitive import without_secrets

Schema = TypeVar("Schema", bound=BaseModel)
Turn = tuple[Literal["system", "human", "ai"], str]


def request(
    run: Run[Context],
    purpose: Purpose,
    messages: tuple[Turn, ...],
    *,
    temperature: float,
    schema: type[Schema] | None = None,
) -> ModelRequest[Schema]:
    """A question in the name of the user, whose budget it comes from."""
    return ModelRequest(
        purpose=purpose,
        messages=messages,
        temperature=temperature,
        schema=schema,
        graph="jira_assistant",
        tenant=run.context.tenant or "",
        user_id=run.user,
        plan=_plan(run),
    )


def _plan(run: Run[Context]) -> str:
    """Whose budget it is; of somebody who signs in, nothing that they claim."""
    if run.identity:
        return run.services.settings.plan_by_tenant.get(run.context.tenant or "", "")
    return run.context.plan or ""


NOTHING_SPENT: dict[str, Any] = {
    "model_used": None,
    "tokens_in": 0,
    "tokens_out": 0,
    "cost_usd": 0.0,
    "price_as_of": None,
    "prompt_version": None,
    "cache": None,
    "degraded": [],
}
"""What a result's metadata says of models before any was asked."""


def prompt(
    run: Run[Context], instructions: str, pieces: Sequence[Piece]
) -> tuple[tuple[Turn, Turn], dict[str, Any]]:
    """`instructions`, then `pieces` as they fit beside them into MAX_PROMPT_TOKENS; and the report of that.

    Each piece is fenced, as data, in the first word of its name. Secrets are masked before anything is
    shortened: half of one no longer looks like one.
    """
    masked = [replace(piece, text=without_secrets(piece.text)) for piece in pieces]
    first = Piece("instructions", instructions, max(piece.importance for piece in pieces) + 1)
    fitted = fit([first, *masked], run.services.settings.max_prompt_tokens)
    said = [(piece.name.split()[0], fitted.texts[piece.name]) for piece in pieces]
    question = "\n".join(prompts.fence(tag, text) for tag, text in said if text)
    return (("system", instructions), ("human", question)), fitted.report


def reported(metadata: dict[str, Any], purpose: Purpose, report: dict[str, Any]) -> dict[str, Any]:
    """`metadata` with what became of the pieces of this prompt, beside those of other purposes."""
    return {**metadata, "prompt_report": {**metadata.get("prompt_report", {}), purpose: report}}


def spent(metadata: dict[str, Any], answer: ModelAnswer[Any]) -> dict[str, Any]:
    """`metadata` with one more answer's tokens and cost; an unknown cost makes the sum unknown (None)."""
    before = metadata.get("cost_usd", 0.0)
    unknown = before is None or answer.cost_usd is None
    return {
        **metadata,
        "model_used": answer.model,
        "tokens_in": metadata.get("tokens_in", 0) + answer.tokens_in,
        "tokens_out": metadata.get("tokens_out", 0) + answer.tokens_out,
        "cost_usd": None if unknown else before + answer.cost_usd,
        "price_as_of": answer.price_as_of,
        "degraded": [*metadata.get("degraded", []), *answer.degraded],
    }
