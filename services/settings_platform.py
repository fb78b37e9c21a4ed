"""Settings of what it runs on: where state is kept, what is logged and traced."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    BeforeValidator(lambda said: said.upper() if isinstance(said, str) else said),
]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
Share = Annotated[float, Field(ge=0, le=1)]


class PlatformSettings(BaseSettings):
    """A part of `services.settings.Settings`."""

    environment: Literal["development", "staging", "production"] = "development"
    debug: bool = False
    data_dir: Path = Field(
        default_factory=lambda: Path.home() / ".jira-assistant",
        validation_alias=AliasChoices("JIRA_ASSISTANT_DATA_DIR", "data_dir"),
        description="Where the embedded server keeps its data.",
    )
    redis_url: str | None = Field(
        default=None,
        pattern=r"^(rediss?(\+cluster)?|unix)://.",
        description="None: embedded Valkey in data_dir. A Cluster: redis+cluster://host:port,host:port",
    )
    redis_replicas: int = Field(
        default=0,
        ge=0,
        le=5,
        description="What becomes of an action is acknowledged once so many replicas have it, too: 1 where "
        "REDIS_URL has replicas that may take over.",
    )
    redis_timeout_seconds: float = Field(
        default=0.8,
        gt=0,
        le=60,
        description="For each answer; a second of silence is an outage. More where the disk of Redis stalls.",
    )
    state_signing_key: SecretStr | None = Field(
        default=None, min_length=16, description="Threads are signed with it: changed ones are refused."
    )
    thread_ttl_days: int = Field(default=0, ge=0, le=3650, description="0: threads are kept for ever.")
    log_level: LogLevel | None = Field(
        default=None, description="None: INFO where it serves, WARNING for commands."
    )
    log_format: Literal["json", "text"] | None = Field(
        default=None, description="None: lines of JSON, but text in development."
    )
    langsmith_tracing: bool = Field(
        default=False,
        description="Runs go to LangSmith, secrets and personal data masked. Without it, spans go to "
        "OpenTelemetry where its own variables say so (OTEL_EXPORTER_OTLP_ENDPOINT ...).",
    )
    langsmith_api_key: SecretStr | None = None
    langsmith_endpoint: str | None = Field(default=None, description="None: LangSmith's own.")
    langsmith_project: str = "jira-assistant"
    langsmith_tracing_sampling_rate: Share = Field(default=1.0, description="The share of runs to trace.")

    @model_validator(mode="after")
    def _no_debugging_in_production(self) -> "PlatformSettings":
        if self.environment == "production" and self.debug:
            raise ValueError("DEBUG is on with ENVIRONMENT=production: set DEBUG=false")
        return self

    @model_validator(mode="after")
    def _traces_have_a_place(self) -> "PlatformSettings":
        if self.langsmith_tracing and not (self.langsmith_api_key or self.langsmith_endpoint):
            raise ValueError("LANGSMITH_TRACING needs LANGSMITH_API_KEY, or LANGSMITH_ENDPOINT of your own")
        return self
