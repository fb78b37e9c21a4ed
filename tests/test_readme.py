"""The README cannot drift: its drawing is the graph's own, its table names files that exist."""

import re
from pathlib import Path

from graph.jira_assistant import build
from services import Services
from services.settings import Settings
from tests.fakes import NoLimits, NoModels

README = Path(__file__).parents[1] / "README.md"
_DRAWING = re.compile(r"(?<=```mermaid\n)[^`]*", re.DOTALL)


def drawing() -> str:
    """The graph as Mermaid; building it needs no service, so none is given."""
    services = Services(Settings(), NoModels(), None, None, {}, NoLimits())  # type: ignore[arg-type]
    lines = build(services).compile().get_graph().draw_mermaid(with_styles=False).splitlines()
    return "".join(line.replace("\t", "  ").rstrip() + "\n" for line in lines if line.strip())


def test_the_drawing_is_the_graph() -> None:
    found = _DRAWING.search(README.read_text())
    assert found
    assert found[0] == drawing(), "run: .venv/bin/python -m tests.test_readme"


def test_the_drawing_leads_to_every_step() -> None:
    services = Services(Settings(), NoModels(), None, None, {}, NoLimits())  # type: ignore[arg-type]
    graph = build(services).compile().get_graph()
    assert {edge.target for edge in graph.edges} == graph.nodes.keys() - {"__start__"}


def test_every_file_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`((?:graph|nodes|prompts|services|web|tests)/[\w/.]*)`", README.read_text()))
    assert len(named) > 10
    missing = sorted(name for name in named if not (README.parent / name).exists())
    assert missing == []


def test_every_command_that_the_readme_names_exists() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for verb in re.findall(r"^make ([\w-]+)", README.read_text(), re.MULTILINE):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb


if __name__ == "__main__":
    README.write_text(_DRAWING.sub(lambda _: drawing(), README.read_text(), count=1))
