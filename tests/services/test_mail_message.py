"""Whatever is written into a draft: the approved headers, recipients and text leave, or nothing does."""

import random
import ssl
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import ActionFailed, ConfigurationError
from services.mail import SendEmail
from services.mail_message import mail_of, rendered
from services.smtp import Smtp
from services.steps import run
from tests.services.test_mail import ARGS

TLS = ssl.create_default_context()
HEADERS = [
    "Content-Transfer-Encoding",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
]
HOSTILE = (
    *(
        "\r\nBcc: evil@evil.example\r\n",
        "\nX: y",
        "\r",
        "\x00",
        "\x0b",
        "\x85",
        "\u2028",
        "\ud800",
        "\r\n\r\nbody",
    ),
    *(
        "a@b.example",
        ",",
        "; evil@evil.example",
        "<evil@evil.example>",
        '"',
        "(c)",
        "\\",
        "=?utf-8?q?=0ABcc=3A_e@e?=",
    ),
    *(
        "=?utf-8?b?",
        "?=",
        "é",
        "日本",
        "😀",
        " ",
        "  ",
        "\t",
        "\u202e",
        "x" * 80,
        "word ",
        "[Manager Name]",
        ".",
        "%0a",
    ),
    *(
        "a@b.example\nevil@evil.example",
        "evil@evil.example\x00@b.example",
        "group: a@b.example;",
        "-- \n",
        "\n.\n",
        "\nFrom ",
    ),
)
hostile = st.lists(st.sampled_from(HOSTILE), max_size=6).map("".join)
address = st.one_of(st.just("anna@example.com"), hostile)


NAMES = ("to", "cc", "subject", "greeting", "body", "signature")
SENDER = Address("Jira assistant", addr_spec="bot@example.com")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sent(args: dict[str, str]) -> bytes | None:
    """The message as it would leave; None where it was refused."""
    try:
        return rendered(mail_of(args), SENDER, "act-1", AT)[1]
    except ActionFailed:
        return None


def check(args: dict[str, str]) -> bool:
    """Holds what would leave against what was approved, by other means; False: refused."""
    if (raw := sent(args)) is None:
        return False
    approved = {one.strip() for one in f"{args['to']},{args['cc']}".split(",") if one.strip()}
    assert set(mail_of(args).recipients) == approved
    assert raw.isascii()
    assert not set(raw.replace(b"\r\n", b"")) & set(b"\r\n")
    message = message_from_bytes(raw)
    assert sorted(message.keys()) == sorted([*HEADERS, *(["Cc"] if message["Cc"] else [])])
    named = [found for _, found in getaddresses([message["To"], message["Cc"] or ""]) if found]
    assert sorted(named) == sorted(approved)
    assert str(make_header(decode_header(message["Subject"]))) == args["subject"].strip()
    shown = message.get_payload(decode=True)
    assert isinstance(shown, bytes)
    parts = (args[name].replace("\r\n", "\n").strip() for name in ("greeting", "body", "signature"))
    assert shown.decode().replace("\r\n", "\n") == "\n\n".join(filter(None, parts)) + "\n"
    return True


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, hostile) | {"to": address, "cc": address}))
def test_nothing_written_adds_a_header_or_a_recipient(args: dict[str, str]) -> None:
    check(args)


def test_5000_hostile_mails_leave_as_approved_or_not_at_all() -> None:
    chance = random.Random(6)
    allowed = [piece for piece in HOSTILE if sent({**ARGS, "subject": f"a{piece}b", "body": piece})]
    left = 0
    for _ in range(5000):
        pieces = chance.choice([allowed, HOSTILE])
        texts = ["".join(chance.choices(pieces, k=chance.randrange(1, 5))) for _ in NAMES]
        if chance.random() < 0.8:
            texts[:2] = ["anna@example.com", ""]
        left += check(dict(zip(NAMES, texts, strict=True)))
    assert 1000 < left < 4000  # both ends are really tried


@given(hostile)
def test_no_sender_name_adds_a_header(name: str) -> None:
    try:
        connector = SendEmail(Smtp("mail.example", 25, "none", TLS), sender=f"{name} <bot@example.com>")
    except ConfigurationError:
        return
    raw = rendered(mail_of(ARGS), connector.sender, "act-1", AT)[1]
    message = message_from_bytes(raw)
    assert sorted(message.keys()) == sorted([*HEADERS, "Cc"])
    assert [found for _, found in getaddresses([message["From"]])] == ["bot@example.com"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"to": ""}, "to: nobody to send it to"),
        ({"to": "[Manager Email]"}, r"to: \[Manager Email\] is still to be filled in"),
        ({"to": "Anna <anna@example.com>"}, "to: 'Anna <anna@example.com>' is no plain e-mail address"),
        ({"to": "anna@exämple.com"}, "no plain e-mail address"),
        ({"cc": "anna@example.com; evil@evil.example"}, "cc: .* is no plain e-mail address"),
        ({"to": ", ".join(f"a{n}@b.example" for n in range(51))}, "more than 50 recipients"),
        ({"subject": " "}, "subject: not 1 to 250 characters"),
        ({"subject": "a\nBcc: evil@evil.example"}, r"subject: has the character U\+000A"),
        ({"body": "\n"}, "body: empty"),
        ({"body": "x" * 100_001}, "more than 100,000 characters"),
        ({"body": "see you [Date]"}, r"body: \[Date\] is still to be filled in"),
        (
            {"signature": "[Your Name 2]", "greeting": "Hi [name],"},
            r"greeting: \[name\].*signature: \[Your Name 2\]",
        ),
    ],
)
def test_a_mail_that_cannot_go_says_everything_that_is_wrong(change: dict[str, str], problem: str) -> None:
    with pytest.raises(ActionFailed, match=problem):
        mail_of({**ARGS, **change})


@pytest.mark.parametrize("text", ["[PAY-12] is done", "[the report](https://x.y)", "[x] checked", "a[0] = 1"])
def test_brackets_that_are_no_placeholder_may_go(text: str) -> None:
    assert sent({**ARGS, "subject": text, "body": text})


def test_a_preview_asks_for_what_is_missing_and_does_not_refuse() -> None:
    connector = SendEmail(Smtp("mail.example", 25, "none", TLS), sender="bot@example.com")
    shown = run(connector.preview({**ARGS, "to": "[Manager Email]"}))
    assert shown["text"] == ""
    assert [field["name"] for field in shown["missing"]] == ["to"]


def test_an_address_named_twice_gets_one_mail() -> None:
    mail = mail_of({**ARGS, "to": "a@b.example, a@b.example", "cc": "a@b.example, c@d.example"})
    assert (mail.to, mail.cc) == (("a@b.example",), ("c@d.example",))
