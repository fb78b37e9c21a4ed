"""Settings of models: which, how they are reached, what they may cost, and how often they are asked."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from services.settings_platform import Share
from services.variants import Variant

ProviderName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class ModelProvider(BaseModel):
    """An OpenAI-compatible endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(pattern=r"^https?://")
    api_key: SecretStr | None = None


class ModelPrice(BaseModel):
    """US dollars per million tokens. What is not given costs as much as its kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0, le=1e6)
    output: float = Field(ge=0, le=1e6)
    cache_read: float | None = Field(default=None, ge=0, le=1e6)
    cache_write: float | None = Field(default=None, ge=0, le=1e6)


class ModelSettings(BaseSettings):
    """A part of `services.settings.Settings`."""

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
    circuit_failure_threshold: int = Field(default=5, ge=1, le=1000, description="Failures in a row.")
    circuit_open_seconds: float = Field(default=300.0, ge=1, le=86_400)
    max_daily_cost_usd: float = Field(default=100.0, ge=0, le=1e6)
    alert_at_cost_usd: float = Field(default=80.0, ge=0, le=1e6)
    max_daily_cost_usd_per_tenant: float | None = Field(default=None, ge=0, le=1e6)
    max_tokens_per_hour: int = Field(default=50_000, ge=1, le=1_000_000_000, description="For each user.")
    plan_tokens_per_month: dict[str, int] = Field(
        default={"lite": 200_000, "pro": 500_000, "business": 4_000_000},
        description="For each tenant, or user without one, of that plan; a plan not named has no budget.",
    )
    plan_by_tenant: dict[str, str] = Field(
        default={},
        description='The plan of those who sign in: {"acme": "business"}. Elsewhere the context says it.',
    )
    error_rate_threshold: Share = Field(
        default=0.1,
        description="A larger share of failed runs is told on the operations page, and alerted of.",
    )
    max_requests_per_minute: int = Field(default=100, ge=1, le=1_000_000, description="For each user.")
    max_requests_per_hour: int = Field(default=1000, ge=1, le=10_000_000, description="For each user.")
    cost_time_zone: str = Field(default="UTC", description="Where the days of the cost limits begin.")
    usage_keep_days: int = Field(default=90, ge=1, le=3650)
    model_prices: dict[str, ModelPrice] = Field(
        default={}, description='Instead of the price list: {"local:qwen3": {"input": 0, "output": 0}}'
    )
    variants: dict[ProviderName, Variant] = Field(
        default={},
        description="Another prompt or model for a share of the users; who is in several gets the first: "
        '{"short": {"share": 20, "prompts": {"rephrase_comment": "short.md"}, "primary_model": "gpt-6"}}',
    )

    @model_validator(mode="after")
    def _money_and_providers_are_whole(self) -> "ModelSettings":
        if self.alert_at_cost_usd > self.max_daily_cost_usd:
            raise ValueError("ALERT_AT_COST_USD is above MAX_DAILY_COST_USD and would never alert: lower it")
        try:
            ZoneInfo(self.cost_time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("COST_TIME_ZONE is unknown: use a name like Europe/Berlin") from error
        if taken := {"openai", "azure"} & set(self.model_providers):
            raise ValueError(f"MODEL_PROVIDERS names {taken.pop()!r}, which has its own settings: rename it")
        if self.azure_openai_endpoint and not self.openai_api_version:
            raise ValueError(
                "AZURE_OPENAI_ENDPOINT needs OPENAI_API_VERSION: set it, for example to 2025-04-01-preview"
            )
        return self
