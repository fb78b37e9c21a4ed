"""Whatever happens to Redis, again and again, while others work on it."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.servers import RedisServer


@contextmanager
def nemesis(
    server: RedisServer, chance: random.Random, every_s: tuple[float, float]
) -> Iterator[Counter[str]]:
    """Kills or stops Redis again and again, never for long; what it did so far."""
    over, did = Event(), Counter[str]()

    def rage() -> None:
        while not over.wait(chance.uniform(*every_s)):
            how = chance.choice(("kill", "stop"))
            did[how] += 1
            server.kill(signal.SIGKILL if how == "kill" else signal.SIGSTOP)
            time.sleep(chance.uniform(0.05, 0.4))
            server.start() if how == "kill" else server.resume()

    thread = Thread(target=rage)
    thread.start()
    try:
        yield did
    finally:
        over.set()
        thread.join()
