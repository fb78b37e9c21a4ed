"""Steps run the same, blocking or awaited."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from services.steps import Call, Steps, arun, run, within

Drive = Callable[[Steps[Any]], Any]


@pytest.fixture(params=["run", "arun"])
def drive(request: pytest.FixtureRequest) -> Drive:
    return run if request.param == "run" else lambda steps: asyncio.run(arun(steps))


def call(answer: Any = None, error: BaseException | None = None) -> Call[Any]:
    """Returns `answer`, or raises `error`, either way it is made."""

    def send() -> Any:
        if error is not None:
            raise error
        return answer

    async def asend() -> Any:
        await asyncio.sleep(0)
        return send()

    return Call(send, asend)


def test_each_call_gets_its_own_answer_and_the_end_is_returned(drive: Drive) -> None:
    def inner() -> Steps[int]:
        two: int = yield from call(2)
        return two * 10

    def outer() -> Steps[list[int]]:
        first = yield from call(1)
        return [first, (yield from inner()), (yield from call(3))]

    assert drive(outer()) == [1, 20, 3]


def test_steps_without_a_call_end_at_once(drive: Drive) -> None:
    def steps() -> Steps[str]:
        return "done"
        yield from call()

    assert drive(steps()) == "done"


def test_an_error_reaches_the_step_that_made_the_call_and_may_be_handled_there(drive: Drive) -> None:
    def steps() -> Steps[str]:
        try:
            yield from call(error=KeyError("lost"))
        except KeyError as error:
            return f"{error.args[0]}, then {(yield from call('found'))}"
        return "not reached"

    assert drive(steps()) == "lost, then found"


def test_an_error_nobody_handles_comes_out_as_it_was(drive: Drive) -> None:
    raised = ValueError("as it was")
    done: list[str] = []

    def steps() -> Steps[None]:
        try:
            yield from call(error=raised)
        finally:
            done.append("cleaned up")

    with pytest.raises(ValueError, match="as it was") as caught:
        drive(steps())
    assert caught.value is raised
    assert done == ["cleaned up"]


def test_an_interruption_is_no_error_for_the_steps_but_closes_them(drive: Drive) -> None:
    seen: list[str] = []

    def steps() -> Steps[None]:
        try:
            yield from call(error=KeyboardInterrupt())
        except Exception:  # noqa: BLE001 - what the test is about: an interruption must not come here
            seen.append("handled")
        finally:
            seen.append("closed")

    with pytest.raises(KeyboardInterrupt):
        drive(steps())
    assert seen == ["closed"]


async def test_cancelling_the_task_closes_the_steps_where_they_wait() -> None:
    seen: list[str] = []
    waiting = asyncio.Event()

    async def for_ever() -> None:
        waiting.set()
        await asyncio.Event().wait()

    def steps() -> Steps[None]:
        try:
            yield from Call(lambda: None, for_ever)
            seen.append("went on")
        finally:
            seen.append("closed")

    task = asyncio.create_task(arun(steps()))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["closed"]


def slow() -> Call[None]:
    return Call(lambda: time.sleep(0.02), lambda: asyncio.sleep(0.02))


def test_no_call_begins_after_the_time_is_up_and_the_steps_are_told(drive: Drive) -> None:
    def steps() -> Steps[str]:
        yield from slow()
        try:
            answer: str = yield from call("in time")
        except TimeoutError as late:
            return str(late)
        return answer

    assert drive(within(steps(), 0.01, TimeoutError("too late"))) == "too late"
    assert drive(within(steps(), 60, TimeoutError("too late"))) == "in time"


def test_steps_within_a_time_are_otherwise_themselves(drive: Drive) -> None:
    def steps() -> Steps[Any]:
        try:
            yield from call(error=KeyError("lost"))
        except KeyError:
            return [(yield from call(1)), (yield from call(2))]

    assert drive(within(steps(), 60, TimeoutError())) == [1, 2]
