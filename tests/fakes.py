"""Stand-ins for what tests must not reach: plain classes with the real ones' methods."""

import asyncio
import time
from array import array
from collections.abc import Callable
from typing import Any
from zlib import crc32

from pydantic import BaseModel, SecretStr

from services import JSON, ModelAnswer, ModelRequest, Preview, Purpose
from services.errors import RateLimited, TargetChanged
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


class NoLimits:
    """Everybody may ask as often as they like."""

    def check(self, user_key: str) -> Steps[None]:
        yield from ()


class NoMore:
    """Nobody may ask any more."""

    def check(self, user_key: str) -> Steps[None]:
        raise RateLimited("That was too much. Try again in 7 s.", retry_after_s=7.0)
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


class Noting:
    """Metrics that remember what was recorded."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, dict[str, str]]] = []

    def record(self, name: str, value: float = 1.0, /, **labels: str) -> None:
        self.noted.append((name, labels))


class RecordingConnector:
    """Carries nothing out, remembers what it was asked to; `fails_with` is raised once."""

    repeatable = True

    def __init__(self, fails_with: Exception | None = None) -> None:
        self.performed: list[tuple[str, JSON]] = []
        self.fails_with = fails_with
        self.tokens: list[str] = []
        self.version = 1
        self.requires: dict[str, list[str]] = {}

    def acting_as(self, token: SecretStr) -> "RecordingConnector":
        self.tokens.append(token.get_secret_value())
        return self

    def check(self) -> Steps[str]:
        return "always open"
        yield

    def preview(self, args: JSON) -> Steps[Preview]:
        """Pins the version seen, and asks for what `requires` names."""
        pinned = {**args, "seen": str(self.version), **{name: args.get(name, "") for name in self.requires}}
        missing = [{"name": name, "label": name, "allowed": self.requires[name]} for name in self.requires]
        return {"target": "the target", "text": "", "args": pinned, "missing": missing, "notes": []}
        yield

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        if self.fails_with is not None:
            error, self.fails_with = self.fails_with, None
            raise error
        if args.get("seen", str(self.version)) != str(self.version):
            raise TargetChanged("The target changed since it was shown.")
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


class WordEmbedder:
    """Texts are alike as far as they share words, in any order."""

    name = "words"

    def embed(self, text: str) -> "array[float]":
        counts = [0.0] * 64
        for word in text.lower().replace(",", " ").split():
            counts[crc32(word.encode()) % 64] += 1
        length = sum(count * count for count in counts) ** 0.5 or 1.0
        return array("f", [count / length for count in counts])
