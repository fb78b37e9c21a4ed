"""An HTTP client with nothing in it, so that the servers are what a hundred thousand requests load."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit


class RawClient:
    """One connection, opened anew when it was cut."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        """Status and body. Whatever goes wrong half-way, a cancellation too, closes the connection."""
        head = {"Host": self._address.netloc, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        try:
            reader, writer = await self._connected()
            writer.write("\r\n".join(lines).encode() + body)
            return await _answer(reader, method)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            host, port = self._address.hostname, self._address.port
            self._streams = await asyncio.open_connection(host, port, limit=2**22)
        return self._streams


async def _answer(reader: asyncio.StreamReader, method: str) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    status = int(head[0].split()[1])
    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    if method == "HEAD" or status in (204, 304):
        return status, b""
    if headers.get("transfer-encoding") != "chunked":
        return status, await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return status, body
