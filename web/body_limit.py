"""No body above 256 kB gets in: the LangGraph server alone would take 300 MB."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024
TOO_LARGE = f"The request has more than {MOST_BYTES // 1024} kB: send less."


class BodyLimit:
    """Wraps all routes. A declared length is believed, an undeclared one counted while it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if declared > MOST_BYTES or read > MOST_BYTES:
                raise HTTPException(413, TOO_LARGE)
            return message

        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        declared = int(length[:12]) if length.isdecimal() else 0
        await self._app(scope, counted if scope["type"] == "http" else receive, send)
