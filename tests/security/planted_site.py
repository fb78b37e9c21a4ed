"""The app as a real process among all that it talks to, for planting things in it: a model, Jira, a mail
server, LangSmith, a collector of spans, a Redis, and a log of all that it has to say."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.fake_jira import FakeJira
from tests.integration.conftest import ROOT, environment
from tests.loopback import Reply, Request, serving
from tests.openai_server import OpenAIServer
from tests.servers import BINARIES, RedisServer, free_port
from tests.smtp_server import Mailbox, mail_server
from tests.trace_server import TraceServer

JSON = dict[str, Any]
OUR_KEYS = {
    "OPENAI_API_KEY": "sk-proj-" + "Zq7Kx2Vw9" * 5,
    "JIRA_PERSONAL_ACCESS_TOKEN": "NjQ2MjM5" + "Hy4Lp8Rt3" * 4,
    "LANGSMITH_API_KEY": "lsv2_pt_" + "0a1b2c3d" * 4 + "_9f8e7d6c5b",
}


@dataclass(frozen=True)
class Plant:
    """`value` must not come out; `text` carries it, and `marker`, which may."""

    kind: str
    value: str
    text: str
    marker: str

    @property
    def in_one_line(self) -> str:
        return " ".join(self.text.split())[:400]


@dataclass
class Site:
    """The app and all that stands around it."""

    web: httpx.Client
    model: OpenAIServer
    mailbox: Mailbox
    jira_says: list[str] = field(default_factory=list)  # the next refusal, in Jira's words
    errors: list[tuple[Plant, str]] = field(default_factory=list)

    def say(self, plant: Plant, message: str, **context: Any) -> JSON:
        given = {"user_id": "ann", "issue_key": "PAY-12", **context}
        return self.sent(plant, "POST", "/chat", json={"message": message, "context": given})

    def decide(self, plant: Plant, waiting: JSON, **how: str) -> JSON:
        action_id = waiting["pending_approval"]["action_id"]
        return self.sent(plant, "POST", f"/approvals/{action_id}", json={"user_id": "bo", **how})

    def sent(self, plant: Plant, method: str, path: str, **more: Any) -> JSON:
        answer = self.web.request(method, path, **more)
        is_json = "json" in answer.headers.get("content-type", "")
        body: JSON = answer.json() if is_json else {"error": "page"} if answer.is_error else {}
        if answer.is_error and not is_json:
            self.errors.append((plant, answer.text))
        self.errors += [(plant, text) for text in _problems(body)]
        return body


def _problems(body: Any) -> Iterator[str]:
    """All that an answer says of errors, wherever it stands in it."""
    for name, value in body.items() if isinstance(body, dict) else ():
        if isinstance(value, str) and ("error" in name or name in ("detail", "problem")):
            yield value
        else:
            yield from _problems(value)


@contextmanager
def running(folder: Path) -> Iterator[tuple[Site, TraceServer, Path, str]]:
    """The site, what receives its traces, its log and the address of its Redis; stopped on leaving."""
    fake = FakeJira(cloud=False, tokens={f"Bearer {OUR_KEYS['JIRA_PERSONAL_ACCESS_TOKEN']}": "acc-1"})
    fake.world.add("PAY-12")
    with ExitStack() as open_now:
        store = RedisServer(str(BINARIES["valkey"]), folder).start()
        open_now.callback(store.kill)
        model = OpenAIServer().start()
        open_now.callback(model.stop)
        mailbox, traces = Mailbox(), open_now.enter_context(TraceServer())
        site = Site(httpx.Client(timeout=60), model, mailbox)

        def jira(request: Request) -> Reply:
            if request.line.endswith("/comment") and request.method == "POST" and site.jira_says:
                body = {"errorMessages": [site.jira_says.pop()], "errors": {}}
                return 400, {}, json.dumps(body).encode()
            return fake(request)

        log, port = folder / "log", free_port()
        env = environment(
            folder / "data",
            **OUR_KEYS,
            REDIS_URL=store.url,
            OPENAI_BASE_URL=model.url,
            JIRA_BASE_URL=open_now.enter_context(serving(jira)).url,
            JIRA_FLAVOUR="datacenter",
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(open_now.enter_context(mail_server(mailbox))),
            SMTP_SECURITY="none",
            MAIL_FROM="Jira assistant <assistant@example.org>",
            LOG_LEVEL="DEBUG",
            LOG_FORMAT="json",
            LANGSMITH_TRACING="true",
            LANGSMITH_ENDPOINT=traces.url,
            OTEL_EXPORTER_OTLP_ENDPOINT=traces.url,
            MAX_TOKENS_PER_HOUR="100000000",
            MAX_REQUESTS_PER_MINUTE="1000000",
            MAX_REQUESTS_PER_HOUR="1000000",
            CIRCUIT_FAILURE_THRESHOLD="1000",
        )
        command = [sys.executable, "-m", "uvicorn", "web.app:app", "--port", str(port)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_for(process, f"http://127.0.0.1:{port}", log)
            site.web.base_url = httpx.URL(f"http://127.0.0.1:{port}")
            yield site, traces, log, store.url
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_for(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{url}/ok", timeout=1)
            return
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.1)
