"""Settings: documented defaults, and contradictions refused by name."""

import re
from pathlib import Path
from typing import Any

import pytest

from services.errors import ConfigurationError
from services.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


def test_the_defaults_are_the_documented_ones() -> None:
    settings = Settings()
    assert settings.redis_url is None
    assert settings.confidence_threshold == 0.8
    assert settings.quality_threshold == 0.7
    assert settings.auto_approval_threshold == 0.8
    assert settings.max_input_length == 5000
    assert settings.llm_timeout_seconds == 30
    assert (settings.cache_ttl_comment_minutes, settings.cache_ttl_routing_minutes) == (1440, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONFIDENCE_THRESHOLD", "1.5"),
        ("LLM_TIMEOUT_SECONDS", "2"),
        ("MAX_INPUT_LENGTH", "many"),
        ("ENVIRONMENT", "prod"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        load_settings()


def test_production_with_debug_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DEBUG", "true")
    with pytest.raises(ConfigurationError, match="DEBUG=false"):
        load_settings()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"environment": "production", "auth_required": False}, "AUTH_REQUIRED"),
        ({"auth_issuer": "https://login.example/"}, "AUTH_JWKS_URL"),
        ({"auth_jwks_url": "https://login.example/jwks"}, "AUTH_ISSUER"),
        (
            {"auth_jwks_url": "http://login.example/jwks", "auth_issuer": "i", "auth_audience": "a"},
            "https://",
        ),
    ],
)
def test_half_a_sign_in_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Settings(**given)


@pytest.mark.parametrize(
    ("given", "required"),
    [
        ({}, False),
        ({"auth_required": True}, True),
        ({"environment": "staging"}, True),
        ({"environment": "production"}, True),
        ({"auth_jwks_url": "https://l.example/jwks", "auth_issuer": "i", "auth_audience": "a"}, True),
    ],
)
def test_only_development_needs_no_sign_in(given: dict[str, Any], required: bool) -> None:
    assert Settings(**given).sign_in_required is required


def test_traces_need_a_place_to_go() -> None:
    with pytest.raises(ValueError, match="LANGSMITH_API_KEY"):
        Settings(langsmith_tracing=True)


def test_a_refusal_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-seen")
    monkeypatch.setenv("MAX_INPUT_LENGTH", "-1")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert "sk-not-to-be-seen" not in str(refused.value)
    assert "sk-not-to-be-seen" not in repr(Settings(max_input_length=1))


def test_the_example_file_names_only_settings_that_exist() -> None:
    text = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    known = {field.upper() for field in Settings.model_fields} | {"JIRA_ASSISTANT_DATA_DIR"}
    foreign = {"OTEL_EXPORTER_OTLP_ENDPOINT"}
    assert named
    assert named <= known | foreign
