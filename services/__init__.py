"""What we reach outside. Nothing here knows the state of any graph.

The Protocols are what a node may ask for; `Services` is how it gets them. Whatever waits returns
`Steps` (see `services.steps`), so that each node is written once for sync and async.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from services.actions import JSON, ActionRow, Backlog, Connector, Ledger, Preview, Reminder
from services.settings import Settings
from services.steps import Steps

__all__ = [
    "JSON",
    "ActionRow",
    "Backlog",
    "Cache",
    "Connector",
    "Embedder",
    "Ledger",
    "Limits",
    "Metrics",
    "ModelAnswer",
    "ModelRequest",
    "Models",
    "Preview",
    "Purpose",
    "Reminder",
    "Services",
    "Similar",
    "SimilarTexts",
    "Unrecorded",
    "WorkFigures",
]

Purpose = Literal["primary", "fast", "classification"]
Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ModelRequest(Generic[Schema]):
    """One question to a model, and in whose name it is asked: whose budget it comes from."""

    purpose: Purpose
    messages: tuple[tuple[Literal["system", "human", "ai"], str], ...]
    temperature: float
    schema: type[Schema] | None = None  # a structured answer of this shape is wanted
    graph: str = ""
    tenant: str = ""
    user_id: str = ""
    plan: str = ""
    model: str | None = None  # asked first, instead of the purpose's own


@dataclass(frozen=True, slots=True)
class ModelAnswer(Generic[Schema]):
    """What came back. Tokens and cost are of all attempts together."""

    text: str
    parsed: Schema | None
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: float | None = None  # None: no price is known for this model
    price_as_of: str | None = None
    degraded: tuple[str, ...] = ()  # what was taken instead of the best: "fallback model", "repaired answer"


class Models(Protocol):
    """Every model, behind one door."""

    def available(self) -> bool:
        """Whether any model is configured at all."""

    def name(self, purpose: Purpose) -> str:
        """The model a purpose goes to first."""

    def ask(self, request: ModelRequest[Schema]) -> Steps[ModelAnswer[Schema]]:
        """Raises a ModelError (see services.errors) when no answer can be had in time and budget."""


class Cache(Protocol):
    """Results kept for a while. It may forget at any time and never raises: an outage is a miss, logged."""

    def key(self, *, tenant: str | None, user: str, text: str, **parts: object) -> str:
        """A key for exactly these parts; nobody else's. Whatever may change an answer belongs in them."""

    def get(self, key: str) -> Steps[JSON | None]: ...

    def get_or_lead(self, key: str, seconds: float) -> Steps[JSON | None]:
        """As `get`, but of many who ask at once one gets None at once, and is to `put` or `release`; the
        others wait for that, at most `seconds`. Whoever leads has no longer than that."""

    def put(self, key: str, value: JSON, ttl_minutes: int) -> Steps[None]: ...

    def release(self, key: str) -> Steps[None]:
        """Nothing will be put: the next who waits may lead."""


class Embedder(Protocol):
    """Texts as vectors of length 1, all equally long; the product of two says how alike they are, -1..1."""

    name: str  # vectors of different names cannot be compared

    def embed(self, text: str) -> "array[float]":
        """32-bit numbers. Quick enough for an event loop."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A text kept earlier, with what was kept for it."""

    text: str
    value: JSON
    score: float
    age_s: float


class SimilarTexts(Protocol):
    """Proposes what was kept for similar texts. It may forget and never raises: an outage is a miss."""

    def keep(self, key: str, text: str, value: JSON, ttl_minutes: int) -> Steps[None]:
        """`key` is one of Cache.key."""

    def find(self, key: str, text: str, at_least: float) -> Steps[list[Similar]]:
        """Those of the same user and the same other parts of `key`, the most similar first."""


class Limits(Protocol):
    """How often one user may ask."""

    def check(self, user_key: str) -> Steps[None]:
        """Count one request. Raises RateLimited with `retry_after_s`."""


class WorkFigures(Protocol):
    """Figures about somebody's work, from where the work is kept."""

    def figures(self, account: str, since: datetime, until: datetime, tz: tzinfo) -> Steps[JSON]:
        """Each figure with `value`, `before`, `unit`, `definition` and the query that shows the same.
        Raises ActionError when they cannot be read."""


class Metrics(Protocol):
    """Figures for operators."""

    def record(self, name: str, value: float = 1.0, /, **labels: str) -> None:
        """Adds to a counter, or one observation to a histogram, of services.metrics.METRICS, with all of
        its labels. Never waits. A label value is never a user's, so that there are not too many."""


class Unrecorded:
    """Metrics that nobody reads."""

    def record(self, name: str, value: float = 1.0, /, **labels: str) -> None:
        pass


@dataclass(frozen=True)
class Services:
    """All that nodes may reach, built once by the composition root."""

    settings: Settings
    models: Models
    cache: Cache
    ledger: Ledger
    connectors: Mapping[str, Connector]  # by action name; an action without one is handed to the caller
    limits: Limits
    work: WorkFigures | None = None  # None: only the ledger's own record can be counted
    reminders: Sequence[Reminder] = ()
    similar: SimilarTexts | None = None  # None: a draft is only found again by the very same words
    metrics: Metrics = field(default_factory=Unrecorded)
