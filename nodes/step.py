"""How a step becomes a graph node, for every graph.

A step is `step(state, run) -> update`, or a generator of waits that ends with one (`services.steps`).
`Step` runs it both ways, gives it what it may know besides the state, and notes how long the steps took,
which leaves out the time that a human took to answer. It reads three state keys: `author`, the context of
who wrote the message in work, `metadata`, and which action is the `pending_approval`. What operators are
told of a step besides its time is derived from what came of it, by a function of the graph's own.
"""

import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.errors import GraphBubbleUp
from langgraph.runtime import get_runtime
from langgraph.store.base import BaseStore
from pydantic import BaseModel

from services import Services, runs, telemetry
from services.identity import Identity, signed_in_of
from services.steps import Steps, arun, run

ContextT = TypeVar("ContextT", bound=BaseModel)
Update = dict[str, Any]
Samples = Iterable[tuple[str, float, dict[str, str]]]
"""Name, value and labels, as services.Metrics records them."""


@dataclass(frozen=True, slots=True)
class Run(Generic[ContextT]):
    """What a step may know besides the state.

    `context` is of who wrote the message in work, also when somebody else answers its approval; `caller`
    and `actor` are of who calls now: who is signed in, where somebody is.
    """

    services: Services
    context: ContextT
    caller: ContextT
    actor: str
    identity: Identity | None  # who is signed in; None where nothing authenticates
    thread_id: str
    store: BaseStore | None = None  # LangGraph's long-term store, where the graph was compiled with one

    @property
    def user(self) -> str:
        """Who the work is for."""
        return str(getattr(self.context, "user_id", None) or self.actor)


class Step(Runnable[Any, Any], Generic[ContextT]):
    """A step as LangGraph runs it. Its waits block under `invoke` and are awaited under `ainvoke`."""

    def __init__(
        self,
        step: Callable[[Any, Run[ContextT]], Update | Steps[Update]],
        services: Services,
        context_type: type[ContextT],
        samples_of: Callable[[str, Any, Update | Exception], Samples],
    ) -> None:
        self.name: str = step.__name__
        self._samples_of = samples_of
        self._step = step
        self._services = services
        self._context_type = context_type

    def invoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Update:
        return run(self._timed(input, config or {}))

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Update:
        return await arun(self._timed(input, config or {}))

    def _timed(self, state: Any, config: RunnableConfig) -> Steps[Update]:
        started, about = time.perf_counter(), self._run(state, config)
        request_id = (state.get("metadata") or {}).get("request_id")
        ids = {
            "thread_id": about.thread_id,
            "request_id": telemetry.ids().get("request_id") or request_id,
            "action_id": (state.get("pending_approval") or {}).get("action_id"),
        }
        try:
            with runs.step(self.name, config, expected=(GraphBubbleUp,), **ids):
                update = self._step(state, about)
                if isinstance(update, Generator):
                    update = yield from update
        except Exception as error:  # whatever it was is counted, and goes on
            self._record(self._samples_of(self.name, state, error))
            raise
        seconds = time.perf_counter() - started
        self._record([("node_seconds", seconds, {"node": self.name})])
        self._record(self._samples_of(self.name, state, update))
        metadata = dict(update.get("metadata") or state.get("metadata") or {})
        timings = dict(metadata.get("stage_timings") or {})
        timings[self.name] = round(seconds, 6)
        took = {"stage_timings": timings, "processing_time_s": round(sum(timings.values()), 6)}
        return {**update, "metadata": {**metadata, **took}}

    def _record(self, samples: Samples) -> None:
        for name, value, labels in samples:
            self._services.metrics.record(name, value, **labels)

    def _run(self, state: Any, config: RunnableConfig) -> Run[ContextT]:
        runtime = get_runtime()
        caller = runtime.context  # None when a library caller passed none
        if not isinstance(caller, self._context_type):
            caller = self._context_type.model_validate(caller or {})
        configurable = config.get("configurable", {})
        identity = signed_in_of(configurable.get("langgraph_auth_user"))
        if identity:  # whatever was claimed
            caller = caller.model_copy(update={"user_id": identity.user_id, "tenant": identity.tenant})
        return Run(
            services=self._services,
            context=caller.model_copy(update=state.get("author") or {}),
            caller=caller,
            actor=getattr(caller, "user_id", None) or "unauthenticated",
            identity=identity,
            thread_id=str(configurable.get("thread_id", "")),
            store=runtime.store,
        )
