"""Stand-ins for what tests must not reach: plain classes with the real ones' methods."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from services import JSON, ModelAnswer, ModelRequest, Preview, Purpose
from services.steps import Call, Steps

Reply = str | JSON | Exception | Callable[[ModelRequest[Any]], str | JSON]


class NoModels:
    """No model is configured, as on a fresh machine."""

    def available(self) -> bool:
        return False

    def name(self, purpose: Purpose) -> str:
        raise AssertionError("nobody may name a model where there is none")

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        raise AssertionError("no model may be asked where there is none")
        yield


class ScriptedModels:
    """Answers from a list, in order, and remembers every request. An exception in the list is raised."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[ModelRequest[Any]] = []

    def available(self) -> bool:
        return True

    def name(self, purpose: Purpose) -> str:
        return f"scripted-{purpose}"

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        self.asked.append(request)
        assert self.replies, f"the script has no answer left for {request.messages[-1]}"
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            reply = reply(request)
        yield from self._wait()
        parsed: BaseModel | None = None
        if request.schema is not None:
            parsed = request.schema.model_validate(reply)
        text = reply if isinstance(reply, str) else ""
        return ModelAnswer(text, parsed, f"scripted-{request.purpose}", 100, 20, 0.001, "2026-11-01")

    def _wait(self) -> Steps[None]:
        async def soon() -> None:
            return None

        return (yield from Call(lambda: None, soon))


class RecordingConnector:
    """Carries nothing out, remembers what it was asked to; `fails_with` is raised once."""

    repeatable = True

    def __init__(self, fails_with: Exception | None = None) -> None:
        self.performed: list[tuple[str, JSON]] = []
        self.fails_with = fails_with

    def preview(self, args: JSON) -> Steps[Preview]:
        return {"target": "", "text": "", "args": args, "missing": [], "notes": []}
        yield

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        if self.fails_with is not None:
            error, self.fails_with = self.fails_with, None
            raise error
        self.performed.append((action_id, args))
        return {"id": str(len(self.performed))}
        yield


class SlowModels(ScriptedModels):
    """Repeats the message as its draft, after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        yield from Call(lambda: time.sleep(self.seconds), lambda: asyncio.sleep(self.seconds))
        said = request.messages[-1][1].split("<message>")[1].split("</message>")[0].strip()
        return ModelAnswer(f"{said[0].upper()}{said[1:]}.", None, "slow", 100, 20, 0.001, "2026-11-01")
