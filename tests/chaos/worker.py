"""A worker process: takes conversations from message to carried-out action, through whatever fails.

Run as `python -m tests.chaos.worker REDIS_URL RECEIVER_PORT FIRST COUNT [SIGNAL POINT AT]`. With a point
it sends itself that signal there, at the so-manieth time it comes by.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from langgraph.types import Command

from graph.installation import Assistant, compile_graph
from services import JSON, Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.errors import StorageError
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import Steps
from tests.chaos.receiver import Posting
from tests.fakes import NoLimits, NoModels

LEDGER_STEPS = ("prepare", "decide", "claim", "settle")
SAVER_STEPS = ("put", "put_writes")
POINTS = (
    *(f"{when} {step}" for step in (*LEDGER_STEPS, *SAVER_STEPS) for when in ("before", "after")),
    "before the look-up",
    "before the post",
    "after the post",
)
AFTER_CLAIM = ("after claim", "before the look-up", "before the post", "after the post", "before settle")
LEASE_S = 2.0  # so that what a killed worker held can be taken over within the test
SPEAKER: Any = {"user_id": "u1"}
UPDATE = {"message": "fixed button bug, tested staging"}


def signalled(number: int, point: str | None, at: int) -> Callable[[str], None]:
    """Signals this process when it comes by `point` for the `at`th time."""
    passed = 0

    def here(name: str) -> None:
        nonlocal passed
        if name == point:
            passed += 1
            if passed == at:
                os.kill(os.getpid(), number)

    return here


class CrashingLedger(RedisLedger):
    """The ledger, with a place to die before and after each of its steps."""

    def __init__(self, redis: RedisClient, here: Callable[[str], None]) -> None:
        super().__init__(redis)
        self._here = here

    def _change(self, action_id: str, steps: Any, **more: Any) -> Steps[Any]:
        for name, _ in steps:
            self._here(f"before {name}")
        row = yield from super()._change(action_id, steps, **more)
        for name, _ in steps:
            self._here(f"after {name}")
        return row


class CrashingSaver(RedisSaver):
    """The saver, with a place to die before and after each write."""

    here: Callable[[str], None]

    def put(self, *args: Any, **named: Any) -> Any:
        return self._around("put", lambda: super(CrashingSaver, self).put(*args, **named))

    def put_writes(self, *args: Any, **named: Any) -> None:
        self._around("put_writes", lambda: super(CrashingSaver, self).put_writes(*args, **named))

    def _around(self, name: str, write: Callable[[], Any]) -> Any:
        self.here(f"before {name}")
        written = write()
        self.here(f"after {name}")
        return written


def assistant(
    url: str, port: int, here: Callable[[str], None], *, ttl_seconds: float = 0, patience_s: float = 5
) -> tuple[Assistant, Services]:
    redis = RedisClient(url, timeout_seconds=patience_s)
    services = Services(
        Settings(cache_enabled=False, action_lease_seconds=LEASE_S),
        NoModels(),
        RedisCache(redis),
        CrashingLedger(redis, here),
        {"post_jira_comment": Posting(port, here)},
        NoLimits(),
    )
    saver = CrashingSaver(redis, ttl_seconds=ttl_seconds)
    saver.here = here
    return compile_graph(services, saver), services


def drive(compiled: Assistant, thread: str, patience_s: float = 120) -> JSON:
    """One conversation to its end, going on from wherever the saver says it is."""
    config: Any = {"configurable": {"thread_id": thread}}
    deadline = time.monotonic() + patience_s
    while True:
        try:
            state = compiled.get_state(config)
            if state.values.get("executed"):
                return state.values
            given: Any = None  # go on with what was left half-way
            if state.interrupts:
                given = Command(resume={state.interrupts[0].id: "yes"})
            elif not state.next and state.values.get("pending_approval"):
                given = {"reply": "yes"}  # accepted, and not carried out: try again
                time.sleep(0.1)
            elif not state.next:
                given = UPDATE
            compiled.invoke(given, config, context=SPEAKER)
        except StorageError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def main() -> None:
    url, port, first, count, *named = sys.argv[1:]
    here = signalled(int(named[0]), named[1], int(named[2])) if named else signalled(0, None, 0)
    compiled, _ = assistant(url, int(port), here)
    for number in range(int(first), int(first) + int(count)):
        drive(compiled, f"chaos-{number}")


if __name__ == "__main__":
    main()
