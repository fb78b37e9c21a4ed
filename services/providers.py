"""How a model is reached: which providers are configured, and one client for each way of waiting.

A model is written `model` or `provider:model`; the providers are `openai`, `azure` and those of
MODEL_PROVIDERS, so adding one is a setting. Everything heavy (langchain_openai, openai, httpx2) is
imported at the first question, off the event loop: commands that ask no model never pay for it.
A client belongs to one event loop, so there is one set per loop and one for sync calls, each with
one connection pool for all models.
"""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from services.replies import Reply, failed, read
from services.settings import Settings
from services.steps import Call, Steps

if TYPE_CHECKING:
    import httpx2
    from langchain_openai.chat_models.base import BaseChatOpenAI

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 5.0
"""A provider that cannot be connected to within this long is away; it must not eat the whole deadline."""
NO_KEY = "no-key"
"""Sent where no key is set: given none, the SDK would send OPENAI_API_KEY to whoever is asked."""


@dataclass(frozen=True, slots=True)
class Target:
    """One model of one provider; `prefixed` where its provider must be named."""

    provider: str
    model: str
    prefixed: bool = False

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}" if self.prefixed else self.model


def configured(settings: Settings) -> tuple[str, ...]:
    """The providers that can be asked; the first needs no prefix."""
    names = ["openai"] if settings.openai_api_key or settings.openai_base_url else []
    names += ["azure"] if settings.azure_openai_endpoint else []
    return (*names, *settings.model_providers)


def chain(settings: Settings, models: str) -> tuple[Target, ...]:
    """The targets a comma-separated list of models names, in order, without unconfigured providers.

    A colon belongs to the model unless a known provider stands before it: "qwen3:8b" is a model.
    """
    providers = configured(settings)
    found: dict[Target, None] = {}
    for written in filter(None, (part.strip() for part in models.split(","))):
        name, colon, model = written.partition(":")
        if not colon or name not in {*providers, "openai", "azure"}:
            name, model = providers[0] if providers else "openai", written
        if name in providers:
            found[Target(name, model, prefixed=name != providers[0])] = None
    return tuple(found)


class _Set(NamedTuple):
    """The clients of one event loop, or of sync calls, over one connection pool."""

    http: Any
    models: dict[tuple[Target, bool], "BaseChatOpenAI"]


