"""Every setting, in one place: environment first, then `.env`, then these defaults.

A contradiction is refused at start, with the name of the setting and what to do about it. Here are those of
drafting and approving; all others are in the files beside this one.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

from services.errors import ConfigurationError
from services.settings_access import AccessSettings, ApprovalRule
from services.settings_models import ModelPrice, ModelProvider, ModelSettings
from services.settings_platform import LOOPBACK, Share
from services.settings_receivers import ReceiverSettings

__all__ = ["LOOPBACK", "ApprovalRule", "ModelPrice", "ModelProvider", "Settings", "load_settings"]
Minutes = Annotated[int, Field(ge=0, le=525_600)]


class Settings(ReceiverSettings, ModelSettings, AccessSettings):
    """The environment variable is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    confidence_threshold: Share = 0.8
    quality_threshold: Share = Field(default=0.7, description="Drafts below are not cached.")
    auto_approval_threshold: Share = 0.8
    max_input_length: int = Field(default=5000, ge=1, le=100_000, description="Characters.")
    approval_policy: dict[str, Literal["ask", "auto"]] = Field(
        default={},
        description='What may be done unasked, by action: {"post_jira_comment": "auto"}. E-mails never may.',
    )
    approval_expires_hours: float = Field(default=72.0, gt=0, le=8760)
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
