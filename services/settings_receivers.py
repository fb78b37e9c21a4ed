"""Settings of those who carry actions out, and of those who are reminded: Jira, mail, a webhook."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from services.settings_platform import LOOPBACK


class ReceiverSettings(BaseSettings):
    """A part of `services.settings.Settings`."""

    reminder_webhook_url: str | None = Field(default=None, description="Gets a POST with JSON.")
    reminder_email: str | None = Field(default=None, description="Gets a mail; needs SMTP_HOST.")
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
    remind_after_hours: float = Field(
        default=24.0, gt=0, le=8760, description="Then an undecided approval is reminded of, once."
    )
    action_lease_seconds: float = Field(
        default=120.0,
        gt=0,
        le=3600,
        description="How long a sender may take, its retries included, before another takes over.",
    )

    @model_validator(mode="after")
    def _jira_is_whole(self) -> "ReceiverSettings":
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
    def _reminders_can_be_sent(self) -> "ReceiverSettings":
        if self.reminder_email and not self.smtp_host:
            raise ValueError("REMINDER_EMAIL is set without SMTP_HOST: set both")
        if self.reminder_webhook_url and not self.reminder_webhook_url.startswith(("https://", "http://")):
            raise ValueError("REMINDER_WEBHOOK_URL is no http address: give a whole URL")
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> "ReceiverSettings":
        if self.smtp_host is None:
            return self
        if not self.mail_from:
            raise ValueError("SMTP_HOST needs MAIL_FROM: set the address that mails are sent from")
        if self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("SMTP_SECURITY=none is for this machine only: set it to starttls or tls")
        if bool(self.smtp_username) != bool(self.smtp_password):
            raise ValueError("SMTP_USERNAME and SMTP_PASSWORD go together: set both or neither")
        return self
