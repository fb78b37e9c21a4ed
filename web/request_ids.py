"""Each HTTP request has an id: in the log of all that it does, in its span, and in the answer, for whoever
asks about it.

It is always made here. One that a client sends could be sent twice, and actions are told apart by it.
"""

from opentelemetry.propagate import extract
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import telemetry


class RequestIds:
    """Wraps all routes. The span is part of the trace that the client's own headers name, if they do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        caller = extract(dict(Headers(scope=scope)))
        figures = {"http.request.method": scope["method"]}
        with telemetry.request() as request_id, telemetry.span("request", caller, figures=figures) as span:

            async def named(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, named)
            if route := getattr(scope.get("route"), "path", None):  # as it is declared: /actions/{action_id}
                span.set_attribute("http.route", route)
