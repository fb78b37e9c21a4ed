"""What the record suggests to spend less: plain rules, each with its figures and its threshold.

Where the record gives no ground for one, there is none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services import JSON
from services.cost_report import TOGETHER_MS, Line
from services.metrics import Figures
from services.prices import Price
from services.settings import Settings
from services.stats import lookups

LEAST_USD = 0.05
"""Below this in the days looked at, money is not worth a suggestion."""
LEAST_REQUESTS = 50
SAVING = 0.2
WASTED = 0.05
LONG_PROMPT, TIMES_THE_ANSWER = 1500, 5
CACHEABLE_PROMPT, READ_FROM_CACHE = 1024, 0.1
"""Providers keep the beginning of prompts from about a thousand tokens on, if it is the same each time."""
TOGETHER, MANY = 0.3, 200
RARE_HITS, A_DAY_MINUTES = 0.05, 1440

Pair = tuple[str, str]
Repriced = Callable[[Line], Mapping[str, Price]]
"""What the tokens of a line would have cost at each model that is configured."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the rules look at. `pairs` are by purpose and model."""

    pairs: Mapping[Pair, Line]
    days: int
    figures: Figures  # of the last day
    settings: Settings
    repriced: Repriced


def suggestions(record: Record) -> list[JSON]:
    """`kind`, `text`, `figures` (what was found) and `threshold` (from when on it is said)."""
    rules = (_cheaper, _wasted, _cache, _prompt_size, _provider_cache, _batching)
    return [found for rule in rules for found in rule(record)]


def _suggest(kind: str, text: str, threshold: str, **figures: float | str) -> JSON:
    rounded = {
        name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()
    }
    return {"kind": kind, "text": text, "figures": rounded, "threshold": threshold}


def _usd(amount: float) -> str:
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.4f}"


def _cheaper(record: Record) -> Iterator[JSON]:
    for (purpose, model), line in record.pairs.items():
        prices = {
            name: price.micro_usd / 1e6
            for name, price in record.repriced(line).items()
            if name != model and price.as_of is not None
        }
        if line.usd < LEAST_USD or not prices:
            continue
        other = min(prices, key=lambda name: prices[name])
        if prices[other] > line.usd * (1 - SAVING):
            continue
        yield _suggest(
            "cheaper_model",
            f"{purpose} questions to {model} cost {_usd(line.usd)} in {record.days} days; the same tokens "
            f"would have cost {_usd(prices[other])} at {other}. Compare its drafts as a variant first.",
            f"${LEAST_USD} spent, {SAVING:.0%} saved",
            purpose=purpose,
            model=model,
            other=other,
            cost_usd=line.usd,
            other_cost_usd=prices[other],
        )


def _wasted(record: Record) -> Iterator[JSON]:
    for (purpose, model), line in record.pairs.items():
        wasted = line.wasted_micro_usd / 1e6
        if line.usd >= LEAST_USD and wasted >= line.usd * WASTED:
            yield _suggest(
                "wasted",
                f"{_usd(wasted)} of {_usd(line.usd)} for {purpose} questions went to answers of {model} that "
                "were of no use: look at its errors, or ask another model.",
                f"${LEAST_USD} spent, {WASTED:.0%} of it wasted",
                purpose=purpose,
                model=model,
                cost_usd=line.usd,
                wasted_usd=wasted,
            )


def _cache(record: Record) -> Iterator[JSON]:
    settings = record.settings
    spent = sum(line.usd for line in record.pairs.values())
    if not settings.cache_enabled:
        if spent >= LEAST_USD:
            yield _suggest(
                "cache",
                f"Drafts are not cached and models cost {_usd(spent)} in {record.days} days: set "
                "CACHE_ENABLED=true, so that a repeated message is asked once.",
                f"${LEAST_USD} spent",
                cost_usd=spent,
            )
        return
    found = lookups(record.figures, "drafts")
    share = found.pop("hit_share")
    asked, minutes = sum(found.values()), settings.cache_ttl_comment_minutes
    if asked < LEAST_REQUESTS or share >= RARE_HITS:
        return
    if minutes < A_DAY_MINUTES:
        hint = f"raise CACHE_TTL_COMMENT_MINUTES from {minutes} to {A_DAY_MINUTES}"
    elif not settings.semantic_cache_enabled:
        hint = "try SEMANTIC_CACHE_ENABLED=true, which finds other spellings too"
    else:
        return
    yield _suggest(
        "cache",
        f"Only {share:.1%} of {asked:.0f} drafts in the last day came from the cache: {hint}.",
        f"{LEAST_REQUESTS} lookups, under {RARE_HITS:.0%} found",
        lookups=asked,
        hit_share=share,
    )


def _prompt_size(record: Record) -> Iterator[JSON]:
    for (purpose, model), line in record.pairs.items():
        mean_in, mean_out = line.tokens_in / line.requests, line.tokens_out / line.requests
        if line.usd < LEAST_USD or line.requests < LEAST_REQUESTS:
            continue
        if mean_in >= LONG_PROMPT and mean_in >= mean_out * TIMES_THE_ANSWER:
            yield _suggest(
                "prompt_size",
                f"{purpose} prompts to {model} have {mean_in:.0f} tokens on average, for answers of "
                f"{mean_out:.0f}: lower MAX_PROMPT_TOKENS ({record.settings.max_prompt_tokens}) or "
                f"MAX_HISTORY_TOKENS ({record.settings.max_history_tokens}), or shorten the prompt.",
                f"{LONG_PROMPT} tokens and {TIMES_THE_ANSWER} times the answer, {LEAST_REQUESTS} requests",
                purpose=purpose,
                model=model,
                requests=line.requests,
                tokens_in_each=mean_in,
                tokens_out_each=mean_out,
            )


def _provider_cache(record: Record) -> Iterator[JSON]:
    for (purpose, model), line in record.pairs.items():
        mean_in = line.tokens_in / line.requests
        if line.usd < LEAST_USD or line.requests < LEAST_REQUESTS or mean_in < CACHEABLE_PROMPT:
            continue
        share = line.cache_read / line.tokens_in
        if share < READ_FROM_CACHE:
            yield _suggest(
                "provider_cache",
                f"Of {purpose} prompts to {model}, {share:.1%} came from the provider's prompt cache: keep "
                "their beginning the same for all users, what differs at the end.",
                f"{CACHEABLE_PROMPT} tokens each, under {READ_FROM_CACHE:.0%} read from its cache",
                purpose=purpose,
                model=model,
                tokens_in_each=mean_in,
                cache_read_share=share,
            )


def _batching(record: Record) -> Iterator[JSON]:
    for (purpose, model), line in record.pairs.items():
        share = line.together / line.requests
        if line.requests >= MANY and share >= TOGETHER and line.usd >= LEAST_USD:
            yield _suggest(
                "batching",
                f"{line.together} of {line.requests} {purpose} requests to {model} ended within a second of "
                "the one before: asked several at a time, they would share the instructions in their "
                f"{line.tokens_in / line.requests:.0f} tokens.",
                f"{MANY} requests, {TOGETHER:.0%} of them within {TOGETHER_MS} ms of another",
                purpose=purpose,
                model=model,
                requests=line.requests,
                together=line.together,
            )
