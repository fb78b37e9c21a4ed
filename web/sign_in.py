"""The door of the web app: who calls is found out here, before any route, and nothing gets past it unasked.

It wraps every route of the process, those of the LangGraph server too. What answers without a credential is
the short list below and nothing else; a new route is closed until it is opened there.
"""

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.server import Installation
from services.errors import AssistantError, NotAllowed, NotSignedIn
from services.identity import DEVELOPER, Identity, Role
from web.results import failure
from web.statuses import headers_of, status_of

OPEN = ("/health/live", "/ok", "/sign-in")  # what a load balancer asks, and where people sign in
OPEN_FOLDER = "/app/static/"  # the styles of the sign-in page
_IDENTITY = "jira_assistant.identity"


class SignIn:
    """Puts the Identity of the caller into the scope, or refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            if scope["path"] not in OPEN and not scope["path"].startswith(OPEN_FOLDER):
                scope[_IDENTITY] = await identify(scope)
        except AssistantError as error:
            await _refuse(error, scope, receive, send)
            return
        await self._app(scope, receive, send)


async def identify(scope: Scope) -> Identity:
    """Raises NotSignedIn."""
    installation: Installation = scope["app"].state.installation
    if not installation.settings.sign_in_required:
        return DEVELOPER
    raise NotSignedIn("There is no valid credential: sign in, or send an API key as a bearer token.")


def identity_of(connection: HTTPConnection) -> Identity:
    """Who calls, for any route behind the door."""
    found: Identity = connection.scope[_IDENTITY]
    return found


def require(connection: HTTPConnection, role: Role) -> Identity:
    """Who calls, if they have `role`; raises NotAllowed. In development mode everybody has."""
    identity = identity_of(connection)
    if role not in identity.roles:
        raise NotAllowed(f"This needs the role {role}, which you do not have: ask who gave you your key.")
    return identity


async def _refuse(error: AssistantError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    problem = failure(error, "")
    headers = {**headers_of(problem), "WWW-Authenticate": "Bearer"}
    refusal = {**problem, "detail": error.message}
    await JSONResponse(refusal, status_of(problem["error"]), headers)(scope, receive, send)
