"""The assistant as it is measured: as the composition root builds it, with models that are made up."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from typing_extensions import TypedDict

from graph.installation import Assistant, Installation, open_installation
from services import Models
from services.settings import Settings

UPDATE = "fixed button bug, tested staging"
SPEAKER: Any = {"user_id": "u1"}
numbers = itertools.count()


@contextmanager
def installed(url: str) -> Iterator[Installation]:
    """On this Redis, with every service but a model, a Jira and a mail server."""
    many = 1_000_000
    opened = open_installation(
        Settings(
            redis_url=url, redis_timeout_seconds=10, max_requests_per_minute=many, max_requests_per_hour=many
        )
    )
    try:
        yield opened
    finally:
        opened.close()


def assistant(opened: Installation, models: Models) -> Assistant:
    return replace(opened, services=replace(opened.services, models=models)).compiled(with_saver=True)


def config() -> Any:
    """Of a new conversation."""
    return {"configurable": {"thread_id": f"t-{next(numbers)}"}}


def say(compiled: Assistant, message: str) -> dict[str, Any]:
    said: dict[str, Any] = compiled.invoke({"message": message}, config(), context=SPEAKER)
    return said


def approved(compiled: Assistant, **how: Any) -> None:
    """A draft, a pause, an acceptance."""
    thread = config()
    compiled.invoke({"message": UPDATE}, thread, context=SPEAKER, **how)
    assert compiled.invoke(Command(resume="yes"), thread, context=SPEAKER, **how)["executed"]


def nodes_run(compiled: Assistant, message: str, *, accept: bool = False) -> int:
    """How many nodes a message takes, and its acceptance."""
    thread = config()
    given: list[Any] = [{"message": message}, *([Command(resume="yes")] if accept else [])]
    updates = [
        update
        for one in given
        for update in compiled.stream(one, thread, context=SPEAKER, stream_mode="updates")
    ]
    return sum(name != "__interrupt__" for update in updates for name in update)


def empty(steps: int, saver: BaseCheckpointSaver[Any] | None = None, **how: Any) -> Callable[[], object]:
    """A graph of so many nodes that do nothing; in memory unless a saver is given."""

    class Nothing(TypedDict):
        number: int

    graph = StateGraph(Nothing)
    names = [START, *(f"step_{i}" for i in range(steps)), END]
    for name in names[1:-1]:
        graph.add_node(name, lambda state: {"number": state["number"] + 1})
    for before, after in itertools.pairwise(names):
        graph.add_edge(before, after)
    compiled = graph.compile(checkpointer=saver or InMemorySaver())
    return lambda: compiled.invoke({"number": 0}, config(), **how)
