"""Where Jira Cloud (REST v3) and Data Center (REST v2) differ, and how one is opened from the settings."""

from typing import Any

from services import Metrics
from services.adf_wiki import to_wiki
from services.errors import ConfigurationError
from services.http import Http
from services.jira import FIELDS, JSON, PAGE, Credentials, Found, Jira
from services.jira_shapes import Change, Comment, Issue, User, changes, parsed
from services.markup import Node, to_adf
from services.settings import Settings
from services.steps import Steps


class JiraCloud(Jira):
    """Atlassian's own Jira."""

    api = "/rest/api/3"

    def rich(self, markdown: str, key: str) -> Node:
        return to_adf(markdown, self.issue_links(key))

    def user_value(self, account: str) -> JSON:
        return {"accountId": account}

    def myself(self) -> Steps[User]:
        raw = yield from self._read("reading our own account", "/myself")
        return parsed(User, {**raw, "account": raw.get("accountId")}, "reading our own account")

    def changelog(self, key: str) -> Steps[Issue]:
        issue = yield from self.issue(key)
        doing, last = f"reading the changelog of {key}", False
        histories: list[JSON] = []
        while not last:
            params = {"startAt": len(histories), "maxResults": PAGE}
            raw = yield from self._read(doing, f"/issue/{key}/changelog", params)
            page = raw.get("values") or []
            histories += page
            last = raw.get("isLast", True) or not page
        return _with_changes(issue, histories, doing)

    def search(self, jql: str, *, limit: int) -> Steps[Found]:
        doing = "searching for issues"
        page: JSON = {"maxResults": min(PAGE, limit)}
        found: list[Issue] = []
        while True:
            body = {"jql": jql, "fields": [*FIELDS], "expand": "changelog", **page}
            raw = yield from self._read(doing, "/search/jql", body=body)
            issues = [_found(issue, doing) for issue in raw.get("issues") or []]
            found += issues
            token = raw.get("nextPageToken")
            if token is None or not issues or len(found) >= limit:
                return Found(found[:limit], complete=token is None and len(found) <= limit)
            page["nextPageToken"] = token

    def _comments(self, key: str, start: int) -> Steps[list[Comment]]:
        """In two requests: only a list by ids is promised to carry properties."""
        doing = f"reading the comments of {key}"
        params: dict[str, str | int] = {"orderBy": "-created", "startAt": start, "maxResults": PAGE}
        raw = yield from self._read(doing, f"/issue/{key}/comment", params)
        ids = [int(comment.id) for comment in parsed(list[Comment], raw.get("comments"), doing)]
        if not ids:
            return []
        raw = yield from self._read(doing, "/comment/list", {"expand": "properties"}, {"ids": ids})
        return parsed(list[Comment], raw.get("values"), doing)


class JiraDataCenter(Jira):
    """A Jira that a company runs itself."""

    api = "/rest/api/2"

    def rich(self, markdown: str, key: str) -> str:
        links = self.issue_links(key)
        return to_wiki(to_adf(markdown, links), links)

    def user_value(self, account: str) -> JSON:
        return {"name": account}

    def myself(self) -> Steps[User]:
        raw = yield from self._read("reading our own account", "/myself")
        return parsed(User, {**raw, "account": raw.get("name")}, "reading our own account")

    def changelog(self, key: str) -> Steps[Issue]:
        doing = f"reading the changelog of {key}"
        params = {"fields": ",".join(FIELDS), "expand": "changelog"}
        return _found((yield from self._read(doing, f"/issue/{key}", params)), doing)

    def search(self, jql: str, *, limit: int) -> Steps[Found]:
        doing = "searching for issues"
        found: list[Issue] = []
        while True:
            body = {"jql": jql, "fields": [*FIELDS], "expand": ["changelog"]}
            page = {"startAt": len(found), "maxResults": min(PAGE, limit)}
            raw = yield from self._read(doing, "/search", body={**body, **page})
            issues = [_found(issue, doing) for issue in raw.get("issues") or []]
            found += issues
            total = int(raw.get("total", 0))
            if not issues or len(found) >= min(total, limit):
                return Found(found[:limit], complete=len(found[:limit]) >= total)

    def _comments(self, key: str, start: int) -> Steps[list[Comment]]:
        doing = f"reading the comments of {key}"
        params: dict[str, str | int] = {"orderBy": "-created", "expand": "properties"}
        page = {"startAt": start, "maxResults": PAGE}
        raw = yield from self._read(doing, f"/issue/{key}/comment", {**params, **page})
        return parsed(list[Comment], raw.get("comments"), doing)


def open_jira(settings: Settings, metrics: Metrics | None = None) -> Jira | None:
    """The Jira of the settings; None where none is set. No request is made yet."""
    if settings.jira_base_url is None:
        return None
    url, seconds = settings.jira_base_url, settings.jira_timeout_seconds
    http = Http(url, name="Jira", seconds=seconds, metrics=metrics)
    if settings.jira_flavour == "datacenter" and settings.jira_personal_access_token:
        return JiraDataCenter(http, Credentials(settings.jira_personal_access_token))
    if settings.jira_flavour == "cloud" and settings.jira_api_token:
        return JiraCloud(http, Credentials(settings.jira_api_token, settings.jira_email))
    raise ConfigurationError("JIRA_BASE_URL is set and no token for it: give one.")


def _found(raw: JSON, doing: str) -> Issue:
    """An issue that was asked for with its changelog; a page of changes that is not whole counts as none."""
    issue = parsed(Issue, raw, doing)
    log: dict[str, Any] = raw.get("changelog") or {}
    histories = log.get("histories") or []
    whole = bool(log) and log.get("total", len(histories)) <= len(histories)
    return _with_changes(issue, histories, doing) if whole else issue


def _with_changes(issue: Issue, histories: list[JSON], doing: str) -> Issue:
    ordered = sorted(parsed(list[Change], list(changes(histories)), doing), key=lambda change: change.at)
    return issue.model_copy(update={"changes": tuple(ordered)})
