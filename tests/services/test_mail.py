"""An approved e-mail leaves as approved, at most once, and a failure says whether it may have left."""

import ssl
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
from tests.smtp_server import Mailbox, mail_server

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


def test_whether_the_server_lets_us_in_is_tried_without_sending(
    do: Do, certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    mailbox, (served, trusted) = Mailbox(), certified
    login: dict[str, Any] = {"username": "bot", "security": "starttls", "tls": trusted}
    with mail_server(mailbox, security="starttls", certificate=served, login=True) as port:
        assert do(connector(port, password=SecretStr("right"), **login).check()).startswith("250")
        with pytest.raises(ActionFailed, match="check SMTP_USERNAME"):
            do(connector(port, password=SecretStr("wrong"), **login).check())
    assert mailbox.messages == []


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
