"""What a browser is allowed, and how it is understood: headers, forms, cookies, errors as pages.

Pages run no inline script and load nothing from elsewhere, so that text of users stays text. A form is
taken only from our own pages: the browser itself says where it came from, and no other site can forge that.
"""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.errors import AssistantError
from web.desk import Desk
from web.rendering import render
from web.results import failure
from web.sign_in import from_own_page, identity_of
from web.statuses import headers_of, status_of

Endpoint = Callable[[Request], Awaitable[Response]]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser hides the origin of a form
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_A_YEAR_S = 31_536_000
_FIELDS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and in which zone. In development mode nobody signs in, and the name is what they said."""

    name: str
    zone: str
    signed_in: bool = False
    operator: bool = False


def page(endpoint: Endpoint) -> Endpoint:
    """A route that answers with pages: errors too, and nothing to forms of other sites."""

    @functools.wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            if request.method == "POST" and not from_own_page(request):
                raise HTTPException(403, "This form did not come from a page of the assistant: open it anew.")
            response = await endpoint(request)
        except AssistantError as error:
            problem = failure(error, "")
            response = await error_page(request, status_of(problem["error"]), error.message)
            response.headers.update(headers_of(problem))
        except HTTPException as error:
            response = await error_page(request, error.status_code, error.detail)
        response.headers.update(HEADERS)
        return response

    return guarded


async def error_page(request: Request, status: int, message: str) -> Response:
    """What went wrong, in words."""
    return await render("error.html", {"viewer": viewer(request), "message": message}, status)


def desk(request: Request) -> Desk:
    """What answers, for all routes of the app: as whoever calls may have it."""
    found: Desk = request.app.state.desk
    return found.of(identity_of(request))


def viewer(request: Request) -> Viewer:
    """Who is signed in; else from the cookies."""
    name, zone = request.cookies.get("viewer_name", ""), request.cookies.get("viewer_zone", "UTC")
    zone, identity = unquote(zone)[:64], identity_of(request)
    operator = "operator" in identity.roles
    if identity.signed_in:
        return Viewer(identity.user_id, zone, signed_in=True, operator=operator)
    return Viewer(unquote(name)[:100].strip(), zone, operator=operator)


def remember(request: Request, response: Response, name: str) -> Response:
    """Keeps who looks, for a year, in this browser; who is signed in is known already."""
    if identity_of(request).signed_in:
        return response
    value = quote(" ".join(name.split())[:100])
    secure = request.url.scheme == "https"
    response.set_cookie("viewer_name", value, max_age=_A_YEAR_S, secure=secure, httponly=True, samesite="lax")
    return response


async def form(request: Request) -> dict[str, str]:
    """The fields of a posted form; of one that came twice, the last."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError as error:
        raise HTTPException(400, f"The form has more than {_FIELDS_AT_MOST} fields.") from error
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def see_other(path: str) -> Response:
    """After a form, so that going back or reloading sends nothing twice."""
    return RedirectResponse(path, status_code=303)
