"""The issues, people and workflows behind the fake Jira, and how Jira writes them as JSON."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

JSON = dict[str, Any]
STATUSES = {
    "1": ("To Do", "new"),
    "3": ("In Progress", "indeterminate"),
    "10": ("Done", "done"),
    "11": ("Won't do", "done"),
    "12": ("Shipped", "done"),
}


@dataclass(frozen=True)
class Move:
    """A transition from one status (its id) to another; `fields` are the required ones of its screen."""

    id: str
    name: str
    origin: str
    to: str
    fields: dict[str, JSON] = field(default_factory=dict)


def required(kind: str, name: str, *, allowed: list[Any] | None = None, **schema: str) -> JSON:
    """A required field of a screen."""
    shown = {
        "key": name.lower(),
        "name": name,
        "required": True,
        "hasDefaultValue": False,
        "operations": ["set"],
    }
    offered = {"allowedValues": allowed} if allowed else {}
    return {**shown, "schema": {"type": kind, **schema}, **offered}


RESOLUTIONS = [{"id": "1", "name": "Fixed"}, {"id": "2", "name": "Duplicate"}]
RESOLUTION = required("resolution", "Resolution", allowed=RESOLUTIONS)
START, FINISH = Move("21", "Start", "1", "3"), Move("31", "Finish", "3", "10")
REJECT, REOPEN = Move("41", "Reject", "3", "11"), Move("51", "Reopen", "10", "1")
SHIP, DROP = Move("61", "Ship", "3", "12"), Move("71", "Drop", "3", "11")
CLOSE = Move("81", "Close", "3", "10", {"resolution": RESOLUTION})
WORKFLOWS = {"PAY": [START, FINISH, REJECT, REOPEN], "ODD": [START, SHIP, DROP], "OPS": [START, CLOSE]}


@dataclass
class Issue:
    key: str
    created: str
    updated: str
    summary: str = "Refund button fails"
    status: str = "3"
    resolution: str | None = None
    resolved: str | None = None
    comments: list[JSON] = field(default_factory=list)
    histories: list[JSON] = field(default_factory=list)

    def json(self, *, changes: int = 0) -> JSON:
        """`changes`: how many of the newest entries of its changelog come along."""
        fields: JSON = {"summary": self.summary, "status": status_json(self.status)}
        fields |= {"created": self.created, "updated": self.updated}
        fields["resolution"] = {"name": self.resolution} if self.resolution else None
        fields["resolutiondate"] = self.resolved
        whole: JSON = {"id": "10000", "key": self.key, "fields": fields}
        if changes:
            shown = {"startAt": 0, "maxResults": changes, "total": len(self.histories)}
            whole["changelog"] = {**shown, "histories": self.histories[::-1][:changes]}
        return whole


@dataclass
class World:
    """`moves` are the transitions made through the API: key, name, fields."""

    issues: dict[str, Issue] = field(default_factory=dict)
    workflows: dict[str, list[Move]] = field(default_factory=lambda: dict(WORKFLOWS))
    moves: list[tuple[str, str, JSON]] = field(default_factory=list)
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def tick(self, hours: float = 0) -> str:
        """Later, as Jira writes it."""
        self.now += timedelta(hours=hours, seconds=1)
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def add(self, key: str, **values: Any) -> Issue:
        at = self.tick()
        self.issues[key] = Issue(key, at, at, **values)
        return self.issues[key]

    def make(self, key: str, move: Move) -> None:
        """Somebody makes a transition."""
        issue, at = self.issues[key], self.tick()
        change = {"field": "status", "fieldId": "status", "from": issue.status, "to": move.to}
        issue.histories.append({"id": str(len(issue.histories)), "created": at, "items": [change]})
        issue.status, issue.updated = move.to, at
        done = STATUSES[move.to][1] == "done"
        issue.resolution, issue.resolved = ("Fixed", at) if done else (None, None)


def status_json(status: str) -> JSON:
    name, category = STATUSES[status]
    return {"id": status, "name": name, "statusCategory": {"id": 2, "key": category, "name": category}}


def comment_json(comment: JSON, *, properties: bool) -> JSON:
    internal = any(one["value"].get("internal") for one in comment["properties"])
    shown = {name: comment[name] for name in ("id", "body", "created")} | {"jsdPublic": not internal}
    return {**shown, "properties": comment["properties"]} if properties else shown


def said(*messages: str, **errors: str) -> JSON:
    """An error as Jira words it."""
    return {"errorMessages": list(messages), "errors": errors}
