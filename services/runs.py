"""Runs of graphs, as LangChain's callbacks tell of them: a span each, and to which run a step belongs.

A step is not always in the context in which its run began (the LangGraph server takes each part of a stream
in a new task), so it finds its run by the ids that LangChain hands on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler, BaseCallbackManager
from langchain_core.runnables import RunnableConfig
from opentelemetry.trace import Span, set_span_in_context

from services.telemetry import Figure, about, failed, open_span, safe, span

_FIGURES = ("route_type", "success", "error", "from_cache", "fallback_used", "executed")
_SPENT = (
    "model_used",
    "tokens_in",
    "tokens_out",
    "cost_usd",
    "variant",
    "request_id",
    "thread_id",
    "session_id",
)


@dataclass(frozen=True, slots=True)
class _Run:
    run_id: UUID
    span: Span
    members: set[UUID] = field(default_factory=set)  # ids of the run and of all that runs in it


class Runs(BaseCallbackHandler):
    """Knows the runs under way. One serves every graph of a process."""

    run_inline = True  # also under asyncio: the order of start and end counts

    def __init__(self) -> None:
        self._of: dict[UUID, _Run] = {}

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: dict[str, Any],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **more: Any,
    ) -> None:
        run = self.of(parent_run_id)
        if run is None:
            run = _Run(run_id, open_span("run", {"jira_assistant.run_id": str(run_id)}))
        run.members.add(run_id)
        self._of[run_id] = run

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **more: Any) -> None:
        run = self._ended(run_id)
        if run and run.span.is_recording():
            for name, value in figures_of(outputs).items():
                run.span.set_attribute(f"jira_assistant.{name}", value)
            run.span.end()

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        if run := self._ended(run_id):
            failed(run.span, error)
            run.span.end()

    def of(self, run_id: UUID | None) -> _Run | None:
        """The run that `run_id` is, or runs in."""
        return self._of.get(run_id) if run_id else None

    def _ended(self, run_id: UUID) -> _Run | None:
        """The run, if it is a whole one that has ended."""
        run = self._of.pop(run_id, None)
        if run is None or run.run_id != run_id:
            return None
        for member in run.members:  # those that were cancelled had no end of their own
            self._of.pop(member, None)
        return run


@contextmanager
def step(
    name: str, config: RunnableConfig, *, expected: tuple[type[Exception], ...], **ids: str | None
) -> Iterator[None]:
    """One step of the run that `config` belongs to: its span, and the ids of what is logged in it."""
    manager = config.get("callbacks")
    run = _run_under(manager) if isinstance(manager, BaseCallbackManager) else None
    run_id = str(run.run_id) if run else None
    within = set_span_in_context(run.span) if run else None
    with about(run_id=run_id, **ids), span(name, within, expected=expected):
        yield


def _run_under(manager: BaseCallbackManager) -> _Run | None:
    runs = next((handler for handler in manager.handlers if isinstance(handler, Runs)), None)
    return runs.of(manager.parent_run_id) if runs else None


def figures_of(outputs: Any) -> dict[str, Figure]:
    """What a result says of its run besides texts."""
    result = outputs if isinstance(outputs, dict) else {}
    metadata = result.get("metadata") or {}
    found = {name: result.get(name) for name in _FIGURES} | {name: metadata.get(name) for name in _SPENT}
    figures = {name: value for name, value in found.items() if isinstance(value, Figure)}
    return {name: safe(value) if isinstance(value, str) else value for name, value in figures.items()}
