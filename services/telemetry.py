"""Where a line of log or a span belongs: to which thread, run, request and action.

Those ids travel in a context variable, so that whoever logs needs not know them. Spans go to OpenTelemetry,
whose API does nothing until an entry point (or the host of the library) gives it somewhere to send them.
They carry ids and figures and never a text, so there is nothing in them to redact.
"""

import logging
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    ProxyTracerProvider,
    Span,
    StatusCode,
    get_tracer,
    get_tracer_provider,
    set_tracer_provider,
)

from services.errors import AssistantError
from services.sensitive import mask

Figure = str | int | float | bool

_ids: ContextVar[Mapping[str, str]] = ContextVar("ids")
_unused_request_id: ContextVar[list[str]] = ContextVar("unused_request_id")
_MADE_HERE = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")  # or by LangGraph: a UUID
_masked = lru_cache(maxsize=256)(mask)
_tracer = get_tracer("jira_assistant")
_FLUSH_MS = 3000
log = logging.getLogger(__name__)


def ids() -> Mapping[str, str]:
    """What is bound here: any of thread_id, run_id, request_id, action_id."""
    return _ids.get({})


def safe(value: str) -> str:
    """An id as it may be shown: callers choose those of threads and sessions, so they may hold anything."""
    return value if _MADE_HERE.fullmatch(value) else _masked(value)


@contextmanager
def about(**bound: str | None) -> Iterator[None]:
    """Whatever is logged or traced inside belongs to these as well; empty ones change nothing."""
    token = _ids.set({**ids(), **{name: safe(value) for name, value in bound.items() if value}})
    try:
        yield
    finally:
        _ids.reset(token)


@contextmanager
def request() -> Iterator[str]:
    """One HTTP request. Its id, which the first message in it gets too."""
    request_id = str(uuid.uuid4())
    token = _unused_request_id.set([request_id])
    try:
        with about(request_id=request_id):
            yield request_id
    finally:
        _unused_request_id.reset(token)


def new_request_id() -> str:
    """Of a message: that of the HTTP request which brought it; a second message in it gets its own, since
    actions are told apart by it."""
    unused = _unused_request_id.get([])
    request_id = unused.pop() if unused else str(uuid.uuid4())
    _ids.set({**ids(), "request_id": request_id})
    return request_id


def open_span(name: str, figures: Mapping[str, Figure]) -> Span:
    """A span that whoever opened it ends."""
    return _tracer.start_span(name, attributes=figures)


@contextmanager
def span(
    name: str,
    within: Context | None = None,
    *,
    expected: tuple[type[Exception], ...] = (),
    figures: Mapping[str, Figure] = {},
) -> Iterator[Span]:
    """Times what is done inside, `within` another context or the one that is open. An error is told by its
    kind alone, for its message may quote anybody; those that are `expected` are none."""
    if isinstance(get_tracer_provider(), ProxyTracerProvider):  # nobody set it up
        yield INVALID_SPAN
        return
    with _tracer.start_as_current_span(
        name,
        context=within,
        attributes={**{f"jira_assistant.{key}": value for key, value in ids().items()}, **figures},
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except Exception as error:  # whatever it was is noted, and goes on
            if not isinstance(error, expected):
                failed(opened, error)
            raise


def failed(span: Span, error: BaseException) -> None:
    """What a span says of an error."""
    kind = error.code if isinstance(error, AssistantError) else type(error).__name__
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


def export_spans() -> None:
    """Sends spans to where the standard OTEL_* variables say, if they do. For entry points; a process that is
    instrumented already (`opentelemetry-instrument`, a host) is left as it is."""
    named = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} & os.environ.keys()
    off = os.environ.get("OTEL_TRACES_EXPORTER") == "none" or os.environ.get("OTEL_SDK_DISABLED") == "true"
    if not named or off or not isinstance(get_tracer_provider(), ProxyTracerProvider):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        log.warning(
            "%s is set, but spans cannot be sent (%s is missing): pip install 'jira-assistant[otel]'",
            min(named),
            error.name,
        )
        return
    names = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "jira-assistant"}
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    set_tracer_provider(provider)


def flush_spans() -> None:
    """Sends what waits, for a few seconds at most: a server that a signal ends runs nothing afterwards."""
    if flush := getattr(get_tracer_provider(), "force_flush", None):
        flush(_FLUSH_MS)
