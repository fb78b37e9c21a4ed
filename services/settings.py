"""Every setting, in one place: environment first, then `.env`, then these defaults.

A contradiction is refused at start, with the name of the setting and what to do about it.
"""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from services.errors import ConfigurationError
from services.variants import Variant

LOOPBACK = ("localhost", "127.0.0.1", "::1")
Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=525_600)]
LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    BeforeValidator(lambda said: said.upper() if isinstance(said, str) else said),
]
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


class ApprovalRule(BaseModel):
    """Who may accept what concerns one Jira project. What is not given is as without a rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    approvers: list[str] | None = None  # user ids; None: whoever may see it
    self_approval: bool | None = None


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

    auth_required: bool = Field(
        default=False, description="Everybody signs in. Always so where ENVIRONMENT is not development."
    )
    auth_jwks_url: str | None = Field(
        default=None, description="Where the keys of your identity provider are: its tokens are then taken."
    )
    auth_issuer: str | None = Field(default=None, description="What such a token must name as `iss`.")
    auth_audience: str | None = Field(default=None, description="What it must name as `aud`.")
    auth_user_claim: str = Field(
        default="sub", description="Where it names the user. Claims inside others are written a.b."
    )
    auth_tenant_claim: str | None = Field(
        default=None, description="Where it must name the organisation. None: there is only one."
    )
    auth_roles_claim: str = Field(
        default="roles", description="Where it lists user, reviewer, operator; others are passed over."
    )
    auth_projects_claim: str | None = Field(
        default=None, description="Where it must list a reviewer's projects. None: reviewers have all."
    )

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

    confidence_threshold: Share = 0.8
    quality_threshold: Share = Field(default=0.7, description="Drafts below are not cached.")
    auto_approval_threshold: Share = 0.8
    max_input_length: int = Field(default=5000, ge=1, le=100_000, description="Characters.")
    approval_policy: dict[str, Literal["ask", "auto"]] = Field(
        default={},
        description='What may be done unasked, by action: {"post_jira_comment": "auto"}. E-mails never may.',
    )
    approvers: dict[str, ApprovalRule] = Field(
        default={},
        description='Who may accept, by Jira project; "*" is all others: '
        '{"PAY": {"approvers": ["anna"], "self_approval": false}}',
    )
    self_approval: bool = Field(default=True, description="People may accept their own drafts.")
    approval_expires_hours: float = Field(default=72.0, gt=0, le=8760)
    remind_after_hours: float = Field(
        default=24.0, gt=0, le=8760, description="Then an undecided approval is reminded of, once."
    )
    reminder_webhook_url: str | None = Field(default=None, description="Gets a POST with JSON.")
    reminder_email: str | None = Field(default=None, description="Gets a mail; needs SMTP_HOST.")
    action_lease_seconds: float = Field(
        default=120.0,
        gt=0,
        le=3600,
        description="How long a sender may take, its retries included, before another takes over.",
    )
    max_history_tokens: int = Field(default=4000, ge=0, le=1_000_000, description="Chat kept in a thread.")
    max_prompt_tokens: int = Field(
        default=3000,
        ge=500,
        le=1_000_000,
        description="Longer prompts are compressed, then cut, the least important first.",
    )
    max_review_rounds: int = Field(default=5, ge=1, le=50, description="Redrafts of one message.")
    secrets_in_input: Literal["mask", "block"] = Field(
        default="mask", description="A key or password in a message: hide it, or refuse the message."
    )
    allowed_email_domains: str = Field(
        default="", description="Comma-separated; addresses there are not private."
    )

    learn_from_edits: bool = Field(
        default=False, description="Keep edits as examples of how their user wants to sound; see `tone`."
    )
    variants: dict[ProviderName, Variant] = Field(
        default={},
        description="Another prompt or model for a share of the users; who is in several gets the first: "
        '{"short": {"share": 20, "prompts": {"rephrase_comment": "short.md"}, "primary_model": "gpt-6"}}',
    )
    cache_enabled: bool = True
    semantic_cache_enabled: bool = Field(
        default=False,
        description="Reuse the draft of a message that says the same in other words. Needs the extra "
        "`semantic`. Other words means spelling, punctuation, small words and order: real rewordings are not "
        "found, so it pays only where people repeat themselves. Such drafts are labelled and reviewed.",
    )
    similarity_threshold: Share = Field(
        default=0.85, description="Less alike is not even compared. Likeness alone never serves a draft."
    )
    cache_ttl_comment_minutes: Minutes = 1440
    cache_ttl_email_minutes: Minutes = 1440
    cache_ttl_routing_minutes: Minutes = 60
    state_signing_key: SecretStr | None = Field(
        default=None, min_length=16, description="Threads are signed with it: changed ones are refused."
    )
    thread_ttl_days: int = Field(default=0, ge=0, le=3650, description="0: threads are kept for ever.")

    jira_base_url: str | None = Field(default=None, description="None: actions on Jira go to the caller.")
    jira_flavour: Literal["cloud", "datacenter"] = "cloud"
    jira_email: str | None = Field(default=None, description="Of the account of JIRA_API_TOKEN.")
    jira_api_token: SecretStr | None = Field(default=None, description="For Jira Cloud.")
    jira_personal_access_token: SecretStr | None = Field(default=None, description="For Jira Data Center.")
    jira_done_status_by_project: dict[str, str] = Field(
        default={}, description='Where several statuses mean done, for example: {"PAY": "Closed"}'
    )
    jira_comments_public: bool = Field(default=False, description="Customers of a service desk see them.")
    jira_timeout_seconds: float = Field(default=15.0, gt=0, le=30, description="For one whole request.")
    smtp_host: str | None = Field(default=None, description="None: e-mails go to the caller.")
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="465 is usual with SMTP_SECURITY=tls.")
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none: on this machine only."
    )
    smtp_timeout_seconds: float = Field(default=60.0, gt=0, le=100, description="For one whole delivery.")
    mail_from: str | None = Field(default=None, description="Address, or: Name <address>")

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
    def _no_contradictions(self) -> "Settings":
        if self.environment == "production" and self.debug:
            raise ValueError("DEBUG is on with ENVIRONMENT=production: set DEBUG=false")
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

    @field_validator("approvers")
    @classmethod
    def _projects_in_capitals(cls, rules: dict[str, ApprovalRule]) -> dict[str, ApprovalRule]:
        return {project.strip().upper(): rule for project, rule in rules.items()}

    @property
    def sign_in_required(self) -> bool:
        """Whether nothing is answered without a credential."""
        return self.auth_required or self.environment != "development" or self.auth_jwks_url is not None

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> "Settings":
        if self.sign_in_required and not self.auth_required and "auth_required" in self.model_fields_set:
            raise ValueError(
                "AUTH_REQUIRED is off, but ENVIRONMENT or AUTH_JWKS_URL requires it: set one or the other"
            )
        if self.auth_jwks_url is None:
            if self.auth_issuer or self.auth_audience:
                raise ValueError("AUTH_ISSUER and AUTH_AUDIENCE need AUTH_JWKS_URL: set it too")
            return self
        url = urlsplit(self.auth_jwks_url)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("AUTH_JWKS_URL must begin with https://: who is believed depends on it")
        if not self.auth_issuer or not self.auth_audience:
            raise ValueError("AUTH_JWKS_URL needs AUTH_ISSUER and AUTH_AUDIENCE: set both")
        return self

    @model_validator(mode="after")
    def _jira_is_whole(self) -> "Settings":
        if self.jira_base_url is None:
            return self
        url = urlsplit(self.jira_base_url)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("JIRA_BASE_URL must begin with https://: tokens travel with each request")
        if not url.hostname or url.username or url.query or url.fragment:
            raise ValueError(
                "JIRA_BASE_URL is an address and nothing more, like https://example.atlassian.net"
            )
        if self.jira_flavour == "cloud" and not (self.jira_email and self.jira_api_token):
            raise ValueError("JIRA_BASE_URL needs JIRA_EMAIL and JIRA_API_TOKEN with JIRA_FLAVOUR=cloud")
        if self.jira_flavour == "datacenter" and not self.jira_personal_access_token:
            raise ValueError("JIRA_BASE_URL needs JIRA_PERSONAL_ACCESS_TOKEN with JIRA_FLAVOUR=datacenter")
        return self

    @model_validator(mode="after")
    def _reminders_can_be_sent(self) -> "Settings":
        if self.reminder_email and not self.smtp_host:
            raise ValueError("REMINDER_EMAIL is set without SMTP_HOST: set both")
        if self.reminder_webhook_url and not self.reminder_webhook_url.startswith(("https://", "http://")):
            raise ValueError("REMINDER_WEBHOOK_URL is no http address: give a whole URL")
        return self

    @model_validator(mode="after")
    def _traces_have_a_place(self) -> "Settings":
        if self.langsmith_tracing and not (self.langsmith_api_key or self.langsmith_endpoint):
            raise ValueError("LANGSMITH_TRACING needs LANGSMITH_API_KEY, or LANGSMITH_ENDPOINT of your own")
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> "Settings":
        if self.smtp_host is None:
            return self
        if not self.mail_from:
            raise ValueError("SMTP_HOST needs MAIL_FROM: set the address that mails are sent from")
        if self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("SMTP_SECURITY=none is for this machine only: set it to starttls or tls")
        if bool(self.smtp_username) != bool(self.smtp_password):
            raise ValueError("SMTP_USERNAME and SMTP_PASSWORD go together: set both or neither")
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
