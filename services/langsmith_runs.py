"""Runs as traces in LangSmith, with nothing sensitive in them. Imported only where tracing is on.

The tracer is handed to the graph as a callback, so that only our runs go through it, and so that LangChain
adds no tracer of its own, whose client would send everything as it is. A host whose own traced LangChain
runnable calls the graph traces it with a client of its own, too: what that one sends is up to the host.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from langchain_core.tracers.langchain import LangChainTracer
from langchain_core.tracers.schemas import Run
from langsmith import Client
from langsmith.utils import LangSmithError

from services.errors import ConfigurationError
from services.runs import figures_of
from services.sensitive import find_sensitive, mask, masked, quoted
from services.settings import Settings

_FLUSH_S = 5.0
_CHECK_S = 5.0
_REMEMBERED = 256
_LEAST_CHARACTERS = 6  # shorter ones are parts of ordinary words


class _Anonymizer:
    """What was once found sensitive is masked wherever it comes again: a step may quote a password without
    the words around it that betray it."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}  # the latest values, with what is shown in their place
        # Each step of a run is traced with the whole state: most texts come twenty times.
        self._found = lru_cache(maxsize=512)(self._find)

    def __call__(self, value: dict[str, Any]) -> dict[str, Any]:
        masked(value, self._found)  # what a later text betrays is masked in the earlier ones as well
        shown: dict[str, Any] = masked(value, self._masked)
        return shown

    def _find(self, text: str) -> str:
        hits = find_sensitive(text)
        for hit in hits:
            if hit.end - hit.start >= _LEAST_CHARACTERS:
                self._seen[text[hit.start : hit.end]] = f"[{hit.kind.replace('_', ' ')} removed]"
        while len(self._seen) > _REMEMBERED:
            self._seen.pop(next(iter(self._seen)), None)
        return mask(text, hits)

    def _masked(self, text: str) -> str:
        shown = self._found(text)
        for value, mark in list(self._seen.items()):
            shown = shown.replace(value, mark)
        return shown


class Tracer(LangChainTracer):
    """A whole run is named by what came of it, which is known at its end."""

    def on_chain_end(self, outputs: dict[str, Any], *, run_id: UUID, **more: Any) -> Run:
        run = self.run_map.get(str(run_id))
        if run is not None and run.parent_run_id is None:
            figures = figures_of(outputs)
            run.add_metadata(figures)
            run.add_tags([f"{name}:{figures[at]}" for name, at in _TAGS.items() if figures.get(at)])
        return super().on_chain_end(outputs, run_id=run_id, **more)


_TAGS = {"route": "route_type", "variant": "variant", "error": "error"}


def open_tracer(settings: Settings) -> Tracer:
    """To LANGSMITH_PROJECT, or where the `langsmith` library's own variables say. Close it with `close`."""
    key = settings.langsmith_api_key
    client = Client(
        api_url=settings.langsmith_endpoint,
        api_key=key.get_secret_value() if key else None,
        anonymizer=_Anonymizer(),
        tracing_sampling_rate=settings.langsmith_tracing_sampling_rate,
    )
    return Tracer(
        client=client,
        project_name=settings.langsmith_project,
        tags=[f"environment:{settings.environment}"],
        metadata={"environment": settings.environment},
    )


def check(tracer: Tracer) -> str:
    """Whether LangSmith lets us in, in words. Raises ConfigurationError."""
    client, asked = tracer.client, {"params": {"limit": 1}, "timeout": _CHECK_S}
    try:
        client.request_with_retries("GET", "/sessions", request_kwargs=asked)
    except LangSmithError as error:
        raise ConfigurationError(
            f"LangSmith at {client.api_url} does not let us in ({quoted(str(error), 200)}): check "
            "LANGSMITH_API_KEY and LANGSMITH_ENDPOINT."
        ) from error
    return f"LangSmith at {client.api_url} answers; {client.tracing_sample_rate:.0%} of runs go there"


def close(tracer: Tracer) -> None:
    """Sends what is left, as far as that is quick."""
    tracer.client.close(timeout=_FLUSH_S)
