"""Real mail servers on loopback: one that works (aiosmtpd), and one that says and does what a test wants."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from services.smtp import Security
from tests.servers import free_port


@dataclass
class Mailbox:
    """Keeps what was accepted. `refuse` answers a command ("RCPT", "DATA") in its own words; `cut` drops the
    connection once the whole message was taken, before any reply."""

    refuse: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    messages: list[tuple[list[str], bytes]] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.refuse:
            return self.refuse["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.refuse:
            return self.refuse["DATA"]
        self.messages.append((list(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        assert isinstance(server.transport, asyncio.Transport)
        self.over_tls.append(server.transport.get_extra_info("sslcontext") is not None)
        if self.cut:
            server.transport.abort()
        return "250 taken as 42"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_server(
    mailbox: Mailbox,
    *,
    security: Security = "none",
    certificate: ssl.SSLContext | None = None,
    login: bool = False,
) -> Iterator[int]:
    """Yields the port."""
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=certificate if security == "tls" else None,
        tls_context=certificate if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=mailbox.authenticate,
        auth_required=login,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def scripted(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does `talk` with the first caller and hangs up. Yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):  # whoever hangs up first
                caller, _ = listener.accept()
                with caller:
                    talk(caller)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.close()
        thread.join()
