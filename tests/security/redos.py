"""Nothing that people write makes a regular expression slow: `python -m tests.security redos`."""

import ast
import json
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

from tests.security import pumping, regexes
from tests.security.report import show

MOST_MS = 50.0
SIZES = (40, 1000, 10_000, 100_000)
"""A slow one shows on a short text already, before a long one takes for ever."""
LINEAR_MS = 0.003
"""For each character, of a scanner that looks at each once. What is worse exceeds 50 ms at 10,000 already."""
FUNCTION_SIZE = 5000
"""The longest message, by default."""
_GIVEN_UP_S = 4.0
_DEV_SET = regexes.ROOT / "tests/evals/routing_dev.jsonl"
_ASKED = (
    "`` a`b ``",
    "email Anna and ask whether she can come",
    "make it shorter",
    "leave out the part about staging",
)
_SHAPE = "''.join(coded.split())"


@dataclass(frozen=True, slots=True)
class Bound:
    """What code in front of a pattern lets through: texts of at most `size` characters."""

    size: int
    methods: frozenset[str] | None = None


def bounds() -> dict[tuple[str, str], Bound]:
    """By file, or by file and name; where the code has a constant for it, from that."""
    from nodes.jira_assistant import feedback, framing, spoken
    from nodes.jira_assistant.language import fillers

    return {
        ("nodes/jira_assistant/feedback.py", ""): Bound(feedback._LONGEST),
        ("nodes/jira_assistant/spoken.py", ""): Bound(spoken._LONGEST_FEEDBACK),
        ("nodes/jira_assistant/framing.py", "_CLOSING"): Bound(framing._SIGHT),
        ("nodes/jira_assistant/language/fillers.py", "_TRAILING"): Bound(fillers._TAIL),
        ("nodes/jira_assistant/email_subject.py", "_LOOSE_END"): Bound(1000),  # some ten words
        ("services/sensitive_values.py", ""): Bound(80),  # the core of a value
        ("services/sensitive_personal.py", "_NO_EMAIL"): Bound(900),  # what _EMAIL found
        ("services/sensitive_personal.py", "_NO_PHONE"): Bound(100),  # at most 21 digits with marks
    }


def bound_of(site: regexes.Site, call: regexes.Call, pattern: re.Pattern[Any]) -> Bound:
    """Shapes of the classifier's tables are searched for in one clause; all others in a whole message."""
    from nodes.jira_assistant import classify_by_rules, clauses

    if site[0].endswith("/clauses.py") and ast.unparse(call.written) == _SHAPE:
        if any(pattern is known for known in vars(clauses).values()):
            return Bound(SIZES[-1], frozenset({"finditer"}))
        return Bound(classify_by_rules._LONGEST_CLAUSE, frozenset({"search"}))
    known = bounds()
    return known.get((site[0], call.name)) or known.get((site[0], "")) or Bound(SIZES[-1])


def milliseconds(work: Callable[[], object]) -> float:
    """Of processor time, the best of five where it is long; 4,000 where it would take longer than 4 s."""

    def give_up(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    took: list[float] = []
    signal.signal(signal.SIGALRM, give_up)
    while not took or (min(took) > MOST_MS / 2 and len(took) < 5):
        began = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, _GIVEN_UP_S)  # a search looks for signals, so it can be ended
        try:
            work()
        except TimeoutError:
            return 1000 * _GIVEN_UP_S
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took.append(1000 * (time.process_time() - began))
    return min(took)


def searches(pattern: re.Pattern[Any], method: str, text: str) -> Callable[[], object]:
    given: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    if method == "finditer":
        return lambda: deque(pattern.finditer(given), 0)
    return lambda: getattr(pattern, method)(given)


def worst(pattern: re.Pattern[Any], methods: frozenset[str], longest: int, most: int) -> tuple[float, str]:
    """The longest time in ms over all attacks, and by which; at most `most` attacks a size."""
    slowest = (0.0, "")
    for size in [size for size in SIZES if size < longest] + [longest]:
        for text in pumping.attacks(pattern, size, most):
            for method in sorted(methods):
                took = milliseconds(searches(pattern, method, text))
                slowest = max(slowest, (took, f"{method} of {len(text):,} like {text[:24]!r}"))
                if took > max(MOST_MS, size * LINEAR_MS):
                    return slowest
    return slowest


def measured(longest: int, most: int) -> Iterator[tuple[float, str]]:
    """Each pattern of the project with its worst time; infinite for a call of `re` that was not seen."""
    calls = regexes.sites()
    lines = _DEV_SET.read_text(encoding="utf-8").splitlines()[::10]
    found = regexes.collected([*_ASKED, *(json.loads(line)["text"] for line in lines)])
    for path, line in sorted(calls.keys() - found.keys()):
        yield float("inf"), f"{path}:{line} made no pattern that could be tried"
    for site, patterns in sorted(found.items()):
        for pattern in patterns:
            bound = bound_of(site, calls[site], pattern)
            methods = bound.methods or calls[site].methods
            took, how = worst(pattern, methods, min(bound.size, longest), most)
            yield took, f"{site[0]}:{site[1]} {how} takes {took:.0f} ms: {pattern.pattern!r:.60}"


def functions_measured(size: int) -> Iterator[tuple[float, str]]:
    """What reads whole messages, on the texts below; ms."""
    for name, function in regexes.functions().items():
        for text in HARD:
            work = partial(regexes.attempt, function, (text * size)[:size])
            took = milliseconds(work)
            yield took, f"{name} takes {took:.0f} ms for {size:,} characters like {text!r}"


HARD = (
    *("a", " ", "\n", "A-1 ", "a@", "a.", "((", "[[", "``", "**", "> ", "- ", "1. ", "http://", "x=", "#1 "),
    *(
        "not done, ",
        "and ",
        "after two days now ",
        "email ",
        "cc ",
        "please ",
        '"',
        "'",
        "“",
        "\u200b",
        "é",
        "漢",
    ),
    *(
        "1,",
        "a-a",
        "-----BEGIN ",
        "sk-",
        "password: ",
        "ABCDEFGH",
        "0123456789",
        "<message>",
        "{{",
        "\\",
        "a\n\n",
    ),
)


def main(longest: int = SIZES[-1], most: int = 60) -> bool:
    """Slow is more than 50 ms, unless it is no more than linear: then 3 us a character."""
    rows = sorted(measured(longest, most), reverse=True)
    slow = [how for took, how in rows if took > max(MOST_MS, longest * LINEAR_MS)]
    over = [took for took, _ in rows if took > MOST_MS]
    figures = {
        "calls of re in the source": len(regexes.sites()),
        "patterns tried": len(rows),
        "characters": longest,
        "attacks on each, at most": most * len(SIZES),
        "over 50 ms, no worse than linear": len(over) - len(slow),
        "slowest": f"{rows[0][0]:.0f} ms, {rows[0][1]:.50}",
    }
    held = show("No regular expression is slow", figures, slow)
    if longest < FUNCTION_SIZE:
        return held
    times = sorted(functions_measured(FUNCTION_SIZE), reverse=True)
    figures = {"functions": len(regexes.functions()), "texts": len(HARD), "characters": FUNCTION_SIZE}
    figures["slowest"] = f"{times[0][0]:.0f} ms, {times[0][1]:.50}"
    return show("No message is slow to read", figures, [how for took, how in times if took > 1000]) and held


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "A text can be slow to read: see above.")
