"""A structured answer from any model: the strictest way it can do, then the next one, then one repair.

Endpoints differ in what they take: OpenAI holds a model to a JSON schema, many only call functions,
some ignore both and talk. The way that worked is remembered for each model, so that a weak endpoint is
not asked three times every time. No endpoint's word is taken for the bounds: a model held to a schema
answered 1e12 for a confidence of at most 1, so every answer is checked by pydantic.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.errors import ModelAnswerUnusable, ModelRejected
from services.replies import Reply
from services.steps import Steps

Schema = TypeVar("Schema", bound=BaseModel)
Messages = tuple[tuple[str, str], ...]
Send = Callable[[Messages, Mapping[str, Any]], Steps[Reply]]

LOOKS = 50
"""Braces tried as the start of an object: an answer of nothing but braces must not take seconds."""
RUNGS = ("json_schema", "function", "text")


@dataclass
class Traits:
    """What is known of one model: from lists at first, then learned while this process runs."""

    rung: int = 0
    refuses: set[str] = field(default_factory=set)  # parameters it answered 400 to
    window: int | None = None  # tokens it can read


def ask_structured(
    send: Send, messages: Messages, schema: type[Schema], traits: Traits
) -> Steps[tuple[Reply, Schema, bool]]:
    """Returns the reply, what it holds, and whether it had to be repaired.

    Raises ModelAnswerUnusable when not even the repair fits the schema, and what `send` raises.
    """
    rung, repaired, conversation = traits.rung, False, messages
    while True:
        hint, options = _request(schema, RUNGS[rung])
        last = rung == len(RUNGS) - 1
        try:
            reply = yield from send((*conversation, *hint), options)
        except ModelRejected as error:
            if last or error.details.get("status") not in {400, 422}:
                raise
            rung += 1
            continue
        answer = reply.text if reply.arguments is None else reply.arguments
        found, problem = _parse(answer, schema)
        if found is not None:
            traits.rung = rung
            return reply, found, repaired
        if problem is None and not last:  # no JSON at all: this way was ignored
            rung += 1
            continue
        problem = problem or "it holds no JSON object"
        if repaired:
            raise ModelAnswerUnusable(
                f"A model answered twice with what is not a {schema.__name__}: {problem}. "
                "Use a model that can keep to a JSON schema."
            )
        repaired = True
        conversation = (*messages, ("ai", answer or "(nothing)"), ("human", _repair(problem)))


@lru_cache(maxsize=64)
def _request(schema: type[BaseModel], rung: str) -> tuple[Messages, dict[str, Any]]:
    """What is added to the messages and to the body for one way of asking."""
    from langchain_core.utils.function_calling import convert_to_openai_function

    function = convert_to_openai_function(schema, strict=True if rung == "json_schema" else None)
    if rung == "json_schema":
        wanted = {"name": function["name"], "schema": function["parameters"], "strict": True}
        return (), {"response_format": {"type": "json_schema", "json_schema": wanted}}
    if rung == "function":
        chosen = {"type": "function", "function": {"name": function["name"]}}
        return (), {"tools": [{"type": "function", "function": function}], "tool_choice": chosen}
    shape = json.dumps(function["parameters"], separators=(",", ":"))
    return (("human", f"Answer with one JSON object and nothing else. Its JSON Schema: {shape}"),), {}


def _repair(problem: str) -> str:
    return (
        f"That answer cannot be used: {problem}. Give the whole answer again as one JSON object, "
        "with that corrected and nothing else changed."
    )


def _parse(text: str, schema: type[Schema]) -> tuple[Schema | None, str | None]:
    """The first object in `text` that fits, or what is wrong with the last one; two Nones: no object."""
    problem = None
    for found in _objects(text):
        try:
            return schema.model_validate_json(json.dumps(found, allow_nan=False)), None
        except ValidationError as error:
            problem = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'the object'}: {e['msg']}"
                for e in error.errors(include_url=False, include_context=False)[:10]
            )
        except ValueError:
            problem = "a number in it is not finite"
    return None, problem


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects in a text, whatever stands around them (fences, thoughts, politeness)."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(LOOKS):
        if at == -1:
            return
        try:
            found, end = decoder.raw_decode(text, at)
            yield found
        except (ValueError, RecursionError):  # not JSON from here; or nested beyond any schema of ours
            end = at + 1
        at = text.find("{", end)
