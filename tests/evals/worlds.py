"""The services that the steps are given here: nothing outside, and no setting of this machine.

With `--model` the settings and the models are the real ones of the environment; all else stays the same.
"""

from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from nodes.jira_assistant.classify import classify_by_llm, classify_by_rules
from nodes.jira_assistant.contracts import Classification
from nodes.jira_assistant.state import Context, fresh
from nodes.step import Run
from services import JSON, ActionRow, Models, Services
from services.settings import Settings
from services.steps import Steps, run
from tests.fakes import NoLimits

CONTEXT = Context(user_id="eval", user_name="Sam Poe", manager_name="Mo Ray", manager_email="mo@example.org")


class Defaults(Settings):
    """Every setting at its default, whatever the environment says."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: Any, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return ()


class NoCache:
    """Nothing is kept: every draft and decision is made anew."""

    def key(self, *, tenant: str | None, user: str, text: str, **parts: object) -> str:
        return text

    def get(self, key: str) -> Steps[JSON | None]:
        return None
        yield

    def get_or_lead(self, key: str, seconds: float) -> Steps[JSON | None]:
        return None
        yield

    def put(self, key: str, value: JSON, ttl_minutes: int) -> Steps[None]:
        yield from ()

    def release(self, key: str) -> Steps[None]:
        yield from ()


class EmptyLedger:
    """Nothing was ever done; no step under measurement comes further than to ask that."""

    def of_user(self, tenant: str, user_id: str, since: float, until: float) -> Steps[list[ActionRow]]:
        return []
        yield


def services(models: Models, settings: Settings | None = None) -> Services:
    """Without cache and receivers, and with a ledger that cannot be written to."""
    ledger: Any = EmptyLedger()
    return Services(
        settings=(settings or Defaults()).model_copy(update={"cache_enabled": False}),
        models=models,
        cache=NoCache(),
        ledger=ledger,
        connectors={},
        limits=NoLimits(),
    )


def classified(text: str, given: Services) -> Classification:
    """What the two steps of the graph make of a message: the rules, then the models where they abstain."""
    at = Run(given, CONTEXT, CONTEXT, "eval", None, "eval")
    state: Any = {**fresh(), "message": text, "original_input": text}
    decided: Classification = classify_by_rules(state, at)["classification"]
    if decided["intent"] != "abstain":
        return decided
    state["classification"] = decided
    asked: Classification = run(classify_by_llm(state, at))["classification"]
    return asked
