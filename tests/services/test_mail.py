"""An approved e-mail leaves as approved, at most once, and a failure says whether it may have left."""

import socket
import ssl
import threading
from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from typing import Any

import pytest
import trustme
from pydantic import SecretStr

from services.errors import ActionError, ActionFailed, ConfigurationError, OutcomeUnknown, ReceiverUnavailable
from services.mail import SendEmail, open_mail
from services.settings import Settings
from services.smtp import Security, Smtp
from services.steps import Steps
from tests.smtp_server import Mailbox, mail_server, scripted

Do = Callable[[Steps[Any]], Any]
ARGS = {
    "to": "anna@example.com, ben@example.com",
    "cc": "cleo@example.com",
    "subject": "PAY-12 – résumé",
    "greeting": "Hi Anna,",
    "body": "The button works.\n.\n..two dots\nLink: [report](https://x.y)",
    "closing": "Best",
    "signature": "Kim",
}
TEXT = "Hi Anna,\n\nThe button works.\n.\n..two dots\nLink: [report](https://x.y)\n\nBest\nKim"
PLAIN = ssl.create_default_context()


def connector(port: int, **values: Any) -> SendEmail:
    smtp = Smtp("127.0.0.1", port, values.pop("security", "none"), values.pop("tls", PLAIN), **values)
    return SendEmail(smtp, sender="Jira assistant <bot@example.com>")


def send(do: Do, port: int, action_id: str = "act-1", **values: Any) -> dict[str, Any]:
    result: dict[str, Any] = do(connector(port, **values).perform(action_id, ARGS))
    return result


def test_what_was_approved_is_what_arrives(do: Do) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        shown = do(connector(port).preview(ARGS))
        result = send(do, port)
    ((recipients, raw),) = mailbox.messages
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert recipients == ["anna@example.com", "ben@example.com", "cleo@example.com"]
    assert message["From"] == "Jira assistant <bot@example.com>"
    assert (message["To"], message["Cc"]) == (ARGS["to"], ARGS["cc"])
    assert message["Subject"] == ARGS["subject"]
    assert message.get_content().replace("\r\n", "\n") == TEXT + "\n"
    head = "To: anna@example.com, ben@example.com\nCc: cleo@example.com\nSubject: PAY-12 – résumé\n\n"
    assert shown["text"] == head + TEXT
    assert (shown["missing"], shown["args"]) == ([], ARGS)
    expected = {"message_id": message["Message-ID"], "recipients": ", ".join(recipients)}
    assert result == {**expected, "reply": "250 taken as 42"}


