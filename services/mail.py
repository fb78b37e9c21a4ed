"""The action `send_email`: the approved message, to the approved recipients, at most once.

After an unknown outcome nobody sends it again by itself (`repeatable` is False). The Message-ID is made from
the action, so that a recipient's mail system can tell two deliveries of one message.

smtplib blocks and no library sends both ways, so an async delivery waits in a thread of its own.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Any

from pydantic import SecretStr

from services import Preview
from services.errors import ConfigurationError
from services.mail_message import is_address, mail_of, problems, rendered
from services.settings import Settings
from services.smtp import Smtp
from services.steps import Call, Steps

JSON = dict[str, Any]


class SendEmail:
    """Args as in services.mail_message, all text. `sender` is an address, or: Name <address>."""

    repeatable = False

    def __init__(self, smtp: Smtp, *, sender: str) -> None:
        named = re.fullmatch(r"(?:([^<>@,;:\"\\]*)<)?([^<>]*)>?", sender.strip())
        if named is None or not is_address(named[2]) or not sender.strip().isprintable():
            raise ConfigurationError(f"MAIL_FROM is {sender[:80]!r}: give an address, or: Name <address>")
        self._smtp = smtp
        self.sender = Address((named[1] or "").strip(), addr_spec=named[2])

    def acting_as(self, token: SecretStr) -> "SendEmail":
        """Mail is always sent by the assistant's own account."""
        return self

    def preview(self, args: JSON) -> Steps[Preview]:
        """The mail as its readers will see it; what has to be filled in or corrected first is `missing`."""
        yield from ()  # a step like the previews that have to look somewhere
        texts = _texts(args)
        wrong = problems(texts)
        missing = [{"name": name, "label": f"{name} ({wrong[name]})", "allowed": []} for name in wrong]
        text = "" if wrong else mail_of(texts).shown()
        return Preview(target=texts.get("to", ""), text=text, args=texts, missing=missing, notes=[])

    def perform(self, action_id: str, args: JSON) -> Steps[JSON]:
        """Returns message_id, recipients and the server's reply."""
        mail = mail_of(_texts(args))
        message_id, raw = rendered(mail, self.sender, action_id, datetime.now(UTC))

        reply = yield from _waiting(lambda: self._smtp.deliver(self.sender.addr_spec, mail.recipients, raw))
        return {"message_id": message_id, "recipients": ", ".join(mail.recipients), "reply": reply}

    def check(self) -> Steps[str]:
        """Whether the server lets us in; sends nothing. Raises as `perform`."""
        return (yield from _waiting(self._smtp.check))


def _waiting(work: Callable[[], str]) -> Call[str]:
    return Call(work, lambda: asyncio.to_thread(work))


def _texts(args: JSON) -> dict[str, str]:
    return {name: str(value) for name, value in args.items()}


def open_mail(settings: Settings) -> SendEmail | None:
    """The mail of the settings; None where no server is set. Nothing is connected yet."""
    if settings.smtp_host is None or settings.mail_from is None:
        return None
    smtp = Smtp(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        ssl.create_default_context(),
        settings.smtp_username,
        settings.smtp_password,
        settings.smtp_timeout_seconds,
    )
    return SendEmail(smtp, sender=settings.mail_from)
