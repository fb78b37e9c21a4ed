"""Every goal at its full size: `make chaos`. The seed is printed; give one to repeat a run."""

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from services import JSON
from tests.chaos.approvals import concurrent_resumes, paused_workers, redis_crashes, worker_crashes
from tests.servers import BINARIES, RedisServer

_Goal = Callable[[RedisServer, int], JSON]
GOALS: dict[str, _Goal] = {
    "R1 Redis crashes": lambda server, seed: redis_crashes(
        server, approvals=10_000, processes=8, kills=20, lost=0.02, seed=seed
    ),
    "R2 worker crashes": lambda server, seed: worker_crashes(server, kills_a_point=50, seed=seed),
    "R3 pauses longer than the lease": lambda server, seed: paused_workers(server, pauses=400, seed=seed),
    "R4 concurrent resumes": lambda server, seed: concurrent_resumes(server, conversations=500, at_once=64),
}


def main() -> None:
    console = Console(width=140)
    named = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    seed = next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), random.randrange(10**6))
    console.print(f"seed {seed}")
    missed = False
    for name, goal in GOALS.items():
        if named and name.split()[0] not in named:
            continue
        with tempfile.TemporaryDirectory() as folder:
            server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
            try:
                figures = goal(server, seed)
            finally:
                server.kill()
        table = Table(*figures, title=name)
        table.add_row(*map(str, figures.values()))
        console.print(table)
        wrong = ("lost", "applied twice", "approved and not done", "later approvals consumed")
        missed |= any(figures.get(figure) for figure in wrong)
    sys.exit(missed)


if __name__ == "__main__":
    main()
