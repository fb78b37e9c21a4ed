"""What can be known of the images without building one: no engine is needed here, so none is tested."""

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.settings import Settings

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FOLDERS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
ALLOWED = {
    line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


def test_compose_reaches_no_further_than_this_machine(services: dict[str, Any]) -> None:
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_compose_keeps_what_redis_and_the_assistant_store(services: dict[str, Any]) -> None:
    assert all(service["volumes"] for service in services.values())
    for option in ("--appendonly yes", "--maxmemory-policy noeviction"):
        assert option in services["redis"]["command"]


def test_compose_starts_the_assistant_once_redis_answers_and_lets_it_end_what_it_began(
    services: dict[str, Any],
) -> None:
    app = services["app"]
    assert app["depends_on"] == {"redis": {"condition": "service_healthy"}}
    assert "healthcheck" in services["redis"]
    lease = Settings.model_fields["action_lease_seconds"].default
    assert int(app["stop_grace_period"].removesuffix("s")) > lease
    assert {name.lower() for name in app["environment"]} <= set(Settings.model_fields)


def test_no_settings_keys_or_data_get_into_an_image() -> None:
    assert {*FOLDERS, "pyproject.toml", "constraints.txt", "README.md", "langgraph.json"} == ALLOWED


def test_the_image_copies_every_folder_of_the_package_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert {f"COPY {folder} {folder}" for folder in FOLDERS} <= set(lines)
    assert "USER 10001" in lines


def test_the_wheel_holds_prompts_pages_and_styles(tmp_path: Path) -> None:
    """Tests run on the folders themselves, an image on what is packed."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    needed = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert packed >= {str(path.relative_to(ROOT)) for path in needed if "__pycache__" not in path.parts}


def test_langgraph_builds_an_image_that_has_what_our_routes_need(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "langgraph_cli", "dockerfile", "-c", str(ROOT / "langgraph.json")]
    subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True, timeout=60)
    text = (tmp_path / "out").read_text()
    configured = json.loads((ROOT / "langgraph.json").read_text())
    installed = {name.partition("~")[0] for name in configured["dependencies"]} | {"uvicorn"}  # it has that
    needed = {name.partition(">")[0] for name in PROJECT["project"]["optional-dependencies"]["web"]}
    assert needed <= installed
    assert not set("<>'&|;$") & set("".join(configured["dependencies"]))  # the shell would take them
    (graphs,) = [line for line in text.splitlines() if line.startswith("ENV LANGSERVE_GRAPHS=")]
    assert json.loads(graphs.partition("=")[2].strip("'")) == configured["graphs"]
    assert "graph/checkpointer.py:create_checkpointer" in text
    assert ".env" not in text
