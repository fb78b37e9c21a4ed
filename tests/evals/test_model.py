"""The sets on a real model's protocol, and on LangSmith's: over HTTP, to stand-ins on loopback."""

import json
import re
from typing import Any

import pytest
from pydantic import SecretStr

from services.errors import ConfigurationError
from services.settings import Settings
from tests.evals import model
from tests.evals.drafting import judged, messages
from tests.evals.langsmith_server import LangSmithServer
from tests.evals.langsmith_sets import upload
from tests.evals.routing import load, score
from tests.evals.writers import GoodWriter, well, well_mailed
from tests.openai_server import OpenAIServer, Reply


def answer(request: dict[str, Any]) -> Reply:
    """As a model would: a decision, a mail or a comment, whatever is asked for."""
    said = re.search(r"<message>\n(.*?)\n</message>", json.dumps(request).replace("\\n", "\n"), re.DOTALL)
    text = said[1] if said else ""
    asked = json.dumps(request.get("tools") or request.get("response_format") or "")
    if "greeting" in asked:
        reply = {**well_mailed(text), "cc": []}
    elif "confidence" in asked:
        reply = {"intent": "task_update", "confidence": 0.9, "runner_up": None, "reason": "progress"}
    else:
        return Reply(text=well(text))
    return Reply(text=json.dumps(reply), arguments=json.dumps(reply))


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, openai_server: OpenAIServer, redis_url: str) -> OpenAIServer:
    openai_server.default = answer
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("REDIS_URL", redis_url)
    return openai_server


def test_the_sets_run_on_the_model_of_the_environment(real: OpenAIServer) -> None:
    found = {figure.name: figure for figure in model.figures(most=4)}
    assert found["drafting, model: facts lost, unflagged"].value == 0
    assert found["drafting, model: drafted"].n == 4
    assert found["routing, development: wrong completions with the model"].n == 4
    assert "pairwise, model: won by the prompts of now" in found
    assert real.requests


def test_without_a_model_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        list(model.figures(most=1))


def test_sets_and_answers_become_datasets_and_experiments() -> None:
    routed = score(load()[:2])
    drafts = judged(GoodWriter(), messages()[:2])
    with LangSmithServer() as langsmith:
        settings = Settings(langsmith_endpoint=langsmith.url, langsmith_api_key=SecretStr("ls-test"))
        upload(settings, routed, drafts)
        upload(settings, routed, drafts)
    names = {one["name"] for one in langsmith.datasets.values()}
    assert names == {"jira-assistant routing", "jira-assistant drafting"}
    assert len(langsmith.examples) == 4  # the second run adds an experiment, not the set again
    assert {one["inputs"]["message"] for one in langsmith.examples} >= {routed.taken[0][0].text}
    assert {one["reference_dataset_id"] for one in langsmith.experiments.values()} == {*langsmith.datasets}
    assert len(langsmith.experiments) == 4
    assert b"_faithful" in langsmith.received
    assert b"_right" in langsmith.received
