"""Every setting, in one place: environment first, then `.env`, then these defaults.

A contradiction is refused at start, with the name of the setting and what to do about it.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from services.errors import ConfigurationError

Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=525_600)]
ProviderName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class ModelProvider(BaseModel):
    """An OpenAI-compatible endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(pattern=r"^https?://")
    api_key: SecretStr | None = None


class Settings(BaseSettings):
    """The environment variable is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    environment: Literal["development", "staging", "production"] = "development"
    debug: bool = False
    data_dir: Path = Field(
        default_factory=lambda: Path.home() / ".jira-assistant",
        validation_alias=AliasChoices("JIRA_ASSISTANT_DATA_DIR", "data_dir"),
        description="Where the embedded server keeps its data.",
    )
    redis_url: str | None = Field(default=None, description="None: embedded Valkey in data_dir.")
    redis_timeout_seconds: float = Field(default=5.0, gt=0, le=60)

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    azure_openai_api_key: SecretStr | None = None
    azure_openai_endpoint: str | None = None
    openai_api_version: str | None = None
    model_providers: dict[ProviderName, ModelProvider] = Field(
        default={},
        description='More providers: {"local": {"base_url": "http://localhost:11434/v1", "api_key": "..."}}',
    )
    primary_model: str = Field(
        default="gpt-6.1-terra", description="model or provider:model, or several, tried in that order."
    )
    fast_model: str = "gpt-6-luna"
    classification_model: str = "gpt-6-luna"
    fallback_models: str = Field(
        default="", description="Tried after those of any purpose, for example: gpt-6-luna,local:qwen3"
    )
    max_tokens_primary: int = Field(default=2000, ge=16, le=100_000)
    max_tokens_fast: int = Field(default=1000, ge=16, le=100_000)
    llm_timeout_seconds: float = Field(default=30.0, ge=5, le=120)

    confidence_threshold: Share = 0.8
    quality_threshold: Share = Field(default=0.7, description="Drafts below are not cached.")
    auto_approval_threshold: Share = 0.8
    max_input_length: int = Field(default=5000, ge=1, le=100_000, description="Characters.")
    approval_expires_hours: float = Field(default=72.0, gt=0, le=8760)
    max_history_tokens: int = Field(default=4000, ge=0, le=1_000_000, description="Chat kept in a thread.")
    max_review_rounds: int = Field(default=5, ge=1, le=50, description="Redrafts of one message.")
    allowed_email_domains: str = Field(
        default="", description="Comma-separated; addresses there are not private."
    )

    cache_enabled: bool = True
    cache_ttl_comment_minutes: Minutes = 1440
    cache_ttl_email_minutes: Minutes = 1440
    cache_ttl_routing_minutes: Minutes = 60
    thread_ttl_days: int = Field(default=0, ge=0, le=3650, description="0: threads are kept for ever.")

    @model_validator(mode="after")
    def _no_contradictions(self) -> "Settings":
        if self.environment == "production" and self.debug:
            raise ValueError("DEBUG is on with ENVIRONMENT=production: set DEBUG=false")
        if taken := {"openai", "azure"} & set(self.model_providers):
            raise ValueError(f"MODEL_PROVIDERS names {taken.pop()!r}, which has its own settings: rename it")
        if self.azure_openai_endpoint and not self.openai_api_version:
            raise ValueError(
                "AZURE_OPENAI_ENDPOINT needs OPENAI_API_VERSION: set it, for example to 2025-04-01-preview"
            )
        return self


def load_settings() -> Settings:
    """Settings from the environment; raises ConfigurationError naming each wrong one and its bounds."""
    try:
        return Settings()
    except SettingsError as error:  # a setting that should hold JSON; the message names it, not its value
        raise ConfigurationError(f"The configuration is not usable: {error}. Write it as JSON.") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper() or 'settings'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_url=False, include_input=False)
        )
        raise ConfigurationError(
            f"The configuration is not usable: {wrong}. Correct the environment or .env."
        ) from error
