"""Which models a setting names, and that naming them costs nothing."""

import subprocess
import sys

import pytest
from pydantic import SecretStr

from services.errors import ConfigurationError
from services.providers import Target, chain, configured
from services.settings import ModelProvider, Settings, load_settings

LOCAL = {"local": ModelProvider(base_url="http://localhost:11434/v1")}


def test_a_model_without_a_prefix_goes_to_the_first_provider_there_is() -> None:
    assert configured(Settings()) == ()
    assert configured(Settings(openai_api_key=SecretStr("k"), model_providers=LOCAL)) == ("openai", "local")
    azure = Settings(azure_openai_endpoint="https://a.example", openai_api_version="2025-04-01-preview")
    assert chain(azure, "gpt") == (Target("azure", "gpt"),)


def test_a_colon_belongs_to_the_model_unless_a_provider_stands_before_it() -> None:
    settings = Settings(openai_api_key=SecretStr("k"), model_providers=LOCAL)
    assert chain(settings, "local:qwen3:8b, qwen3:8b") == (
        Target("local", "qwen3:8b", prefixed=True),
        Target("openai", "qwen3:8b"),
    )


def test_a_chain_keeps_its_order_and_leaves_out_repeats_and_unconfigured_providers() -> None:
    settings = Settings(openai_api_key=SecretStr("k"))
    assert [str(target) for target in chain(settings, "b,azure:x,a,,b")] == ["b", "a"]


def test_providers_come_from_one_line_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "MODEL_PROVIDERS", '{"groq": {"base_url": "https://g.example/v1", "api_key": "s3cret"}}'
    )
    settings = load_settings()
    assert chain(settings, "groq:llama")[0].provider == "groq"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "value",
    [
        '{"groq": "s3cret"',
        '{"groq": {"api_key": "s3cret"}}',
        '{"openai": {"base_url": "http://x"}}',
        '{"A b": {}}',
    ],
)
def test_a_wrong_provider_setting_is_named_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MODEL_PROVIDERS", value)
    with pytest.raises(ConfigurationError, match=r"(?i)model_providers") as raised:
        load_settings()
    assert "s3cret" not in str(raised.value)


def test_importing_the_gateway_loads_no_model_library() -> None:
    program = (
        "import sys, services.llm; print([m for m in sys.modules if m[:6] in ('langch', 'openai', 'genai_')])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
