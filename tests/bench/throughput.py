"""How many drafts a second one process serves while a model takes half a second for each."""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.bench.assistants import SPEAKER, UPDATE, assistant, config, installed, numbers
from tests.bench.cli import megabytes
from tests.bench.measure import Line, Section, valkey
from tests.fakes import SlowModels

MODEL_S = 0.5
_WARM_S, _SECONDS = 2.0, 6.0
_FULL = 0.9  # of a core; what is beyond, the event loop spends waiting for its own turn


def sections() -> Iterator[Section]:
    lines = []
    for at_once in (1, 8, 64, 256):
        with valkey() as server, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            a_second, core, peak = process.submit(_serve, server.url, at_once).result(timeout=120)
        what, ideal = f"{at_once} at once", at_once / MODEL_S
        excused = f"one core is full ({core:.0%})" if a_second / ideal < 0.8 and core >= _FULL else ""
        lines += [
            Line(what, "ours", a_second, "a second"),
            Line(what, "ideal", ideal, "a second"),
            Line(what, "share", a_second / ideal, "of the ideal", goal=0.8, at_least=True, excused=excused),
            Line(what, "processor", core, "of a core"),
            Line(what, "for each second of a core", a_second / core, "drafts"),
            Line(what, "memory", peak, "MB at most"),
        ]
    yield Section(
        "Drafts by a model that takes 0.5 s, one process",
        lines,
        "The ideal is a process that takes no time itself. Every draft is a new message, so none is cached.",
    )


def _serve(url: str, at_once: int) -> tuple[float, float, float]:
    """Drafts a second, the share of a core that they took, and peak resident megabytes."""
    return asyncio.run(_aserve(url, at_once))


async def _aserve(url: str, at_once: int) -> tuple[float, float, float]:
    with installed(url) as opened:
        compiled = assistant(opened, SlowModels(MODEL_S))
        served, over = 0, False

        async def user(place: int) -> None:
            nonlocal served
            await asyncio.sleep(place / at_once * MODEL_S)
            while not over:
                said = {"message": f"{UPDATE} number {next(numbers)}"}
                await compiled.ainvoke(said, config(), context=SPEAKER)
                served += 1

        users = [asyncio.create_task(user(place)) for place in range(at_once)]
        await asyncio.sleep(_WARM_S)  # connections are made, everybody is under way
        before, busy, started = served, time.process_time(), time.monotonic()
        await asyncio.sleep(_SECONDS)
        seconds = time.monotonic() - started
        done, core, over = served - before, (time.process_time() - busy) / seconds, True
        await asyncio.gather(*users)
        await opened.aclose()
    return done / seconds, core, megabytes(resource.getrusage(resource.RUSAGE_SELF))
