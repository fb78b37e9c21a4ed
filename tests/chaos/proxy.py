"""A wire to Redis that fails in all the ways wires do: late, cut behind a command, reset, or silent."""

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Literal

Fault = Literal["none", "late", "cut", "reset", "swallow"]
"""What becomes of one piece of what is sent or answered. `cut`: all before it was delivered."""
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


@contextmanager
def losing(port: int, share: float, seed: int) -> Iterator[int]:
    """The port of a proxy to 127.0.0.1:`port` that cuts before `share` of the answers come back."""
    chance = random.Random(seed)
    with proxying(port, lambda answer: "cut" if answer and chance.random() < share else "none") as through:
        yield through


@contextmanager
def proxying(
    port: int, fault: Callable[[bool], Fault], late_s: Callable[[], float] = lambda: 0.1
) -> Iterator[int]:
    """The port of a proxy to 127.0.0.1:`port`. `fault` is asked what becomes of each piece; its argument
    says whether that is of an answer."""
    ready, found = Event(), [0]
    loop = asyncio.new_event_loop()
    writers: set[asyncio.StreamWriter] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        writers.add(writer)
        try:
            upstream, downstream = await asyncio.open_connection("127.0.0.1", port)
            ends.add(downstream)
            writers.add(downstream)
            there = asyncio.ensure_future(_pipe(reader, downstream, lambda: fault(False), late_s))
            back = asyncio.ensure_future(_pipe(upstream, writer, lambda: fault(True), late_s))
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.close()
            await asyncio.gather(there, back, return_exceptions=True)
        except (OSError, asyncio.CancelledError):  # Redis is not there, or the proxy ends
            writer.close()
        writers.difference_update(ends)

    async def serve() -> None:
        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=256)
        found[0] = server.sockets[0].getsockname()[1]
        ready.set()
        with suppress(asyncio.CancelledError):
            await server.serve_forever()

    async def end() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        left = set(writers)
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in left:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # transports close in the loop's next rounds

    def run() -> None:
        asyncio.set_event_loop(loop)
        serving = loop.create_task(serve())
        loop.run_forever()
        loop.run_until_complete(end())
        assert serving.done()
        loop.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def _pipe(
    source: asyncio.StreamReader,
    target: asyncio.StreamWriter,
    fault: Callable[[], Fault],
    late_s: Callable[[], float],
) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            happens = fault()
            if happens == "swallow":
                continue
            if happens == "reset":
                target.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            if happens in ("cut", "reset"):
                break
            if happens == "late":
                await asyncio.sleep(late_s())
            target.write(data)
            await target.drain()
    target.close()
