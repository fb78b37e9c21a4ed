"""A receiver that de-duplicates nothing and outlives whoever is killed: it counts effects by action.

It is asked the way Jira is: look an action up, then post it. `Posting` is the connector that does so.
"""

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from pydantic import SecretStr

from services import JSON, Preview
from services.errors import OutcomeUnknown
from services.steps import Call, Steps, within


class Receiver(ThreadingHTTPServer):
    """`effects[action_id]` is how often the action was carried out; `times`, when each was, is of the
    monotonic clock."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.effects: Counter[str] = Counter()
        self.times: list[float] = []
        self.lock = Lock()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(self.server.effects[self.path[1:]])

    def do_POST(self) -> None:
        with self.server.lock:
            self.server.effects[self.path[1:]] += 1
            self.server.times.append(time.monotonic())
        self._answer(1)

    def _answer(self, count: int) -> None:
        body = json.dumps(count).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: thousands of requests come."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Posting:
    """A connector to that receiver; `at` is called at each point where a process may die."""

    repeatable = True

    def __init__(
        self, port: int, at: Callable[[str], None] = lambda point: None, *, within_s: float = 1.0
    ) -> None:
        self._port = port
        self._at = at
        self._within_s = within_s

    def acting_as(self, token: SecretStr) -> "Posting":
        return self

    def check(self) -> Steps[str]:
        return "always open"
        yield

    def preview(self, args: JSON) -> Steps[Preview]:
        return {"target": "", "text": "", "args": args, "missing": [], "notes": []}
        yield

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        """Begins no request after `within_s`, as the connector to Jira: a lease outlasts that."""
        late = OutcomeUnknown("It took too long to be begun.")
        return (yield from within(self._perform(action_id), self._within_s, late))

    def _perform(self, action_id: str) -> Steps[JSON]:
        self._at("before the look-up")
        if not (yield from self._ask("GET", action_id)):
            self._at("before the post")
            yield from self._ask("POST", action_id)
            self._at("after the post")
        return {"posted": action_id}

    def _ask(self, method: str, action_id: str) -> Steps[int]:
        def send() -> int:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            try:
                connection.request(method, f"/{action_id}")
                answer: int = json.loads(connection.getresponse().read())
                return answer
            finally:
                connection.close()

        async def asend() -> int:
            raise NotImplementedError("the chaos workers are synchronous")

        return (yield from Call(send, asend))
