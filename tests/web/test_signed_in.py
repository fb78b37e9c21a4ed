"""What people may see and do once they are signed in, by key and in the browser."""

import re
from typing import Any

import httpx
import pytest

from services.identity import Role
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.steps import run
from tests.web.conftest import OWN, new_key
from web.records import ROWS_READ_AT_MOST
from web.sign_in import SESSION_COOKIE

UPDATE = "fixed the button bug on PAY-12, tested staging"


class Caller:
    """One person with a key of their own."""

    def __init__(self, web: httpx.AsyncClient, secret: str) -> None:
        self.web, self.secret = web, secret
        self.headers = {"authorization": f"Bearer {secret}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.web.get(path, headers=self.headers)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.web.post(path, json=body, headers=self.headers)

    async def draft(self, message: str = UPDATE) -> dict[str, Any]:
        said: dict[str, Any] = (await self.post("/chat", {"message": message})).json()
        return said

    async def waiting(self) -> list[str]:
        return [row["user_id"] for row in (await self.get("/approvals")).json()["waiting"]]


async def caller(web: httpx.AsyncClient, user: str, *roles: Role, **more: Any) -> Caller:
    return Caller(web, (await new_key(*roles, user=user, **more))[1])


async def test_the_name_in_a_decision_is_that_of_the_key(closed: httpx.AsyncClient) -> None:
    ann = await caller(closed, "ann")
    claimed = {"message": UPDATE, "context": {"user_id": "eve", "tenant": "evil"}}
    draft = (await ann.post("/chat", claimed)).json()
    action_id = draft["pending_approval"]["action_id"]
    done = await ann.post(f"/approvals/{action_id}", {"verb": "accept", "user_id": "eve"})
    assert done.json()["decision"]["by"] == "ann"
    row = (await ann.get(f"/actions/{action_id}")).json()["action"]
    assert (row["tenant"], row["user_id"]) == ("acme", "ann")


async def test_what_is_not_theirs_is_not_there(closed: httpx.AsyncClient) -> None:
    ann = await caller(closed, "ann")
    said = await ann.draft()
    action_id, thread = said["pending_approval"]["action_id"], said["thread_id"]
    strangers = [
        await caller(closed, "bo"),
        await caller(closed, "bo", "operator"),
        await caller(closed, "ann", "reviewer", "operator", tenant="evil"),
        await caller(closed, "bo", "reviewer", projects=["OPS"]),
    ]
    for stranger in strangers:
        assert await stranger.waiting() == []
        answers = [
            await stranger.get(f"/actions/{action_id}"),
            await stranger.get(f"/actions/{action_id}/history"),
            await stranger.get(f"/actions/{action_id}/why"),
            await stranger.get(f"/actions/{action_id}/state"),
            await stranger.get(f"/app?thread={thread}"),
            await stranger.post(f"/approvals/{action_id}", {"verb": "accept"}),
            await stranger.post(f"/approvals/{action_id}", {"verb": "reject", "text": "no"}),
            await stranger.post("/chat", {"message": "yes", "thread_id": thread}),
            await stranger.post("/chat", {"message": "hello", "thread_id": thread}),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        for answer in answers:
            assert "PAY-12" not in answer.text
        page = await stranger.get(f"/review?done={action_id}")
        assert "PAY-12" not in page.text
    assert await ann.waiting() == ["ann"]


async def test_many_drafts_of_others_hide_nobodys_own(closed: httpx.AsyncClient, redis_url: str) -> None:
    redis = RedisClient(redis_url)
    ledger = RedisLedger(redis)
    for number in range(ROWS_READ_AT_MOST + 5):
        row = {"action_id": f"{number:032x}", "action": "send_email", "args": {}, "summary": {}}
        run(ledger.prepare({**row, "tenant": "loud", "user_id": "eve", "thread_id": "t"}, expires_in_s=3600))
    redis.close()
    ann = await caller(closed, "ann")
    await ann.draft()
    assert await ann.waiting() == ["ann"]


@pytest.mark.parametrize("projects", [None, ["PAY"]])
async def test_a_reviewer_sees_and_decides_those_of_the_tenant_within_the_projects(
    closed: httpx.AsyncClient, projects: list[str] | None
) -> None:
    ann = await caller(closed, "ann")
    reviewer = await caller(closed, "bo", "reviewer", projects=projects)
    action_id = (await ann.draft())["pending_approval"]["action_id"]
    assert await reviewer.waiting() == ["ann"]
    done = await reviewer.post(f"/approvals/{action_id}", {"verb": "accept"})
    assert done.json()["decision"]["by"] == "bo"


async def test_a_reviewer_reads_a_conversation_but_does_not_speak_in_it(closed: httpx.AsyncClient) -> None:
    ann, bo = await caller(closed, "ann"), await caller(closed, "bo", "reviewer")
    thread = (await ann.draft())["thread_id"]
    assert "PAY-12" in (await bo.get(f"/app?thread={thread}")).text
    spoken = await bo.post("/chat", {"message": "email my manager", "thread_id": thread})
    assert (spoken.status_code, spoken.json()["error"]) == (403, "not_allowed")
    assert await ann.waiting() == ["ann"]


async def test_figures_of_others_are_for_operators(closed: httpx.AsyncClient) -> None:
    ann, operator = await caller(closed, "ann"), await caller(closed, "bo", "operator")
    assert (await ann.get("/figures")).status_code == 200
    assert (await ann.get("/figures?user=bo")).status_code == 403
    assert (await operator.get("/figures?user=ann")).status_code == 200


@pytest.fixture
def only_anna_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPROVERS", '{"PAY": {"approvers": ["anna"]}}')


async def test_rules_of_a_project_name_who_accepts(
    only_anna_accepts: None, closed: httpx.AsyncClient
) -> None:
    ann, anna = await caller(closed, "ann"), await caller(closed, "anna", "reviewer")
    action_id = (await ann.draft())["pending_approval"]["action_id"]
    refused = await ann.post(f"/approvals/{action_id}", {"verb": "accept"})
    assert (refused.status_code, refused.json()["error"]) == (403, "not_allowed")
    assert (await anna.post(f"/approvals/{action_id}", {"verb": "accept"})).json()["executed"] is True


async def sign_in(closed: httpx.AsyncClient, secret: str, wanted: str = "") -> httpx.Response:
    return await closed.post("/sign-in", data={"key": secret, "next": wanted}, headers=OWN)


async def test_people_sign_in_work_and_sign_out_in_a_browser(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key()
    asked = await closed.get("/review", headers={"accept": "text/html"}, follow_redirects=True)
    assert 'value="/review"' in asked.text
    entered = await sign_in(closed, secret, "/review")
    assert (entered.status_code, entered.headers["location"]) == (303, "/review")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert secret.lower() not in cookie
    closed.cookies.set("viewer_name", "eve")
    page = await closed.get("/app")
    assert "Sign out" in page.text
    assert "Your name" not in page.text
    assert "eve" not in page.text
    sent = await closed.post("/app", data={"message": UPDATE, "name": "eve"}, headers=OWN)
    talk = await closed.get(sent.headers["location"])
    action_id = re.findall(r'data-action="(\w+)"', talk.text)[0]
    await closed.post(f"/review/{action_id}", data={"verb": "accept", "name": "eve"}, headers=OWN)
    assert (await closed.get(f"/actions/{action_id}")).json()["action"]["decision"]["by"] == "ann"
    before = closed.cookies[SESSION_COOKIE]
    assert (await closed.post("/sign-out", headers=OWN)).headers["location"] == "/sign-in"
    assert SESSION_COOKIE not in closed.cookies
    again = await closed.get("/app", headers={"cookie": f"{SESSION_COOKIE}={before}"})
    assert again.status_code == 401


async def test_a_wrong_key_is_told_and_a_form_of_another_site_is_refused(closed: httpx.AsyncClient) -> None:
    wrong = await sign_in(closed, "ja_000000000000_wrong", "/review")
    assert wrong.status_code == 401
    assert "not valid" in wrong.text
    assert "set-cookie" not in wrong.headers
    _, secret = await new_key()
    foreign = await closed.post("/sign-in", data={"key": secret}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    for _ in range(9):
        assert (await sign_in(closed, "ja_0_wrong")).status_code == 401
    limited = await sign_in(closed, secret)
    assert (limited.status_code, "set-cookie" in limited.headers) == (429, False)
    assert int(limited.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\n//e"]
)
async def test_signing_in_never_leads_to_another_site(closed: httpx.AsyncClient, elsewhere: str) -> None:
    _, secret = await new_key()
    assert (await sign_in(closed, secret, elsewhere)).headers["location"] == "/app"


async def test_over_https_the_cookie_never_travels_in_the_clear(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key()
    own = {"origin": "https://localhost"}
    entered = await closed.post("https://localhost/sign-in", data={"key": secret}, headers=own)
    assert "secure" in entered.headers["set-cookie"].lower()


async def test_in_development_nobody_is_asked_to_sign_in(web: httpx.AsyncClient) -> None:
    assert (await web.get("/sign-in")).headers["location"] == "/app"


@pytest.mark.parametrize("path", ["/costs", "/stats", "/metrics/assistant", "/operations"])
async def test_figures_of_the_installation_are_for_operators_and_hold_no_texts(
    closed: httpx.AsyncClient, path: str
) -> None:
    ann, reviewer = await caller(closed, "ann"), await caller(closed, "bo", "reviewer")
    operator = await caller(closed, "cy", "operator")
    await ann.draft()
    assert [(await one.get(path)).status_code for one in (ann, reviewer, operator)] == [403, 403, 200]
    assert "button bug" not in (await operator.get(path)).text
