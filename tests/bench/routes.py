"""One message by each route, with everything a user gets, beside as many empty nodes in memory."""

from collections.abc import Callable, Iterator

from graph.installation import compile_graph
from services import Services
from services.cache import RedisCache
from services.ledger import RedisLedger
from tests.bench.assistants import UPDATE, approved, assistant, empty, installed, nodes_run, numbers, say
from tests.bench.measure import Line, Section, in_turns, line, ratio, valkey
from tests.fakes import NoLimits, NoModels, SlowModels

BARE = "the same without limits and metrics"


def sections() -> Iterator[Section]:
    with valkey() as server, installed(server.url) as opened:
        offline, quick = assistant(opened, NoModels()), assistant(opened, SlowModels(0.0))
        ledger = RedisLedger(opened.redis)
        alone = Services(opened.settings, NoModels(), RedisCache(opened.redis), ledger, {}, NoLimits())
        bare = compile_graph(alone, opened.saver)
        lines: list[Line] = []

        def route(
            what: str, once: Callable[[], object], nodes: int, most: tuple[float, float] | None
        ) -> None:
            ours, nothing = in_turns(once, empty(nodes))
            goals = ({"goal": most[0]}, {"goal": most[1]}) if most else ({}, {})
            lines.append(line(what, "ours", ours, "ms", **goals[0]))
            lines.append(line(what, f"{nodes} empty nodes", nothing, "ms"))
            lines.append(ratio(what, "ratio", ours, nothing, **goals[1]))

        done = "done with PAY-12"
        route("finished task", lambda: say(offline, done), nodes_run(offline, done), (3.0, 1.5))
        route(BARE, lambda: say(bare, done), nodes_run(bare, done), (3.0, 1.5))
        route("question back", lambda: say(offline, "hello"), nodes_run(offline, "hello"), None)
        route("draft by rules", lambda: say(offline, UPDATE), nodes_run(offline, UPDATE), None)
        say(quick, UPDATE)
        route("draft from the cache", lambda: say(quick, UPDATE), nodes_run(quick, UPDATE), None)
        nodes = nodes_run(quick, f"{UPDATE} number {next(numbers)}")
        route("draft by a 0 ms model", lambda: say(quick, f"{UPDATE} number {next(numbers)}"), nodes, None)
        nodes = nodes_run(offline, UPDATE, accept=True)
        route("draft, pause, accept", lambda: approved(offline), nodes, None)
    yield Section(
        "One message, whole graph",
        lines,
        "On a Valkey that syncs each write. The empty nodes are LangGraph's own cost of as many steps, kept "
        "by InMemorySaver.",
    )
