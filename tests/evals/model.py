"""The sets on the real model of the environment: `python -m tests.evals --model`, with OPENAI_API_KEY set.

What it costs counts against MAX_DAILY_COST_USD; the tokens of a user are not limited here. Its figures are
kept apart, in `results_model.json`; only a drop out of the interval counts: no model answers twice alike.
With LANGSMITH_API_KEY the sets and the answers go there, too (`langsmith_sets`).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from graph.installation import open_installation
from nodes.jira_assistant.contracts import Classification, Scored
from services.errors import ConfigurationError
from services.settings import load_settings
from tests.evals import drafting, langsmith_sets, pairwise, routing
from tests.evals.figures import RESULTS, Figure
from tests.evals.worlds import services

MODEL_RESULTS = RESULTS.with_name("results_model.json")
_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)


def figures(against: Path = pairwise.PLAIN, most: int | None = None) -> Iterator[Figure]:
    """`most`: of each set only so many messages. Raises ConfigurationError where there is no model."""
    settings = load_settings().model_copy(update={"max_tokens_per_hour": 1_000_000_000})
    installation = open_installation(settings)
    try:
        models = installation.models
        if not models.available():
            raise ConfigurationError("There is no model to measure: set OPENAI_API_KEY or MODEL_PROVIDERS.")
        given = services(models, settings)
        sorted_sets: dict[str, routing.Score] = {}
        for title, path in routing.SETS:
            score = routing.through(routing.load(path)[:most], lambda _: given)
            sorted_sets[title] = score
            yield from routing.model_figures(f"routing, {title}: ", score)
            _print_confidence(title, score)
        judged = drafting.judged(models, drafting.messages()[:most], given)
        yield from drafting.report("model", judged, len(drafting.messages()[:most]))
        yield from pairwise.of(given, "model", against, most)
        if settings.langsmith_api_key:
            langsmith_sets.upload(settings, sorted_sets["development"], judged)
    finally:
        installation.close()


def _print_confidence(title: str, score: routing.Score) -> None:
    """What each threshold for the model's own confidence would have let through."""
    asked = [(said, took) for said, took in score.taken if took["stage"] == "model"]
    for threshold in _THRESHOLDS:
        sure = [
            (said, best["intent"])
            for said, took in asked
            if (best := _best(took)) and best["confidence"] >= threshold
        ]
        right = sum(intent in said.accept for said, intent in sure)
        sys.stdout.write(f"{title}: the model is {threshold} sure of {len(sure)} of {len(asked)}, ")
        sys.stdout.write(f"{right} of them right\n")


def _best(took: Classification) -> Scored | None:
    """What the model said, also where it was not sure enough to be followed."""
    if took["intent"] == "unclear" and took["runner_up"]:
        return took["runner_up"]
    return (
        {"intent": took["intent"], "confidence": took["confidence"]} if took["intent"] != "abstain" else None
    )
