"""A real HTTP server that plays the receivers of traces: LangSmith's ingestion and an OTLP collector.

It answers as they do and keeps what came, unpacked, as text in `received`: whatever can be read there has
left this machine.
"""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import zstandard

JSON = dict[str, Any]


class TraceServer:
    """`runs` holds LangSmith's runs by id, put together from their parts."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []  # path and body
        self.runs: dict[str, JSON] = {}
        self._lock = threading.Lock()
        self._http = _Threads(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "TraceServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def text(self) -> str:
        """All that came."""
        return "\n".join(body.decode("utf-8", "replace") for _, body in self.received)

    def take(self, path: str, kind: str, body: bytes) -> None:
        with self._lock:
            self.received.append((path, body))
            if "multipart" in kind:
                self._put_together(kind.partition("boundary=")[2].strip('"').encode(), body)

    def _put_together(self, boundary: bytes, body: bytes) -> None:
        for part in body.split(b"--" + boundary):
            head, _, content = part.partition(b"\r\n\r\n")
            name = head.partition(b'name="')[2].partition(b'"')[0].decode().split(".")
            if name[0] not in ("post", "patch"):
                continue
            value = json.loads(content.rstrip(b"\r\n"))
            run = self.runs.setdefault(name[1], {})
            run.update(value if len(name) == 2 else {name[2]: value})


_INFO = {
    "version": "0.13.0",
    "instance_flags": {"zstd_compression_enabled": True},
    "batch_ingest_config": {
        "use_multipart_endpoint": True,
        "size_limit": 100,
        "size_limit_bytes": 20_971_520,
        "scale_up_nthreads_limit": 4,
        "scale_up_qsize_trigger": 1000,
        "scale_down_nempty_trigger": 4,
    },
}


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: TraceServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Threads

    def do_GET(self) -> None:
        refused = self.headers.get("x-api-key") == "wrong"
        self._answer(401 if refused else 200, json.dumps(_INFO).encode())

    def do_POST(self) -> None:
        self.server.owner.take(self.path, self.headers.get("content-type", ""), self._body())
        self._answer(202, b"{}")

    do_PATCH = do_POST

    def _body(self) -> bytes:
        body = self._chunks() if "content-length" not in self.headers else self._read()
        match self.headers.get("content-encoding"):
            case "zstd":
                return zstandard.ZstdDecompressor().stream_reader(body).read()
            case "gzip":
                return gzip.decompress(body)
            case _:
                return body

    def _read(self) -> bytes:
        return self.rfile.read(int(self.headers["content-length"]))

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""
