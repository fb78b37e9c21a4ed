"""One request to one model, with everything that must surround it: circuit, budget, call, books."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from services import Metrics, ModelRequest
from services.breaker import Breaker
from services.costs import Costs, Reservation
from services.errors import ModelError, Transient
from services.prices import Price, Prices
from services.providers import Clients, Target
from services.replies import Reply, Tokens
from services.steps import Steps
from services.structured import Messages
from services.telemetry import Figure, span

FRAME_TOKENS = 16
"""More than any API adds to a message for its role and its borders."""
USUAL_BYTES_A_TOKEN = 3
"""For token budgets, which may be passed by a little: text in most languages has more bytes a token."""
BROKEN_FOR_ALL = {401, 403, 404}
"""Refusals that the next request will meet as well: the key or the model's name is wrong."""


@dataclass
class Asked:
    """One question on its way, and what all of its requests took together."""

    request: ModelRequest[Any]
    ends_at: float  # on the monotonic clock
    failures: int = 0
    may_repeat: bool = False  # what the retry budget said of the last failure
    tokens_in: int = 0
    tokens_out: int = 0
    micro_usd: int = 0
    as_of: str | None = None
    priced: bool = True

    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()


class Attempts:
    """Makes requests; every one that was made leaves a row in the books."""

    def __init__(
        self, clients: Clients, costs: Costs, prices: Prices, breaker: Breaker, metrics: Metrics
    ) -> None:
        self._metrics = metrics
        self._clients = clients
        self._costs = costs
        self._prices = prices
        self._breaker = breaker

    def make(
        self,
        asked: Asked,
        target: Target,
        messages: Messages,
        *,
        most_out: int,
        options: Mapping[str, Any],
        timeout_s: float,
        stream_usage: bool,
    ) -> Steps[Reply]:
        """`most_out` is the bound on tokens that `options` set. Raises ModelError."""
        circuit, request = circuit_of(target), asked.request
        most_in = _most_tokens(messages, options)
        url, token = self._clients.place(target), uuid4().hex
        worst = self._prices.worst(target, url, most_in, most_out)
        try:
            self._breaker.refuse_if_open(circuit)
            reservation = yield from self._costs.reserve(
                token, request, micro_usd=worst, tokens=most_in // USUAL_BYTES_A_TOKEN + most_out
            )
        except ModelError as error:
            self._metrics.record("model_refusals_total", purpose=request.purpose, reason=error.code)
            raise
        started = time.monotonic()
        unknown = Price(worst, None), Tokens(most_in, most_out)
        probe = False
        try:
            probe = yield from self._breaker.allow(circuit, token)
            with span(f"chat {target.model}", figures=_about(target, request)) as traced:
                reply = yield from self._clients.ask(
                    target,
                    messages,
                    timeout_s=timeout_s,
                    options=options,
                    config=_config(request),
                    stream_usage=stream_usage,
                )
                if reply.tokens is not None:
                    traced.set_attribute("gen_ai.usage.input_tokens", reply.tokens.input)
                    traced.set_attribute("gen_ai.usage.output_tokens", reply.tokens.output)
        except ModelError as error:
            free = error.details.get("unbilled", True)
            price, tokens = (Price(0, None), Tokens()) if free else unknown
            self._count(request, target, error.code, time.monotonic() - started, price, tokens)
            yield from self._book(asked, target, reservation, price, tokens, error.code)
            if isinstance(error, Transient) or error.details.get("status") in BROKEN_FOR_ALL:
                asked.may_repeat = yield from self._breaker.failed(circuit, token)
            elif "status" in error.details:
                yield from self._breaker.succeeded(circuit, token, probe=probe)
            raise
        seconds = time.monotonic() - started
        yield from self._breaker.succeeded(circuit, token, probe=probe)
        price, tokens = unknown
        if reply.tokens is not None:
            price, tokens = self._prices.of(target, url, reply.tokens), reply.tokens
            asked.tokens_in += tokens.input
            asked.tokens_out += tokens.output
            asked.priced = asked.priced and price.as_of is not None
        self._count(request, target, "ok", seconds, price, tokens)
        yield from self._book(asked, target, reservation, price, tokens, "ok")
        return reply

    def _count(
        self,
        request: ModelRequest[Any],
        target: Target,
        outcome: str,
        seconds: float,
        price: Price,
        tokens: Tokens,
    ) -> None:
        record, purpose = self._metrics.record, request.purpose
        if outcome == "circuit_open":  # opened by another process meanwhile: nothing was asked
            record("model_refusals_total", purpose=purpose, reason=outcome)
            return
        names = {"model": str(target), "purpose": purpose}
        record("model_requests_total", **names, outcome=outcome)
        record("model_request_seconds", seconds, **names)
        record("model_cost_usd_total", price.micro_usd / 1e6, **names)
        kinds = {"input": tokens.input, "cache_read": tokens.cache_read}
        kinds |= {"output": tokens.output, "reasoning": tokens.reasoning}
        for kind, count in kinds.items():
            if count:
                record("model_tokens_total", count, **names, kind=kind)

    def _book(
        self,
        asked: Asked,
        target: Target,
        reservation: Reservation,
        price: Price,
        tokens: Tokens,
        outcome: str,
    ) -> Steps[None]:
        asked.micro_usd += price.micro_usd
        asked.as_of = price.as_of or asked.as_of
        request = asked.request
        names = {
            "tenant": request.tenant,
            "user": request.user_id,
            "graph": request.graph,
            "purpose": request.purpose,
            "model": str(target),
            "outcome": outcome,
            "as_of": price.as_of or "",
        }
        row: dict[str, str | int] = {name: printable(value) for name, value in names.items()}
        row |= {
            "tokens_in": tokens.input,
            "cache_read": tokens.cache_read,
            "cache_write": tokens.cache_write,
            "tokens_out": tokens.output,
            "reasoning": tokens.reasoning,
            "micro_usd": price.micro_usd,
        }
        yield from self._costs.settle(
            reservation, micro_usd=price.micro_usd, tokens=tokens.input + tokens.output, row=row
        )


def circuit_of(target: Target) -> str:
    return f"{target.provider}:{target.model}"


def printable(value: str) -> str:
    """Without lone surrogates, which JSON can carry and UTF-8 cannot."""
    return value.encode("utf-8", "replace").decode()


def _most_tokens(messages: Messages, options: Mapping[str, Any]) -> int:
    """No tokenizer makes more tokens than there are bytes; counting them needs no download."""
    shapes = [options[name] for name in ("response_format", "tools") if name in options]
    bytes_in = sum(len(said.encode()) + FRAME_TOKENS for _, said in messages)
    return bytes_in + (len(json.dumps(shapes)) if shapes else 0)


def _about(target: Target, request: ModelRequest[Any]) -> dict[str, Figure]:
    """What a span says of a request, named as OpenTelemetry's conventions for generative models name it."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": target.provider,
        "gen_ai.request.model": target.model,
        "jira_assistant.purpose": request.purpose,
    }


def _config(request: ModelRequest[Any]) -> dict[str, Any]:
    """What traces and token streams see of a request."""
    return {
        "run_name": f"{request.graph or 'ask'}.{request.purpose}",
        # Half a JSON object is nothing to show; LangGraph streams every token without this tag.
        "tags": [request.purpose, *(["nostream"] if request.schema else [])],
    }
