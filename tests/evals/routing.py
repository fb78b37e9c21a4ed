"""How well messages are routed: `python -m tests.evals routing`.

`routing_dev.jsonl` is our own labelled set, one message a line: `accept` holds every label that is right,
`trap` marks messages made to mislead. The rules were written against it, so it shows that nothing broke and
little about messages nobody thought of. `routing_held_out.jsonl` shows that: other people wrote it without
seeing the rules, and no rule may be written from it, so none of its messages is printed.

"Without a model" and "with a scripted model" are the two steps of the graph as they are. The scripted model
knows the labels and is asked where the rules abstain: that figure is the most that any model could make.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.contracts import Classification
from services import Services
from tests.evals.figures import Figure, never, share
from tests.evals.worlds import classified, services
from tests.fakes import NoModels, ScriptedModels

DEV_SET = Path(__file__).parent / "routing_dev.jsonl"
HELD_OUT = DEV_SET.with_name("routing_held_out.jsonl")
SETS = (("held out", HELD_OUT), ("development", DEV_SET))
_INTENTS = (
    "task_completion",
    "task_update",
    "productivity_query",
    "email_request",
    "general_question",
    "unclear",
    "abstain",
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, every intent that is right for it, whether it was made to mislead, and why."""

    text: str
    accept: tuple[str, ...]
    trap: bool
    why: str

    def counted_as(self, taken: str) -> str:
        """Its row in the confusion matrix: what it was taken for if that is right, else its first label."""
        return taken if taken in self.accept else self.accept[0]


def load(path: Path = DEV_SET) -> list[Labelled]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Labelled(row["text"], tuple(row["accept"]), row["trap"], row["why"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Score:
    """`taken`: what became of each message."""

    taken: list[tuple[Labelled, Classification]]

    @property
    def wrong(self) -> list[tuple[Labelled, str]]:
        """With what they were taken for."""
        return [(said, took["intent"]) for said, took in self.taken if took["intent"] not in said.accept]

    @property
    def wrong_completions(self) -> list[str]:
        return [said.text for said, intent in self.wrong if intent == "task_completion"]

    @property
    def right(self) -> int:
        return len(self.taken) - len(self.wrong)

    @property
    def accuracy(self) -> float:
        return self.right / len(self.taken)

    def of(self, intent: str) -> list[tuple[Labelled, Classification]]:
        return [(said, took) for said, took in self.taken if took["intent"] == intent]


def score(messages: list[Labelled], *, threshold: float = 0.8) -> Score:
    """By the rules alone."""
    return Score([(message, classify(message.text, threshold=threshold)) for message in messages])


def through(messages: list[Labelled], given: Callable[[Labelled], Services]) -> Score:
    """By the rules and, where they abstain, the models."""
    return Score([(said, classified(said.text, given(said))) for said in messages])


def oracle(message: Labelled) -> Services:
    """With a model that knows the label."""
    best = next(label for label in message.accept if label != "abstain")
    return services(ScriptedModels({"intent": best, "confidence": 0.95}))


def best_times_us(texts: list[str], repeats: int = 20) -> list[float]:
    """The best time of each text in microseconds, sorted: the work, not what else the machine does."""
    taken = []
    for text in texts:
        runs = []
        for _ in range(repeats):
            began = time.perf_counter_ns()
            classify(text)
            runs.append(time.perf_counter_ns() - began)
        taken.append(min(runs) / 1000)
    return sorted(taken)


def main() -> Iterator[Figure]:
    say = sys.stdout.write
    for title, path in SETS:
        messages = load(path)
        by_rules = score(messages)
        alone, helped = through(messages, lambda _: services(NoModels())), through(messages, oracle)
        say(_table(title, messages, by_rules))
        say(_confusion(alone))
        yield from _figures(f"routing, {title}: ", by_rules, alone, helped)
    for message, intent in by_rules.wrong:
        say(f"{intent:18} for {'/'.join(message.accept):34} {message.text!r}\n")
    short = [message.text for message in messages if 55 <= len(message.text) <= 65]
    texts = [message.text for message in messages]
    long = [". ".join(texts[at : at + 30])[:500] for at in range(0, 1000, 10)]
    for length, timed in (
        ("55 to 65 (goal: 50 us)", short),
        ("500", [text for text in long if len(text) == 500]),
    ):
        times = best_times_us(timed)
        say(f"characters {length}: median {times[len(times) // 2]:.0f} us, worst {times[-1]:.0f} us\n")


def _figures(of: str, by_rules: Score, alone: Score, helped: Score) -> Iterator[Figure]:
    n = len(by_rules.taken)
    yield share(f"{of}right by rules alone", by_rules.right, n)
    yield share(f"{of}right without a model", alone.right, n, goal=0.9)
    yield share(f"{of}right with a scripted model", helped.right, n, goal=0.98)
    yield never(f"{of}wrong completions", len({*alone.wrong_completions, *helped.wrong_completions}), n)
    for intent in ("task_completion", "email_request", "task_update", "productivity_query"):
        taken = alone.of(intent)
        right = sum(intent in said.accept for said, _ in taken)
        yield share(f"{of}precision of {intent}", right, len(taken))
    meant = [(said, took) for said, took in by_rules.taken if said.accept == ("task_completion",)]
    found = sum(took["intent"] == "task_completion" for _, took in meant)
    yield share(f"{of}completions found by rules", found, len(meant))
    yield share(f"{of}abstained by rules", len(by_rules.of("abstain")), n, better="lower")


def model_figures(of: str, result: Score) -> Iterator[Figure]:
    """Of a run on a real model."""
    n = len(result.taken)
    yield share(f"{of}right with the model", result.right, n, goal=0.98)
    yield never(f"{of}wrong completions with the model", len(result.wrong_completions), n)
    asked = [(said, took) for said, took in result.taken if took["stage"] == "model"]
    yield share(
        f"{of}right of what the model decides", sum(t["intent"] in s.accept for s, t in asked), len(asked)
    )


def _table(title: str, messages: list[Labelled], result: Score) -> str:
    traps = sum(message.trap for message in messages)
    lines = [
        f"{title}: {len(messages)} messages, {traps} of them traps",
        f"right {result.accuracy:.1%}, abstained {len(result.of('abstain')) / len(messages):.1%}, "
        f"wrong completions {len(result.wrong_completions)}",
    ]
    of = Counter(message.accept[0] for message in messages)
    missed = Counter(message.accept[0] for message, _ in result.wrong)
    for intent, count in of.most_common():
        lines.append(f"  {intent:20}{count - missed[intent]:6} of {count:5}{1 - missed[intent] / count:8.1%}")
    return "\n".join(lines) + "\n\n"


def _confusion(result: Score) -> str:
    """Rows are labels, columns what came out without a model, and by which stage."""
    cells = Counter[tuple[str, str]](
        (said.counted_as(took["intent"]), took["intent"]) for said, took in result.taken
    )
    lines = ["label, and what it was taken for" + "".join(f"{name[:11]:>13}" for name in _INTENTS[:-1])]
    for label in _INTENTS[:-1]:
        row = "".join(f"{cells[label, taken]:13}" for taken in _INTENTS[:-1])
        lines.append(f"  {label:30}{row}")
    for stage in ("rules", "fallback", "model"):
        of = [(said, took) for said, took in result.taken if took["stage"] == stage]
        right = sum(took["intent"] in said.accept for said, took in of)
        lines += [f"  by {stage}: {right} of {len(of)} right, {right / len(of):.1%}"] if of else []
    return "\n".join(lines) + "\n\n"
