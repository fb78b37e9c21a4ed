"""The pages: chat, review queue, an action's history, figures. Plain forms; scripts only add to them."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from services import JSON
from services.errors import ActionNotFound
from services.steps import arun
from web.browser import HEADERS, desk, form, page, remember, see_other, viewer
from web.cards import Card
from web.rendering import FOLDER, render
from web.results import TITLES
from web.static_files import LocalFiles
from web.statuses import headers_of, status_of

EXAMPLES = (
    "fixed the button bug on PAY-12, tested on staging",
    "done with PAY-14",
    "email my manager that I am ill today",
    "how productive was I this week?",
)
PERIODS = ("today", "yesterday", "this week", "last week", "this month", "last month", "last 30 days")
_FILTERS = ("project", "user", "action")
_ABOUT = ("project", "issue_key", "manager_name", "manager_email")
_SHOWN_AT_MOST = 50


def routes() -> list[BaseRoute]:
    """All pages and what they load."""
    return [
        Route("/", home),
        Route("/app", page(chat)),
        Route("/app", page(say), methods=["POST"]),
        Route("/me", page(introduce), methods=["POST"]),
        Route("/review", page(review)),
        Route("/review/waiting", page(waiting)),
        Route("/review/{action_id}", page(decide), methods=["POST"]),
        Route("/actions/{action_id}/history", page(history)),
        Route("/actions/{action_id}/why", page(why)),
        Route("/actions/{action_id}/state", page(state)),
        Route("/figures", page(figures)),
        Mount("/app/static", LocalFiles(FOLDER / "static", HEADERS)),
    ]


async def home(request: Request) -> Response:
    """People go to the chat; a load balancer that asks whether the server lives is answered as before."""
    if "text/html" in request.headers.get("accept", ""):
        return see_other("/app")
    return JSONResponse({"ok": True})


async def chat(request: Request, problem: JSON | None = None) -> Response:
    """A conversation, or the start of one; `say` in the address fills the message in."""
    thread = request.query_params.get("thread", "")[:200]
    talk = await arun(desk(request).conversation(thread)) if thread else {"turns": [], "about": {}}
    values = {
        "viewer": viewer(request),
        "thread": thread,
        "turns": talk["turns"],
        "about": {name: talk["about"].get(name, "") for name in _ABOUT},
        "say": request.query_params.get("say", "")[:5000],
        "examples": EXAMPLES,
        "problem": problem,
        "return_to": urlencode({"from": "app"}),
    }
    return await _render("chat.html", values, problem)


async def say(request: Request) -> Response:
    """One message. What could not be taken is shown again with the reason, as it was typed."""
    fields = await form(request)
    me = viewer(request)
    name = me.name or fields.get("name", "").strip()
    about = {key: fields[key].strip() for key in _ABOUT if fields.get(key, "").strip()}
    context = {**about, "time_zone": me.zone, **({"user_id": name, "user_name": name} if name else {})}
    result = await arun(
        desk(request).ask(fields.get("message", ""), context, fields.get("thread", "")[:200] or None)
    )
    if result.get("error"):
        return await chat(request, {**result, "fields": fields})
    return remember(request, see_other(_chat_address(result["thread_id"])), name)


async def introduce(request: Request) -> Response:
    """Who looks: kept in this browser."""
    fields = await form(request)
    back = fields.get("back", "")
    path = back if back in ("/app", "/review", "/figures", "/operations") else "/app"
    return remember(request, see_other(path), fields.get("name", ""))


async def review(request: Request, problem: JSON | None = None) -> Response:
    """What waits, longest first; after a decision also what came of it."""
    filters = _filters(request)
    rows = await arun(desk(request).waiting(**filters))
    done = None
    if decided := request.query_params.get("done"):
        try:
            done, _ = await arun(desk(request).action(decided[:200]))
        except ActionNotFound:
            done = None  # an old or a mistyped address: the queue is still the answer
    values = {
        "viewer": viewer(request),
        "rows": rows[:_SHOWN_AT_MOST],
        "more": max(0, len(rows) - _SHOWN_AT_MOST),
        "filters": filters,
        "kinds": TITLES,
        "done": done,
        "problem": problem,
        "return_to": urlencode(filters),
    }
    return await _render("review.html", values, problem)


async def waiting(request: Request) -> Response:
    """The ids of what waits, for a page that is open and wants to know what changed."""
    rows = await arun(desk(request).waiting(**_filters(request)))
    return JSONResponse({"ids": [row["action_id"] for row in rows]})


async def state(request: Request) -> Response:
    """What became of an action, in words, for a page that still shows it as waiting."""
    row, _ = await arun(desk(request).action(request.path_params["action_id"]))
    by = f" by {row['decision']['by']}" if row["decision"] else ""
    return JSONResponse({"words": f"{Card(row).state}{by}."})


async def decide(request: Request) -> Response:
    """An answer to a draft, from the queue or from the chat; it goes back to where it came from."""
    action_id, fields = request.path_params["action_id"], await form(request)
    verb, me = fields.get("verb", ""), viewer(request).name or fields.get("name", "").strip()
    from_chat = request.query_params.get("from") == "app"
    args = {name[4:]: value for name, value in fields.items() if name.startswith("arg.")}
    result = await arun(
        desk(request).decide_action(
            action_id,
            verb,
            {"user_id": me} if me else {},
            text=fields.get("text", "").strip() or None,
            args=args if verb == "edit" else None,
        )
    )
    of_record = result.get("decision") or {}
    mine_already = result.get("error") == "action_conflict" and of_record.get("by") == me  # a second click
    if result.get("error") and not (mine_already and of_record.get("verb") == verb):
        problem = {**result, "action_id": action_id, "fields": fields}
        return await (chat if from_chat else review)(request, problem)
    if from_chat:
        return remember(request, see_other(_chat_address(result["thread_id"])), me)
    redrafted = (result.get("pending_approval") or {}).get("action_id", "")
    query = urlencode({**_filters(request), "done": action_id})
    return remember(request, see_other(f"/review?{query}" + (f"#a-{redrafted}" if redrafted else "")), me)


async def history(request: Request) -> Response:
    """One action, and all that became of it."""
    row, events = await arun(desk(request).action(request.path_params["action_id"]))
    return await render("history.html", {"viewer": viewer(request), "row": row, "events": events})


async def why(request: Request) -> Response:
    """The conversation that an action is of, explained."""
    row, _ = await arun(desk(request).action(request.path_params["action_id"]))
    messages = await arun(desk(request).explained(row["thread_id"]))
    return await render("explained.html", {"viewer": viewer(request), "row": row, "messages": messages})


async def figures(request: Request) -> Response:
    """What somebody got done in a period, as the assistant's own record has it."""
    me = viewer(request)
    period = request.query_params.get("period", "")
    period = period if period in PERIODS else "this week"
    user = request.query_params.get("user", me.name)[:200].strip()
    counted = await arun(desk(request).figures(user, period, me.zone)) if user else None
    values: dict[str, Any] = {"viewer": me, "user": user, "period": period, "periods": PERIODS}
    return await render("figures.html", {**values, "figures": counted})


async def _render(name: str, values: JSON, problem: JSON | None) -> Response:
    """A page; of what went wrong it has the status, and says when to try again."""
    response = await render(name, values, status_of(problem["error"]) if problem else 200)
    response.headers.update(headers_of(problem or {}))
    return response


def _filters(request: Request) -> dict[str, str]:
    given = {name: request.query_params.get(name, "").strip()[:200] for name in _FILTERS}
    return {name: value for name, value in given.items() if value}


def _chat_address(thread: str) -> str:
    return f"/app?{urlencode({'thread': thread})}#latest"
