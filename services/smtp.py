"""One conversation over SMTP, and what its failure means.

SMTP cannot say afterwards whether a message was taken, so everything turns on the dot that ends it: before
it nothing was sent and trying again is free; after it only a reply settles the matter.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from services.errors import ActionError, ActionFailed, OutcomeUnknown, ReceiverUnavailable
from services.sensitive import quoted

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `seconds` is for a whole delivery, whatever the server does; a name that does not
    resolve may take the resolver's time besides."""

    host: str
    port: int
    security: Security
    tls: ssl.SSLContext
    username: str | None = None
    password: SecretStr | None = None
    seconds: float = 60.0

    def deliver(self, sender: str, recipients: Sequence[str], raw: bytes) -> str:
        """Send `raw` (CRLF line ends) to all of `recipients` or to none; blocks. Returns the server's reply.
        Raises ActionFailed or ReceiverUnavailable (nothing was sent) or OutcomeUnknown."""

        def send(client: smtplib.SMTP, progress: "_Progress") -> str:
            progress.step = "naming the sender"
            _expect(client.mail(sender), 250)
            for recipient in recipients:
                progress.step = f"naming {recipient}"
                _expect(client.rcpt(recipient), 250, 251)
            progress.step = "sending the text"
            _expect(client.docmd("DATA"), 354)
            client.send(re.sub(rb"(?m)^\.", b"..", raw))
            progress.dotted = True
            client.send(b".\r\n")
            return _expect(client.getreply(), 250)

        return self._converse(send)

    def check(self) -> str:
        """Connect, encrypt and log in as for a delivery, and send nothing; blocks. Raises as `deliver`."""
        return self._converse(lambda client, progress: _expect(client.noop(), 250))

    def _converse(self, talk: "Callable[[smtplib.SMTP, _Progress], str]") -> str:
        client = smtplib.SMTP(timeout=self.seconds)
        if self.security == "tls":
            client = smtplib.SMTP_SSL(timeout=self.seconds, context=self.tls)
        client._host = self.host  # type: ignore[attr-defined] # what a certificate must name; connect() sets it not
        late = threading.Timer(self.seconds, _hang_up, [client])
        late.daemon = True
        late.start()
        progress = _Progress()
        try:
            self._open(client, progress)
            reply = talk(client, progress)
            with suppress(smtplib.SMTPException, OSError):  # a courtesy: all is settled already
                client.quit()
            return reply
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise progress.typed(error, f"{self.host}:{self.port}") from error
        finally:
            late.cancel()
            client.close()

    def _open(self, client: smtplib.SMTP, progress: "_Progress") -> None:
        _expect(client.connect(self.host, self.port), 220)
        client.ehlo()
        if self.security == "starttls":
            progress.step = "starting TLS"
            client.starttls(context=self.tls)
            client.ehlo()
        if self.username and self.password:
            progress.step = "logging in"
            client.login(self.username, self.password.get_secret_value())


@dataclass(slots=True)
class _Progress:
    """How far a delivery came."""

    step: str = "connecting"
    dotted: bool = False

    def typed(self, error: Exception, server: str) -> ActionError:
        what = f"{server} at {self.step}"
        if isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 600:
            said = f"The mail server refused: {what} it said {_reply(error.smtp_code, error.smtp_error)}. "
            if error.smtp_code < 500:
                return ReceiverUnavailable(f"{said}Nothing was sent: try again later.")
            return ActionFailed(f"{said}Nothing was sent: {self._advice()}.")
        if self.dotted:
            return OutcomeUnknown(
                f"The mail server {server} took the whole e-mail and said nothing ({error}). It may have "
                "been sent: ask a recipient before it is sent again."
            )
        if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
            return ActionFailed(
                f"No safe way to the mail server {what} ({error}): check SMTP_SECURITY and SMTP_HOST."
            )
        return ReceiverUnavailable(
            f"The mail server {what} did not answer ({error}). Nothing was sent: check SMTP_HOST and "
            "SMTP_PORT, then try again."
        )

    def _advice(self) -> str:
        if self.step == "logging in":
            return "check SMTP_USERNAME and SMTP_PASSWORD"
        return "correct the address" if self.step.startswith("naming") else "change the e-mail"


def _expect(reply: tuple[int, bytes], *codes: int) -> str:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)
    return _reply(*reply)


def _reply(code: int, text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {quoted(' '.join(shown.split()), 200)}"


def _hang_up(client: smtplib.SMTP) -> None:
    """Ends whatever the delivery waits for: it then fails, as far as it came."""
    with suppress(OSError):
        if client.sock is not None:
            socket.socket.shutdown(client.sock, socket.SHUT_RDWR)
