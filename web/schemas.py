"""The shapes of the JSON routes, as Pydantic models for checking what comes in and for OpenAPI.

What goes out is described once, where it is made, as TypedDicts; `model_of` turns those into models.
"""

import json
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from nodes.jira_assistant.state import Context
from nodes.jira_assistant.state import Result as ResultShape
from services import ActionRow as ActionRowShape
from web.replies import Verb


@lru_cache
def model_of(shape: Any) -> Any:
    """The TypedDict `shape` as a model of the same name; what may be missing there is optional here.

    Pydantic reads `typing.TypedDict` itself only from Python 3.12 on.
    """
    hints = get_type_hints(shape)
    fields: dict[str, Any] = {
        name: (_readable(hint), ...) if name in shape.__required_keys__ else (_readable(hint) | None, None)
        for name, hint in hints.items()
    }
    return create_model(shape.__name__, __doc__=shape.__doc__, **fields)


def _readable(hint: Any) -> Any:
    if is_typeddict(hint):
        return model_of(hint)
    parts = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return Union[tuple(_readable(part) for part in parts)]  # noqa: UP007 - made of a list
    if get_origin(hint) in (list, dict):
        return get_origin(hint)[tuple(_readable(part) for part in parts)]
    return hint


_said: dict[str, Any] = {
    name: (field.annotation, field)
    for name, field in Context.model_fields.items()
    if not name.endswith("_prompt")  # what a model is told is not for end users
}
Speaker: Any = create_model(
    "Speaker",
    __doc__="Who speaks, about what, and how they want to be answered.",
    __config__=ConfigDict(extra="forbid", coerce_numbers_to_str=True),
    **_said,
)


class Incoming(BaseModel):
    """What clients send."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _can_be_stored(cls, given: Any) -> Any:
        if isinstance(given, bytes):
            raise ValueError("it is not said to be JSON: send Content-Type: application/json")
        try:
            json.dumps(given, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("half a character (a lone surrogate) is in it: send whole ones") from error
        except TypeError as error:  # bytes, as they came: it was not said that they are JSON
            raise ValueError(
                "it is no JSON: send JSON, with the header Content-Type: application/json"
            ) from error
        return given


class ChatRequest(Incoming):
    """One message."""

    message: str = Field(description="What the user typed.")
    thread_id: str | None = Field(default=None, max_length=200, description="To go on with; None: a new one.")
    context: Speaker = Field(default_factory=Speaker, description="Without a `user_id` nothing is done.")


class DecisionRequest(Incoming):
    """A decision on one action. With `edit`, `args` are the changed ones of its arguments."""

    verb: Verb
    user_id: str | None = Field(
        default=None, min_length=1, max_length=200, description="Who decides, where nobody signs in."
    )
    text: str | None = Field(
        default=None, description="respond: what to change; reject: why; edit: the main text, edited."
    )
    args: dict[str, str] | None = Field(default=None, description="edit: the arguments, edited.")

    @model_validator(mode="after")
    def _whole(self) -> "DecisionRequest":
        if self.verb == "respond" and not self.text:
            raise ValueError("respond needs text: what to change")
        if self.verb == "edit" and (self.text is None) == (self.args is None):
            raise ValueError("edit needs either args or text")
        if self.verb == "accept" and (self.text or self.args):
            raise ValueError("accept takes neither text nor args: to change something, edit")
        if self.verb != "edit" and self.args is not None:
            raise ValueError("only edit takes args")
        return self


class Result(model_of(ResultShape)):  # type: ignore[misc] # made at run time
    """What came of a message or a decision."""

    thread_id: str


class Problem(BaseModel):
    """Why nothing came of it. Some errors say more: retry_after_s, decision, resets_at, ..."""

    model_config = ConfigDict(extra="allow")

    error: str
    error_message: str


class Waiting(BaseModel):
    """What waits for a decision, longest first."""

    waiting: list[model_of(ActionRowShape)]  # type: ignore[valid-type] # made at run time


class Event(BaseModel):
    """One thing that became of an action."""

    event: Literal["prepared", "approved", "sending", "done", "rejected", "expired", "superseded", "unknown"]
    by: str
    at: float = Field(description="Seconds since 1970, UTC.")
    detail: str = Field(description="JSON, or words, or nothing.")


class ActionAndHistory(BaseModel):
    """One action and its history, oldest first."""

    action: model_of(ActionRowShape)  # type: ignore[valid-type] # made at run time
    history: list[Event]


class Edit(BaseModel):
    """One edited draft: the arguments that were changed, before and after."""

    action: str
    action_id: str
    user_id: str
    edited_by: str
    changed: dict[str, list[str]]


class Edits(BaseModel):
    """What drafts learn from, the newest first."""

    edits: list[Edit]


class Forgotten(BaseModel):
    """How many edits were."""

    forgotten: int
