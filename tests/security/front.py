"""The web app in this process, as a browser on this machine reaches it, and a judge of its answers."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.testclient import TestClient

from services.settings import Settings
from web.app import app

MOST_SECONDS = 10.0
_LOCAL = ("127.0.0.1", 50_000)  # development answers this machine alone


@dataclass
class Seen:
    """What was answered, and what was wrong with it."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.answers.values())


@contextmanager
def served(redis_url: str, **environment: str) -> Iterator[TestClient]:
    """The app in this process, as a browser on this machine reaches it."""
    names = [name.upper() for name in Settings.model_fields]
    before, folder = dict(os.environ), Path.cwd()
    for name in names:
        os.environ.pop(name, None)
    with TemporaryDirectory() as empty:
        os.environ |= {"REDIS_URL": redis_url, "JIRA_ASSISTANT_DATA_DIR": empty, **environment}
        os.chdir(empty)  # no .env of this checkout
        try:
            with TestClient(
                app, "http://localhost", raise_server_exceptions=False, client=_LOCAL, follow_redirects=False
            ) as client:
                yield client
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ |= before


def sent(client: TestClient, seen: Seen, **request: Any) -> None:
    """Send one request and judge the answer; what no client could send at all is no request."""
    began = time.monotonic()
    try:
        answer = client.request(**request)
    except (UnicodeError, ValueError, TypeError):
        return
    took = time.monotonic() - began
    seen.answers[f"{answer.status_code // 100}xx"] += 1
    if answer.status_code >= 500 or took > MOST_SECONDS:
        seen.wrong.append(f"{answer.status_code} after {took:.1f} s: {request!r:.300} {answer.text[:120]}")
