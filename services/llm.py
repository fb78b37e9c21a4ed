"""The one door to every model: bounded in time, tries, money and trust.

One deadline covers everything a question takes: the models of its chain, the ways of asking for a
structured answer, repeats and the waits between them. A caller gets a checked answer or a ModelError.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from services import JSON, Metrics, ModelAnswer, ModelRequest, Purpose, Unrecorded
from services.attempts import Asked, Attempts, circuit_of, printable
from services.breaker import Breaker
from services.costs import Costs
from services.errors import ModelAnswerUnusable, ModelError, ModelRejected, ModelTimeout, Transient
from services.prices import Price, Prices
from services.providers import Clients, Target, chain
from services.redis_client import RedisClient
from services.replies import Reply, Tokens, whole
from services.settings import Settings
from services.steps import Call, Steps
from services.structured import Messages, Traits, ask_structured

Schema = TypeVar("Schema", bound=BaseModel)
ATTEMPTS = 3
"""Failures for a passing reason after which a question is given up."""
BACKOFF_SECONDS = 0.5, 4.0
"""The longest first wait, and the longest of any: each is drawn from zero up to twice the one before."""
BYTES_A_TOKEN = 6
"""More than any tokenizer makes of text on average: a message refused for its size surely has it."""

log = logging.getLogger(__name__)


class Gateway:
    """Implements services.Models. Built by open_models."""

    def __init__(
        self,
        settings: Settings,
        clients: Clients,
        costs: Costs,
        breaker: Breaker,
        metrics: Metrics,
        *,
        backoff_s: tuple[float, float],
    ) -> None:
        self._settings = settings
        self._clients = clients
        self.costs = costs
        self._breaker = breaker
        self._prices = Prices(settings)
        self._attempts = Attempts(clients, costs, self._prices, breaker, metrics)
        self._backoff_s = backoff_s
        own = {
            "primary": settings.primary_model,
            "fast": settings.fast_model,
            "classification": settings.classification_model,
        }
        self._chains = {
            purpose: chain(settings, f"{own[purpose]},{settings.fallback_models}")
            for purpose in get_args(Purpose)
        }
        self._traits: dict[Target, Traits] = {}

    def available(self) -> bool:
        return any(self._chains.values())

    def name(self, purpose: Purpose) -> str:
        """The empty string when no provider is configured."""
        targets = self._chains[purpose]
        return str(targets[0]) if targets else ""

    def ask(self, request: ModelRequest[Schema]) -> Steps[ModelAnswer[Schema]]:
        asked = Asked(request, time.monotonic() + self._settings.llm_timeout_seconds)
        targets = self._chains[request.purpose]
        if request.model:
            targets = chain(self._settings, f"{request.model},{self._settings.fallback_models}")
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
                cost_usd=asked.micro_usd / 1e6 if asked.priced else None,
                price_as_of=asked.as_of if asked.priced else None,
                degraded=(*degraded, "repaired answer") if repaired else degraded,
            )
        raise AssertionError("unreachable: the last target answers or raises")

    def states(self) -> Steps[JSON]:
        """For doctor and metrics: the chain of each purpose, each model's circuit, and today's money."""
        targets = {target for chained in self._chains.values() for target in chained}
        models: JSON = {}
        for target in sorted(targets, key=str):
            circuit = yield from self._breaker.state(circuit_of(target))
            models[str(target)] = {"provider": target.provider, "at": self._clients.place(target), **circuit}
        return {
            "chains": {purpose: [str(target) for target in found] for purpose, found in self._chains.items()},
            "models": models,
            "costs": (yield from self.costs.today()),
        }

    def repriced(self, tokens: Tokens) -> dict[str, Price]:
        """What they would have cost at each model of the chains. The first call reads the price list."""
        targets = {target for chained in self._chains.values() for target in chained}
        return {
            str(target): self._prices.of(target, self._clients.place(target), tokens) for target in targets
        }

    def close(self) -> None:
        self._clients.close()

    async def aclose(self) -> None:
        await self._clients.aclose()

    def _ask_target(self, asked: Asked, target: Target, last: bool) -> Steps[tuple[Reply, Any, bool]]:
        """The reply, what it holds where a schema is wanted, and whether it had to be repaired."""
        traits = yield from self._traits_of(target)
        messages: Messages = tuple((role, printable(said)) for role, said in asked.request.messages)
        least = sum(len(said.encode()) for _, said in messages) // BYTES_A_TOKEN
        if traits.window and least + self._most_out(asked.request) > traits.window:
            raise ModelRejected(
                f"{target} reads {traits.window} tokens at most, fewer than this message has. Use another."
            )
        send = partial(self._send, asked, target, last)
        if asked.request.schema is not None:
            return (yield from ask_structured(send, messages, asked.request.schema, traits))
        reply = yield from send(messages, {})
        if not reply.text.strip():
            raise ModelAnswerUnusable(f"{target} answered with nothing. Ask again or use another model.")
        return reply, None, False

    def _send(
        self, asked: Asked, target: Target, last: bool, messages: Messages, extra: Mapping[str, Any]
    ) -> Steps[Reply]:
        """One whole answer; repeats what failed for a passing reason when no other model is left.

        A model that hangs leaves half of the time to the next one of its chain.
        """
        traits = self._traits[target]
        while True:
            left = asked.seconds_left()
            if left <= 0:
                raise ModelTimeout(
                    f"{target} did not answer in time. Try again, or raise LLM_TIMEOUT_SECONDS "
                    f"({self._settings.llm_timeout_seconds:g} s)."
                )
            options = {**self._options(asked.request, traits), **extra}
            try:
                reply = yield from self._attempts.make(
                    asked,
                    target,
                    messages,
                    most_out=self._most_out(asked.request),
                    options=options,
                    timeout_s=left if last else left / 2,
                    stream_usage="stream_options" not in traits.refuses,
                )
                return whole(reply, target)
            except ModelRejected as error:
                parameter = _refused_parameter(error, options, traits)
                if parameter is None:
                    raise
                log.info("%s does not take %s; leaving it out from now on", target, parameter)
                traits.refuses.add(parameter)
            except ModelError as error:
                if not isinstance(error, Transient) or not last:
                    raise
                yield from self._pause(asked, error)

    def _traits_of(self, target: Target) -> Steps[Traits]:
        """What is known of a model before it was asked; learned once, off the event loop."""
        if target not in self._traits:
            known = yield from self._clients.about(target)
            listed = yield from self._prices.window(target, self._clients.place(target))
            rung = 0 if known.get("structured_output", True) else 1 if known.get("tool_calling", True) else 2
            refuses = set() if known.get("temperature", True) else {"temperature"}
            self._traits.setdefault(target, Traits(rung, refuses, known.get("max_input_tokens", listed)))
        return self._traits[target]

    def _most_out(self, request: ModelRequest[Any]) -> int:
        settings = self._settings
        return settings.max_tokens_primary if request.purpose == "primary" else settings.max_tokens_fast

    def _options(self, request: ModelRequest[Any], traits: Traits) -> dict[str, Any]:
        """Parameters of the request body that this model is not known to refuse."""
        most = self._most_out(request)
        options: dict[str, Any] = {"max_completion_tokens": most}
        if "max_completion_tokens" in traits.refuses:
            options = {"extra_body": {"max_tokens": most}}  # LangChain renames it anywhere else
        if "temperature" not in traits.refuses:
            options["temperature"] = request.temperature
        return options

    def _pause(self, asked: Asked, error: ModelError) -> Steps[None]:
        """Wait before another try; raises `error` when no try, no time or no retry budget is left."""
        first, longest = self._backoff_s
        pause = random.uniform(0, min(longest, first * 2**asked.failures))  # noqa: S311 - not a secret
        pause += error.details.get("retry_after_s") or 0.0
        asked.failures += 1
        if not asked.may_repeat or asked.failures >= ATTEMPTS or pause >= asked.seconds_left():
            raise error
        yield from Call(partial(time.sleep, pause), partial(asyncio.sleep, pause))


def _refused_parameter(error: ModelRejected, options: Mapping[str, Any], traits: Traits) -> str | None:
    """The parameter that a 400 names and that we can do without or write otherwise."""
    if error.details.get("status") not in {400, 422}:
        return None
    spare = [name for name in ("temperature", "max_completion_tokens") if name in options]
    spare += {"stream_options"} - traits.refuses
    if (named := error.details.get("param")) in spare:
        return str(named)
    return next((name for name in spare if name in error.message), None)


def open_models(
    settings: Settings,
    redis: RedisClient,
    metrics: Metrics | None = None,
    *,
    backoff_s: tuple[float, float] = BACKOFF_SECONDS,
) -> Gateway:
    """The gateway as the composition root builds it; close it with close() or, in each loop, aclose()."""
    metrics = metrics or Unrecorded()
    breaker = Breaker(
        redis, metrics, threshold=settings.circuit_failure_threshold, open_s=settings.circuit_open_seconds
    )
    costs = Costs(settings, redis)
    return Gateway(settings, Clients(settings), costs, breaker, metrics, backoff_s=backoff_s)
