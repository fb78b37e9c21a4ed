"""What signed-in people may do with the resources of the LangGraph server: their own threads, and no more.

Denied is what is not named here. A run may say something or answer the pause it is shown, by its id; it may
not jump, write state, or begin from another checkpoint. Drafts of others are decided on our own routes. In
development mode everything is open, as Studio needs it; the door lets only this machine in then.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from langgraph_sdk import Auth

from graph.server import opened
from nodes.jira_assistant.rights import answered_by, owner_of
from nodes.jira_assistant.state import Context, Input
from services.identity import Identity, signed_in_of
from web.sign_in import identity_in

auth = Auth()
_INTERRUPT_ID = re.compile(r"[0-9a-f]{32}")
_CONFIG_KEYS = {"configurable", "metadata", "tags", "recursion_limit"}
_STEPS_AT_MOST = 100
_ADDED_BY_THE_SERVER = {
    *("langgraph_auth_user", "langgraph_auth_user_id", "langgraph_auth_permissions", "langgraph_request_id"),
    *("__context_provided__", "__request_start_time_ms__", "__after_seconds__", "__event_streaming_v2"),
    *("user-agent", "langsmith-trace", "langsmith-metadata", "langsmith-tags", "langsmith-project"),
}
"""Keys of `configurable` that the server writes itself, over whatever was sent, or that only name a trace."""


@auth.authenticate
async def authenticate(scope: dict[str, Any]) -> Any:
    """Whom the door has let in; it has verified them."""
    identity = identity_in(scope)
    if identity is None:
        raise Auth.exceptions.HTTPException(status_code=401, detail="Nobody is signed in.")
    return identity.as_user()


@auth.on
async def authorize(ctx: Auth.types.AuthContext, value: Any) -> Any:
    identity = signed_in_of(ctx.user)  # type: ignore[arg-type] # the server's look-alike of a dict
    if identity is None:
        return True
    rule = _RULES.get((ctx.resource, ctx.action))
    return await rule(identity, value) if rule else False


async def _look(identity: Identity, value: Any) -> Any:
    return True


async def _create_thread(identity: Identity, value: Any) -> Any:
    await _not_of_others(identity, value.get("thread_id"))
    if value.get("metadata") is None:
        value["metadata"] = {}
    value["metadata"].update(_owned(identity))
    return _owned(identity)


async def _own_thread(identity: Identity, value: Any) -> Any:
    await _not_of_others(identity, value.get("thread_id"))
    return _owned(identity)


async def _update_thread(identity: Identity, value: Any) -> Any:
    """Only the end of a run: state and its owner are not written from outside."""
    return _owned(identity) if value.get("action") == "interrupt" else False


async def _create_run(identity: Identity, value: Any) -> Any:
    kwargs = value["kwargs"]
    config, command, given = kwargs.get("config") or {}, kwargs.get("command"), kwargs.get("input")
    for name in ("interrupt_before", "interrupt_after", "webhook", "feedback_keys"):
        if kwargs.get(name):
            _deny(f"{name} is not for users")
    if value.get("multitask_strategy") not in (None, "enqueue", "reject") or value.get("after_seconds"):
        _deny("a run begins when its turn has come: after_seconds and other strategies are not for users")
    if foreign := (set(config) - _CONFIG_KEYS) | _foreign(config.get("configurable")):
        _deny(f"the config names {', '.join(sorted(foreign))[:200]}")
    if foreign := _foreign(kwargs.get("context")):
        _deny(f"the context names {', '.join(sorted(foreign))[:200]}")
    if not 1 <= (config.get("recursion_limit") or 1) <= _STEPS_AT_MOST:
        _deny(f"recursion_limit is above {_STEPS_AT_MOST}")
    if command is not None:
        kwargs["command"] = _only_answers(identity, command)
    if given is not None:
        kwargs["input"] = _only_messages(identity, given)
    kwargs["durability"] = "async"
    return await _create_thread(identity, value)


def _only_answers(identity: Identity, command: Any) -> Any:
    """Answers by interrupt id, with the name of who gives them."""
    answers = command.get("resume")
    if any(wish for name, wish in command.items() if name != "resume"):
        _deny("a command may only resume")
    if not isinstance(answers, dict) or not answers or not all(map(_INTERRUPT_ID.fullmatch, answers)):
        _deny("a resume names what it answers: {interrupt id: answer}")
    return {"resume": {id: answered_by(identity, answer) for id, answer in answers.items()}}


def _only_messages(identity: Identity, given: Any) -> Any:
    if not isinstance(given, dict) or set(given) - set(Input.__annotations__):
        _deny(f"the input is an object with some of {', '.join(Input.__annotations__)}")
    reply = given.get("reply")
    return given if reply is None else {**given, "reply": answered_by(identity, reply)}


def _foreign(named: Any) -> set[str]:
    """What is no field of the context, and nothing that the server adds."""
    known = set(Context.model_fields) | _ADDED_BY_THE_SERVER
    return {name for name in named or {} if name not in known and not name.startswith("x-")}


async def _not_of_others(identity: Identity, thread_id: Any) -> None:
    """Threads of our own pages have their state in the same place, and the LangGraph server does not know
    them: a thread made here under such an id would read as the maker's own."""
    if thread_id is None:
        return
    kept = await opened().saver.aget_tuple({"configurable": {"thread_id": str(thread_id)}})
    values = kept.checkpoint["channel_values"] if kept else {}
    if "author" in values and owner_of(values) != (identity.tenant, identity.user_id):
        raise Auth.exceptions.HTTPException(status_code=404, detail=f"There is no thread {thread_id}.")


def _owned(identity: Identity) -> dict[str, str]:
    return {"owner": identity.user_id, "tenant": identity.tenant}


def _deny(why: str) -> NoReturn:
    raise Auth.exceptions.HTTPException(status_code=403, detail=f"This run is not allowed: {why}.")


_Rule = Callable[[Identity, Any], Awaitable[Any]]
_RULES: dict[tuple[str, str], _Rule] = {
    ("assistants", "read"): _look,
    ("assistants", "search"): _look,
    ("threads", "create"): _create_thread,
    ("threads", "read"): _own_thread,
    ("threads", "search"): _own_thread,
    ("threads", "delete"): _own_thread,
    ("threads", "update"): _update_thread,
    ("threads", "create_run"): _create_run,
}
