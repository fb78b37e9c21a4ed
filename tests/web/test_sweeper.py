"""What a stopped process left behind is ended while the server runs, and stopping leaves nothing behind."""

import asyncio
from typing import Any

import httpx

from services.errors import StorageUnavailable
from services.steps import Steps, arun
from web.app import app
from web.desk import Desk
from web.sweeper import sweeping


async def test_an_approved_action_that_nobody_carried_out_is_carried_out(web: httpx.AsyncClient) -> None:
    desk: Desk = app.state.desk
    body = {"message": "fixed login on PAY-1, tested", "context": {"user_id": "ann"}}
    pending = (await web.post("/chat", json=body)).json()["pending_approval"]
    decision = {"verb": "accept", "by": "bo", "text": None, "edit_diff": None}
    await arun(desk._ledger.decide(pending["action_id"], pending["digest"], decision))  # and no more: it died
    before = asyncio.all_tasks()
    async with sweeping(desk, every_s=0.01):
        while (await web.get(f"/actions/{pending['action_id']}")).json()["action"]["status"] != "done":
            await asyncio.sleep(0.01)
    assert asyncio.all_tasks() <= before


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
