"""HTTP both ways: the one place that sends requests to what is not a model.

Two things here protect people from each other and from us. No cookie is ever kept: a session cookie that
Jira sets for one user's token would answer for the next user's. And a failure says whether the receiver
may have acted: before a request could leave it is ReceiverUnavailable, after that a write is OutcomeUnknown.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx

from services import Metrics, Unrecorded
from services.errors import ActionError, OutcomeUnknown, ReceiverUnavailable
from services.per_loop import PerLoop
from services.steps import Call, Steps
from services.telemetry import span

MAX_ANSWER_BYTES = 20_000_000
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Raises ValueError for what is not JSON."""
        return json.loads(self.body)

    def retry_after_s(self) -> float | None:
        """The wait that Retry-After asks for, in seconds or as a date."""
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdecimal():
            return float(asked)
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return None
        return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _no_cookies() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class Http:
    """Requests to one receiver, `name` in messages. Redirects are not followed: they would carry the
    credentials along. `seconds` is the time for a whole request; a sync one is checked at each packet, so
    it may take as long again when the last packet is late. `tls` is for a private certificate authority
    (SSL_CERT_FILE is honoured without it)."""

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        seconds: float = 30.0,
        tls: ssl.SSLContext | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._receiver, self._metrics = name, metrics or Unrecorded()
        self.base_url = base_url.rstrip("/")
        self.name = f"{name} at {urlsplit(base_url).hostname}"
        self._seconds = seconds
        options: dict[str, Any] = {
            "verify": tls or httpx.create_ssl_context(),
            "timeout": httpx.Timeout(seconds, connect=min(5.0, seconds)),
        }
        self._sync = httpx.Client(cookies=_no_cookies(), **options)
        self._async = PerLoop(lambda: httpx.AsyncClient(cookies=_no_cookies(), **options))

    def request(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        writes: bool,
        headers: Mapping[str, str],
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
    ) -> Steps[Answer]:
        """One request, sent once. `doing` ("reading PAY-12") goes into messages; `writes`: it changes
        something. Raises ReceiverUnavailable or OutcomeUnknown; any status that came is an Answer."""
        asked: dict[str, Any] = {"method": method, "url": self.base_url + path, "params": params}
        asked["headers"] = {"User-Agent": "jira-assistant", "Accept": "application/json", **headers}
        if body is not None:
            asked["content"] = json.dumps(body).encode()
            asked["headers"]["Content-Type"] = "application/json"

        def send() -> Answer:
            ends = time.monotonic() + self._seconds
            try:
                with self._sync.stream(**asked) as response:
                    parts = _Parts(ends)
                    for part in response.iter_bytes():
                        parts.add(part)
                    return Answer(response.status_code, response.headers, parts.joined())
            except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
                raise self._typed(error, doing, writes) from error

        async def asend() -> Answer:
            try:
                async with asyncio.timeout(self._seconds), self._async.get().stream(**asked) as response:
                    parts = _Parts(None)
                    async for part in response.aiter_bytes():
                        parts.add(part)
                    return Answer(response.status_code, response.headers, parts.joined())
            except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
                raise self._typed(error, doing, writes) from error

        called = {"http.request.method": method, "server.address": urlsplit(self.base_url).hostname or ""}
        started, outcome = time.monotonic(), "no answer"
        try:
            with span(f"{method} {self.name}", figures=called) as traced:
                answer = yield from Call(send, asend)
                traced.set_attribute("http.response.status_code", answer.status)
            outcome = f"{answer.status // 100}xx"
        finally:
            seconds = time.monotonic() - started
            self._metrics.record("receiver_requests_total", receiver=self._receiver, outcome=outcome)
            self._metrics.record("receiver_request_seconds", seconds, receiver=self._receiver)
        return answer

    def close(self) -> None:
        self._sync.close()

    async def aclose(self) -> None:
        client = self._async.pop()
        if client is not None:
            await client.aclose()
        self.close()

    def _typed(self, error: Exception, doing: str, writes: bool) -> ActionError:
        why = str(error) or type(error).__name__
        if isinstance(error, _NEVER_LEFT):
            return ReceiverUnavailable(
                f"{self.name} could not be reached for {doing} ({why}). Nothing was done: check the address "
                "and the network, then try again."
            )
        if writes:
            return OutcomeUnknown(
                f"{self.name} gave no answer to {doing} ({why}). It may have been done: look there before it "
                "is tried again."
            )
        return ReceiverUnavailable(f"{self.name} gave no answer to {doing} ({why}): try again.")


class _Parts:
    """An answer as it comes in, within its size and time. `ends` None: the time is kept elsewhere."""

    def __init__(self, ends: float | None) -> None:
        self._parts: list[bytes] = []
        self._left = MAX_ANSWER_BYTES
        self._ends = ends

    def add(self, part: bytes) -> None:
        self._left -= len(part)
        if self._left < 0:
            raise httpx.DecodingError(f"the answer is larger than {MAX_ANSWER_BYTES:,} bytes")
        if self._ends is not None and time.monotonic() > self._ends:
            raise TimeoutError("the answer took too long")
        self._parts.append(part)

    def joined(self) -> bytes:
        return b"".join(self._parts)
