"""What each confidence threshold of the rules would cost and save, and the one that the data ask for.

Fitted on the development set alone; the held-out set only says what became of it.
"""

import sys
from collections.abc import Iterator

from services.settings import Settings
from tests.evals.figures import Figure, share, wilson
from tests.evals.routing import DEV_SET, HELD_OUT, Score, load, score

AT_LEAST = 0.98  # of what the rules decide must be right, by the lower end of its interval
THRESHOLDS = tuple(hundredths / 100 for hundredths in (50, 55, 60, 65, *range(70, 91, 2), 95, 98))


def decided(result: Score) -> tuple[int, int]:
    """How many were decided, and how many of those rightly."""
    taken = [(said, took["intent"]) for said, took in result.taken if took["intent"] != "abstain"]
    return len(taken), sum(intent in said.accept for said, intent in taken)


def fitted(results: dict[float, Score]) -> list[float]:
    """All thresholds that decide most of those that decide well enough and complete nothing by mistake."""
    good = {
        threshold: decided(result)[0]
        for threshold, result in results.items()
        if not result.wrong_completions and wilson(*reversed(decided(result)))[0] >= AT_LEAST
    }
    return [threshold for threshold, count in good.items() if count == max(good.values())]


def main() -> Iterator[Figure]:
    say = sys.stdout.write
    default = Settings.model_fields["confidence_threshold"].default
    sets = {"development": load(DEV_SET), "held out": load(HELD_OUT)}
    results = {name: {at: score(said, threshold=at) for at in THRESHOLDS} for name, said in sets.items()}
    say(f"{'threshold':10}" + "".join(f"{name:>13}: decided   right   wrong completions" for name in sets))
    say("\n")
    for at in THRESHOLDS:
        say(f"{at:9.2f} ")
        for name, said in sets.items():
            count, right = decided(results[name][at])
            wrong = len(results[name][at].wrong_completions)
            say(f"{count / len(said):22.1%}{right / max(count, 1):8.1%}{wrong:20}")
        say("  <- the default\n" if at == default else "\n")
    best = fitted(results["development"])
    span = f"{min(best):.2f} to {max(best):.2f}" if best else "none of them is"
    say(
        f"fitted on development: {span} (most decided, at least {AT_LEAST:.0%} of it right, none completed)\n"
    )
    for name, each in results.items():
        count, right = decided(each[default])
        yield share(f"threshold, {name}: right of what the rules decide", right, count)
