"""A Jira with state and real workflow rules, Cloud or Data Center, that de-duplicates nothing.

Written from Atlassian's description of the REST API, against which everything it takes and gives is checked
(tests.jira_contract); the breaches are for the test to fail on.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests import jira_contract
from tests.jira_world import JSON, STATUSES, Issue, Move, World, comment_json, said, status_json
from tests.loopback import Reply, Request

Handler = Callable[[Any, dict[str, str], JSON], tuple[int, Any]]
KEY = r"/issue/(?P<key>[A-Z]+-\d+)"


@dataclass
class FakeJira:
    """`tokens`: the account of each Authorization header that is let in. `denied`: browse, comment, move.
    `page` is the most it gives at once, `cut_changes` the most changes of an issue in a search."""

    cloud: bool
    world: World = field(default_factory=World)
    tokens: dict[str, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    page: int = 100
    cut_changes: int = 100
    searches: list[JSON] = field(default_factory=list)
    breaches: list[Exception] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        status, body = self._answer(request)
        reply: Reply = (status, {}, b"" if body is None else json.dumps(body).encode())
        try:
            jira_contract.check(request, reply)
        except Exception as breach:  # noqa: BLE001 - kept for the test, which stands in another thread
            self.breaches.append(breach)
        return reply

    def _answer(self, request: Request) -> tuple[int, Any]:
        if request.headers.get("authorization") not in self.tokens:
            return 401, said("You are not authenticated. Authentication required to perform this operation.")
        body = json.loads(request.body) if request.body else {}
        line = request.line.replace(f"/rest/api/{3 if self.cloud else 2}", "", 1)
        for pattern, handle in self._routes().items():
            if found := re.fullmatch(pattern, line):
                if KEY not in pattern:
                    return handle(request, request.query, body)
                issue = self.world.issues.get(found["key"])
                if issue is None or "browse" in self.denied:
                    return 404, said("Issue does not exist or you do not have permission to see it.")
                return handle(issue, request.query, body)
        return 404, None

    def _routes(self) -> dict[str, Handler]:
        routes: dict[str, Handler] = {
            "GET /myself": self._myself,
            "GET /status": lambda *_: (200, [status_json(one) for one in STATUSES]),
            f"GET {KEY}": lambda one, query, _: (200, one.json(changes=1000 * ("expand" in query))),
            f"GET {KEY}/comment": self._comments,
            f"POST {KEY}/comment": self._comment,
            f"GET {KEY}/transitions": self._transitions,
            f"POST {KEY}/transitions": self._transition,
        }
        if not self.cloud:
            return {**routes, "POST /search": self._search_data_center}
        routes |= {"POST /search/jql": self._search_cloud, "POST /comment/list": self._comment_list}
        return {**routes, f"GET {KEY}/changelog": self._changelog}

    def _myself(self, request: Request, *_: Any) -> tuple[int, Any]:
        account = self.tokens[request.headers["authorization"]]
        identity = {"accountId": account, "accountType": "atlassian"} if self.cloud else {"name": account}
        return 200, {**identity, "displayName": account.title(), "timeZone": "Europe/Berlin", "active": True}

    def _comments(self, issue: Issue, query: dict[str, str], _: JSON) -> tuple[int, Any]:
        ordered = issue.comments[::-1] if query.get("orderBy") == "-created" else issue.comments
        start, size = int(query.get("startAt", 0)), min(self.page, int(query.get("maxResults", 100)))
        properties = not self.cloud and "properties" in query.get("expand", "")
        shown = [comment_json(one, properties=properties) for one in ordered[start : start + size]]
        return 200, {"startAt": start, "maxResults": size, "total": len(ordered), "comments": shown}

    def _comment_list(self, _: Any, query: dict[str, str], body: JSON) -> tuple[int, Any]:
        every = [one for issue in self.world.issues.values() for one in issue.comments]
        properties = "properties" in query.get("expand", "")
        wanted = [comment_json(one, properties=properties) for one in every if int(one["id"]) in body["ids"]]
        return 200, {"values": wanted}

    def _comment(self, issue: Issue, _: Any, body: JSON) -> tuple[int, Any]:
        if "comment" in self.denied:
            return 403, said("You do not have the permission to comment on this issue.")
        if isinstance(body.get("body"), dict) != self.cloud:
            return 400, said(comment="Comment body is not valid!")
        number = sum(len(one.comments) for one in self.world.issues.values())
        made = {"properties": [], **body, "id": str(10_000 + number), "created": self.world.tick()}
        issue.comments.append(made)
        issue.updated = made["created"]
        return 201, comment_json(made, properties=False)

    def _moves(self, issue: Issue) -> list[Move]:
        if "move" in self.denied:
            return []
        return [m for m in self.world.workflows[issue.key.split("-")[0]] if m.origin == issue.status]

    def _transitions(self, issue: Issue, query: dict[str, str], _: JSON) -> tuple[int, Any]:
        shown = [{"id": m.id, "name": m.name, "to": status_json(m.to)} for m in self._moves(issue)]
        if query.get("expand") == "transitions.fields":
            shown = [{**one, "fields": m.fields} for one, m in zip(shown, self._moves(issue), strict=True)]
        return 200, {"transitions": shown}

    def _transition(self, issue: Issue, _: Any, body: JSON) -> tuple[int, Any]:
        move = next((m for m in self._moves(issue) if m.id == body["transition"]["id"]), None)
        if move is None:
            return 400, said("You have tried to perform a workflow operation that is not valid now.")
        fields = body.get("fields", {})
        if absent := move.fields.keys() - fields.keys():
            return 400, said(**{name: f"{name} is required." for name in absent})
        self.world.moves.append((issue.key, move.name, fields))
        self.world.make(issue.key, move)
        return 204, None

    def _changelog(self, issue: Issue, query: dict[str, str], _: JSON) -> tuple[int, Any]:
        start, size = int(query["startAt"]), min(self.page, int(query["maxResults"]))
        last = start + size >= len(issue.histories)
        page = {"startAt": start, "maxResults": size, "total": len(issue.histories), "isLast": last}
        return 200, {**page, "values": issue.histories[start : start + size]}

    def _search_cloud(self, _: Any, __: Any, body: JSON) -> tuple[int, Any]:
        self.searches.append(body)
        issues = [one.json(changes=self.cut_changes) for one in self.world.issues.values()]
        start, size = int(body.get("nextPageToken", 0)), min(self.page, body["maxResults"])
        more = {"nextPageToken": str(start + size)} if start + size < len(issues) else {}
        return 200, {"issues": issues[start : start + size], "isLast": not more, **more}

    def _search_data_center(self, _: Any, __: Any, body: JSON) -> tuple[int, Any]:
        self.searches.append(body)
        start, size = body["startAt"], min(self.page, body["maxResults"])
        issues = [one.json(changes=self.cut_changes) for one in self.world.issues.values()]
        page = {"startAt": start, "maxResults": size, "total": len(issues)}
        return 200, {**page, "issues": issues[start : start + size]}
