"""The pages and routes as they are served: in process, or as two worker processes for a browser."""

import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from graph.installation import Installation
from services.identity import Role
from services.steps import arun
from tests.integration.conftest import ROOT, environment
from tests.servers import free_port
from web.app import app, lifespan

OWN = {"Origin": "http://localhost"}  # what a browser sends with a form of our own page


@pytest.fixture
async def web(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app, on an empty Redis."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def closed(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app in production mode, without a credential."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ENVIRONMENT", "production")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def new_key(*roles: Role, user: str = "ann", tenant: str = "acme", **more: Any) -> tuple[str, str]:
    """The id and the secret of a new key."""
    installation: Installation = app.state.installation
    key, secret = await arun(installation.keys.add(user, tenant, roles, **more))
    return key.id, secret


@contextmanager
def serving_site(folder: Path, **settings: str) -> Iterator[str]:
    """The address of the app alone, as two worker processes on one embedded server, with no key."""
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "uvicorn", "web.app:app", "--workers", "2", "--port", str(port)]
    env = environment(folder / "data", **settings)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while log.read_text().count("Application startup complete") < 2:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One site for all tests, where actions are handed to the caller."""
    with serving_site(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A headless browser that keeps what its console says."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed; CI installs them")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for switch in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"),
        *("disable-background-networking", "disable-component-update", "force-prefers-reduced-motion"),
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service(driver)) as browser:
        yield browser


@pytest.fixture
def browser(chromium: webdriver.Chrome, site: str) -> Iterator[webdriver.Chrome]:
    """The browser as a new visitor; whatever its console said during the test is a failure."""
    chromium.get(f"{site}/figures")
    chromium.delete_all_cookies()
    console(chromium)
    yield chromium
    assert console(chromium) == []


def console(chromium: webdriver.Chrome) -> list[str]:
    """What the console said since it was last asked: errors, refused scripts and styles, failed loads."""
    return [entry["message"] for entry in chromium.get_log("browser")]  # type: ignore[no-untyped-call]
