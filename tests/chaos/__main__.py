"""Every goal at its full size: `make chaos`, or those named: `make chaos GOALS="R6 R9" SEED=7`.

The seed is printed; give it to repeat a run. A figure outside its bounds fails the goal, and the command.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from services import JSON
from tests.chaos import approvals, bounds, failover, lifetimes, mutation, outage, saver, soak, torn
from tests.servers import BINARIES, RedisServer

Bounds = Mapping[str, tuple[float, float]]
NONE = (0, 0)
OF_APPROVALS: Bounds = {"lost": NONE, "applied twice": NONE, "approved and not done": NONE}
OF_READS: Bounds = {"None for a thread that exists": NONE}


@dataclass(frozen=True)
class Goal:
    """`measure(server, seed)` gives figures, one row or several; each named in `bounds` is to lie within."""

    name: str
    measure: Callable[[RedisServer, int], JSON | list[JSON]]
    bounds: Bounds

    def held(self, figures: JSON) -> bool:
        return all(low <= figures[name] <= high for name, (low, high) in self.bounds.items())


def goals(minutes: float) -> list[Goal]:
    """All of them, whole. `minutes` is how long the soak takes."""
    return [
        Goal(
            "R1 R5 Redis crashes",
            lambda server, seed: approvals.redis_crashes(
                server, approvals=10_000, processes=8, kills=20, lost=0.02, seed=seed
            ),
            {**OF_APPROVALS, "failed": NONE, "kills": (20, 20), "seconds": (0, 300)},
        ),
        Goal(
            "R2 R5 worker crashes",
            lambda server, seed: approvals.worker_crashes(server, kills_a_point=50, seed=seed),
            OF_APPROVALS,
        ),
        Goal(
            "R3 pauses longer than the lease",
            lambda server, seed: approvals.paused_workers(server, pauses=400, seed=seed),
            OF_APPROVALS,
        ),
        Goal(
            "R4 concurrent resumes",
            lambda server, seed: approvals.concurrent_resumes(server, conversations=500, at_once=64),
            {**OF_APPROVALS, "later approvals consumed": NONE},
        ),
        Goal(
            "R6 the saver never lies",
            lambda server, seed: saver.fault_schedules(server, schedules=1000, at_once=4, seed=seed),
            {**OF_READS, "lies": NONE},
        ),
        Goal(
            "R7 no torn reads",
            lambda server, seed: torn.torn_reads(server, operations=200_000, writers=4, readers=4, seed=seed),
            {**OF_READS, "torn": NONE},
        ),
        Goal(
            "R9 seeded bugs",
            lambda server, seed: list(mutation.mutation(mutation.mutants())),
            {"survived": NONE},
        ),
        Goal(
            "R11 approvals outlive threads",
            lambda server, seed: lifetimes.expiry(server, threads=1000, ttl_s=10),
            {
                "settled threads that left keys": NONE,
                "open approvals lost": NONE,
                "actions not carried out": NONE,
                "carried out twice": NONE,
                "keys left when all are settled": NONE,
            },
        ),
        Goal(
            "R12 delete means delete",
            lambda server, seed: lifetimes.deletion(server, checkpoints=12_000, seed=seed),
            {"keys left of the deleted": NONE, "keys changed of others": NONE},
        ),
        Goal(
            "R14 shared breaker",
            lambda server, seed: bounds.shared_breaker(server, periods=5),
            {"stop s": (0, 1), "probes a period": (0, 1)},
        ),
        Goal(
            "R15 retry amplification",
            lambda server, seed: bounds.retries(server),
            {"requests a question": (1, 1.2)},
        ),
        Goal(
            "R16 rate limit",
            lambda server, seed: bounds.rate_limit(server, calls=50_000),
            {"too many": (0, 1), "too few": (0, 1)},
        ),
        Goal("R17 cost cap", lambda server, seed: bounds.cost_cap(server), {"spent USD": (9.5, 10)}),
        Goal(
            "R18 outage of Redis",
            lambda server, seed: [outage.outage(server, seconds=60, how=how) for how in outage.HOW],
            {
                **OF_APPROVALS,
                "effects begun": NONE,
                "slowest refusal s": (0, 1),
                "untyped errors": NONE,
                "served meanwhile": NONE,
                "recovery s": (0, 5),
            },
        ),
        Goal(
            "R20 failovers of a Cluster",
            lambda server, seed: failover.failovers(rounds=3),
            {"lost though copied": NONE, "slowest error s": (0, 2), "no writes for s": (0, 10)},
        ),
        Goal("R21 a Cluster is as one server", lambda server, seed: failover.suite(), {"failed": NONE}),
        Goal(
            "R19 soak",
            lambda server, seed: soak.soak(server, minutes=minutes),
            {
                "threads a second": (19, 21),
                "not carried out": NONE,
                "bytes a thread": (-1000, 1000),
                "descriptors a 1,000 threads": (-1, 1),
                "saver keys left": NONE,
                "ledger keys a thread": (1.9, 2.1),
            },
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goals", nargs="*", help="for example R6; none: all")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--minutes", type=float, default=30, help="of the soak")
    given = parser.parse_args()
    every = goals(given.minutes)
    if unknown := {*given.goals} - {word for goal in every for word in goal.name.split()}:
        parser.error(f"no such goal: {', '.join(sorted(unknown))}")
    console = Console(width=140)
    console.print(f"seed {given.seed}")
    wanted = [goal for goal in every if not given.goals or {*given.goals} & {*goal.name.split()}]
    missed = [goal.name for goal in wanted if not _run(goal, given.seed, console)]
    sys.exit(f"Not held: {', '.join(missed)}" if missed else 0)


def _run(goal: Goal, seed: int, console: Console) -> bool:
    """Whether it is held."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        try:
            measured = goal.measure(server, seed)
        finally:
            server.kill()
    rows = measured if isinstance(measured, list) else [measured]
    held = all(map(goal.held, rows))
    took = time.monotonic() - started
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(str, row.values()))
    console.print(f"{goal.name}: {'held' if held else 'NOT HELD'}, {took:.0f} s")
    console.print(table)
    return held


if __name__ == "__main__":
    main()
