"""Each HTTP request has an id: in the log of all that it does, and in the answer, for whoever asks about it.

It is always made here. One that a client sends could be sent twice, and actions are told apart by it.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import telemetry


class RequestIds:
    """Wraps all routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with telemetry.request() as request_id:

            async def named(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
                await send(message)

            await self._app(scope, receive, named)
