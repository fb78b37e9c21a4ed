"""Nobody spends more than was allowed, whatever dies, repeats or runs at once."""

import json
import logging
import random
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services import ModelRequest
from services.calendar import Calendar
from services.costs import Costs
from services.errors import BudgetUnavailable, CostLimitReached, ModelError, TokensSpent
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import arun
from services.usage import Usage, as_csv
from tests.loads import REQUEST, in_processes, look, spend_all
from tests.servers import free_port

ROW: dict[str, str | int] = {
    "tenant": "t1",
    "user": "anna",
    "graph": "g",
    "purpose": "fast",
    "model": "m",
    "outcome": "ok",
    "as_of": "",
    "tokens_in": 10,
    "cache_read": 4,
    "cache_write": 1,
    "tokens_out": 5,
    "reasoning": 2,
    "micro_usd": 300_000,
}


def costs(redis: RedisClient, *, cap: float = 1.0, clock: Any = time.time, **values: Any) -> Costs:
    settings = Settings(max_daily_cost_usd=cap, alert_at_cost_usd=cap * 0.8, **values)
    return Costs(settings, redis, clock=clock)


def asked(**values: str) -> ModelRequest[Any]:
    return ModelRequest("primary", (("human", "hello"),), 0.2, **values)  # type: ignore[arg-type]


async def reserved(one: Costs, name: str, usd: float, request: ModelRequest[Any] = REQUEST) -> Any:
    return await arun(one.reserve(name, request, micro_usd=round(usd * 1e6), tokens=1000))


async def spent(one: Costs) -> float:
    return float((await arun(one.today()))["spent_usd"])


async def test_the_worst_is_set_aside_and_the_difference_given_back(redis_client: RedisClient) -> None:
    one = costs(redis_client)
    reservation = await reserved(one, "a", 0.9)
    with pytest.raises(CostLimitReached) as refused:
        await reserved(one, "b", 0.2)
    assert {"current_cost": 0.9, "max_cost": 1.0}.items() <= refused.value.details.items()
    json.dumps(refused.value.details)  # a Result carries them
    await arun(one.settle(reservation, micro_usd=300_000, tokens=15, row=ROW))
    assert await spent(one) == 0.3
    await reserved(one, "b", 0.2)


async def test_what_is_repeated_counts_once(redis_client: RedisClient) -> None:
    one = costs(redis_client)
    reservation = await reserved(one, "a", 0.5)
    await reserved(one, "a", 0.5)
    assert await spent(one) == 0.5
    for _ in range(2):
        await arun(one.settle(reservation, micro_usd=300_000, tokens=15, row=ROW))
    assert await spent(one) == 0.3
    assert len(await arun(redis_client.command("XRANGE", one.rows_key(reservation.day), "-", "+"))) == 1


async def test_what_is_never_settled_stays_spent(redis_client: RedisClient) -> None:
    one = costs(redis_client)
    reservation = await reserved(one, "a", 0.5)
    await arun(redis_client.command("DEL", reservation.key))  # as if its time had passed
    await arun(one.settle(reservation, micro_usd=1, tokens=1, row=ROW))
    assert await spent(one) == 0.5


async def test_a_tenant_has_a_limit_of_its_own(redis_client: RedisClient) -> None:
    one = costs(redis_client, max_daily_cost_usd_per_tenant=0.3)
    await reserved(one, "a", 0.3, asked(tenant="t1"))
    with pytest.raises(CostLimitReached, match="_PER_TENANT"):
        await reserved(one, "b", 0.1, asked(tenant="t1"))
    await reserved(one, "c", 0.3, asked(tenant="t2"))
    await reserved(one, "d", 0.4, asked())


async def test_tokens_an_hour_are_a_user_s_and_say_when_to_come_back(redis_client: RedisClient) -> None:
    one = costs(redis_client, max_tokens_per_hour=2000)
    anna = asked(user_id="anna", tenant="t1")
    reservation = await reserved(one, "a", 0.01, anna)
    await reserved(one, "b", 0.01, anna)
    with pytest.raises(TokensSpent) as refused:
        await reserved(one, "c", 0.01, anna)
    assert refused.value.code == "rate_limited"
    assert 0 < refused.value.details["retry_after_s"] <= 3600
    await reserved(one, "d", 0.01, asked(user_id="anna", tenant="t2"))
    await arun(one.settle(reservation, micro_usd=1, tokens=0, row=ROW))
    await reserved(one, "e", 0.01, anna)


async def test_a_plan_s_month_is_shared_by_its_tenant(redis_client: RedisClient) -> None:
    one = costs(redis_client, plan_tokens_per_month={"lite": 2000})
    for name in ("anna", "ben"):
        await reserved(one, name, 0.01, asked(tenant="t1", user_id=name, plan="lite"))
    with pytest.raises(CostLimitReached, match="month") as refused:
        await reserved(one, "c", 0.01, asked(tenant="t1", user_id="cora", plan="lite"))
    assert refused.value.code == "cost_limit_reached"
    await reserved(one, "d", 0.01, asked(tenant="t1", user_id="cora", plan="unheard-of"))


