"""A real HTTP server that speaks OpenAI's chat completions, plain and streamed, and misbehaves on order.

What it answers is scripted; what it was asked is kept in `requests`, and when in `times` (monotonic).
`python -m tests.openai_server '{"wait_s": 0.3}'` runs one alone that always gives that Reply, for
benchmarks that must not share an interpreter with it; it ends with its standard input.
"""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One scripted answer; the faults can be combined."""

    text: str | None = "fine"
    arguments: str | None = None  # answered as a call of the function that was offered
    finish_reason: str | None = "stop"  # "length": truncated
    refusal: str | None = None
    prompt_tokens: int = 10
    completion_tokens: int = 5
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    usage: bool = True  # False: the answer says nothing about tokens
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None  # sent as the body, whatever it is
    wait_s: float = 0.0  # before the first byte; very long: a hang
    drip_s: float = 0.0  # between two pieces of the body
    cut: bool = False  # the connection is closed half-way through the body


def failure(status: int, message: str = "no", *, param: str | None = None, **headers: str) -> Reply:
    """An error as OpenAI words it; header names are written with underscores."""
    error = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, raw=json.dumps(error).encode())


HANG = Reply(wait_s=3600)
GARBAGE = Reply(raw=b"<html>502 from a proxy</html>", headers={"content-type": "text/html"})


class OpenAIServer:
    """Answers with `script` in order, then with `default` for ever; a callable is asked for each request."""

    def __init__(self, default: Reply | Callable[[JSON], Reply] | None = None) -> None:
        self.default = default or Reply()
        self.script: deque[Reply | Callable[[JSON], Reply]] = deque()
        self.requests: list[JSON] = []
        self.times: list[float] = []
        self.authorizations: list[str] = []  # path and key of each request
        self.listing = Reply(raw=b'{"object": "list", "data": []}')  # of the models there are
        self.listed: list[str] = []  # path and key of each request for it
        self.connections = 0
        self.stopping = threading.Event()
        self._http = _Threads(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def start(self) -> "OpenAIServer":
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, request: JSON) -> Reply:
        self.requests.append(request)
        self.times.append(time.monotonic())
        try:
            reply = self.script.popleft()
        except IndexError:
            reply = self.default
        return reply if isinstance(reply, Reply) else reply(request)


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    owner: OpenAIServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, which is what half of the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Threads

    def setup(self) -> None:
        super().setup()
        self.server.owner.connections += 1

    def do_GET(self) -> None:
        owner, key = self.server.owner, self.headers["api-key"] or self.headers["authorization"]
        owner.listed.append(f"{self.path} {key}")
        reply = owner.listing
        if reply.wait_s:
            owner.stopping.wait(reply.wait_s)
        self.send_response(reply.status)
        self.send_header("content-length", str(len(reply.raw or b"")))
        self.end_headers()
        self.wfile.write(reply.raw or b"")
        self.wfile.flush()

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = self.headers["api-key"] or self.headers["authorization"]
        self.server.owner.authorizations.append(f"{self.path} {key}")
        reply = self.server.owner.answer(request)
        if reply.wait_s and self.server.owner.stopping.wait(reply.wait_s):
            self.close_connection = True
            return
        streamed = bool(request.get("stream")) and reply.raw is None
        pieces = list(_events(request, reply)) if streamed else [_body(request, reply)]
        if reply.drip_s and not streamed:
            pieces = [bytes([byte]) for byte in pieces[0]]
        self.send_response(reply.status)
        kind = "text/event-stream" if streamed else "application/json"
        for name, value in {"content-type": kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(sum(map(len, pieces))))
        self.end_headers()
        for piece in pieces[: max(1, len(pieces) // 2)] if reply.cut else pieces:
            self.wfile.write(piece[: len(piece) // 2] if reply.cut and len(pieces) == 1 else piece)
            if reply.drip_s:
                self.wfile.flush()
                self.server.owner.stopping.wait(reply.drip_s)
        self.wfile.flush()
        self.close_connection = self.close_connection or reply.cut

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: tests read `requests`."""


def _usage(reply: Reply) -> JSON:
    return {
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": reply.reasoning_tokens},
    }


def _message(request: JSON, reply: Reply) -> JSON:
    message: JSON = {"role": "assistant", "content": reply.text}
    if reply.refusal is not None:
        message |= {"content": None, "refusal": reply.refusal}
    if reply.arguments is not None and request.get("tools"):
        call = {"name": request["tools"][0]["function"]["name"], "arguments": reply.arguments}
        tool_call = {"index": 0, "id": "call_1", "type": "function", "function": call}
        message |= {"content": None, "tool_calls": [tool_call]}
    return message


def _completion(request: JSON, reply: Reply, kind: str, choice: JSON | None) -> JSON:
    head = {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request["model"]}
    return {**head, "choices": [] if choice is None else [{"index": 0, "logprobs": None, **choice}]}


def _body(request: JSON, reply: Reply) -> bytes:
    if reply.raw is not None:
        return reply.raw
    choice = {"message": _message(request, reply), "finish_reason": reply.finish_reason}
    body = _completion(request, reply, "chat.completion", choice)
    if reply.usage:
        body["usage"] = _usage(reply)
    return json.dumps(body).encode()


def _events(request: JSON, reply: Reply) -> Iterator[bytes]:
    message = _message(request, reply)
    words = (message.pop("content") or "").split(" ")
    deltas = [message, *({"content": word if i == 0 else f" {word}"} for i, word in enumerate(words))]
    for delta in deltas:
        yield _event(_completion(request, reply, "chat.completion.chunk", {"delta": delta}))
    last: JSON = {"delta": {}, "finish_reason": reply.finish_reason}
    yield _event(_completion(request, reply, "chat.completion.chunk", last))
    if reply.usage and (request.get("stream_options") or {}).get("include_usage"):
        yield _event({**_completion(request, reply, "chat.completion.chunk", None), "usage": _usage(reply)})
    yield b"data: [DONE]\n\n"


def _event(chunk: JSON) -> bytes:
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


if __name__ == "__main__":
    server = OpenAIServer(Reply(**json.loads(sys.argv[1]))).start()
    print(server.url, flush=True)  # noqa: T201 - the address is this program's answer
    sys.stdin.read()
    server.stop()
