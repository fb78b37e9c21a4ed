"""Whether model providers answer, asked for the list of their models: that costs no tokens."""

import asyncio
from dataclasses import dataclass
from functools import partial

from services.errors import ActionError
from services.http import Http
from services.providers import address, configured
from services.settings import Settings
from services.steps import arun
from web.shared import Shared

FRESH_S = 30.0
PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Probed:
    """What a provider said."""

    ok: bool
    said: str


class Probes:
    """At most one probe of a provider is under way, and none within FRESH_S of the one before.

    For one event loop; `aclose` it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[str, Http] = {}
        self._probes = {
            provider: Shared(partial(self._ask, provider), FRESH_S) for provider in configured(settings)
        }

    async def of(self, provider: str) -> Probed:
        """What is known of it, from a probe if that is too old. Takes PROBE_SECONDS at most; a caller that
        goes away earlier leaves the probe to the next one."""
        return await self._probes[provider].get()

    async def aclose(self) -> None:
        for probe in self._probes.values():
            await probe.aclose()
        for client in self._clients.values():
            await client.aclose()

    async def _ask(self, provider: str) -> Probed:
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
            return Probed(False, error.message)
        if status in (401, 403):
            return Probed(False, f"refuses the key ({status}): check it")
        if status == 429 or status >= 500:
            return Probed(False, f"answers with {status}: check its status page")
        return Probed(True, "answers")  # also where it keeps no list of models
