"""Whether model providers answer, asked for the list of their models: that costs no tokens."""

import asyncio
import time
from dataclasses import dataclass

from services.errors import ActionError
from services.http import Http
from services.providers import address
from services.settings import Settings
from services.steps import arun

FRESH_S = 30.0
PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Probed:
    """What a provider said; `at` is of the monotonic clock."""

    ok: bool
    said: str
    at: float


class Probes:
    """At most one probe of a provider is under way, and none within FRESH_S of the one before.

    For one event loop; `aclose` it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[str, Http] = {}
        self._known: dict[str, Probed] = {}
        self._running: dict[str, asyncio.Task[Probed]] = {}

    async def of(self, provider: str) -> Probed:
        """What is known of it, from a probe if that is too old. Takes PROBE_SECONDS at most; a caller that
        goes away earlier leaves the probe to the next one."""
        known = self._known.get(provider)
        if known and time.monotonic() - known.at < FRESH_S:
            return known
        if provider not in self._running:
            self._running[provider] = asyncio.create_task(self._probe(provider))
        return await asyncio.shield(self._running[provider])

    async def aclose(self) -> None:
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()

    async def _probe(self, provider: str) -> Probed:
        try:
            ok, said = await self._ask(provider)
            self._known[provider] = Probed(ok, said, time.monotonic())
            return self._known[provider]
        finally:
            del self._running[provider]

    async def _ask(self, provider: str) -> tuple[bool, str]:
        url, key = address(self._settings, provider)
        if provider not in self._clients:  # reads certificates from disk
            name = f"The provider {provider}"
            made = await asyncio.to_thread(lambda: Http(url, name=name, seconds=PROBE_SECONDS))
            self._clients[provider] = made
        path, headers, params = "/models", {"Authorization": f"Bearer {key}"}, {}
        if provider == "azure":
            path, headers = "/openai/models", {"api-key": key}
            params = {"api-version": self._settings.openai_api_version or ""}
        asking = self._clients[provider].request(
            "GET", path, doing="its models", writes=False, headers=headers, params=params
        )
        try:
            status = (await arun(asking)).status
        except ActionError as error:
            return False, error.message
        if status in (401, 403):
            return False, f"refuses the key ({status}): check it"
        if status == 429 or status >= 500:
            return False, f"answers with {status}: check its status page"
        return True, "answers"  # also where it keeps no list of models
