"""No answer is free by mistake."""

import pytest

from services.prices import Prices
from services.providers import OPENAI_URL, Target
from services.replies import Tokens
from services.settings import ModelPrice, Settings
from services.steps import run

GPT = Target("openai", "gpt-4o-mini")  # an old model, whose price no longer moves: 0.15, 0.075 cached, 0.60
LOCAL = Target("local", "qwen3:8b", prefixed=True)
SOME = Tokens(input=1_000_000, output=100_000, cache_read=400_000, reasoning=90_000)


def test_a_listed_model_costs_what_the_list_says_and_names_the_list() -> None:
    price = Prices(Settings()).of(GPT, OPENAI_URL, SOME)
    assert price.micro_usd == 600_000 * 0.15 + 400_000 * 0.075 + 100_000 * 0.6
    assert price.as_of
    assert price.as_of.startswith("genai-prices ")


def test_a_well_known_model_behind_another_address_costs_the_same() -> None:
    assert Prices(Settings()).of(GPT, "http://gateway.internal/v1", SOME).micro_usd == 180_000


def test_an_operator_s_price_overrules_the_list_even_with_nothing() -> None:
    free = Settings(model_prices={"local:qwen3:8b": ModelPrice(input=0, output=0)})
    assert Prices(free).of(LOCAL, "http://x/v1", SOME).micro_usd == 0
    ruled = Settings(model_prices={"gpt-4o-mini": ModelPrice(input=1, output=2, cache_read=0.5)})
    assert Prices(ruled).of(GPT, OPENAI_URL, SOME).micro_usd == 600_000 + 200_000 + 200_000


def test_an_unknown_model_counts_as_dear_and_says_that_its_price_is_unknown() -> None:
    price = Prices(Settings()).of(LOCAL, "http://x/v1", Tokens(1000, 1000))
    assert price.micro_usd == 210_000
    assert price.as_of is None


def test_only_a_price_that_is_missing_is_warned_of_and_only_once(caplog: pytest.LogCaptureFixture) -> None:
    ruled = Prices(Settings(model_prices={"tiny": ModelPrice(input=0, output=0)}))
    run(ruled.window(Target("openai", "tiny"), "http://x/v1"))
    ruled.of(Target("openai", "tiny"), "http://x/v1", SOME)
    assert caplog.messages == []
    for tokens in (SOME, Tokens(1, 1)):
        ruled.of(Target("openai", "nobody-lists-this"), "http://x/v1", tokens)
    [warning] = caplog.messages
    assert "nobody-lists-this" in warning


@pytest.mark.parametrize("target", [GPT, LOCAL, Target("openai", "gpt-6.1-terra")])
@pytest.mark.parametrize("tokens", [Tokens(900, 100), Tokens(900, 100, 900), Tokens(900, 100, 0, 900)])
def test_the_worst_is_never_below_what_it_turns_out_to_be(target: Target, tokens: Tokens) -> None:
    prices = Prices(Settings())
    assert prices.worst(target, OPENAI_URL, 900, 100) >= prices.of(target, OPENAI_URL, tokens).micro_usd > 0


def test_what_a_model_can_read_comes_from_the_list() -> None:
    prices = Prices(Settings())
    assert run(prices.window(GPT, OPENAI_URL)) == 128_000
    assert run(prices.window(LOCAL, "http://x/v1")) is None
