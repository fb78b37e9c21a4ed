"""Suggestions to spend less come from the record, name their figures, and are silent without ground."""

from typing import Any

from services.cost_report import PAGE, Line, Lines, pairs, read, report
from services.costs import Costs
from services.metrics import Figures
from services.prices import Price
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import arun
from services.suggestions import Record, suggestions
from services.usage import COUNTS

TODAY = "2026-11-20"


def lines(count: int = 1, of: str = "primary", /, **each: int) -> Lines:
    """`count` requests for `of`, to one model, each with these counts."""
    line = Line(requests=count, **{name: value * count for name, value in each.items()})
    return {(TODAY, of, "big"): line}


def kinds(
    found: Lines, figures: Figures | None = None, other: Price | None = None, **settings: Any
) -> dict[str, dict[str, Any]]:
    def repriced(line: Line) -> dict[str, Price]:
        return {"big": Price(line.micro_usd, "now"), **({"small": other} if other else {})}

    record = Record(pairs(found), 7, figures or Figures(), Settings(**settings), repriced)
    return {suggestion["kind"]: suggestion for suggestion in suggestions(record)}


def looked_up(hits: int, misses: int) -> Figures:
    name = "cache_lookups_total"
    return Figures({(name, "drafts", "exact"): hits, (name, "drafts", "miss"): misses})


def test_a_cheaper_model_is_named_with_what_the_same_tokens_would_have_cost() -> None:
    spent = lines(micro_usd=2_000_000)
    assert set(kinds(spent, other=Price(1_500_000, "now"))) == {"cheaper_model"}
    figures = kinds(spent, other=Price(1_500_000, "now"))["cheaper_model"]["figures"]
    assert figures["cost_usd"] == 2.0
    assert (figures["other"], figures["other_cost_usd"]) == ("small", 1.5)


def test_nothing_is_suggested_without_ground() -> None:
    spent = lines(micro_usd=2_000_000)
    assert kinds(spent, other=Price(1_900_000, "now")) == {}  # saves too little
    assert kinds(spent, other=Price(1_000, None)) == {}  # no price is known
    assert kinds(lines(micro_usd=20_000), other=Price(1_000, "now")) == {}  # spends too little
    assert kinds({}) == {}
    assert kinds({}, looked_up(1, 48)) == {}  # too few
    assert kinds({}, looked_up(10, 90)) == {}  # found often enough


def test_answers_of_no_use_are_told() -> None:
    found = kinds(lines(micro_usd=1_000_000, wasted_micro_usd=100_000))
    assert found["wasted"]["figures"]["wasted_usd"] == 0.1


def test_a_cache_that_rarely_helps_is_tuned_in_the_way_that_is_open() -> None:
    assert "1440" in kinds({}, looked_up(1, 99), cache_ttl_comment_minutes=60)["cache"]["text"]
    assert "SEMANTIC" in kinds({}, looked_up(1, 99))["cache"]["text"]
    assert kinds({}, looked_up(1, 99), semantic_cache_enabled=True) == {}
    off = kinds(lines(micro_usd=2_000_000), cache_enabled=False)
    assert "CACHE_ENABLED=true" in off["cache"]["text"]


def test_long_prompts_for_short_answers_and_their_place_in_the_providers_cache_are_told() -> None:
    long = {"micro_usd": 10_000, "tokens_in": 2000, "tokens_out": 50}
    assert set(kinds(lines(60, **long))) == {"prompt_size", "provider_cache"}
    assert set(kinds(lines(60, **long, cache_read=1500))) == {"prompt_size"}
    assert kinds(lines(60, **long | {"tokens_in": 900})) == {}


def test_requests_that_come_together_could_be_asked_together() -> None:
    small = {"micro_usd": 1_000, "tokens_in": 300, "tokens_out": 100}
    assert kinds(lines(250, "classification", **small)) == {}
    found = kinds(lines(250, "classification", **small, together=1))["batching"]["figures"]
    assert (found["requests"], found["together"]) == (250, 250)


async def test_redis_sums_up_every_row_of_every_page(redis_client: RedisClient) -> None:
    costs = Costs(Settings(), redis_client)
    rows = PAGE + 500
    for number in range(rows):
        row = {"purpose": "primary", "model": "big" if number % 3 else "sm\0all", "outcome": "ok"}
        row |= {"tokens_in": "10", "cache_read": "4", "cache_write": "1", "tokens_out": "5"}
        row |= {"reasoning": "2", "micro_usd": "7"}
        if number == 0:
            row["outcome"] = "timeout"
        entry = f"{number * 2000 if number < PAGE else number * 2000 - number}-{number + 1}"
        fields = [part for pair in row.items() for part in pair]
        await arun(redis_client.command("XADD", costs.rows_key(TODAY), entry, *fields))
    await arun(redis_client.command("XADD", costs.rows_key("2026-11-19"), "1-1", *fields))
    found = await arun(read(redis_client, costs, TODAY, 2))
    assert found[("2026-11-19", "primary", "big")].requests == 1
    big, small = found[(TODAY, "primary", "big")], found[(TODAY, "primary", "sm\0all")]
    assert big == Line(1000, 10_000, 4_000, 1_000, 5_000, 2_000, 7_000, 0, 0)
    assert small == Line(500, 5_000, 2_000, 500, 2_500, 1_000, 3_500, 7, 0)


async def test_requests_within_a_second_of_another_count_as_together(redis_client: RedisClient) -> None:
    costs = Costs(Settings(), redis_client)
    counts = dict.fromkeys(COUNTS, "1")
    row = {"purpose": "primary", "model": "big", "outcome": "ok", **counts}
    for at in (5000, 5900, 8000, 8001):
        fields = [part for pair in row.items() for part in pair]
        await arun(redis_client.command("XADD", costs.rows_key(TODAY), f"{at}-1", *fields))
    found = await arun(read(redis_client, costs, TODAY, 1))
    assert found[(TODAY, "primary", "big")].together == 2


def test_the_report_sums_up_today_by_purpose_and_model_and_the_days_before() -> None:
    found = {
        (TODAY, "primary", "big"): Line(1, micro_usd=2_000_000),
        (TODAY, "primary", "small"): Line(1, micro_usd=1_000_000),
        ("2026-11-19", "primary", "big"): Line(1, micro_usd=500_000),
    }
    told = report(found, {"day": TODAY}, 3)
    assert [(line["model"], line["cost_usd"]) for line in told["by_model"]] == [("big", 2.0), ("small", 1.0)]
    assert [(line["purpose"], line["requests"]) for line in told["by_purpose"]] == [("primary", 2)]
    assert [day["cost_usd"] for day in told["days"]] == [0, 0.5, 3.0]
