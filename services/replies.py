"""What comes back from a model, read in one place: an answer, or a failure by our own names.

The libraries below raise dozens of types, some of which are subclasses of others with another meaning
(openai's timeout is a connection error, which is an API error), so the order of the branches matters.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from services.errors import (
    AssistantError,
    ModelAnswerUnusable,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from services.sensitive import quoted

if TYPE_CHECKING:
    import openai
    from langchain_core.messages import AIMessage

QUOTED = 300
"""Characters of a provider's own words that a message repeats."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one answer took. `cache_read` and `cache_write` are parts of `input`, `reasoning` of `output`."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a model before anybody judged it."""

    text: str
    arguments: str | None = None  # of the function it called: JSON, as the model wrote it
    finish: str | None = None  # "stop", "tool_calls", "length", "content_filter"; None: cut off
    refusal: str | None = None
    tokens: Tokens | None = None  # None: the provider did not say


def read(message: "AIMessage") -> Reply:
    """An answer as LangChain hands it over, from chat completions or from the Responses API."""
    about = message.response_metadata
    finish = about.get("finish_reason")
    if finish is None and "status" in about:  # the Responses API
        finish = str((about.get("incomplete_details") or {}).get("reason") or "stop")
        finish = "length" if finish == "max_output_tokens" else finish
    arguments = None
    if message.tool_calls:
        arguments = json.dumps(message.tool_calls[0]["args"])
    elif message.invalid_tool_calls:
        arguments = message.invalid_tool_calls[0]["args"] or ""
    refusal = message.additional_kwargs.get("refusal")
    if isinstance(message.content, list):
        parts = [part for part in message.content if isinstance(part, dict)]
        refusal = refusal or next((part["refusal"] for part in parts if part.get("refusal")), None)
    return Reply(str(message.text), arguments, finish, refusal, _tokens(message.usage_metadata))


def whole(reply: Reply, target: object) -> Reply:
    """Raises ModelAnswerUnusable for an answer that was cut, refused or filtered."""
    if reply.refusal or reply.finish == "content_filter":
        raise ModelAnswerUnusable(
            f"{target} refused to answer: {quoted(reply.refusal or 'content filter', QUOTED)}. Reword it."
        )
    if reply.finish == "length":
        raise ModelAnswerUnusable(
            f"{target} was cut off at its token limit. Raise MAX_TOKENS_PRIMARY or MAX_TOKENS_FAST."
        )
    if reply.finish is None:
        raise ModelAnswerUnusable(f"The answer of {target} broke off before its end. Ask again.")
    return reply


def _tokens(usage: Any) -> Tokens | None:
    if not usage or not (usage["input_tokens"] or usage["output_tokens"]):
        return None
    into, out = usage.get("input_token_details") or {}, usage.get("output_token_details") or {}
    given = max(0, usage["input_tokens"])
    cached = min(given, max(0, into.get("cache_read") or 0))
    written = min(given - cached, max(0, into.get("cache_creation") or 0))
    return Tokens(given, max(0, usage["output_tokens"]), cached, written, out.get("reasoning") or 0)


def failed(error: Exception, target: object) -> Reply:
    """Raises ModelTimeout, ModelUnavailable or ModelRejected for `error`; an answer that the SDK refused
    to hand over because it was truncated or filtered is returned like any other.

    `details["unbilled"]` is True where the provider surely did no work; `details["status"]` and
    `["param"]` are the provider's, where it gave them.
    """
    import httpx2
    import openai

    if isinstance(error, openai.LengthFinishReasonError):
        return _withheld("length", error.completion)
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return _withheld("content_filter", error.completion)
    if isinstance(error, openai.APIStatusError):
        _refused(error, target)
    asked = f"Asking {target}"
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | asyncio.TimeoutError):
        unbilled = _caused_by(error, httpx2.ConnectTimeout, httpx2.PoolTimeout)
        raise ModelTimeout(
            f"{asked} took too long. Try again, or raise LLM_TIMEOUT_SECONDS.", unbilled=unbilled
        ) from error
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        raise ModelUnavailable(
            f"{asked} failed: {_causes(error)[-1]}. Check the provider's address and the network.",
            unbilled=_caused_by(error, httpx2.ConnectError, httpx2.UnsupportedProtocol),
        ) from error
    # What is left is an answer that no chat completion looks like: a proxy's page, a broken stream.
    # The libraries raise whatever they stumbled over, and a moment later the proxy may be gone.
    raise ModelUnavailable(
        f"{asked} brought something that is not a chat completion ({type(error).__name__}: "
        f"{quoted(str(error), QUOTED)}). Check that the provider's address is an OpenAI-compatible API.",
        unbilled=False,
    ) from error


def _refused(error: "openai.APIStatusError", target: object) -> NoReturn:
    body = error.body if isinstance(error.body, dict) else {}
    said = quoted(str(body.get("message") or error.message), QUOTED)
    for header in ("authorization", "api-key"):
        if key := error.request.headers.get(header, "").removeprefix("Bearer "):
            said = said.replace(key, "***")
    status = error.status_code
    details = {"unbilled": True, "status": status, "param": body.get("param")}
    raised: AssistantError
    if status in {408, 409, 429} or status >= 500:
        raised = ModelUnavailable(
            f"Asking {target} failed with {status}: {said}. Try again later; check the provider's status.",
            retry_after_s=_retry_after(error.response.headers),
            **details,
        )
    else:
        hint = {401: "Check the API key.", 403: "Check the key's rights.", 404: "Check the model's name."}
        advice = hint.get(status, "The model or its endpoint does not take such a request.")
        raised = ModelRejected(f"{target} refused the request with {status}: {said}. {advice}", **details)
    raise raised from error


def _retry_after(headers: Any) -> float | None:
    """Seconds, from `retry-after-ms` or `retry-after` (a number or an HTTP date)."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        if "retry-after" not in headers:
            return None
        return max(0.0, float(headers["retry-after"]))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(headers["retry-after"]) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _causes(error: BaseException) -> list[BaseException]:
    """`error` and what it was raised from: LangChain and the SDK both wrap the HTTP client's error."""
    causes = [error]
    while (cause := causes[-1].__cause__) is not None:
        causes.append(cause)
    return causes


def _caused_by(error: BaseException, *types: type[BaseException]) -> bool:
    return any(isinstance(cause, types) for cause in _causes(error))


def _withheld(finish: str, completion: Any) -> Reply:
    usage = getattr(completion, "usage", None)
    if usage is None:
        return Reply("", finish=finish)
    into, out = usage.prompt_tokens_details, usage.completion_tokens_details
    tokens = Tokens(
        usage.prompt_tokens,
        usage.completion_tokens,
        (into and into.cached_tokens) or 0,
        0,
        (out and out.reasoning_tokens) or 0,
    )
    return Reply("", finish=finish, tokens=tokens)
