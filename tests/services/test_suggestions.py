"""Suggestions to spend less come from the record, name their figures, and are silent without ground."""

from collections.abc import Mapping
from typing import Any

from services.cost_report import Line, Lines, report
from services.metrics import Figures
from services.prices import Price
from services.settings import Settings
from services.suggestions import Record, suggestions

ROW = {"purpose": "primary", "model": "big", "outcome": "ok"} | dict.fromkeys(
    ("tokens_in", "cache_read", "cache_write", "tokens_out", "reasoning", "micro_usd"), "0"
)
TODAY = {"day": "2026-11-20", "spent_usd": 1.0}


def lines(*rows: Mapping[str, Any], apart_ms: int = 60_000) -> Lines:
    found = Lines()
    for number, row in enumerate(rows):
        found.add("2026-11-20", 10**12 + number * apart_ms, ROW | {name: str(v) for name, v in row.items()})
    return found


def kinds(
    found: Lines, figures: Figures | None = None, other: Price | None = None, **settings: Any
) -> dict[str, dict[str, Any]]:
    def repriced(line: Line) -> dict[str, Price]:
        return {"big": Price(line.micro_usd, "now"), **({"small": other} if other else {})}

    record = Record(found.pairs(), 7, figures or Figures(), Settings(**settings), repriced)
    return {suggestion["kind"]: suggestion for suggestion in suggestions(record)}


def looked_up(hits: int, misses: int) -> Figures:
    name = "cache_lookups_total"
    return Figures({(name, "drafts", "exact"): hits, (name, "drafts", "miss"): misses})


def test_a_cheaper_model_is_named_with_what_the_same_tokens_would_have_cost() -> None:
    spent = lines({"micro_usd": 2_000_000})
    assert set(kinds(spent, other=Price(1_500_000, "now"))) == {"cheaper_model"}
    figures = kinds(spent, other=Price(1_500_000, "now"))["cheaper_model"]["figures"]
    assert figures["cost_usd"] == 2.0
    assert (figures["other"], figures["other_cost_usd"]) == ("small", 1.5)


def test_nothing_is_suggested_without_ground() -> None:
    spent = lines({"micro_usd": 2_000_000})
    assert kinds(spent, other=Price(1_900_000, "now")) == {}  # saves too little
    assert kinds(spent, other=Price(1_000, None)) == {}  # no price is known
    assert kinds(lines({"micro_usd": 20_000}), other=Price(1_000, "now")) == {}  # spends too little
    assert kinds(lines()) == {}
    assert kinds(lines(), looked_up(1, 48)) == {}  # too few
    assert kinds(lines(), looked_up(10, 90)) == {}  # found often enough


def test_answers_of_no_use_are_told() -> None:
    found = kinds(lines({"micro_usd": 900_000}, {"micro_usd": 100_000, "outcome": "api_error"}))
    assert found["wasted"]["figures"]["wasted_usd"] == 0.1


def test_a_cache_that_rarely_helps_is_tuned_in_the_way_that_is_open() -> None:
    assert "1440" in kinds(lines(), looked_up(1, 99), cache_ttl_comment_minutes=60)["cache"]["text"]
    assert "SEMANTIC" in kinds(lines(), looked_up(1, 99))["cache"]["text"]
    assert kinds(lines(), looked_up(1, 99), semantic_cache_enabled=True) == {}
    off = kinds(lines({"micro_usd": 2_000_000}), cache_enabled=False)
    assert "CACHE_ENABLED=true" in off["cache"]["text"]


def test_long_prompts_for_short_answers_and_their_place_in_the_providers_cache_are_told() -> None:
    long = {"micro_usd": 10_000, "tokens_in": 2000, "tokens_out": 50}
    assert set(kinds(lines(*[long] * 60))) == {"prompt_size", "provider_cache"}
    assert set(kinds(lines(*[long | {"cache_read": 1500}] * 60))) == {"prompt_size"}
    assert kinds(lines(*[long | {"tokens_in": 900}] * 60)) == {}


def test_requests_that_come_together_could_be_asked_together() -> None:
    small = {"micro_usd": 1_000, "tokens_in": 300, "tokens_out": 100, "purpose": "classification"}
    assert kinds(lines(*[small] * 250)) == {}
    found = kinds(lines(*[small] * 250, apart_ms=500))["batching"]["figures"]
    assert (found["requests"], found["together"]) == (250, 249)


def test_the_report_sums_up_today_by_purpose_and_model_and_the_days_before() -> None:
    found = lines({"micro_usd": 2_000_000}, {"micro_usd": 1_000_000, "model": "small", "tokens_in": 7})
    found.add("2026-11-19", 10**12, ROW | {"micro_usd": "500000"})
    told = report(found, TODAY, 3)
    assert [(line["model"], line["cost_usd"]) for line in told["by_model"]] == [("big", 2.0), ("small", 1.0)]
    assert [(line["purpose"], line["requests"]) for line in told["by_purpose"]] == [("primary", 2)]
    assert [day["cost_usd"] for day in told["days"]] == [0, 0.5, 3.0]
