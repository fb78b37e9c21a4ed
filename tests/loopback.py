"""A real HTTP server on loopback that fails on demand: trouble comes over a socket, as it does in life."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Fault:
    """Trouble for the next request whose "METHOD /path" matches `when`. `process`: it is carried out all the
    same; `reply` answers in its place, `cut` closes the connection instead; `before` runs first; `slow` gives
    the answer in so many pieces with so many seconds before each."""

    when: str
    process: bool = False
    cut: bool = False
    reply: Reply | None = None
    before: Callable[[], None] | None = None
    slow: tuple[int, float] = (1, 0.0)


@dataclass
class Loopback:
    """`app` answers; `requests` are all that came, in order."""

    app: Callable[[Request], Reply]
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    url: str = ""

    def lines(self) -> list[str]:
        return [request.line for request in self.requests]

    def answer(self, request: Request) -> tuple[Reply | None, tuple[int, float]]:
        """The reply (None: close the connection), and in how many pieces, how far apart."""
        self.requests.append(request)
        fault = next((fault for fault in self.faults if re.search(fault.when, request.line)), None)
        if fault is None:
            return self.app(request), (1, 0.0)
        self.faults.remove(fault)
        if fault.before:
            fault.before()
        reply = self.app(request) if fault.process or not (fault.cut or fault.reply) else None
        return (None if fault.cut else fault.reply or reply), fault.slow


@contextmanager
def serving(app: Callable[[Request], Reply]) -> Iterator[Loopback]:
    loopback = Loopback(app)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(url.query))
            request = Request(self.command, url.path, query, headers, body)
            reply, (pieces, seconds) = loopback.answer(request)
            if reply is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, answered, content = reply
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **answered}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            size = max(1, len(content) // pieces)
            with suppress(ConnectionError):  # the client gave up, as some tests want it to
                for start in range(0, len(content), size):
                    time.sleep(seconds)
                    self.wfile.write(content[start : start + size])
                    self.wfile.flush()

        do_GET = do_POST = do_PUT = _handle

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    loopback.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
