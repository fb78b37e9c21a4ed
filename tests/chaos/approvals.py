"""R1: approvals survive crashes of Redis. R2: and of workers at every point. R4: and many resumes at once."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from langgraph.types import Command

from nodes.carry_out import sweep
from services import JSON, Services
from services.errors import StorageError
from services.steps import run
from tests.chaos.proxy import losing
from tests.chaos.receiver import Receiver, receiver
from tests.chaos.worker import POINTS, SPEAKER, UPDATE, assistant, drive
from tests.servers import RedisServer

ROOT = Path(__file__).parents[2]


def redis_crashes(
    server: RedisServer, *, approvals: int, processes: int, kills: int, lost: float, seed: int
) -> JSON:
    """R1. `kills` times Redis is killed with -9 while `processes` work; `lost` of its answers vanish."""
    chance = random.Random(seed)
    started = time.monotonic()
    with receiver() as effects, losing(server.port, lost, seed) as proxy:
        share = approvals // processes
        workers = [_worker(proxy, effects, first=i * share, count=share) for i in range(processes)]
        killed = 0
        while any(worker.poll() is None for worker in workers):
            if killed < kills and _progress(effects) >= approvals * (killed + 0.5) / kills:
                server.kill()
                time.sleep(chance.uniform(0.05, 0.3))
                server.start()
                killed += 1
            time.sleep(0.02)
        failed = [worker.returncode for worker in workers if worker.returncode != 0]
        _swept(server, effects)
        return _figures(
            effects, share * processes, seconds=time.monotonic() - started, kills=killed, failed=len(failed)
        )


def worker_crashes(
    server: RedisServer, *, kills_a_point: int, points: Iterable[str] = POINTS, seed: int
) -> JSON:
    """R2. At each point a worker dies, again and again; whoever comes next ends what it left."""
    chance = random.Random(seed)
    started = time.monotonic()
    number, died, points = 0, 0, list(points)
    with receiver() as effects:
        jobs = []
        for point in points:
            for _ in range(kills_a_point):
                jobs.append((number, point, chance.randint(1, 2)))
                number += 1
        with ThreadPoolExecutor(2) as pool:
            died = sum(pool.map(lambda job: _die_then_end(server, effects, *job), jobs))
        _swept(server, effects)
        return _figures(effects, number, seconds=time.monotonic() - started, points=len(points), died=died)


def concurrent_resumes(server: RedisServer, *, conversations: int, at_once: int) -> JSON:
    """R4. Everybody answers at once; the approval after that one is never answered by a late reply."""
    started = time.monotonic()
    consumed = 0
    with receiver() as effects:
        compiled, _ = assistant(server.url, effects.server_port, lambda point: None)

        def resume(config: Any, interrupt_id: str) -> None:
            answer: Any = Command(resume={interrupt_id: "yes"})
            compiled.invoke(answer, config, context=SPEAKER)

        with ThreadPoolExecutor(at_once) as pool:
            for number in range(conversations):
                config: Any = {"configurable": {"thread_id": f"many-{number}"}}
                compiled.invoke(UPDATE, config, context=SPEAKER)
                [interrupt] = compiled.get_state(config).interrupts
                list(pool.map(resume, repeat(config, at_once), repeat(interrupt.id)))
                compiled.invoke(UPDATE, config, context=SPEAKER)
                list(pool.map(resume, repeat(config, 2), repeat(interrupt.id)))
                consumed += bool(compiled.get_state(config).values["executed"])
        figures = _figures(effects, conversations, seconds=time.monotonic() - started)
        return {**figures, "later approvals consumed": consumed}


def _worker(
    port: int, effects: Receiver, *, first: int, count: int, crash: tuple[str, int] | None = None
) -> Any:
    url = f"redis://127.0.0.1:{port}/0"
    args = [url, effects.server_port, first, count, *(crash or ())]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.worker", *map(str, args)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL if crash else None,
    )


def _die_then_end(server: RedisServer, effects: Receiver, number: int, point: str, at: int) -> bool:
    died: bool = _worker(server.port, effects, first=number, count=1, crash=(point, at)).wait() != 0
    compiled, _ = assistant(server.url, effects.server_port, lambda point: None)
    drive(compiled, f"chaos-{number}")
    return died


def _progress(effects: Receiver) -> int:
    return len(effects.effects)


def _swept(server: RedisServer, effects: Receiver) -> None:
    """What a stopped process left is ended by the sweeper, before anything is counted."""
    services: Services = assistant(server.url, effects.server_port, lambda point: None)[1]
    for _ in range(20):
        try:
            run(sweep(services))
            if not run(services.ledger.unfinished()):
                return
        except StorageError:
            time.sleep(0.5)


def _figures(effects: Receiver, expected: int, *, seconds: float, **more: Any) -> JSON:
    counts: Counter[int] = Counter(effects.effects.values())
    twice = sum(number for count, number in counts.items() if count > 1)
    done = sum(counts.values())
    return {
        "approvals": expected,
        "lost": expected - done,
        "applied twice": twice,
        "seconds": round(seconds, 1),
        **more,
    }
