"""Who waits too long is reminded of, once; nothing is ever accepted by waiting."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from services import ActionRow
from services.ledger import RedisLedger
from services.mail import SendEmail
from services.redis_client import RedisClient
from services.reminders import MailReminder, WebhookReminder, remind_of
from services.smtp import Smtp
from services.steps import run
from tests.loopback import Loopback, Request, serving
from tests.smtp_server import Mailbox, mail_server

HOUR = 3600.0


def prepared(ledger: RedisLedger) -> ActionRow:
    row: dict[str, Any] = {"action_id": "a1", "action": "send_email", "args": {"body": "private words"}}
    row |= {"tenant": "", "user_id": "u1", "thread_id": "t", "summary": {"target": "PAY-12"}}
    return run(ledger.prepare(row, expires_in_s=100 * HOUR))


@pytest.fixture
def hook() -> Iterator[Loopback]:
    with serving(lambda request: (204, {}, b"")) as server:
        yield server


def remind(ledger: RedisLedger, reminder: Any, hours: float) -> int:
    row = run(ledger.get("a1"))
    now = row["prepared_at"] + hours * HOUR
    return run(remind_of(ledger, [reminder], [row], after_hours=24, now=now))


def test_a_webhook_is_told_once_and_without_the_draft(redis_client: RedisClient, hook: Loopback) -> None:
    ledger, reminder = RedisLedger(redis_client), WebhookReminder(hook.url)
    prepared(ledger)
    assert remind(ledger, reminder, 23) == 0
    assert remind(ledger, reminder, 25) == 1
    assert remind(ledger, reminder, 26) == 0
    reminder.close()
    [request] = hook.requests
    assert b'"action_id": "a1"' in request.body
    assert b"PAY-12" in request.body
    assert b"private words" not in request.body


def test_a_mail_says_which_draft_waits(redis_client: RedisClient) -> None:
    ledger, mailbox = RedisLedger(redis_client), Mailbox()
    prepared(ledger)
    with mail_server(mailbox) as port:
        mail = SendEmail(
            Smtp("127.0.0.1", port, "none", ssl.create_default_context()), sender="bot@example.org"
        )
        assert remind(ledger, MailReminder(mail, "lead@example.org"), 25) == 1
    [(recipients, raw)] = mailbox.messages
    assert recipients == ["lead@example.org"]
    assert b"a1" in raw
    assert b"private words" not in raw


def test_a_reminder_that_fails_is_not_repeated_and_stops_nothing(
    redis_client: RedisClient, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = RedisLedger(redis_client)
    prepared(ledger)

    def broken(request: Request) -> tuple[int, dict[str, str], bytes]:
        return 500, {}, b""

    with serving(broken) as server:
        reminder = WebhookReminder(server.url)
        assert remind(ledger, reminder, 25) == 1
        assert remind(ledger, reminder, 25) == 0
        reminder.close()
    assert "was not sent" in caplog.text


def test_a_reminder_is_on_record_and_decides_nothing(redis_client: RedisClient, hook: Loopback) -> None:
    ledger, reminder = RedisLedger(redis_client), WebhookReminder(hook.url)
    row = prepared(ledger)
    remind(ledger, reminder, 25)
    reminder.close()
    assert [event["event"] for event in run(ledger.history("a1"))] == ["prepared", "reminded"]
    assert run(ledger.get("a1"))["status"] == "prepared"
    run(ledger.decide("a1", row["digest"], {"verb": "reject", "by": "u2"}))
    assert run(ledger.take_reminder("a1")) is False
