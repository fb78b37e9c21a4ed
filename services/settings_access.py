"""Settings of who is let in, and who may accept what."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from services.settings_platform import LOOPBACK, PlatformSettings


class ApprovalRule(BaseModel):
    """Who may accept what concerns one Jira project. What is not given is as without a rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    approvers: list[str] | None = None  # user ids; None: whoever may see it
    self_approval: bool | None = None


class AccessSettings(PlatformSettings):
    """A part of `services.settings.Settings`."""

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
    approvers: dict[str, ApprovalRule] = Field(
        default={},
        description='Who may accept, by Jira project; "*" is all others: '
        '{"PAY": {"approvers": ["anna"], "self_approval": false}}',
    )
    self_approval: bool = Field(default=True, description="People may accept their own drafts.")

    @field_validator("approvers")
    @classmethod
    def _projects_in_capitals(cls, rules: dict[str, ApprovalRule]) -> dict[str, ApprovalRule]:
        return {project.strip().upper(): rule for project, rule in rules.items()}

    @property
    def sign_in_required(self) -> bool:
        """Whether nothing is answered without a credential."""
        return self.auth_required or self.environment != "development" or self.auth_jwks_url is not None

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> "AccessSettings":
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
