"""How well the offline rules route: `python -m tests.evals.routing`.

`routing_dev.jsonl` is our own labelled set, one message a line: `accept` holds every label that is right,
`trap` marks messages made to mislead. The rules were written against it, so it shows that nothing broke and
little about messages nobody thought of. `routing_held_out.jsonl` shows that: other people wrote it without
seeing the rules, and no rule may be written from it.
"""

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from nodes.jira_assistant.classify_by_rules import classify

DEV_SET = Path(__file__).parent / "routing_dev.jsonl"
HELD_OUT = DEV_SET.with_name("routing_held_out.jsonl")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, every intent that is right for it, whether it was made to mislead, and why."""

    text: str
    accept: tuple[str, ...]
    trap: bool
    why: str


def load(path: Path = DEV_SET) -> list[Labelled]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Labelled(row["text"], tuple(row["accept"]), row["trap"], row["why"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    wrong: list[tuple[Labelled, str]]  # with what they were taken for
    wrong_completions: list[str]

    @property
    def accuracy(self) -> float:
        return self.right / (self.right + len(self.wrong))


def score(messages: list[Labelled]) -> Score:
    wrong: list[tuple[Labelled, str]] = []
    for message in messages:
        intent = classify(message.text)["intent"]
        if intent not in message.accept:
            wrong.append((message, intent))
    completions = [message.text for message, intent in wrong if intent == "task_completion"]
    return Score(len(messages) - len(wrong), wrong, completions)


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


def main() -> None:
    say = sys.stdout.write
    for title, path in (("held out", HELD_OUT), ("development", DEV_SET)):
        messages = load(path)
        result = score(messages)
        say(_table(title, messages, result))
    for message, intent in result.wrong:
        say(f"{intent:18} for {'/'.join(message.accept):34} {message.text!r}\n")
    for length in (60, 500):
        texts = [message.text for message in messages]
        joined = [". ".join(texts[at : at + 30])[:length] for at in range(0, 1000, 10)]
        times = best_times_us([text for text in joined if len(text) == length])
        say(f"{length} characters: median {times[len(times) // 2]:.0f} us, worst {times[-1]:.0f} us\n")


def _table(title: str, messages: list[Labelled], result: Score) -> str:
    traps = sum(message.trap for message in messages)
    abstained = sum(intent == "abstain" for _, intent in result.wrong)
    lines = [
        f"{title}: {len(messages)} messages, {traps} of them traps",
        f"right {result.accuracy:.1%}, abstained {abstained / len(messages):.1%}, "
        f"wrong completions {len(result.wrong_completions)}",
    ]
    of = Counter(message.accept[0] for message in messages)
    missed = Counter(message.accept[0] for message, _ in result.wrong)
    for intent, count in of.most_common():
        lines.append(f"  {intent:20}{count - missed[intent]:6} of {count:5}{1 - missed[intent] / count:8.1%}")
    return "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    main()
