"""A real HTTP server that plays LangSmith's datasets and experiments, as far as its client asks; no more."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

JSON = dict[str, Any]
_NOW = "2026-11-20T08:00:00+00:00"


class LangSmithServer:
    """Keeps what it was given; `sent` is every path that something was posted to."""

    def __init__(self) -> None:
        self.datasets: dict[str, JSON] = {}
        self.examples: list[JSON] = []
        self.experiments: dict[str, JSON] = {}
        self.sent: list[str] = []
        self.received = b""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads, self._http.block_on_close = True, False
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "LangSmithServer":
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def get(self, path: str, asked: dict[str, list[str]]) -> Any:
        if path == "/datasets":
            return [one for one in self.datasets.values() if one["name"] in asked.get("name", [one["name"]])]
        if path == "/examples":
            given = [one for one in self.examples if one["dataset_id"] in asked.get("dataset", [])]
            return given if asked.get("offset", ["0"]) == ["0"] else []
        if path == "/sessions":
            return [{"id": str(uuid.uuid4()), "tenant_id": str(uuid.uuid4()), "start_time": _NOW}]
        kind, _, key = path[1:].partition("/")
        kept: dict[str, dict[str, JSON]] = {"datasets": self.datasets, "sessions": self.experiments}
        return kept.get(kind, {}).get(key, {})

    def post(self, path: str, body: bytes) -> Any:
        self.sent.append(path)
        self.received += body
        if path == "/examples/bulk":
            rows = [{"id": str(uuid.uuid4()), **row} for row in json.loads(body)]
            self.examples += rows
            return rows
        if path in ("/datasets", "/sessions"):
            row = {"id": str(uuid.uuid4()), "created_at": _NOW, "start_time": _NOW, **json.loads(body)}
            row["tenant_id"] = str(uuid.uuid4())
            (self.datasets if path == "/datasets" else self.experiments)[row["id"]] = row
            return row
        return {}


def _handler(owner: LangSmithServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            self._answer(owner.get(asked.path, parse_qs(asked.query)))

        def do_POST(self) -> None:
            self._answer(owner.post(urlsplit(self.path).path, self._body()))

        do_PATCH = do_POST

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _answer(self, value: Any) -> None:
            out = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: tests read what was kept."""

    return Handler
