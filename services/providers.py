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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.per_loop import PerLoop
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


def address(settings: Settings, provider: str) -> tuple[str, str]:
    """URL and key of one of the configured providers."""
    if provider == "openai":
        url, secret = settings.openai_base_url or OPENAI_URL, settings.openai_api_key
    elif provider == "azure":
        url, secret = settings.azure_openai_endpoint or "", settings.azure_openai_api_key
    else:
        named = settings.model_providers[provider]
        url, secret = named.base_url, named.api_key
    return url, secret.get_secret_value() if secret else NO_KEY


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


@dataclass
class _Pool:
    """The connections of one event loop, or of sync calls, and the clients that use them."""

    sync: bool
    http: Any = None
    models: "dict[tuple[Target, bool], BaseChatOpenAI]" = field(default_factory=dict)


class Clients:
    """The clients of all targets, built on first use and kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sync = _Pool(sync=True)
        self._async = PerLoop(lambda: _Pool(sync=False))
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
        key, limits = (target, stream_usage), _timeout(timeout_s)

        def send() -> Reply:
            client = self._client(self._sync, key)
            try:
                return read(client.invoke(list(messages), config, timeout=limits, **options))
            except Exception as error:  # noqa: BLE001 - each library below has its own; failed() types them
                return failed(error, target)

        async def asend() -> Reply:
            pool = self._async.get()
            client = pool.models.get(key)
            if client is None:
                client = await asyncio.to_thread(self._client, pool, key)
            try:
                async with asyncio.timeout(timeout_s):
                    return read(await client.ainvoke(list(messages), config, timeout=limits, **options))
            except Exception as error:  # noqa: BLE001 - see send
                return failed(error, target)

        return (yield from Call(send, asend))

    def about(self, target: Target) -> Steps[Mapping[str, Any]]:
        """What LangChain's list knows of a model, such as `max_input_tokens`; empty for most.

        Loads all libraries that a question needs and builds the client, so that nothing does it later.
        """

        def load(pool: _Pool) -> Mapping[str, Any]:
            return {**(self._client(pool, (target, True)).profile or {})}

        return (yield from Call(lambda: load(self._sync), lambda: asyncio.to_thread(load, self._async.get())))

    def place(self, target: Target) -> str:
        """The address of a provider, for messages."""
        return address(self._settings, target.provider)[0]

    def close(self) -> None:
        with self._lock:
            pool, self._sync = self._sync, _Pool(sync=True)
        if pool.http is not None:
            pool.http.close()

    async def aclose(self) -> None:
        pool = self._async.pop()
        if pool is not None and pool.http is not None:
            await pool.http.aclose()
        self.close()

    def _client(self, pool: _Pool, key: "tuple[Target, bool]") -> "BaseChatOpenAI":
        with self._lock:
            if pool.http is None:
                pool.http = _http(pool.sync)
            if key not in pool.models:
                pool.models[key] = self._build(pool, *key)
            return pool.models[key]

    def _build(self, pool: _Pool, target: Target, stream_usage: bool) -> "BaseChatOpenAI":
        from langchain_openai import AzureChatOpenAI, ChatOpenAI

        url, key = address(self._settings, target.provider)
        shared: dict[str, Any] = {
            "model": target.model,
            "api_key": key,
            "max_retries": 0,  # the gateway has the one retry loop
            "stream_usage": stream_usage,
            "stream_chunk_timeout": None,  # the gateway's deadline covers it
            "http_client" if pool.sync else "http_async_client": pool.http,
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


def _http(sync: bool) -> Any:
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

    if sync:
        return DefaultHttpxClient(event_hooks={"request": [_start], "response": [_bound]})
    return DefaultAsyncHttpxClient()


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
