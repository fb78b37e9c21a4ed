"""What a model costs, in whole millionths of a US dollar, rounded up.

Prices are data that others keep: the list inside `genai-prices`, which is read from the package and
never fetched; `as_of` is that package's release. MODEL_PRICES overrules it. A model nobody knows the
price of is counted at UNKNOWN, never at nothing: an operator who knows better says so in MODEL_PRICES.
"""

import asyncio
import logging
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from services.providers import Target
from services.replies import Tokens
from services.settings import ModelPrice, Settings
from services.steps import Call, Steps

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

UNKNOWN = ModelPrice(input=30, output=180)
"""US dollars per million tokens: what the dearest widely used models list."""
OVERRULED = "MODEL_PRICES"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Price:
    """What some tokens cost."""

    micro_usd: int
    as_of: str | None  # None: the price is not known, and `micro_usd` is the worst case


class Prices:
    """Prices of targets; `url` is the address of a target's provider."""

    def __init__(self, settings: Settings) -> None:
        self._overrules = settings.model_prices
        self._worst = lru_cache(maxsize=1024)(self.of)

    def of(self, target: Target, url: str, tokens: Tokens) -> Price:
        if ruled := self._overrules.get(str(target)):
            return Price(_micro(ruled, tokens), OVERRULED)
        if found := _find(target.model, url):
            from genai_prices import Usage, __version__

            provider, info = found
            usage = Usage(
                input_tokens=tokens.input,
                output_tokens=tokens.output,
                cache_read_tokens=tokens.cache_read,
                cache_write_tokens=tokens.cache_write,
            )
            usd = info.calc_price(usage, provider).total_price
            return Price(_up(usd * 1_000_000), f"genai-prices {__version__}")
        _warn(target.model)
        return Price(_micro(UNKNOWN, tokens), None)

    def window(self, target: Target, url: str) -> Steps[int | None]:
        """Tokens a model can read, where the list says. Loads the list, off the event loop."""

        def load() -> int | None:
            found = _find(target.model, url)
            return found[1].context_window if found else None

        return (yield from Call(load, lambda: asyncio.to_thread(load)))

    def worst(self, target: Target, url: str, tokens_in: int, tokens_out: int) -> int:
        """Micro-dollars that so many tokens cost at most; input is rounded up to whole thousands."""
        rounded = -(-tokens_in // 1000) * 1000
        plain = Tokens(rounded, tokens_out)
        written = Tokens(rounded, tokens_out, cache_write=rounded)  # writing to a cache may cost more
        return max(self._worst(target, url, kind).micro_usd for kind in (plain, written))


def _micro(price: ModelPrice, tokens: Tokens) -> int:
    read = price.input if price.cache_read is None else price.cache_read
    written = price.input if price.cache_write is None else price.cache_write
    parts = (
        (tokens.input - tokens.cache_read - tokens.cache_write, price.input),
        (tokens.cache_read, read),
        (tokens.cache_write, written),
        (tokens.output, price.output),
    )
    return _up(sum((Decimal(count) * Decimal(str(rate)) for count, rate in parts), Decimal(0)))


def _up(micro_usd: Decimal) -> int:
    return int(micro_usd.to_integral_value(ROUND_CEILING))


@lru_cache(maxsize=256)
def _find(model: str, url: str) -> "tuple[Provider, ModelInfo] | None":
    """By the provider's address; else by the name alone, for gateways that pass well-known models on."""
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    for address in (url, None):
        try:
            return snapshot.find_provider_model(model, None, None, address)
        except LookupError:
            continue
    return None


@lru_cache(maxsize=256)
def _warn(model: str) -> None:
    """Once for each model; one that MODEL_PRICES prices is never looked for."""
    log.warning("No price is known for %s: it is counted at the worst. Set MODEL_PRICES.", model)
