"""What a stopped process left behind is ended while the server runs, and stopping leaves nothing behind."""

import asyncio
from typing import Any

import httpx

from services.errors import StorageUnavailable
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.steps import Steps, arun
from web.app import app
from web.desk import Desk
from web.sweeper import sweeping


async def test_an_approved_action_that_nobody_carried_out_is_carried_out(
    web: httpx.AsyncClient, redis_client: RedisClient
) -> None:
    desk: Desk = app.state.desk
    body = {"message": "fixed login on PAY-1, tested", "context": {"user_id": "ann"}}
    pending = (await web.post("/chat", json=body)).json()["pending_approval"]
    decision = {"verb": "accept", "by": "bo", "text": None, "edit_diff": None}
    # a process that died right after it
    await arun(RedisLedger(redis_client).decide(pending["action_id"], pending["digest"], decision))
    before = asyncio.all_tasks()
    async with sweeping(desk, every_s=0.01):
        while (await web.get(f"/actions/{pending['action_id']}")).json()["action"]["status"] != "done":
            await asyncio.sleep(0.01)
    assert asyncio.all_tasks() <= before


async def test_an_overdue_draft_leaves_the_queue_and_expires(
    web: httpx.AsyncClient, redis_client: RedisClient
) -> None:
    row = {"action": "post_jira_comment", "args": {"comment": "x"}, "tenant": "", "user_id": "a"}
    more = {"action_id": "late", "thread_id": "t", "summary": {}}
    await arun(RedisLedger(redis_client).prepare({**row, **more}, expires_in_s=-3600))
    assert (await web.get("/approvals")).json() == {"waiting": []}
    await arun(app.state.desk.tidy())
    assert (await web.get("/actions/late")).json()["action"]["status"] == "expired"


class TroubledDesk:
    """Cannot tidy up at first, for a reason we know and for one that we do not."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = [StorageUnavailable("Redis is away"), ValueError("a defect")]
        self.tidied = asyncio.Event()

    def tidy(self) -> Steps[None]:
        if self.troubles:
            raise self.troubles.pop(0)
        self.tidied.set()
        yield from ()


async def test_trouble_is_logged_and_sweeping_goes_on(caplog: Any) -> None:
    desk = TroubledDesk()
    async with sweeping(desk, every_s=0.001):  # type: ignore[arg-type]
        await desk.tidied.wait()
    assert "Redis is away" in caplog.text
    assert "a defect" in caplog.text
