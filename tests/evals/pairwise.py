"""Which of two versions of the prompts writes better drafts: `python -m tests.evals pairwise`.

The prompts as they are against those of `prompts_plain`, or of the folder that `--against` names, on the same
messages. A draft is better that loses, invents and claims less, by `judge`; where that is even, the one that
the checks score higher. Each pair is asked for twice, the other side first, and only what both times agree
on counts.
Offline a scripted model takes part that is careful where its prompt asks for every fact: that shows the
comparison, not the prompts. With `--model` the real one writes.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services import JSON, ModelAnswer, ModelRequest, Services
from services.steps import Steps
from services.variants import Variant
from tests.evals import judge
from tests.evals.drafting import SPEAKER, Message, messages
from tests.evals.figures import Figure, share
from tests.evals.worlds import services
from tests.evals.writers import CarelessWriter, GoodWriter
from web.compare import draft, drafting

PLAIN = Path(__file__).with_name("prompts_plain")
SIDES = ("now", "other")
_EVERY = 6  # of the messages


class ObedientWriter(GoodWriter):
    """As careful as its prompt asks it to be."""

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        if "Keep every fact" in request.messages[0][1]:
            return (yield from super().ask(request))
        careless = CarelessWriter()
        careless.label = self.label
        return (yield from careless.ask(request))


def compared(given: Services, said: list[Message], folder: Path) -> Counter[str]:
    """How often `now`, `other` or neither wrote the better draft."""
    variant = Variant(share=100, prompts={file.stem: str(file) for file in sorted(folder.glob("*.md"))})
    sides = {"now": drafting(given, {}), "other": drafting(given, {"other": variant})}
    won = Counter[str]()
    for message in said:
        if isinstance(given.models, GoodWriter):
            given.models.label = message.label
        twice = []
        for order in (SIDES, SIDES[::-1]):
            outs = {side: draft(sides[side], message.text, **SPEAKER) for side in order}
            worth = {side: _worth(message, outs[side]) for side in SIDES}
            twice.append("neither" if worth["now"] == worth["other"] else max(SIDES, key=worth.__getitem__))
        won[twice[0] if len(set(twice)) == 1 else "neither"] += 1
    return won


def _worth(message: Message, out: JSON) -> tuple[int, bool, float]:
    """More is better: faults that `judge` finds, whether the model wrote it in the end, the checks' score."""
    text = str(out["generated_content"])
    faults = len(judge.lost(message.facts, text)) + judge.claims_completion(text, message.text)
    faults += len(judge.invented(text, [message.text, *SPEAKER.values()]))
    return -faults, not out["fallback_used"], out["quality_score"] or 0.0


def of(given: Services, title: str, folder: Path = PLAIN, most: int | None = None) -> Iterator[Figure]:
    """`most`: of so many messages, None: of every sixth."""
    won = compared(given, messages()[::_EVERY][:most], folder)
    n = won["now"] + won["other"]
    sys.stdout.write(f"{title}: the prompts of now are better {won['now']} times, those of {folder.name} ")
    sys.stdout.write(f"{won['other']} times, neither {won['neither']} times\n")
    yield share(f"pairwise, {title}: won by the prompts of now", won["now"], n)


def main() -> Iterator[Figure]:
    yield from of(services(ObedientWriter()), "scripted model")
