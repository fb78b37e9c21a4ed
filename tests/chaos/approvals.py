"""R1: approvals survive crashes of Redis. R2: and of workers at every point. R4: and many resumes at once."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from langgraph.types import Command

from nodes.carry_out import sweep
from services import JSON, Services
from services.steps import run
from tests.chaos.proxy import losing
from tests.chaos.receiver import Receiver, receiver
from tests.chaos.worker import AFTER_CLAIM, POINTS, SPEAKER, UPDATE, assistant, drive
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
        return figures_of(server, effects, started, kills=killed, failed=len(failed))


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
                jobs.append((number, point, chance.randint(1, 2 if "put" in point else 1)))
                number += 1
        with ThreadPoolExecutor(2) as pool:
            died = sum(pool.map(lambda job: _die_then_end(server, effects, *job), jobs))
        return figures_of(server, effects, started, points=len(points), died=died)


def paused_workers(server: RedisServer, *, pauses: int, seed: int) -> JSON:
    """R3. A worker is stopped for longer than its lease, at each point after it claimed; another takes over,
    then the first goes on as if nothing had been."""
    chance = random.Random(seed)
    started = time.monotonic()
    with receiver() as effects:
        jobs = [(number, chance.choice(AFTER_CLAIM)) for number in range(pauses)]
        with ThreadPoolExecutor(4) as pool:
            stopped = sum(pool.map(lambda job: _stop_then_go_on(server, effects, *job), jobs))
        return figures_of(server, effects, started, pauses=pauses, stopped=stopped)


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
        return figures_of(server, effects, started, **{"later approvals consumed": consumed})


def _worker(
    port: int, effects: Receiver, *, first: int, count: int, crash: tuple[int, str, int] | None = None
) -> Any:
    url = f"redis://127.0.0.1:{port}/0"
    signalled = (int(crash[0]), *crash[1:]) if crash else ()
    args = [url, effects.server_port, first, count, *signalled]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.worker", *map(str, args)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL if crash else None,
    )


def _die_then_end(server: RedisServer, effects: Receiver, number: int, point: str, at: int) -> bool:
    died: bool = (
        _worker(server.port, effects, first=number, count=1, crash=(signal.SIGKILL, point, at)).wait() != 0
    )
    compiled, _ = assistant(server.url, effects.server_port, lambda point: None)
    drive(compiled, f"chaos-{number}")
    return died


def _stop_then_go_on(server: RedisServer, effects: Receiver, number: int, point: str) -> bool:
    worker = _worker(server.port, effects, first=number, count=1, crash=(signal.SIGSTOP, point, 1))
    stopped = False
    while worker.poll() is None and not stopped:
        stopped = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        time.sleep(0.02)
    compiled, _ = assistant(server.url, effects.server_port, lambda point: None)
    drive(compiled, f"chaos-{number}")
    if stopped:
        worker.send_signal(signal.SIGCONT)
    worker.wait()
    return stopped


def _progress(effects: Receiver) -> int:
    return len(effects.effects)


def figures_of(server: RedisServer, effects: Receiver, started: float, **more: Any) -> JSON:
    """What the ledger says was approved against what the receiver saw, once the sweeper has been by.

    A run that died before its pause was kept is simply asked for again, so there may be more actions
    than conversations; what counts is that each approved one was carried out, and once.
    """
    services: Services = assistant(server.url, effects.server_port, lambda point: None)[1]
    deadline = time.monotonic() + 30
    while run(services.ledger.unfinished()) and time.monotonic() < deadline:
        run(sweep(services))
        time.sleep(0.2)
    approved = [row for row in run(services.ledger.all(0, 1e12)) if (row["decision"] or {}).get("verb")]
    return {
        "approvals": len(approved),
        "lost": sum(effects.effects[row["action_id"]] == 0 for row in approved),
        "applied twice": sum(count > 1 for count in effects.effects.values()),
        "approved and not done": sum(row["status"] != "done" for row in approved),
        "seconds": round(time.monotonic() - started, 1),
        **more,
    }