@pytest.mark.parametrize("skew", [-90_000, 90_000])
async def test_the_day_is_redis_s_whatever_this_machine_s_clock_says(
    redis_client: RedisClient, skew: int
) -> None:
    async def day_there() -> str:
        second, _ = await arun(redis_client.command("TIME"))
        return datetime.fromtimestamp(int(second), UTC).date().isoformat()

    before = await day_there()
    reservation = await reserved(costs(redis_client, clock=lambda: time.time() + skew), "a", 0.5)
    assert reservation.day in {before, await day_there()}  # midnight may come between


async def test_without_redis_nothing_is_spent() -> None:
    nowhere = RedisClient(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(BudgetUnavailable) as refused:
        await reserved(costs(nowhere), "a", 0.1)
    assert isinstance(refused.value, ModelError)
    await nowhere.aclose()


async def test_alerts_are_given_once_a_day_over_all_processes(
    redis_client: RedisClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "services.costs"):
        for one, times in ((costs(redis_client), 4), (costs(redis_client), 2)):
            for _ in range(times):
                reservation = await reserved(one, str(random.random()), 0.15)
                await arun(one.settle(reservation, micro_usd=140_000, tokens=1, row=ROW))
        with pytest.raises(CostLimitReached):
            await reserved(one, "last", 0.5)
    told = [line.getMessage().partition("(alert: ")[2] for line in caplog.records]
    assert [alert.rstrip(")") for alert in told if alert] == ["50%", "ALERT_AT_COST_USD", "100%"]
    today = await arun(one.today())
    assert set(today["alerts"]) == {"50%", "ALERT_AT_COST_USD", "100%"}
    assert today["projected_usd"] >= today["spent_usd"] == 0.84


async def test_usage_is_summed_by_any_name(redis_client: RedisClient) -> None:
    one = costs(redis_client)
    for number, (user, cost) in enumerate([("anna", 100_000), ("ben", 300_000), ("anna", 50_000)]):
        reservation = await reserved(one, str(number), 0.3)
        row = {**ROW, "user": user, "micro_usd": cost}
        await arun(one.settle(reservation, micro_usd=cost, tokens=15, row=row))
    day = date.fromisoformat(reservation.day)
    by_user = await arun(Usage(redis_client, one).by(("user", "tenant"), day, day))
    assert [(line["user"], line["requests"], line["cost_usd"]) for line in by_user] == [
        ("ben", 1, 0.3),
        ("anna", 2, 0.15),
    ]
    assert {"tokens_in": 20, "cache_read": 8, "tokens_out": 10, "reasoning": 4}.items() <= by_user[1].items()
    (total,) = await arun(Usage(redis_client, one).by((), day, day))
    assert total["cost_usd"] == await spent(one)


def test_a_spreadsheet_runs_nothing_of_an_export() -> None:
    exported = as_csv([{"user": "=HYPERLINK(1)", "cost_usd": -0.5}])
    assert exported.splitlines() == ["user,cost_usd", "'=HYPERLINK(1),-0.5"]
    assert as_csv([]) == ""


@pytest.mark.parametrize(
    ("zone", "moment", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29T12:00+02:00", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25T00:30+02:00", "2026-10-25", 25),
        ("Asia/Kolkata", "2026-01-01T00:10+05:30", "2026-01-01", 24),
        ("America/Sao_Paulo", "2018-11-04T01:00-02:00", "2018-11-04", 23),  # a day without a midnight
    ],
)
def test_days_are_those_of_the_time_zone(zone: str, moment: str, day: str, hours: int) -> None:
    calendar = Calendar(zone)
    now = datetime.fromisoformat(moment).timestamp()
    period = calendar.period(now)
    assert (period.day, period.day_ends - period.day_starts) == (day, hours * 3600)
    assert period.starts <= now < period.ends
    assert calendar.period(period.day_ends).day_starts == period.day_ends
    assert calendar.period(calendar.month_ends(day)).day.endswith("-01")


def test_processes_together_never_pass_the_cap_and_use_nearly_all_of_it(redis_url: str) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    in_processes(spend_all, [(redis_url, 1.0, 8, seed + number) for number in range(4)])
    (truth,) = look(redis_url, "GET", "truth")
    assert 950_000 <= truth <= 1_000_000


def test_a_killed_process_lets_nobody_pass_the_cap(redis_url: str) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    arguments = [(redis_url, 1.0, 8, seed + number) for number in range(4)]
    in_processes(spend_all, arguments, kill_first_when=lambda: look(redis_url, "GET", "truth")[0] > 300_000)
    (truth,) = look(redis_url, "GET", "truth")
    assert truth <= 1_000_000
