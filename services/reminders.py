"""Tell somebody that an approval waits too long: once, by webhook, by mail, or both. Never accepts anything.

A reminder is taken in the ledger before it is sent, so two sweepers do not send it twice; one that then
fails is logged and not repeated, since a lost reminder costs less than a flood of them.
"""

import logging
from collections.abc import Sequence

from services import JSON, ActionRow, Ledger, Reminder
from services.errors import ActionError, ActionFailed
from services.http import Http
from services.mail import SendEmail
from services.steps import Steps

_log = logging.getLogger(__name__)


class WebhookReminder:
    """Posts JSON to a URL: action_id, action, thread_id, user_id, target, waits_hours, expires_at."""

    def __init__(self, url: str) -> None:
        self._http = Http(url, name="the reminder webhook", seconds=10.0)

    def remind(self, row: ActionRow, waits_hours: float) -> Steps[None]:
        body: JSON = {
            name: row[name] for name in ("action_id", "action", "thread_id", "user_id", "expires_at")
        }
        body |= {"target": row["summary"].get("target"), "waits_hours": round(waits_hours, 2)}
        doing = f"reminding of action {row['action_id']}"
        answer = yield from self._http.request("POST", "", doing=doing, writes=True, headers={}, body=body)
        if answer.status >= 300:
            raise ActionFailed(
                f"{self._http.name} answered {answer.status} to {doing}: check REMINDER_WEBHOOK_URL."
            )

    def close(self) -> None:
        self._http.close()

    async def aclose(self) -> None:
        await self._http.aclose()


class MailReminder:
    """Writes to one address which draft waits, without its text."""

    def __init__(self, mail: SendEmail, to: str) -> None:
        self._mail = mail
        self._to = to

    def remind(self, row: ActionRow, waits_hours: float) -> Steps[None]:
        args = {
            "to": self._to,
            "cc": "",
            "subject": f"An approval waits for {waits_hours:.0f} hours",
            "greeting": "Hello,",
            "body": f"Action {row['action_id']} ({row['action']}) asked for by {row['user_id']} waits for a "
            "decision. It expires by itself and is never accepted by itself.",
            "closing": "Regards,",
            "signature": "The Jira assistant",
        }
        yield from self._mail.perform(f"reminder-{row['action_id']}", args)


def remind_of(
    ledger: Ledger,
    reminders: Sequence[Reminder],
    rows: Sequence[ActionRow],
    *,
    after_hours: float,
    now: float,
) -> Steps[int]:
    """Reminds once of each of `rows` that waits longer than that. Returns of how many it did."""
    reminded = 0
    for row in rows:
        waits_hours = (now - row["prepared_at"]) / 3600
        if waits_hours < after_hours or not (yield from ledger.take_reminder(row["action_id"])):
            continue
        reminded += 1
        for reminder in reminders:
            try:
                yield from reminder.remind(row, waits_hours)
            except ActionError as error:
                _log.warning("A reminder of action %s was not sent: %s", row["action_id"], error.message)
    return reminded
