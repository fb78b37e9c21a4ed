"""The door of the web app: who calls is found out here, before any route, and nothing gets past it unasked.

It wraps every route of the process, those of the LangGraph server too. What answers without a credential is
the short list below and nothing else; a new route is closed until it is opened there. In development mode
nobody signs in, so only this machine is answered, and no page of somebody else's in its browser.
"""

import ipaddress
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.installation import Installation
from services.access_keys import KEY_PREFIX, REFUSED
from services.errors import AssistantError, NotAllowed, NotSignedIn
from services.identity import DEVELOPER, Identity, Role
from services.settings import LOOPBACK
from services.steps import arun
from web.results import failure
from web.statuses import headers_of, status_of

OPEN = (
    "/health/live",
    "/health/ready",
    "/ok",
    "/sign-in",
)  # what a load balancer asks, and where people sign in
OPEN_FOLDER = "/app/static/"  # the styles of the sign-in page
_FOR_OPERATORS = ("/metrics",)
_FOR_NOBODY = ("/deploy", "/internal")  # what the development runtime of the LangGraph server adds
KNOWN_UIS = ("https://smith.langchain.com", "https://agentchat.vercel.app", "https://dev.agentinbox.ai")
SESSION_COOKIE = "jira_assistant_session"
_IDENTITY = "jira_assistant.identity"
_SAFE = ("GET", "HEAD", "OPTIONS")


class SignIn:
    """Puts the Identity of the caller into the scope, or refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            if not _is_open(connection):
                identity = await identify(connection)
                _may_go_there(identity, scope["path"])
                scope[_IDENTITY] = identity
        except AssistantError as error:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await _refusal(error, connection)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def identify(connection: HTTPConnection) -> Identity:
    """Who calls. Raises NotSignedIn, NotAllowed, StorageError, SignInUnavailable."""
    installation: Installation = connection.app.state.installation
    if not installation.settings.sign_in_required:
        _is_this_machine(connection)
        return DEVELOPER
    credential = _presented(connection)
    if credential is None:
        return await _of_session(connection, installation)
    _no_other_site_asked(connection)
    if credential.startswith(KEY_PREFIX):
        return await arun(installation.keys.identity_of(credential))
    if installation.tokens is None:
        raise NotSignedIn(REFUSED)
    return await arun(installation.tokens.identity_of(credential))


def identity_of(connection: HTTPConnection) -> Identity:
    """Who calls, for any route behind the door; on the page to sign in, nobody with any right."""
    return identity_in(connection.scope) or Identity("", roles=frozenset())


def identity_in(scope: MutableMapping[str, Any]) -> Identity | None:
    """Whom the door has let in; None where it was not asked."""
    found: Identity | None = scope.get(_IDENTITY)
    return found


def require(connection: HTTPConnection, role: Role) -> Identity:
    """Who calls, if they have `role`; raises NotAllowed. In development mode everybody has."""
    identity = identity_of(connection)
    if role not in identity.roles:
        raise NotAllowed(f"This needs the role {role}, which you do not have: ask who gave you your key.")
    return identity


def from_own_page(connection: HTTPConnection) -> bool:
    """Whether a browser says that one of our own pages sent this; no other site can make it say so."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = connection.headers.get("origin")  # all that a browser tells over plain http to another machine
    return origin is not None and _netloc(origin) == connection.headers.get("host")


def _is_open(connection: HTTPConnection) -> bool:
    path = connection.scope["path"]
    if path in OPEN or path.startswith(OPEN_FOLDER):
        return True
    asks = (
        connection.scope.get("method") == "OPTIONS" and "access-control-request-method" in connection.headers
    )
    return asks and _is_known(connection.headers.get("origin", ""))  # answered by the CORS middleware alone


def _presented(connection: HTTPConnection) -> str | None:
    """The key or token that was sent. One that is sent and wrong is refused, whatever else is there."""
    for name in ("authorization", "x-api-key"):
        given = connection.headers.getlist(name)
        if not given:
            continue
        scheme, _, value = given[0].partition(" ") if name == "authorization" else ("bearer", "", given[0])
        if len(given) > 1 or scheme.lower() != "bearer" or not value.strip():
            raise NotSignedIn(REFUSED)
        return value.strip()
    return None


async def _of_session(connection: HTTPConnection, installation: Installation) -> Identity:
    """A browser sends its cookie along whoever asked for it, so whatever changes anything must be asked for
    by a page of ours."""
    identity = await arun(installation.keys.identity_of_session(connection.cookies.get(SESSION_COOKIE, "")))
    if connection.scope.get("method") not in _SAFE and not from_own_page(connection):
        raise NotAllowed("This did not come from a page of the assistant: open it anew.")
    return identity


def _no_other_site_asked(connection: HTTPConnection) -> None:
    """A proxy that signs people in adds their token to whatever their browser sends, for any site."""
    origin = connection.headers.get("origin")
    if origin is None or connection.scope.get("method") in _SAFE:
        return
    if not from_own_page(connection) and not _is_known(origin):
        raise NotAllowed(f"A page of {origin[:100]} asked for this: it is not one that may.")


def _may_go_there(identity: Identity, path: str) -> None:
    if not identity.signed_in:
        return
    if _is_under(path, _FOR_NOBODY) or (_is_under(path, _FOR_OPERATORS) and "operator" not in identity.roles):
        raise NotAllowed(
            f"{path} is not for you: it needs the role operator, or is closed here for everybody."
        )


def _is_under(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _is_this_machine(connection: HTTPConnection) -> None:
    """The peer alone does not tell: a proxy on this machine speaks for others, and so does a browser here
    that was led to a name which somebody else pointed at this machine."""
    headers = connection.headers
    peer, host, origin = connection.client, headers.get("host", ""), headers.get("origin")
    proxied = [name for name in headers if name in ("forwarded", "x-real-ip") or "x-forwarded-" in name]
    if proxied or peer is None or not _is_loopback_address(peer.host) or not _is_loopback_name(host):
        raise NotAllowed(
            "In development mode, without sign-in, only this machine is answered, under its own name "
            "(localhost) and not through a proxy. Set AUTH_REQUIRED=true and make keys to open it to others."
        )
    if origin is not None and not _is_known(origin) and _netloc(origin) != host:
        raise NotAllowed(f"A page of {origin[:100]} asked for this: it is not one that may.")


def _is_known(origin: str) -> bool:
    return origin in KNOWN_UIS or (origin.startswith("http") and _is_loopback_name(_netloc(origin)))


def _netloc(origin: str) -> str:
    return origin.partition("://")[2]


def _is_loopback_name(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:  # no address at all, like [::1
        return False


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal(error: AssistantError, connection: HTTPConnection) -> Response:
    """People are sent to the page to sign in, and from there back to where they wanted to go."""
    wants_page = connection.scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
    if isinstance(error, NotSignedIn) and wants_page:
        query = connection.scope["query_string"].decode("latin-1")
        wanted = connection.scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303, {"Cache-Control": "no-store"})
    problem = failure(error, "")
    headers = {**headers_of(problem), "Cache-Control": "no-store"}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({**problem, "detail": error.message}, status_of(problem["error"]), headers)
