"""Where people sign in with a key, and out again. The browser keeps a session, never the key."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graph.installation import Installation
from services.access_keys import SESSION_S
from services.errors import NotSignedIn
from services.steps import arun
from web.browser import form, page, see_other, viewer
from web.rendering import render
from web.sign_in import SESSION_COOKIE
from web.statuses import status_of


def routes() -> list[BaseRoute]:
    return [
        Route("/sign-in", page(ask)),
        Route("/sign-in", page(sign_in), methods=["POST"]),
        Route("/sign-out", page(sign_out), methods=["POST"]),
    ]


async def ask(request: Request, problem: str = "", wanted: str = "") -> Response:
    """The form; in development mode nobody signs in."""
    if not _installation(request).settings.sign_in_required:
        return see_other("/app")
    values = {
        "viewer": viewer(request),
        "problem": problem,
        "next": wanted or request.query_params.get("next", ""),
    }
    return await render("sign_in.html", values, status_of(NotSignedIn.code) if problem else 200)


async def sign_in(request: Request) -> Response:
    """A session for who has the key, and back to where they wanted to go."""
    fields = await form(request)
    wanted, peer = fields.get("next", ""), request.client.host if request.client else ""
    keys = _installation(request).keys
    try:
        cookie = await arun(keys.open_session(fields.get("key", "").strip(), peer))
    except NotSignedIn:
        return await ask(request, "This key is not valid, or not any more: ask who gave it to you.", wanted)
    response = see_other(wanted if _is_ours(wanted) else "/app")
    secure = request.url.scheme == "https"
    response.set_cookie(
        SESSION_COOKIE, cookie, max_age=SESSION_S, secure=secure, httponly=True, samesite="lax"
    )
    return response


async def sign_out(request: Request) -> Response:
    """Ends the session everywhere, not only in this browser."""
    await arun(_installation(request).keys.close_session(request.cookies.get(SESSION_COOKIE, "")))
    response = see_other("/sign-in")
    response.delete_cookie(SESSION_COOKIE)
    return response


def _is_ours(path: str) -> bool:
    """A path on this site; what begins with two slashes is another one, and browsers read \\ as a slash."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _installation(request: Request) -> Installation:
    found: Installation = request.app.state.installation
    return found
