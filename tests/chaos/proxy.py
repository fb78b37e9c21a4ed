"""A proxy before Redis that loses answers: it forwards a command, then cuts before the answer comes back."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


@contextmanager
def losing(port: int, share: float, seed: int) -> Iterator[int]:
    """The port of a proxy to 127.0.0.1:`port` that loses `share` of the answers."""
    chance = random.Random(seed)
    ready, found = Event(), [0]
    loop = asyncio.new_event_loop()

    async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if answers and chance.random() < share:
                    break
                target.write(data)
                await target.drain()
        target.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream, downstream = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        pipes = [
            asyncio.ensure_future(pipe(reader, downstream, answers=False)),
            asyncio.ensure_future(pipe(upstream, writer, answers=True)),
        ]
        await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, downstream):
            end.close()
        await asyncio.gather(*pipes, return_exceptions=True)

    async def serve() -> None:
        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=256)
        found[0] = server.sockets[0].getsockname()[1]
        ready.set()
        with suppress(asyncio.CancelledError):
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(serve())
        loop.run_forever()
        task.cancel()
        for other in asyncio.all_tasks(loop):
            other.cancel()
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        loop.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
