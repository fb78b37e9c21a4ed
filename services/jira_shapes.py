"""What Jira answers, as the few types we read of it.

The shapes are those of Atlassian's description of the REST API (v3) and, where v2 differs, of Data Center.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from pydantic import AliasPath, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.errors import ActionFailed, OutcomeUnknown

T = TypeVar("T")


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)


class User(_Shape):
    """Who we are. `account` is what JQL and fields know a user by: an account id, on Data Center a name."""

    account: str
    name: str = Field(alias="displayName", default="")
    time_zone: str | None = Field(alias="timeZone", default=None)


class Change(_Shape):
    """One field changed at one time; for a status `before` and `after` are status ids."""

    at: datetime
    field: str
    before: str | None = None
    after: str | None = None


class Issue(_Shape):
    """`category` is the key of the status category: new, indeterminate, done (names are translated).
    `changes` are there when they were asked for; None: ask for the changelog."""

    key: str
    summary: str = Field(validation_alias=AliasPath("fields", "summary"), default="")
    status: str = Field(validation_alias=AliasPath("fields", "status", "name"))
    category: str = Field(validation_alias=AliasPath("fields", "status", "statusCategory", "key"))
    updated: str = Field(validation_alias=AliasPath("fields", "updated"))
    created: datetime = Field(validation_alias=AliasPath("fields", "created"))
    resolution: str | None = Field(validation_alias=AliasPath("fields", "resolution", "name"), default=None)
    resolved: datetime | None = Field(validation_alias=AliasPath("fields", "resolutiondate"), default=None)
    changes: tuple[Change, ...] | None = None

    @property
    def done(self) -> bool:
        return self.category == "done"

    def __str__(self) -> str:
        return f"{self.key} {self.summary} ({self.status})"


class FieldMeta(_Shape):
    """A field on the screen of a transition."""

    name: str
    required: bool
    has_default: bool = Field(alias="hasDefaultValue", default=False)
    kind: str = Field(validation_alias=AliasPath("schema", "type"))
    items: str | None = Field(validation_alias=AliasPath("schema", "items"), default=None)
    system: str | None = Field(validation_alias=AliasPath("schema", "system"), default=None)
    custom: str | None = Field(validation_alias=AliasPath("schema", "custom"), default=None)
    allowed: list[Any] | None = Field(alias="allowedValues", default=None)


class Transition(_Shape):
    id: str
    name: str
    to: str = Field(validation_alias=AliasPath("to", "name"))
    category: str = Field(validation_alias=AliasPath("to", "statusCategory", "key"))
    fields: dict[str, FieldMeta] = {}


class Comment(_Shape):
    id: str
    public: bool | None = Field(alias="jsdPublic", default=None)
    properties: list[dict[str, Any]] = []


class Status(_Shape):
    id: str
    category: str = Field(validation_alias=AliasPath("statusCategory", "key"))


def parsed(shape: type[T], value: Any, doing: str, *, writes: bool = False) -> T:
    """`value` as `shape`. Raises ActionFailed where Jira answered with something else; OutcomeUnknown where
    that was the answer to a write."""
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        where = "; ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:3])
        raise (OutcomeUnknown if writes else ActionFailed)(
            f"Jira's answer to {doing} lacks what we need ({where}): check that JIRA_FLAVOUR fits this Jira."
        ) from error


def changes(histories: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The entries of a changelog, one a field, in the shape of Change."""
    for entry in histories:
        for item in entry.get("items", []):
            yield {
                "at": entry.get("created"),
                "field": item.get("fieldId") or item.get("field"),
                "before": item.get("from"),
                "after": item.get("to"),
            }
