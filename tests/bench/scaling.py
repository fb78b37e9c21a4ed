"""What one process and one Redis carry, over HTTP: `python -m tests.bench.scaling` prints the tables of
docs/scaling.md, to be put there as they are.

Servers, the model and the load each have a process of their own, so on two cores they share what they are
measured with: what several workers bring is only seen on a machine with a core for each.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial

import redis
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from services import JSON
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.steps import run
from tests.bench.load import SECONDS, UPDATE, converse, cpu_ms, load, memory_mb, serving, user
from tests.bench.measure import valkey

AT_ONCE = (1, 16, 64, 256)
MODEL_S = 0.5
ROUTES = {  # the message, and whether a model is asked
    "finished task": ("done with PAY-12", False),
    "draft by rules": (UPDATE, False),
    f"draft by a model of {MODEL_S} s": (UPDATE, True),
}


def tables() -> Iterator[Table]:
    with valkey() as server:
        server.configure("appendfsync", "everysec")
        yield _one_process(server.url)
        yield _workers(server.url)
        yield _redis(server.url, server.port)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, box=MARKDOWN)


def _one_process(redis_url: str) -> Table:
    columns = (*(f"{n} at once" for n in AT_ONCE), "CPU ms", "memory")
    table = _table("One process: answers a second, median (95 of 100 within)", "route", *columns)
    for route, (message, by_model) in ROUTES.items():
        with serving(redis_url, 1, by_model=by_model, model_s=MODEL_S) as (port, process):
            before = cpu_ms(process)
            loads = [load(port, message, at_once) for at_once in AT_ONCE]
            spent = (cpu_ms(process) - before) / sum(one.answered for one in loads)
            table.add_row(route, *map(str, loads), f"{spent:.1f}", f"{memory_mb(process, 1):.0f} MB")
    return table


def _workers(redis_url: str) -> Table:
    columns = ("workers", *(f"{route}, 64 at once" for route in list(ROUTES)[1:]), "memory of each")
    table = _table(f"Several workers on one Redis, {os.cpu_count()} cores", *columns)
    for workers in (1, 2, 4):
        cells = []
        for message, by_model in list(ROUTES.values())[1:]:
            with serving(redis_url, workers, by_model=by_model, model_s=MODEL_S) as (port, process):
                cells.append(f"{load(port, message, 64).a_second:.0f}/s")
                memory = memory_mb(process, workers)
        table.add_row(str(workers), *cells, f"{memory:.0f} MB")
    return table


def _redis(url: str, port: int) -> Table:
    """One conversation at a time, by a model that answers at once, so that nothing waits in between."""
    columns = (
        "conversation",
        "commands",
        "kB sent, received",
        "kB kept",
        "CPU ms",
        "a second on one core",
    )
    table = _table("What Redis has to do", *columns)
    approved = ("draft by a model, approved", UPDATE, True)
    routes = [(route.partition(" of ")[0], message, False) for route, (message, _) in ROUTES.items()]
    with redis.Redis(port=port) as admin:
        for label, message, approves in (*routes, approved):
            with serving(url, 1, by_model="model" in label, model_s=0) as (served, _):
                work = partial(converse, served, message, approves=approves)
                table.add_row(label, *_costs_of(admin, work))
        table.add_row("of that, one action of the ledger", *_costs_of(admin, partial(_actions, url)))
    return table


def _costs_of(admin: redis.Redis, work: Callable[[], int]) -> list[str]:
    before = _figures(admin)
    done = work()
    after = _figures(admin)
    commands, network, kept, busy_ms = ((now - then) / done for now, then in zip(after, before, strict=True))
    return [
        f"{commands:.0f}",
        f"{network / 1e3:.1f}",
        f"{kept / 1e3:.1f}",
        f"{busy_ms:.2f}",
        f"{1000 / busy_ms:.0f}",
    ]


def _actions(url: str) -> int:
    """How many were prepared, approved, claimed and done in SECONDS."""
    client, done, ends = RedisClient(url), 0, time.perf_counter() + SECONDS
    ledger, args = RedisLedger(client), {"comment": "The button bug is fixed."}
    while time.perf_counter() < ends:
        row: JSON = {"action_id": uuid.uuid4().hex, "action": "post_jira_comment", "args": args, **user()}
        row |= {"thread_id": str(uuid.uuid4()), "tenant": "", "summary": {}, "message": UPDATE}
        digest = run(ledger.prepare(row, expires_in_s=3600))["digest"]
        run(ledger.decide(row["action_id"], digest, {"verb": "accept", "by": "reviewer"}))
        run(ledger.claim(row["action_id"], row["action"], digest, "worker", lease_s=60))
        run(ledger.settle(row["action_id"], "worker", "done", {}))
        done += 1
    client.close()
    return done


def _figures(admin: redis.Redis) -> tuple[float, float, float, float]:
    """Commands, bytes over the network, bytes in memory and milliseconds of CPU, as they add up."""
    info = admin.info()
    network = info["total_net_input_bytes"] + info["total_net_output_bytes"]
    cpu = info["used_cpu_user"] + info["used_cpu_sys"]
    return info["total_commands_processed"], network, info["used_memory_dataset"], cpu * 1000


if __name__ == "__main__":
    console = Console(width=160)
    for table in tables():
        console.print(table)
