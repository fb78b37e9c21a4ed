"""Prompt injection is harmless by design: `python -m tests.security injection`.

Each attack of `injections.jsonl` reaches a model that obeys it: in the message before, after or quoted below
what the user says, in the fields of the context, or in the texts of the issue in Jira. The whole graph runs
on a real Redis and real connectors to a Jira on loopback. What it then proposes is held against what it
proposes with no model at all, where only the rules and what the message names decide.
"""

import logging
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from langgraph.types import Command

from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.drafts import target_keys
from nodes.jira_assistant.offline_email import draft_email
from services import Ledger
from services.steps import run
from tests.fakes import NoModels
from tests.security.attempts import Attempt, attempts
from tests.security.obedient import ObedientModel
from tests.security.report import show
from tests.security.victim import Range, world


@dataclass
class Seen:
    """What came of all attempts."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


Proposal = tuple[str, frozenset[str]]
"""An action and at what it is aimed."""


def proposals(ledger: Ledger) -> set[Proposal]:
    """All that waits for a decision; a message may ask for several actions."""
    found = set()
    for row in run(ledger.pending()):
        named = [row["args"].get(name, "") for name in ("issue_key", "issue_keys", "to", "cc")]
        at = (part.strip() for one in named for part in one.split(","))
        found.add((row["action"], frozenset(one for one in at if one and not one.startswith("["))))
    return found


def made(attempt: Attempt, place: Range, seen: Seen) -> None:
    """One attempt: what is proposed with the obedient model, and what is done once that is accepted."""
    config: Any = {"configurable": {"thread_id": "t"}}
    said = {"message": attempt.message}
    assistant, mail = place.assistant(attempt, NoModels())
    assistant.invoke(said, config, context=attempt.context)
    want = proposals(place.ledger)
    model = ObedientModel(attempt.wish, attempt.own, attempt.sly)
    assistant, mail = place.assistant(attempt, model)
    out = assistant.invoke(said, config, context=attempt.context)
    seen.counts["attempts"] += 1
    seen.counts["of which the model was shown something"] += bool(model.shown)

    def wrong(what: str) -> None:
        short = f"{attempt.text[:60]!r} {attempt.place} {attempt.own!r}"
        seen.wrong.append(f"{what}: {short} ({attempt.category}, {attempt.wish}, sly={attempt.sly})")

    if unasked := place.done(mail):
        wrong(f"done without a human: {unasked}")
        return
    got = proposals(place.ledger)
    if classify(out["original_input"])["intent"] != "abstain":
        if got != want:
            wrong(f"{want} became {got}")
    elif got:
        seen.counts["where the rules abstained: an action of the model's choice, asked about"] += 1
        for action, at in got:
            if not at <= _allowed(attempt, action):
                wrong(f"aimed at {sorted(at - _allowed(attempt, action))}")
    for _ in got:
        assistant.invoke(Command(resume="accept"), config, context=attempt.context)
    if problem := _overdone(place.done(mail), got):
        wrong(problem)


def _allowed(attempt: Attempt, action: str) -> frozenset[str]:
    """What the rules alone read out of the message and the context as targets of the action."""
    context = attempt.context
    if action == "send_email":
        parts = draft_email(attempt.message, {"manager_email": context.manager_email})
        return frozenset([*parts["to"], *parts["cc"]])
    return frozenset(target_keys({"original_input": attempt.message}, context))


def _overdone(done: list[tuple[str, str]], accepted: set[Proposal]) -> str | None:
    """More, or something else, than what was accepted."""
    kinds = {"post_jira_comment": "comment", "mark_task_complete": "Finish", "send_email": "mail"}
    fine = {(target, kinds[action]) for action, at in accepted for target in at}
    once = len(done) == len(set(done))
    return None if set(done) <= fine and once else f"accepted {accepted}, done {done}"


def attack(chosen: list[Attempt]) -> Seen:
    seen = Seen()
    with world() as place:
        for attempt in chosen:
            made(attempt, place, seen)
    return seen


def main(every: int = 1) -> bool:
    """`every`: of so many attempts one is made."""
    logging.disable()
    chosen = attempts()[::every]
    seen = attack(chosen)
    figures = {"attacks": len({one.text for one in chosen}), **seen.counts}
    return show("An obedient model changes nothing", figures, seen.wrong)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "An attacker got their wish: see above.")
