"""The graph for those who use it: `open_assistant` in a library, the rest in a server process.

`jira_assistant`, `create_checkpointer` and `create_store` are what `langgraph.json` names. The LangGraph
server gets the graph bare: it refuses one that brings its own checkpointer.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.store.base import BaseStore

from graph.installation import Assistant, Installation, open_installation
from services.settings import Settings, load_settings


class open_assistant:
    """The compiled graph on Redis, as `with open_assistant() as assistant` or with `async with`.

    Raises ConfigurationError for unusable settings, StorageUnavailable where Redis does not answer.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._installation: Installation | None = None

    def __enter__(self) -> Assistant:
        self._installation = open_installation(self._settings or load_settings())
        return self._installation.compiled(with_saver=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installation is not None:
            self._installation.close()

    async def __aenter__(self) -> Assistant:
        return await asyncio.to_thread(self.__enter__)  # starting the embedded server blocks

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installation is not None:
            await self._installation.aclose()


class _Server:
    """The one installation of a server process, opened on first use and shared by all that serves."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._opened: tuple[Installation, Assistant] | None = None
        self._users = 0

    def open(self) -> tuple[Installation, Assistant]:
        with self._lock:
            if self._opened is None:
                installation = open_installation(load_settings())
                self._opened = (installation, installation.compiled(with_saver=False))
            return self._opened

    def enter(self) -> Installation:
        with self._lock:
            installation, _ = self.open()
            self._users += 1
            return installation

    def leave(self) -> Installation | None:
        """What the last user leaves behind, to be closed; None while others use it."""
        with self._lock:
            self._users -= 1
            if self._users or self._opened is None:
                return None
            (installation, _), self._opened = self._opened, None
            return installation


_server = _Server()


@asynccontextmanager
async def shared_installation() -> AsyncIterator[Installation]:
    """What this server process has opened, for all that it serves; closed when the last one leaves."""
    installation = await asyncio.to_thread(_server.enter)
    try:
        yield installation
    finally:
        if await asyncio.to_thread(_server.leave):
            await installation.aclose()


def opened() -> Installation:
    """What this server process has opened, for who is called without it."""
    return _server.open()[0]


async def jira_assistant() -> Assistant:
    """The graph for the LangGraph server, without a checkpointer."""
    return (await asyncio.to_thread(_server.open))[1]


@asynccontextmanager
async def create_checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The saver for the LangGraph server; entered when it starts, left when it stops."""
    async with shared_installation() as installation:
        yield installation.saver


@asynccontextmanager
async def create_store() -> AsyncIterator[BaseStore]:
    """The long-term store for the LangGraph server, as `create_checkpointer`."""
    async with shared_installation() as installation:
        yield installation.store
