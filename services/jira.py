"""Jira, as much of it as we use: what Cloud and Data Center share (they part in services.jira_flavours).

Reads are tried a few times, writes exactly once: who repeats a write first looks whether it was done
(services.jira_actions). Text goes in as Markdown (services.markup) and out as what that Jira takes.
"""

import base64
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from pydantic import SecretStr

from services.errors import ConfigurationError, ReceiverUnavailable
from services.http import Http
from services.jira_answers import checked
from services.jira_shapes import Comment, Issue, Status, Transition, User, parsed
from services.markup import IssueUrl
from services.steps import Steps, pause

JSON = dict[str, Any]
Params = Mapping[str, str | int]
MARK = "jira-assistant.action"
"""The comment property that holds the id of the action which a comment was posted for."""
READ_ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 10.0
"""A longer Retry-After is handed to the caller: nobody waits that long for one answer."""
PAGE = 100
COMMENTS_LOOKED_AT = 1000
FIELDS = ("summary", "status", "created", "updated", "resolution", "resolutiondate")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token: with the e-mail address of its account for an API token of Cloud, alone for a personal
    access token or an OAuth token. Shown nowhere. Raises ConfigurationError for what no token looks like."""

    token: SecretStr
    email: str | None = None

    def __post_init__(self) -> None:
        token = self.token.get_secret_value()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ConfigurationError("A Jira token is empty or has characters no token has: copy it again.")

    def header(self) -> dict[str, str]:
        token = self.token.get_secret_value()
        if self.email is None:
            return {"Authorization": f"Bearer {token}"}
        return {"Authorization": f"Basic {base64.b64encode(f'{self.email}:{token}'.encode()).decode()}"}


class Found(NamedTuple):
    """Issues of a search; `complete` says whether these are all."""

    issues: list[Issue]
    complete: bool


class Jira(ABC):
    """One Jira in the name of one account; keys are whole ("PAY-12").

    Every step raises ActionFailed or ReceiverUnavailable (nothing was done); one that writes also
    OutcomeUnknown and TargetChanged. `first_wait_s` is the wait before a read is tried again, then doubled.
    """

    api: ClassVar[str]

    def __init__(self, http: Http, credentials: Credentials, *, first_wait_s: float = 0.5) -> None:
        self._http = http
        self._credentials = credentials
        self._first_wait_s = first_wait_s

    def acting_as(self, credentials: Credentials) -> "Jira":
        """The same Jira in the name of another account, for as long as the caller keeps it."""
        other = copy(self)
        other._credentials = credentials
        return other

    def close(self) -> None:
        """Of this Jira and of all made from it by `acting_as`."""
        self._http.close()

    async def aclose(self) -> None:
        await self._http.aclose()

    def issue_url(self, key: str) -> str:
        return f"{self._http.base_url}/browse/{key}"

    def issue_links(self, key: str) -> IssueUrl:
        """Which keys in a text about `key` become links: those of its project; "UTF-8" is none."""
        project = key.rpartition("-")[0]
        return lambda found: self.issue_url(found) if found.rpartition("-")[0] == project else None

    @abstractmethod
    def rich(self, markdown: str, key: str) -> Any:
        """`markdown` as the value of a text of the issue `key`. Raises ActionFailed (services.markup)."""

    @abstractmethod
    def user_value(self, account: str) -> JSON:
        """An account as the value of a field."""

    @abstractmethod
    def myself(self) -> Steps[User]:
        """The account whose token this is."""

    def issue(self, key: str) -> Steps[Issue]:
        raw = yield from self._read(f"reading {key}", f"/issue/{key}", {"fields": ",".join(FIELDS)})
        return parsed(Issue, raw, f"reading {key}")

    @abstractmethod
    def changelog(self, key: str) -> Steps[Issue]:
        """The issue with all its changes."""

    @abstractmethod
    def search(self, jql: str, *, limit: int) -> Steps[Found]:
        """Issues with their changes, or None for those whose changes came cut short."""

    def statuses(self) -> Steps[dict[str, str]]:
        """The category key of each status, by its id."""
        statuses: list[Status] = yield from self._read("reading the statuses", "/status", shape=list[Status])
        return {status.id: status.category for status in statuses}

    def transitions(self, key: str) -> Steps[list[Transition]]:
        """What the issue can be moved by now, with the fields that each asks for."""
        doing = f"reading the transitions of {key}"
        expand = {"expand": "transitions.fields"}
        raw = yield from self._read(doing, f"/issue/{key}/transitions", expand)
        return parsed(list[Transition], raw.get("transitions"), doing)

    def transition(self, key: str, transition: Transition, fields: JSON) -> Steps[None]:
        body = {"transition": {"id": transition.id}, **({"fields": fields} if fields else {})}
        yield from self._write(f"moving {key} to {transition.to}", f"/issue/{key}/transitions", body)

    def comment(self, key: str, markdown: str, *, mark: str, public: bool) -> Steps[Comment]:
        """Post a comment that carries `mark`. `public`: the customers of a service desk may see it; said
        each time, as a property, because Jira makes comments public by default and takes it no other way."""
        doing = f"commenting on {key}"
        properties = [
            {"key": MARK, "value": {"id": mark}},
            {"key": "sd.public.comment", "value": {"internal": not public}},
        ]
        body = {"body": self.rich(markdown, key), "properties": properties}
        raw = yield from self._write(doing, f"/issue/{key}/comment", body)
        return parsed(Comment, raw, doing, writes=True)

    def find_comment(self, key: str, mark: str) -> Steps[Comment | None]:
        """The comment that carries `mark`, among the newest COMMENTS_LOOKED_AT."""
        for start in range(0, COMMENTS_LOOKED_AT, PAGE):
            comments = yield from self._comments(key, start)
            for comment in comments:
                if {"key": MARK, "value": {"id": mark}} in comment.properties:
                    return comment
            if len(comments) < PAGE:
                break
        return None

    @abstractmethod
    def _comments(self, key: str, start: int) -> Steps[list[Comment]]:
        """A page of comments with their properties, newest first."""

    def _read(
        self, doing: str, path: str, params: Params | None = None, body: Any = None, *, shape: Any = JSON
    ) -> Steps[Any]:
        """Read with POST where there is a body, else with GET."""
        wait = self._first_wait_s
        for attempt in range(1, READ_ATTEMPTS + 1):
            try:
                raw = yield from self._send(
                    doing, "POST" if body else "GET", path, params, body, writes=False
                )
                return parsed(shape, raw, doing)
            except ReceiverUnavailable as error:
                asked = max(wait, error.details.get("retry_after_s", 0.0))
                if attempt == READ_ATTEMPTS or asked > LONGEST_WAIT_SECONDS:
                    raise
            yield from pause(asked)
            wait *= 2

    def _write(self, doing: str, path: str, body: Any) -> Steps[Any]:
        return (yield from self._send(doing, "POST", path, None, body, writes=True))

    def _send(
        self, doing: str, method: str, path: str, params: Params | None, body: Any, *, writes: bool
    ) -> Steps[Any]:
        answer = yield from self._http.request(
            method,
            self.api + path,
            doing=doing,
            writes=writes,
            headers=self._credentials.header(),
            params=params,
            body=body,
        )
        return checked(answer, doing, writes=writes)
