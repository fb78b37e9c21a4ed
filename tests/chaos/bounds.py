"""R14 to R17: bounds that processes share. The work is of tests.loads, which the tests do in small."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from services import JSON
from tests.loads import ask_in_outage, ask_often, fail_always, in_processes, look, spend_all
from tests.openai_server import OpenAIServer, failure
from tests.servers import RedisServer

_PROCESSES = 8


def shared_breaker(server: RedisServer, *, periods: int, open_s: float = 2.0) -> JSON:
    """R14. Every request fails: how soon all processes stop, and how many probe in each open period."""
    server.flush()
    with _failing() as outage:
        in_processes(ask_in_outage, [(server.url, outage.url, 5, 16, 200)] * _PROCESSES)
        stopped = outage.times[-1] - outage.times[4]
    server.flush()
    seconds = periods * open_s
    in_processes(fail_always, [(server.url, 5, open_s, 16, seconds)] * _PROCESSES)
    (probes,) = look(server.url, "GET", "probes")
    return {"stop s": round(stopped, 2), "probes a period": round(probes / periods, 2), "periods": periods}


def retries(server: RedisServer) -> JSON:
    """R15. A provider that always fails, and no breaker: only the retry budget holds the requests back."""
    server.flush()
    questions = _PROCESSES * 16 * 20
    with _failing() as outage:
        in_processes(ask_in_outage, [(server.url, outage.url, 10**6, 16, 20)] * _PROCESSES)
        asked = len(outage.requests)
    return {"questions": questions, "requests a question": round(asked / questions, 3)}


def rate_limit(server: RedisServer, *, calls: int, per_hour: int = 6000) -> JSON:
    """R16. All processes ask for one user. What the limit gives back while they ask is subtracted."""
    server.flush()
    started = time.monotonic()
    work = (server.url, "anna", per_hour, 32, calls // (_PROCESSES * 32))
    begun = look(server.url, "TIME")
    in_processes(ask_often, [work] * _PROCESSES)
    ended = look(server.url, "TIME")
    (passed,) = look(server.url, "GET", "passed")
    back = (ended[0] - begun[0] + (ended[1] - begun[1]) / 1e6) * per_hour / 3600
    return {
        "calls": calls,
        "let through": passed,
        "given back": round(back, 1),
        "too many": max(0, passed - per_hour - int(back)),
        "too few": max(0, per_hour - passed),
        "seconds": round(time.monotonic() - started, 1),
    }


def cost_cap(server: RedisServer, *, cap_usd: float = 10.0) -> JSON:
    """R17. Callers spend until nothing is left; one process of eight is killed meanwhile. `truth` is what a
    provider would bill."""
    server.flush()

    def half_spent() -> bool:
        return look(server.url, "GET", "truth")[0] > cap_usd * 500_000

    work = [(server.url, cap_usd, 16, seed) for seed in range(_PROCESSES)]
    in_processes(spend_all, work, kill_first_when=half_spent)
    (truth,) = look(server.url, "GET", "truth")
    return {"cap USD": cap_usd, "spent USD": round(truth / 1e6, 4)}


@contextmanager
def _failing() -> Iterator[OpenAIServer]:
    """A model provider that always fails."""
    provider = OpenAIServer(failure(503)).start()
    try:
        yield provider
    finally:
        provider.stop()
