"""The JSON routes for end users and their clients, answered in process and described in OpenAPI.

They stand beside the LangGraph Server API and need none of it: no assistants, no runs, no commands that
could go around an approval.
"""

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse

from nodes.jira_assistant.contracts import Action
from services import JSON
from services.steps import arun
from web import schemas
from web.browser import desk
from web.statuses import STATUS_OF, headers_of, status_of

ActionId = Annotated[str, Path(max_length=200, description="As `pending_approval.action_id` names it.")]
Narrow = Annotated[str | None, Query(max_length=200)]
_WORDS = {
    404: "No such action.",
    409: "Somebody else decided first; `decision` is theirs.",
    413: "Over 256 kB.",
}
_CODES = sorted({*STATUS_OF.values(), 413, 502})
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": schemas.Problem, **({"description": _WORDS[code]} if code in _WORDS else {})}
    for code in _CODES
}


def add_routes(app: FastAPI) -> None:
    """Straight onto the app: the LangGraph server cannot put its sign-in before an included router."""
    shared: dict[str, Any] = {"responses": _PROBLEMS, "tags": ["Assistant"]}
    app.get("/approvals", response_model=schemas.Waiting, **shared)(approvals)
    app.get("/actions/{action_id}", response_model=schemas.ActionAndHistory, **shared)(action)
    app.post("/approvals/{action_id}", response_model=schemas.Result, **shared)(decide)
    app.post("/chat", response_model=schemas.Result, **shared)(chat)
    app.get("/tone", response_model=schemas.Edits, **shared)(tone)
    app.delete("/tone", response_model=schemas.Forgotten, **shared)(forget_tone)


async def chat(asked: schemas.ChatRequest, request: Request) -> JSONResponse:
    """Send one message. A draft then waits in `pending_approval`: decide on it with POST /approvals."""
    context = asked.context.model_dump(exclude_unset=True)
    return _answer(await arun(desk(request).ask(asked.message, context, asked.thread_id)))


async def approvals(
    request: Request, project: Narrow = None, user: Narrow = None, action: Action | None = None
) -> JSONResponse:
    """List what waits for a decision, longest waiting first."""
    rows = await arun(desk(request).waiting(project=project or "", user=user or "", action=action or ""))
    return JSONResponse({"waiting": rows})


async def decide(action_id: ActionId, said: schemas.DecisionRequest, request: Request) -> JSONResponse:
    """Accept, edit, respond to or reject a draft. The first decision counts."""
    context = {"user_id": said.user_id} if said.user_id else {}
    steps = desk(request).decide_action(action_id, said.verb, context, text=said.text, args=said.args)
    return _answer(await arun(steps))


async def action(action_id: ActionId, request: Request) -> JSONResponse:
    """One action, and all that became of it."""
    row, history = await arun(desk(request).action(action_id))
    return JSONResponse({"action": row, "history": history})


async def tone(request: Request, user: Narrow = None) -> JSONResponse:
    """The edits that your drafts learn from, with LEARN_FROM_EDITS. `user` counts where nobody signs in."""
    return JSONResponse({"edits": await arun(desk(request).edits(user or ""))})


async def forget_tone(request: Request, user: Narrow = None, action_id: Narrow = None) -> JSONResponse:
    """Forget them: all, or that of one action."""
    return JSONResponse({"forgotten": await arun(desk(request).forget_edits(user or "", "", action_id))})


def _answer(result: JSON) -> JSONResponse:
    return JSONResponse(result, status_of(result.get("error")), headers_of(result))
