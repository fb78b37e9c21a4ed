"""One source for sync and async.

Everything here that waits (Redis, a model, Jira, SMTP) is written once, as a generator of `Call`s.
A `Call` knows how to be made both ways; `run` and `arun` drive the generator and are the only places
where the two ways differ. Pure logic between two calls is therefore never written twice, and an
async run never blocks its event loop nor hops through a thread pool.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Steps = Generator["Call[Any]", Any, T]
"""A piece of work that waits: yields calls, returns a T. Use it with `yield from`."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One wait: `send` blocks, `asend` awaits; both return the same T or raise the same errors."""

    send: Callable[[], T]
    asend: Callable[[], Awaitable[T]]

    def __iter__(self) -> Steps[T]:
        answer: T = yield self
        return answer


def pause(seconds: float) -> Call[None]:
    """Nothing, for a while."""
    return Call(lambda: time.sleep(seconds), lambda: asyncio.sleep(seconds))


def run(steps: Steps[T]) -> T:
    """Drive `steps` to their end, blocking at each call; whatever ends it early closes them."""
    answer: Any = None
    error: Exception | None = None
    try:
        while True:
            call = steps.send(answer) if error is None else steps.throw(error)
            answer, error = None, None
            try:
                answer = call.send()
            except Exception as raised:  # noqa: BLE001 - handed to the steps, which decide; nothing is lost
                error = raised
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


async def arun(steps: Steps[T]) -> T:
    """Drive `steps` to their end, awaiting each call; a cancellation closes them."""
    answer: Any = None
    error: Exception | None = None
    try:
        while True:
            call = steps.send(answer) if error is None else steps.throw(error)
            answer, error = None, None
            try:
                answer = await call.asend()
            except Exception as raised:  # noqa: BLE001 - handed to the steps, which decide; nothing is lost
                error = raised
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


def within(steps: Steps[T], seconds: float, late: Exception) -> Steps[T]:
    """`steps`, of which no call begins after `seconds`: the first that would is not made and raises `late`
    in them. A call under way is not cut short, so it needs a limit of its own."""
    ends = time.monotonic() + seconds
    answer: Any = None
    error: Exception | None = None
    try:
        while True:
            call = steps.send(answer) if error is None else steps.throw(error)
            answer, error = None, late if time.monotonic() >= ends else None
            if error is None:
                try:
                    answer = yield call
                except Exception as raised:  # noqa: BLE001 - handed to the steps, which decide; nothing is lost
                    error = raised
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()
