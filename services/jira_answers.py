"""What an answer of Jira means: its data, or an error that says what failed and what to do next."""

from typing import Any
from urllib.parse import urlsplit

from services.errors import ActionError, ActionFailed, OutcomeUnknown, ReceiverUnavailable, TargetChanged
from services.http import Answer
from services.sensitive import quoted

_ADVICE = {
    401: "the token is wrong or has expired, give a new one",
    403: "ask a project administrator for the permission, or whether the project is archived",
    404: "check the key, that our account may see the issue, and JIRA_BASE_URL",
    413: "it is too large or the issue is full, shorten it or use another issue",
}
_LIMITS = {
    "jira-burst-based": "too many requests at once",
    "jira-per-issue-on-write": "too many writes to this one issue",
    "jira-quota-global-based": "the hourly quota is used up",
    "jira-quota-tenant-based": "the hourly quota of this site is used up",
}
"""The values of RateLimit-Reason on Jira Cloud; Data Center sends none."""


def checked(answer: Answer, doing: str, *, writes: bool) -> Any:
    """The JSON of a good answer (None where it has no content); an error of ours for any other."""
    if 200 <= answer.status < 300:
        try:
            return answer.json() if answer.body else None
        except ValueError as error:
            raise _unreadable(doing, writes) from error
    raise _refused(answer, doing, writes)


def _unreadable(doing: str, writes: bool) -> ActionError:
    page = f"Jira's address answered {doing} with a page instead of data, as a proxy or a login does"
    if writes:
        return OutcomeUnknown(f"{page}. It may have been done: look there before it is tried again.")
    return ActionFailed(f"{page}: check JIRA_BASE_URL and what stands between.")


def _refused(answer: Answer, doing: str, writes: bool) -> ActionError:
    said, status = _said(answer), answer.status
    if status >= 500:
        if writes:
            return OutcomeUnknown(
                f"Jira failed ({status}){said} at {doing}. It may have been done: look there before it is "
                "tried again."
            )
        return ReceiverUnavailable(
            f"Jira failed ({status}){said} at {doing}: try again later.", **_wait(answer)
        )
    if status == 429:
        return ReceiverUnavailable(
            f"Jira limits our rate ({_LIMITS.get(_limit(answer), 'too many requests')}) at {doing}. Nothing "
            f"was done: try again {_when(answer)}.",
            **_wait(answer),
            reason=_limit(answer),
        )
    if status == 409:
        return TargetChanged(f"Somebody else changed it during {doing} (409){said}: look and decide again.")
    if 300 <= status < 400:
        where = urlsplit(answer.headers.get("location", "")).hostname or "elsewhere"
        return ActionFailed(f"Jira sent us to {where} for {doing}: check JIRA_BASE_URL (a login page?).")
    if answer.headers.get("x-seraph-loginreason", "").startswith("AUTHENTICATION_DENIED"):
        return ActionFailed(f"Jira wants a captcha before {doing}: log in once in a browser, then try again.")
    advice = _ADVICE.get(status, "correct it and propose it again")
    return ActionFailed(f"Jira refused {doing} ({status}){said}. Nothing was done: {advice}.")


def _limit(answer: Answer) -> str:
    return answer.headers.get("ratelimit-reason", "")


def _wait(answer: Answer) -> dict[str, float]:
    wait = answer.retry_after_s()
    return {} if wait is None else {"retry_after_s": wait}


def _when(answer: Answer) -> str:
    wait = answer.retry_after_s()
    return "later" if wait is None else f"in {wait:.0f} s"


def _said(answer: Answer) -> str:
    """Jira's own words, shortened; pages of proxies are left out."""
    try:
        body = answer.json()
    except ValueError:
        return " with a web page" if b"<html" in answer.body[:2000].lower() else ""
    if not isinstance(body, dict):
        return ""
    fields = body.get("errors")
    words = [*(body.get("errorMessages") or []), body.get("message")]
    words += [f"{name}: {word}" for name, word in fields.items()] if isinstance(fields, dict) else []
    text = " ".join(str(word) for word in words if word)
    return f", saying: {quoted(text, 300)}" if text else ""
