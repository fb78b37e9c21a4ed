"""S1: nobody gets an action carried out without the answer of somebody who may give it.

Only anna accepts what concerns PAY, and nobody their own. Everybody else tries all that the servers offer to
get there: ann, whose drafts they are and who owns the threads; bo, who reviews; eve, a colleague; mallory,
who is called anna in another tenant; and somebody without a key. At the end anna accepts each draft, once.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.steps import run
from tests.security.bypass_attempts import ATTEMPTS, Attacker
from tests.security.report import show
from tests.security.world import World, production

AT_ONCE = 24


@dataclass
class Outcome:
    answers: Counter[int] = field(default_factory=Counter)
    kinds: int = 0
    broken: list[str] = field(default_factory=list)
    effects: int = 0
    decided: list[str] = field(default_factory=list)
    accepted_after: int = 0
    drafts: int = 0
    seconds: float = 0.0

    def wrong(self) -> list[str]:
        return [
            *([f"{self.effects} comments arrived that nobody approved"] if self.effects else []),
            *(f"draft {action_id} does not wait any more" for action_id in self.decided),
            *(f"the server failed: {told}" for told in self.broken),
            *([] if self.accepted_after == self.drafts else ["anna could not accept each draft, once"]),
        ]


async def attack(world: World, attempts: int, seed: int, drafts: int = 8) -> Outcome:
    """Each kind of attempt at least once; those that start a run, which take longest, more seldom."""
    random_, outcome, began = (
        random.Random(seed),
        Outcome(kinds=len(ATTEMPTS), drafts=drafts),
        time.monotonic(),
    )
    people = {
        "ann": world.key("ann"),
        "eve": world.key("eve"),
        "bo": world.key("bo", roles=["reviewer", "operator"]),
        "mallory": world.key("anna", "evil", ["reviewer", "operator"]),
        "nobody": {},
    }
    before = world.effects()
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=AT_ONCE)) as http:
        attacker = Attacker(world, http, people)
        targets = []
        for at in range(drafts):  # of an issue each: a comment on it would make the others be asked again
            issue = world.jira.world.add(f"PAY-{len(world.jira.world.issues) + 100}")
            said = f"fixed button bug on {issue.key}, tested staging"
            targets.append(await attacker.new_draft(said, langgraph=at % 2 == 0))
        slow = [attempt for attempt in ATTEMPTS if attempt.runs]
        quick = [attempt for attempt in ATTEMPTS if not attempt.runs]
        chosen = list(ATTEMPTS)
        while len(chosen) < attempts:
            chosen.append(random_.choice(slow if random_.random() < 0.03 else quick))
        waiting = asyncio.Semaphore(AT_ONCE)

        async def once(at: int) -> None:
            async with waiting:
                answer = await chosen[at].make(attacker, random_.choice(targets), random_)
                outcome.answers[answer.status_code] += 1
                if answer.status_code >= 500:
                    outcome.broken.append(f"{chosen[at].name}: {answer.status_code} {answer.text[:100]}")

        await asyncio.gather(*(once(at) for at in range(len(chosen))))
        outcome.effects = world.effects() - before
        outcome.decided = [
            target.action_id
            for target in targets
            if run(world.ledger.get(target.action_id))["status"] != "prepared"
        ]
        anna = world.key("anna", roles=["reviewer"])
        for target in targets:
            path = f"{world.plain}/approvals/{target.action_id}"
            for _ in range(2):
                await http.post(path, json={"verb": "accept"}, headers=anna)
    outcome.accepted_after = world.effects() - before - outcome.effects
    outcome.seconds = time.monotonic() - began
    return outcome


def main(attempts: int = 10_000, seed: int = 1) -> bool:
    with production() as world:
        outcome = asyncio.run(attack(world, attempts, seed, drafts=24))
    answers = ", ".join(f"{code}: {count:,}" for code, count in sorted(outcome.answers.items()))
    figures: dict[str, Any] = {
        "attempts": sum(outcome.answers.values()),
        "kinds of attempt": outcome.kinds,
        "answers by status": answers,
        "drafts attacked": outcome.drafts,
        "effects": outcome.effects,
        "drafts that were decided": len(outcome.decided),
        "accepted by anna afterwards, once each": outcome.accepted_after,
        "seconds": round(outcome.seconds),
        "seed": seed,
    }
    return show("S1 An approval cannot be bypassed", figures, outcome.wrong())
