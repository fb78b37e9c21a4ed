"""An action of the ledger as a card that people read and answer: words instead of names and seconds."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from nodes.jira_assistant.periods import zone
from services import JSON, ActionRow
from web.marks import Span, compared, hidden_in
from web.results import TITLES

_LABELS = {"issue_key": "Issue", "issue_keys": "Issues", "cc": "Copy to"}
_LONG = ("comment", "body")
_ORDER = ("issue_key", "issue_keys", "to", "cc", "subject", "greeting", "body", "closing", "signature")
_EVENTS = {
    "prepared": "Drafted",
    "approved": "Approved",
    "sending": "Being carried out",
    "done": "Carried out",
    "rejected": "Rejected",
    "superseded": "Replaced",
    "expired": "Expired",
    "unknown": "Outcome unknown",
}
_VERBS = {
    "accept": "Accepted",
    "edit": "Edited and accepted",
    "respond": "Change asked for",
    "reject": "Rejected",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One argument of an action, to be edited."""

    name: str
    label: str
    value: str
    long: bool
    allowed: list[str]  # empty: any text
    required: bool


@dataclass(frozen=True)
class Card:
    """What a template shows of `row`."""

    row: ActionRow

    @property
    def title(self) -> str:
        return TITLES.get(self.row["action"], self.row["action"])

    @property
    def target(self) -> str:
        args = self.row["args"]
        named = args.get("issue_key") or args.get("issue_keys") or args.get("to")
        return str(self.row["summary"].get("target") or named or "")

    @property
    def waits(self) -> str:
        return lasting(time.time() - self.row["prepared_at"])

    @property
    def expires(self) -> str:
        return lasting(self.row["expires_at"] - time.time())

    @cached_property
    def beside(self) -> tuple[list[Span], list[Span]]:
        """The original and the draft, compared."""
        summary = self.row["summary"]
        return compared(summary.get("original") or "", summary.get("draft") or "")

    @property
    def rendered(self) -> str:
        """What will be seen at the receiver, where that is not the draft's own text."""
        text = str(self.row["summary"].get("rendered") or "")
        return "" if text == self.row["summary"].get("draft") else text

    @property
    def sent(self) -> str:
        """The text that was carried out, edits included."""
        args = self.row["args"] if self.row["status"] == "done" else {}
        return str(args.get("comment") or args.get("body") or "")

    @property
    def hidden_characters(self) -> int:
        summary, args = self.row["summary"], self.row["args"]
        texts = [summary.get("original"), summary.get("draft"), *args.values()]
        return max(hidden_in(str(text or "")) for text in texts)

    @property
    def args(self) -> list[tuple[str, str]]:
        """What will be sent, in the order in which people read it; the ledger keeps none."""
        known = {name: at for at, name in enumerate(_ORDER)}
        return sorted(self.row["args"].items(), key=lambda arg: known.get(arg[0], len(known)))

    @property
    def doubtful(self) -> bool:
        """Whether a check found an error, so that accepting is not the obvious answer."""
        return any(finding["severity"] == "error" for finding in self.row["summary"].get("findings") or [])

    @property
    def fields(self) -> list[FormField]:
        missing = {field["name"]: field for field in self.row["summary"].get("missing") or []}
        return [
            FormField(
                name=name,
                label=missing.get(name, {}).get("label") or label_of(name),
                value=str(value),
                long=name in _LONG,
                allowed=missing.get(name, {}).get("allowed") or [],
                required=name in missing,
            )
            for name, value in self.args
        ]

    @property
    def state(self) -> str:
        """What became of it, in words."""
        decision = self.row["decision"]
        if self.row["status"] in ("approved", "sending"):
            return f"{_VERBS[decision['verb']]}, not carried out yet" if decision else "Approved"
        if self.row["status"] == "done" and decision:
            handed = (self.row["result"] or {}).get("handed_to") == "caller"
            return f"{_VERBS[decision['verb']]} and {'handed over' if handed else 'carried out'}"
        if decision and self.row["status"] in ("superseded", "rejected"):
            return _VERBS[decision["verb"]]
        return "Waiting" if self.row["status"] == "prepared" else _EVENTS[self.row["status"]]


def label_of(name: str) -> str:
    """The name of an argument, for people."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def told(event: JSON) -> JSON:
    """One event of a history: title, by, at, words, and its detail by name as texts."""
    detail = _parsed(event["detail"])
    title = _VERBS.get(detail.get("verb", ""), _EVENTS.get(event["event"], event["event"]))
    return {
        "title": title,
        "by": "the assistant" if event["event"] in ("sending", "done") else event["by"],
        "at": event["at"],
        "words": "" if detail else event["detail"],
        "detail": {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in detail.items()
            if value and name not in ("verb", "by")
        },
    }


def _parsed(detail: str) -> JSON:
    try:
        parsed = json.loads(detail)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def lasting(seconds: float) -> str:
    """A length of time as people say it."""
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count != 1)}"
    return "under a minute"


def moment(at: float, zone_name: str) -> str:
    """A point in time in the reader's zone."""
    here = zone(zone_name)
    return f"{datetime.fromtimestamp(at, here):%Y-%m-%d %H:%M} {here}"
