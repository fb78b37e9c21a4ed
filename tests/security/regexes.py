"""Every regular expression of the project, found by watching it import and work; and what reads their texts.

The interpreter's profiler sees each compilation, also of those in tables, behind caches and inside functions;
the syntax trees say where there are any, so that one that nobody watched is missed by name.
"""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("nodes", "services", "web", "prompts", "graph")
_SCANS = dict.fromkeys(("finditer", "findall", "sub", "subn", "split"), "finditer")
_METHODS = {"search": "search", "match": "match", "fullmatch": "fullmatch", **_SCANS}
_COMPILING: Any = re._compile.__code__  # type: ignore[attr-defined] # every way in comes through it

Site = tuple[str, int]  # a file, and the line of the call in it


def functions() -> Mapping[str, Callable[[str], object]]:
    """Whatever reads text that an attacker may write, by name; refusals are answers."""
    from nodes.jira_assistant import (
        checks,
        claims,
        decisions,
        feedback,
        periods,
        same_meaning,
        spelling,
        spoken,
    )
    from nodes.jira_assistant.classify_by_rules import classify
    from nodes.jira_assistant.entities import extract
    from nodes.jira_assistant.facts import compare, facts
    from nodes.jira_assistant.offline_comment import draft_comment, redraft_comment
    from nodes.jira_assistant.offline_email import draft_email, redraft_email
    from prompts import fence
    from services.adf_markdown import to_markdown
    from services.adf_wiki import to_wiki
    from services.compress import compress, must_keep
    from services.markup import to_adf
    from services.sensitive import find_sensitive
    from web.marks import compared, hidden_in, shown

    def adf(text: str) -> object:
        document = to_adf(text, lambda key: f"https://jira.example/browse/{key}")
        return to_markdown(document), to_wiki(document)

    return {
        "classify": classify,
        "extract": extract,
        "find_sensitive": find_sensitive,
        "facts": facts,
        "compare": lambda text: compare(text, text[::-1]),
        "check_comment": lambda text: checks.check_comment(text, text, {}),
        "unfounded_claims": lambda text: claims.unfounded_claims("started", text),
        "draft_comment": draft_comment,
        "redraft_comment": lambda text: redraft_comment("fixed it", "Fixed it.", text),
        "draft_email": lambda text: draft_email(text, {}),
        "redraft_email": lambda text: redraft_email("email Bo", draft_email("email Bo", {}), text),
        "wishes": feedback.wishes,
        "period_of": partial(_period, periods.period_of),
        "same_meaning": lambda text: same_meaning.same_meaning(text, f"{text} "),
        "normalise": spelling.normalise,
        "answers_draft": spoken.answers_draft,
        "parse": lambda text: decisions.parse(text, "post_jira_comment", {"comment": ""}),
        "fence": partial(fence, "message"),
        "compress": compress,
        "must_keep": must_keep,
        "ADF": adf,
        "compared": lambda text: compared(text[: len(text) // 2], text[len(text) // 2 :]),
        "shown": shown,
        "hidden_in": hidden_in,
    }


def _period(period_of: Callable[..., object], text: str) -> object:
    from datetime import UTC, datetime

    return period_of(text, datetime(2026, 3, 2, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `re` that makes a pattern or uses one by its text; and how the pattern is used."""

    written: ast.expr
    methods: frozenset[str]
    name: str  # what the pattern is bound to, or empty


def sites() -> dict[Site, Call]:
    """Every call of `re` in the source. What stands in a table is used as the variables of its file are."""
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    used: dict[str, set[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
                used.setdefault(_scope(path, node.value.id), set()).add(_METHODS[node.attr])
                if node.value.id.islower() and node.value.id != "re" and node.attr != "split":
                    used.setdefault(path, set()).add(_METHODS[node.attr])
    return {
        (path, call.lineno): Call(call.args[0], frozenset(_methods(call, name, path, used)), name)
        for path, tree in trees.items()
        for call, name in _calls(tree, "")
    }


def _scope(path: str, name: str) -> str:
    """A private name is its file's own."""
    return f"{path}:{name}" if name.startswith("_") else name


def _methods(call: ast.Call, name: str, path: str, used: Mapping[str, set[str]]) -> Collection[str]:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr in _METHODS:
        return [_METHODS[call.func.attr]]
    return used.get(_scope(path, name)) or used.get(path) or _METHODS.values()


def _calls(node: ast.AST, name: str) -> Iterator[tuple[ast.Call, str]]:
    """Calls of `re` below `node`, each with the name that it is the value of."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        if of_re and node.func.attr in ("compile", *_METHODS):
            yield node, name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    for child in ast.iter_child_nodes(node):
        named = isinstance(target, ast.Name) and child is getattr(node, "value", None)
        yield from _calls(child, target.id if named and isinstance(target, ast.Name) else "")


class Watch:
    """While entered, keeps every pattern that the project compiles, by the line that did."""

    def __init__(self) -> None:
        self.patterns: dict[Site, set[re.Pattern[Any]]] = {}

    def __enter__(self) -> "Watch":
        sys.setprofile(self._saw)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _saw(self, frame: FrameType, event: str, answer: object) -> None:
        if event != "return" or frame.f_code is not _COMPILING or not isinstance(answer, re.Pattern):
            return
        caller = frame.f_back
        while caller is not None and caller.f_code.co_filename == re.__file__:
            caller = caller.f_back
        path = Path(caller.f_code.co_filename) if caller else ROOT.parent
        if caller and path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES:
            site = str(path.relative_to(ROOT)), caller.f_lineno
            self.patterns.setdefault(site, set()).add(answer)


def collected(texts: list[str]) -> dict[Site, set[re.Pattern[Any]]]:
    """All patterns: those made on import, those made when `texts` are read, and those written out at places
    that no text came by. For a fresh process only: what was imported before is not seen."""
    with Watch() as watch:
        for package in PACKAGES:
            for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
                importlib.import_module(module.name)
        for function in functions().values():
            for text in texts:
                attempt(function, text)
    for site, call in sites().items():
        if site not in watch.patterns and (pattern := _evaluated(site, call.written)):
            watch.patterns[site] = {pattern}
    return watch.patterns


def _evaluated(site: Site, written: ast.expr) -> re.Pattern[Any] | None:
    """The pattern of a call, from its text and the names of its module; None where it needs others."""
    module = importlib.import_module(site[0].removesuffix(".py").replace("/", "."))
    try:
        found = eval(ast.unparse(written), vars(module))
    except NameError:
        return None
    return re.compile(found) if isinstance(found, str | bytes) else None


def attempt(function: Callable[[str], object], text: str) -> None:
    """A typed refusal is an answer."""
    from services.errors import AssistantError

    with suppress(AssistantError):
        function(text)
