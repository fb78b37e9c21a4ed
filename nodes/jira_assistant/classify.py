"""What does the user want? Rules first, a model where they abstain; the same typed result from both."""

import logging
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

import prompts
from nodes.jira_assistant.asking import prompt, reported, request, spent
from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.contracts import Classification, Intent, route_of
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON
from services.budget import Piece
from services.errors import ModelError
from services.steps import Steps

log = logging.getLogger(__name__)
_HARMLESS = ("task_update", "email_request")  # drafts, always reviewed: nothing changes outside unasked
_HISTORY_MESSAGES = 6  # enough to know what "that one" means, too few to cost
_HISTORY_TOKENS = 100  # of each of them


class ModelDecision(BaseModel):
    """What the model answers. Bounds are checked here: a small model once answered a confidence of 1e12."""

    intent: Intent
    confidence: Annotated[float, Field(ge=0, le=1)]
    runner_up: Intent | None = None
    reason: Annotated[str, Field(max_length=300)] = ""


def classify_by_rules(state: State, run: Run[Context]) -> Update:
    """Decides, or abstains below `confidence_threshold` or too close to the runner-up."""
    text = state["original_input"]
    decision = classify(text, threshold=run.services.settings.confidence_threshold)
    return {"extracted_entities": extract(text), **_decided(decision)}


def classify_by_llm(state: State, run: Run[Context]) -> Steps[Update]:
    """Asks the model; without one, takes the best route that changes nothing outside, or asks back."""
    settings, models = run.services.settings, run.services.models
    rules = state["classification"]
    if not models.available():
        return _decided(_without_model(rules))
    instructions = prompts.render("jira_assistant/classify", template=run.context.classify_prompt)
    message = Piece("message", state["original_input"], _HISTORY_MESSAGES + 1, compressible=True)
    turns, report = prompt(run, instructions, [*_history(state), message])
    key = run.services.cache.key(
        kind="routing",
        tenant=run.context.tenant,
        user=run.user,
        text=turns[1][1],
        model=models.name("classification"),
        prompt=prompts.version("jira_assistant/classify", template=run.context.classify_prompt),
    )
    if settings.cache_enabled and (kept := _kept((yield from run.services.cache.get(key)))):
        return {**_decided({**_decision(kept, run), "rules": rules, "model": None}), "from_cache": True}
    asked = request(run, "classification", turns, temperature=0.1, schema=ModelDecision)
    metadata = reported(state["metadata"], "classification", report)
    try:
        answer = yield from models.ask(asked)
    except ModelError as error:
        note = {"classification_error": error.code, "classification_error_message": error.message}
        return {
            **_decided(_without_model(rules)),
            "fallback_used": True,
            "metadata": {**metadata, **note},
        }
    assert answer.parsed is not None  # noqa: S101 - a request with a schema is answered in it or raises
    if settings.cache_enabled:
        yield from run.services.cache.put(key, answer.parsed.model_dump(), settings.cache_ttl_routing_minutes)
    decision: Classification = {**_decision(answer.parsed, run), "rules": rules, "model": answer.model}
    return {**_decided(decision), "metadata": spent(metadata, answer)}


def _kept(found: JSON | None) -> ModelDecision | None:
    """What was kept, unless it is none or damaged; storage is not trusted to hold it still."""
    try:
        return ModelDecision.model_validate(found) if found is not None else None
    except ValidationError as error:
        log.warning("A kept decision is damaged and was passed over: %s faults", error.error_count())
        return None


def _decided(decision: Classification) -> Update:
    return {
        "classification": decision,
        "route_type": route_of(decision["intent"]),
        "confidence": decision["confidence"],
    }


def _decision(answer: ModelDecision, run: Run[Context]) -> Classification:
    """The model below its own threshold is not followed: that ends in a question."""
    unsure = answer.confidence < run.services.settings.confidence_threshold
    return {
        "intent": "unclear" if unsure else answer.intent,
        "confidence": answer.confidence,
        "stage": "model",
        "rule": None,
        "runner_up": (
            {"intent": answer.intent, "confidence": answer.confidence}
            if unsure
            else answer.runner_up and {"intent": answer.runner_up, "confidence": 1 - answer.confidence}
        ),
        "reason": answer.reason,
    }


def _without_model(rules: Classification | None) -> Classification:
    best = rules and rules["runner_up"]
    intent: Intent | Literal["abstain"] = "unclear"
    if best and best["intent"] in _HARMLESS:
        intent = best["intent"]
    return {
        "intent": intent,
        "confidence": best["confidence"] if best else 0.0,
        "stage": "fallback",
        "rule": rules and rules["rule"],
        "runner_up": best if intent == "unclear" else None,
        "rules": rules,
    }


def _history(state: State) -> list[Piece]:
    """What was said just before, newest most important: `messages` ends with the message itself."""
    said = (state.get("messages") or [])[-1 - _HISTORY_MESSAGES : -1]
    return [
        Piece(f"history {at}", f"{m.type}: {m.text}", at, may_cut=True, most=_HISTORY_TOKENS)
        for at, m in enumerate(said, 1)
    ]
