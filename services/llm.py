"""The one door to every model: bounded in time, tries and trust.

One deadline covers everything a question takes: the models of its chain, the ways of asking for a
structured answer, repeats and the waits between them. A caller gets a checked answer or a ModelError.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from services import ModelAnswer, ModelRequest, Purpose
from services.errors import ModelAnswerUnusable, ModelError, ModelRejected, ModelTimeout, Transient
from services.providers import Clients, Target, chain
from services.redis_client import RedisClient
from services.replies import Reply
from services.settings import Settings
from services.steps import Call, Steps
from services.structured import Messages, Traits, ask_structured

Schema = TypeVar("Schema", bound=BaseModel)
ATTEMPTS = 3
"""Failures for a passing reason after which a question is given up."""
BACKOFF_SECONDS = 0.5, 4.0
"""The longest first wait, and the longest of any: each is drawn from zero up to twice the one before."""

log = logging.getLogger(__name__)


@dataclass
class _Asked:
    """One question on its way."""

    request: ModelRequest[Any]
    ends_at: float  # on the monotonic clock
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()


class Gateway:
    """Implements services.Models."""

    def __init__(
        self, settings: Settings, clients: Clients, *, backoff_s: tuple[float, float] = BACKOFF_SECONDS
    ) -> None:
        self._settings = settings
        self._backoff_s = backoff_s
        self._clients = clients
        self._chains: dict[Purpose, tuple[Target, ...]] = {
            "primary": chain(settings, f"{settings.primary_model},{settings.fallback_models}"),
            "fast": chain(settings, f"{settings.fast_model},{settings.fallback_models}"),
            "classification": chain(settings, f"{settings.classification_model},{settings.fallback_models}"),
        }
        self._traits: dict[Target, Traits] = {
            target: Traits() for targets in self._chains.values() for target in targets
        }

    def available(self) -> bool:
        return any(self._chains.values())

    def name(self, purpose: Purpose) -> str:
        """The empty string when no provider is configured."""
        targets = self._chains[purpose]
        return str(targets[0]) if targets else ""

    def ask(self, request: ModelRequest[Schema]) -> Steps[ModelAnswer[Schema]]:
        asked = _Asked(request, time.monotonic() + self._settings.llm_timeout_seconds)
        targets = self._chains[request.purpose]
        if not targets:
            raise ModelRejected(
                f"No model is configured for {request.purpose} questions. Set OPENAI_API_KEY, "
                "OPENAI_BASE_URL or MODEL_PROVIDERS."
            )
        for target in targets:
            last = target == targets[-1]
            try:
                reply, parsed, repaired = yield from self._ask_target(asked, target, last)
            except ModelError as error:
                if last or asked.seconds_left() <= 0:
                    raise
                log.warning("%s could not serve (%s); asking the next model", target, error)
                continue
            degraded = ("fallback model",) if target != targets[0] else ()
            return ModelAnswer(
                text=reply.text or reply.arguments or "",
                parsed=parsed,
                model=str(target),
                tokens_in=asked.tokens_in,
                tokens_out=asked.tokens_out,
                degraded=(*degraded, "repaired answer") if repaired else degraded,
            )
        raise AssertionError("unreachable: the last target answers or raises")

    def close(self) -> None:
        self._clients.close()

    async def aclose(self) -> None:
        await self._clients.aclose()

    def _ask_target(self, asked: _Asked, target: Target, last: bool) -> Steps[tuple[Reply, Any, bool]]:
        """The reply, what it holds where a schema is wanted, and whether it had to be repaired."""
        messages: Messages = asked.request.messages
        send = partial(self._send, asked, target, last)
        if asked.request.schema is not None:
            return (yield from ask_structured(send, messages, asked.request.schema, self._traits[target]))
        reply = yield from send(messages, {})
        if not reply.text.strip():
            raise ModelAnswerUnusable(f"{target} answered with nothing. Ask again or use another model.")
        return reply, None, False

    def _send(
        self, asked: _Asked, target: Target, last: bool, messages: Messages, extra: Mapping[str, Any]
    ) -> Steps[Reply]:
        """One whole answer; repeats what failed for a passing reason when no other model is left."""
        traits = self._traits[target]
        while True:
            options = {**self._options(asked.request, traits), **extra}
            try:
                reply = yield from self._attempt(asked, target, last, messages, options)
                return _whole(reply, target)
            except ModelRejected as error:
                parameter = _refused_parameter(error, options)
                if parameter is None:
                    raise
                log.info("%s does not take %s; leaving it out from now on", target, parameter)
                traits.refuses.add(parameter)
            except ModelError as error:
                if not isinstance(error, Transient) or not last:
                    raise
                yield from self._pause(asked, error)

    def _attempt(
        self, asked: _Asked, target: Target, last: bool, messages: Messages, options: Mapping[str, Any]
    ) -> Steps[Reply]:
        """One request. A model that hangs leaves half of the time to the next one of its chain."""
        left = asked.seconds_left()
        if left <= 0:
            raise ModelTimeout(
                f"{target} did not answer in time. Try again, or raise LLM_TIMEOUT_SECONDS "
                f"({self._settings.llm_timeout_seconds:g} s)."
            )
        request = asked.request
        reply = yield from self._clients.ask(
            target,
            messages,
            timeout_s=left if last else left / 2,
            options=options,
            config={
                "run_name": f"{request.graph or 'ask'}.{request.purpose}",
                # Half a JSON object is nothing to show; LangGraph streams everything without this tag.
                "tags": [request.purpose, *(["nostream"] if request.schema else [])],
            },
            stream_usage="stream_options" not in self._traits[target].refuses,
        )
        if reply.tokens:
            asked.tokens_in += reply.tokens.input
            asked.tokens_out += reply.tokens.output
        return reply

    def _options(self, request: ModelRequest[Any], traits: Traits) -> dict[str, Any]:
        """Parameters of the request body that this model is not known to refuse."""
        settings = self._settings
        primary = request.purpose == "primary"
        most = settings.max_tokens_primary if primary else settings.max_tokens_fast
        options: dict[str, Any] = {"max_completion_tokens": most}
        if "max_completion_tokens" in traits.refuses:
            options = {"extra_body": {"max_tokens": most}}  # LangChain renames it anywhere else
        if "temperature" not in traits.refuses:
            options["temperature"] = request.temperature
        return options

    def _pause(self, asked: _Asked, error: ModelError) -> Steps[None]:
        """Wait before another try; raises `error` when there is no try or no time left."""
        first, longest = self._backoff_s
        pause = random.uniform(0, min(longest, first * 2**asked.failures))  # noqa: S311 - not a secret
        pause += error.details.get("retry_after_s") or 0.0
        asked.failures += 1
        if asked.failures >= ATTEMPTS or pause >= asked.seconds_left():
            raise error
        yield from Call(partial(time.sleep, pause), partial(asyncio.sleep, pause))


def _whole(reply: Reply, target: Target) -> Reply:
    """Raises ModelAnswerUnusable for an answer that was cut, refused or filtered."""
    if reply.refusal or reply.finish == "content_filter":
        raise ModelAnswerUnusable(
            f"{target} refused to answer: {(reply.refusal or 'content filter')[:300]}. Reword the message."
        )
    if reply.finish == "length":
        raise ModelAnswerUnusable(
            f"{target} was cut off at its token limit. Raise MAX_TOKENS_PRIMARY or MAX_TOKENS_FAST."
        )
    if reply.finish is None:
        raise ModelAnswerUnusable(f"The answer of {target} broke off before its end. Ask again.")
    return reply


def _refused_parameter(error: ModelRejected, options: Mapping[str, Any]) -> str | None:
    """The parameter that a 400 names and that we can do without or write otherwise."""
    if error.details.get("status") not in {400, 422}:
        return None
    sent = [name for name in ("temperature", "max_completion_tokens") if name in options]
    named = error.details.get("param")
    if named in sent or named == "stream_options":
        return str(named)
    return next((name for name in (*sent, "stream_options") if name in error.message), None)


def open_models(
    settings: Settings, redis: RedisClient, *, backoff_s: tuple[float, float] = BACKOFF_SECONDS
) -> Gateway:
    """The gateway as the composition root builds it; close it with close() or, in each loop, aclose()."""
    return Gateway(settings, Clients(settings), backoff_s=backoff_s)
