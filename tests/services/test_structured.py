"""A checked object from any model that can be brought to give one, in no more requests than it takes."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from services.errors import ModelAnswerUnusable, ModelRejected, ModelUnavailable
from services.replies import Reply
from services.steps import Steps, run
from services.structured import Messages, Traits, ask_structured

ASKED: Messages = (("human", "how sure are you?"),)


class Verdict(BaseModel):
    intent: Literal["yes", "no"]
    confidence: float = Field(ge=0, le=1)


GOOD = '{"intent": "yes", "confidence": 0.5}'


class Model:
    """Answers with a script, one for each way of asking; remembers how it was asked."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.ways: list[str] = []
        self.messages: list[Messages] = []

    def send(self, messages: Messages, options: Mapping[str, Any]) -> Steps[Reply]:
        names = {"response_format": "json_schema", "tools": "function"}
        self.ways.append(next((way for name, way in names.items() if name in options), "text"))
        self.messages.append(messages)
        json.dumps(options)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer, finish="stop")
        yield


def ask(model: Model, traits: Traits | None = None) -> tuple[Verdict, bool]:
    _, found, repaired = run(ask_structured(model.send, ASKED, Verdict, traits or Traits()))
    return found, repaired


def test_a_model_that_keeps_to_a_schema_is_asked_once() -> None:
    model = Model(GOOD)
    assert ask(model) == (Verdict(intent="yes", confidence=0.5), False)
    assert model.ways == ["json_schema"]


def test_a_weaker_way_is_taken_when_one_is_refused_or_ignored_and_remembered() -> None:
    traits = Traits()
    model = Model(ModelRejected("no response_format here", status=400), "I would say yes.", GOOD, GOOD)
    ask(model, traits)
    assert model.ways == ["json_schema", "function", "text"]
    ask(model, traits)
    assert model.ways[3:] == ["text"]


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{GOOD}\n```",
        f"Of course! {GOOD} Anything else?",
        f'<think>{{"maybe": 1}} {{ hm</think>{GOOD}',
        f'{{"intent": "yes", "confidence": 7}} or rather {GOOD}',
    ],
)
def test_an_object_is_found_whatever_stands_around_it(text: str) -> None:
    assert ask(Model(text))[0].intent == "yes"


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ('{"intent": "yes", "confidence": 1e12}', "less than or equal to 1"),
        ('{"intent": "yes", "confidence": -0.1}', "greater than or equal to 0"),
        ('{"intent": "yes", "confidence": NaN}', "not finite"),
        ('{"intent": "yes", "confidence": 1e999}', "not finite"),
        ('{"intent": "perhaps", "confidence": 0.5}', "'yes' or 'no'"),
        ('{"confidence": 0.5}', "Field required"),
    ],
)
def test_a_wrong_answer_is_repaired_once_by_naming_exactly_what_is_wrong(bad: str, named: str) -> None:
    model = Model(bad, GOOD)
    assert ask(model)[1]
    said, wish = model.messages[1][-2:]
    assert said == ("ai", bad)
    assert named in wish[1]


@pytest.mark.parametrize("bad", ['{"confidence": 2}', "{" * 100_000, '{"a":' * 50_000])
def test_what_stays_wrong_is_given_up_after_a_bounded_number_of_requests(bad: str) -> None:
    model = Model(*[bad] * 10)
    with pytest.raises(ModelAnswerUnusable):
        ask(model)
    assert len(model.ways) <= 4


def test_a_failure_that_is_not_about_the_way_of_asking_is_not_asked_again() -> None:
    for failure in (ModelUnavailable("away"), ModelRejected("bad key", status=401)):
        model = Model(failure)
        with pytest.raises(type(failure)):
            ask(model)
        assert len(model.ways) == 1