def test_the_message_id_is_the_actions_own(do: Do) -> None:
    with mail_server(Mailbox()) as port:
        ids = [send(do, port, action)["message_id"] for action in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.com>")


@pytest.fixture(scope="module")
def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows, and what a client needs to believe it."""
    authority = trustme.CA()
    served, trusted = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(served)
    authority.configure_trust(trusted)
    return served, trusted


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_it_travels_encrypted_to_the_server_that_was_meant(
    do: Do, how: Security, certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    mailbox, (served, trusted) = Mailbox(), certified
    with mail_server(mailbox, security=how, certificate=served) as port:
        send(do, port, security=how, tls=trusted)
        with pytest.raises(ActionFailed, match="No safe way to the mail server"):
            send(do, port, security=how)  # a certificate nobody vouches for
    assert mailbox.over_tls == [True]


def test_a_server_that_offers_no_encryption_gets_nothing(do: Do) -> None:
    mailbox = Mailbox()
    with (
        mail_server(mailbox) as port,
        pytest.raises(ActionFailed, match=r"starting TLS.*check SMTP_SECURITY"),
    ):
        send(do, port, security="starttls")
    assert mailbox.messages == []


@pytest.mark.parametrize("password", ["right", "wr0ng-S3CRET"])
def test_it_logs_in_and_a_refused_login_names_the_settings_and_no_password(
    do: Do, password: str, certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    mailbox, (served, trusted) = Mailbox(), certified
    login: dict[str, Any] = {
        "username": "bot",
        "password": SecretStr(password),
        "security": "starttls",
        "tls": trusted,
    }
    with mail_server(mailbox, security="starttls", certificate=served, login=True) as port:
        if password == "right":
            send(do, port, **login)
            assert mailbox.logins == [(b"bot", b"right")]
            return
        with pytest.raises(ActionFailed, match="check SMTP_USERNAME and SMTP_PASSWORD") as caught:
            send(do, port, **login)
        assert "S3CRET" not in f"{caught.value!r} {vars(connector(port, **login))!r}"


@pytest.mark.parametrize(
    ("command", "reply", "error", "words"),
    [
        (
            "RCPT",
            "550 no such user",
            ActionFailed,
            r"naming anna@example.com it said 550 no such user.*address",
        ),
        ("RCPT", "451 greylisted", ReceiverUnavailable, r"451 greylisted.*Nothing was sent: try again later"),
        ("DATA", "554 spam", ActionFailed, r"sending the text it said 554 spam.*Nothing was sent: change"),
        ("DATA", "452 mailbox full", ReceiverUnavailable, "452 mailbox full"),
    ],
)
def test_a_refusal_sent_nothing_to_anybody(
    do: Do, command: str, reply: str, error: type[ActionError], words: str
) -> None:
    mailbox = Mailbox(refuse={command: reply})
    with mail_server(mailbox) as port, pytest.raises(error, match=words) as caught:
        send(do, port)
    assert type(caught.value) is error
    assert mailbox.messages == []


def test_a_connection_lost_after_the_dot_is_unknown(do: Do) -> None:
    mailbox = Mailbox(cut=True)
    with mail_server(mailbox) as port, pytest.raises(OutcomeUnknown, match="ask a recipient"):
        send(do, port)
    assert len(mailbox.messages) == 1
    assert not SendEmail.repeatable


def answering(
    *replies: bytes, then: Callable[[socket.socket], object] = lambda caller: None
) -> Callable[..., None]:
    """Says the replies, one a command, and then does `then`."""

    def talk(caller: socket.socket) -> None:
        for number, reply in enumerate(replies):
            if number:
                caller.recv(65_536)
            caller.sendall(reply)
        then(caller)

    return talk


GREETING = (b"220 here\r\n", b"250 here\r\n")
UP_TO_DATA = (*GREETING, b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")


@pytest.mark.parametrize("replies", [(), GREETING[:1], GREETING, UP_TO_DATA[:-2], UP_TO_DATA[:-1]])
def test_a_connection_lost_before_the_dot_sent_nothing(do: Do, replies: tuple[bytes, ...]) -> None:
    with scripted(answering(*replies)) as port, pytest.raises(ReceiverUnavailable, match="Nothing was sent"):
        send(do, port)


def test_a_connection_lost_within_the_text_sent_nothing() -> None:
    large = b"x" * 70 + b"\r\n"
    with scripted(answering(*UP_TO_DATA, then=lambda caller: caller.recv(1000))) as port:  # noqa: SIM117
        with pytest.raises(ReceiverUnavailable, match="sending the text did not answer"):
            Smtp("127.0.0.1", port, "none", PLAIN).deliver("a@b.c", ["1", "2", "3"], large * 500_000)


def read_message(caller: socket.socket) -> None:
    read = b""
    while not read.endswith(b"\r\n.\r\n"):
        read += caller.recv(65_536)


@pytest.mark.parametrize("reply", [b"", b"what?\r\n"])
def test_no_reply_that_can_be_read_after_the_dot_is_unknown(do: Do, reply: bytes) -> None:
    def then(caller: socket.socket) -> None:
        read_message(caller)
        caller.sendall(reply)

    with scripted(answering(*UP_TO_DATA, then=then)) as port, pytest.raises(OutcomeUnknown):
        send(do, port)


@pytest.mark.parametrize("dotted", [False, True])
def test_a_server_that_talks_for_ever_is_hung_up_on(do: Do, dotted: bool) -> None:
    over = threading.Event()

    def drip(caller: socket.socket) -> None:
        if dotted:
            read_message(caller)
        while not over.wait(0.05):
            caller.sendall(b"250-and another thing\r\n")

    replies = UP_TO_DATA if dotted else GREETING[:1]
    with scripted(answering(*replies, then=drip)) as port:
        with pytest.raises(OutcomeUnknown if dotted else ReceiverUnavailable):
            send(do, port, seconds=0.4)
        over.set()


def test_a_server_that_is_away_got_nothing(do: Do) -> None:
    with pytest.raises(ReceiverUnavailable, match=r"127\.0\.0\.1:1 at connecting did not answer"):
        send(do, 1)


def test_the_settings_open_the_mail_they_name() -> None:
    assert open_mail(Settings()) is None
    assert open_mail(Settings(smtp_host="mail.example", mail_from="Bot <bot@example.com>")) is not None
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        open_mail(Settings(smtp_host="mail.example", mail_from="bot"))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "SMTP_HOST needs MAIL_FROM"),
        ({"mail_from": "a@b.c", "smtp_security": "none"}, "for this machine only"),
        ({"mail_from": "a@b.c", "smtp_username": "x"}, "go together"),
    ],
)
def test_half_of_a_mail_server_is_refused_at_start(values: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Settings.model_validate({"smtp_host": "mail.example", **values})
