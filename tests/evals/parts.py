"""How well messages of several actions are told apart: `python -m tests.evals parts`.

`parts.jsonl` is our own labelled set: a message, and the actions that it asks for (empty: it is one message).
`parts_held_out.jsonl` is half of a set by somebody who had not seen the rules; the other half went into the
first, and only the first may be looked at. Of an update the issue that it goes to is labelled, of an e-mail
none, since it repeats what it is about. The routing sets, whose messages are labelled as a whole, must never
gain a completion by being split.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.splitting import split
from tests.evals import routing
from tests.evals.figures import Figure, never, share

LABELLED = Path(__file__).with_name("parts.jsonl")
HELD_OUT = LABELLED.with_name("parts_held_out.jsonl")
_Parts = list[tuple[str, list[str]]]


def load(path: Path) -> list[tuple[str, _Parts]]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        (row["text"], [(part["intent"], sorted(part["issue_keys"])) for part in row["parts"]]) for row in rows
    ]


def found(text: str) -> _Parts:
    """As labelled: each part's intent and keys."""
    most = {"task_update": 1, "email_request": 0}
    return [
        (part.intent, sorted(extract(part.text)["issue_keys"][: most.get(part.intent)]))
        for part in split(text)
    ]


def _of(title: str, path: Path) -> Iterator[Figure]:
    rows = load(path)
    several = [(text, parts) for text, parts in rows if parts]
    whole = [text for text, parts in rows if not parts]
    unasked = sum(
        intent == "task_completion" and (intent, keys) not in parts
        for text, parts in rows
        for intent, keys in found(text)
    )
    right = sum(found(text) == parts for text, parts in several)
    yield share(f"several actions, {title}: split as labelled", right, len(several), goal=0.9)
    yield share(f"several actions, {title}: kept whole", sum(not found(text) for text in whole), len(whole))
    yield never(f"several actions, {title}: wrong completions", unasked, len(rows))


def _completions_gained() -> Figure:
    """Messages of the routing sets that are no completion as a whole and would get one by being split."""
    others = [
        message.text
        for path in (routing.DEV_SET, routing.HELD_OUT)
        for message in routing.load(path)
        if "task_completion" not in message.accept
    ]
    gained = sum(any(part.intent == "task_completion" for part in split(text)) for text in others)
    return never("several actions, routing sets: completions gained", gained, len(others))


def main() -> Iterator[Figure]:
    if HELD_OUT.exists():
        yield from _of("held out", HELD_OUT)
    yield from _of("dev", LABELLED)
    yield _completions_gained()
    for text, parts in load(LABELLED):
        if found(text) != parts:
            sys.stdout.write(f"  {text!r}: {found(text)} for {parts}\n")
