"""Values for the fields that a transition asks for: a reviewer types text, Jira wants its own shapes.

A field of a kind that is not known here is refused by name and left to Jira's own screen.
"""

from datetime import date
from typing import Any

from services.errors import ActionFailed
from services.jira import JSON, Jira
from services.jira_shapes import FieldMeta, Transition

_LONG_TEXTS = ("description", "environment")


def required(transition: Transition) -> dict[str, FieldMeta]:
    """The fields that must be filled for the transition, by their ids."""
    return {
        name: field for name, field in transition.fields.items() if field.required and not field.has_default
    }


def choices(field: FieldMeta) -> list[str]:
    """The values Jira offers; empty where any text goes."""
    return [_label(value) for value in field.allowed or []]


def value(jira: Jira, key: str, field: FieldMeta, text: str) -> Any:
    """`text` as the value of `field` of the issue `key`. Raises ActionFailed naming the field."""
    if field.kind == "array":
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_single(jira, key, field, field.items or "string", part) for part in parts]
    return _single(jira, key, field, field.kind, text.strip())


def _single(jira: Jira, key: str, field: FieldMeta, kind: str, text: str) -> Any:
    if field.allowed:
        return _chosen(key, field, text)
    match kind:
        case "string" if field.system in _LONG_TEXTS or (field.custom or "").endswith(":textarea"):
            return jira.rich(text, key)
        case "string":
            return text
        case "user":
            return jira.user_value(text)
        case "number" | "date":
            try:
                return float(text) if kind == "number" else date.fromisoformat(text).isoformat()
            except ValueError as error:
                example = "12.5" if kind == "number" else "2026-03-31"
                raise ActionFailed(
                    f"{field.name} of {key} takes a {kind} like {example}, not {text[:40]!r}: correct it."
                ) from error
    raise ActionFailed(
        f"{field.name} of {key} ({kind}) cannot be filled from here: make this transition in Jira."
    )


def _chosen(key: str, field: FieldMeta, text: str) -> JSON:
    for option in field.allowed or []:
        if isinstance(option, dict) and _label(option).casefold() == text.casefold():
            return {"id": option["id"]} if "id" in option else {"name": _label(option)}
    raise ActionFailed(
        f"{field.name} of {key} does not take {text[:40]!r}: choose one of {', '.join(choices(field))[:300]}."
    )


def _label(option: Any) -> str:
    if isinstance(option, dict):
        return str(option.get("name") or option.get("value") or option.get("id"))
    return str(option)
