"""A whole assistant on a real Redis, with a scripted model or none, and a conversation with it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from langgraph.types import Command

from graph.installation import Assistant, compile_graph
from services import Connector, Embedder, Limits, Models, Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from services.similar import RedisSimilar
from services.store import RedisStore
from tests.fakes import NoLimits, NoModels


class Conversation:
    """One thread of one assistant."""

    def __init__(self, assistant: Assistant, services: Services, thread: str) -> None:
        self.assistant = assistant
        self.services = services
        self.thread = thread
        self.config: Any = {"configurable": {"thread_id": thread}}

    def say(self, message: str, **context: Any) -> dict[str, Any]:
        return self.give({"message": message}, **context)

    def answer(self, reply: Any, **context: Any) -> dict[str, Any]:
        return self.give(Command(resume=reply), **context)

    def give(self, given: Any, **context: Any) -> dict[str, Any]:
        speaker: Any = {"user_id": "u1", **context}
        out: dict[str, Any] = self.assistant.invoke(given, self.config, context=speaker)
        return out

    def other(self, thread: str) -> "Conversation":
        return Conversation(self.assistant, self.services, thread)


Start = Callable[..., Conversation]


@pytest.fixture
def start(redis_client: RedisClient) -> Start:
    def start(
        models: Models | None = None,
        connectors: Mapping[str, Connector] | None = None,
        thread: str = "t-1",
        limits: Limits | None = None,
        embedder: Embedder | None = None,
        **settings: Any,
    ) -> Conversation:
        services = Services(
            settings=Settings(**settings),
            models=models or NoModels(),
            cache=RedisCache(redis_client),
            ledger=RedisLedger(redis_client),
            connectors=connectors or {},
            limits=limits or NoLimits(),
            similar=RedisSimilar(redis_client, embedder) if embedder else None,
        )
        assistant = compile_graph(services, RedisSaver(redis_client), RedisStore(redis_client))
        return Conversation(assistant, services, thread)

    return start