class Clients:
    """The clients of all targets, built on first use and kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sync: _Set | None = None
        self._async: WeakKeyDictionary[asyncio.AbstractEventLoop, _Set] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def ask(
        self,
        target: Target,
        messages: Sequence[tuple[str, str]],
        *,
        timeout_s: float,
        options: Mapping[str, Any],
        config: Any = None,
        stream_usage: bool = True,
    ) -> Steps[Reply]:
        """One request, never repeated here. `options` are parameters of its body; `config` is LangChain's.

        `stream_usage`: ask for the token counts when LangGraph streams. Raises what replies.failed does.
        """

        def send() -> Reply:
            client = self._client(None, target, stream_usage)
            try:
                return read(client.invoke(list(messages), config, timeout=_timeout(timeout_s), **options))
            except Exception as error:  # noqa: BLE001 - each library below has its own; failed() types them
                return failed(error, target)

        async def asend() -> Reply:
            loop = asyncio.get_running_loop()
            known = self._async.get(loop)
            client = known.models.get((target, stream_usage)) if known else None
            if client is None:
                client = await asyncio.to_thread(self._client, loop, target, stream_usage)
            try:
                async with asyncio.timeout(timeout_s):
                    answer = await client.ainvoke(
                        list(messages), config, timeout=_timeout(timeout_s), **options
                    )
            except Exception as error:  # noqa: BLE001 - see send
                return failed(error, target)
            return read(answer)

        return (yield from Call(send, asend))

    def about(self, target: Target) -> Steps[Mapping[str, Any]]:
        """What LangChain's list knows of a model, such as `max_input_tokens`; empty for most.

        Loads all libraries that a question needs and builds the client, so that nothing does it later.
        """

        def load(loop: asyncio.AbstractEventLoop | None) -> Mapping[str, Any]:
            return {**(self._client(loop, target, True).profile or {})}

        return (
            yield from Call(lambda: load(None), lambda: asyncio.to_thread(load, asyncio.get_running_loop()))
        )

    def place(self, target: Target) -> str:
        """The address of a provider, for messages."""
        return self._address(target.provider)[0]

    def close(self) -> None:
        with self._lock:
            if self._sync is not None:
                self._sync.http.close()
                self._sync = None

    async def aclose(self) -> None:
        known = self._async.pop(asyncio.get_running_loop(), None)
        if known is not None:
            await known.http.aclose()
        self.close()

    def _address(self, provider: str) -> tuple[str, str]:
        """URL and key."""
        if provider == "openai":
            url, secret = self._settings.openai_base_url or OPENAI_URL, self._settings.openai_api_key
        elif provider == "azure":
            url, secret = self._settings.azure_openai_endpoint or "", self._settings.azure_openai_api_key
        else:
            named = self._settings.model_providers[provider]
            url, secret = named.base_url, named.api_key
        return url, secret.get_secret_value() if secret else NO_KEY

    def _client(
        self, loop: asyncio.AbstractEventLoop | None, target: Target, stream_usage: bool
    ) -> "BaseChatOpenAI":
        with self._lock:
            known = self._sync if loop is None else self._async.get(loop)
            if known is None:
                known = _Set(_http(loop), {})
                if loop is None:
                    self._sync = known
                else:
                    for stale in [other for other in self._async if other.is_closed()]:
                        del self._async[stale]
                    self._async[loop] = known
            client = known.models.get((target, stream_usage))
            if client is None:
                client = self._build(target, known.http, loop is None, stream_usage)
                known.models[target, stream_usage] = client
            return client

    def _build(self, target: Target, http: Any, sync: bool, stream_usage: bool) -> "BaseChatOpenAI":
        from langchain_openai import AzureChatOpenAI, ChatOpenAI

        url, key = self._address(target.provider)
        shared: dict[str, Any] = {
            "model": target.model,
            "api_key": key,
            "max_retries": 0,  # the gateway has the one retry loop
            "stream_usage": stream_usage,
            "stream_chunk_timeout": None,  # the gateway's deadline covers it
            "http_client" if sync else "http_async_client": http,
        }
        if target.provider == "azure":
            version = self._settings.openai_api_version
            return AzureChatOpenAI(
                azure_endpoint=url, api_version=version, azure_deployment=target.model, **shared
            )
        # Only OpenAI itself is sure to have the Responses API, to which LangChain moves some requests.
        return ChatOpenAI(base_url=url, use_responses_api=None if url == OPENAI_URL else False, **shared)


def _timeout(seconds: float) -> "httpx2.Timeout":
    import httpx2

    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def _http(loop: asyncio.AbstractEventLoop | None) -> Any:
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

    if loop is not None:
        return DefaultAsyncHttpxClient()
    return DefaultHttpxClient(event_hooks={"request": [_start], "response": [_bound]})


def _start(request: "httpx2.Request") -> None:
    request.extensions["ends_at"] = time.monotonic() + request.extensions["timeout"]["read"]


def _bound(response: "httpx2.Response") -> None:
    """httpx bounds each read, not their sum: a body that drips would last for ever. Async has a deadline."""
    import httpx2

    body, ends_at = response.stream, response.request.extensions["ends_at"]

    class Bounded(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for piece in body:  # type: ignore[union-attr]
                if time.monotonic() > ends_at:
                    raise httpx2.ReadTimeout("the answer did not end in time", request=response.request)
                yield piece

        def close(self) -> None:
            body.close()  # type: ignore[union-attr]

    response.stream = Bounded()
