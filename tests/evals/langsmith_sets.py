"""The labelled sets and what a model made of them, as LangSmith's datasets and experiments.

The model is not asked again: an experiment is given what it has already answered. Of the held-out set nothing
leaves this machine.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from langsmith import Client

from services import JSON
from services.settings import Settings
from tests.evals.drafting import Judged
from tests.evals.routing import Score


def upload(settings: Settings, sorted_: Score, judged: Sequence[Judged]) -> None:
    key = settings.langsmith_api_key
    client = Client(api_url=settings.langsmith_endpoint, api_key=key.get_secret_value() if key else None)
    _experiment(
        client,
        "jira-assistant routing",
        {said.text: {"accept": list(said.accept)} for said, _ in sorted_.taken},
        {said.text: {"intent": took["intent"], "stage": took["stage"]} for said, took in sorted_.taken},
        _right,
    )
    _experiment(
        client,
        "jira-assistant drafting",
        {one.message.text: {"facts": one.message.facts} for one in judged},
        {one.message.text: {"draft": one.text, "lost": one.lost, "invented": one.invented} for one in judged},
        _faithful,
    )


def _right(outputs: JSON, reference_outputs: JSON) -> bool:
    return outputs["intent"] in reference_outputs["accept"]


def _faithful(outputs: JSON, reference_outputs: JSON) -> bool:
    return not outputs["lost"] and not outputs["invented"]


def _experiment(
    client: Client, name: str, labels: Mapping[str, JSON], answers: Mapping[str, JSON], evaluator: Any
) -> None:
    """The dataset is made once, and given what it lacks; each run is an experiment on it."""
    if not client.has_dataset(dataset_name=name):
        client.create_dataset(name, description="Labelled messages of the repository, tests/evals.")
    known = {(example.inputs or {}).get("message") for example in client.list_examples(dataset_name=name)}
    if missing := [text for text in labels if text not in known]:
        client.create_examples(
            dataset_name=name,
            examples=[{"inputs": {"message": text}, "reference_outputs": labels[text]} for text in missing],
        )
    examples = [
        example
        for example in client.list_examples(dataset_name=name)
        if (example.inputs or {}).get("message") in answers
    ]
    client.evaluate(
        lambda inputs: answers[inputs["message"]],
        data=examples,
        evaluators=[evaluator],
        experiment_prefix=name,
    )
    client.flush()
    sys.stdout.write(f"LangSmith: {len(examples)} examples of {name!r} in a new experiment\n")
