"""Variants: another prompt or model for a share of the users, to be measured before all get it.

Who is in which is settled by a hash of the variant's name and the user, without randomness or memory: the
same user gets the same in every process and on every day, and stays in when the share grows.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PromptName = Literal["rephrase_comment", "draft_email"]


def _read(text: object) -> object:
    """The file's text where a file is named."""
    if not isinstance(text, str) or not text.endswith(".md"):
        return text
    try:
        return Path(text).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ValueError(f"the prompt file {text} cannot be read: correct the path") from error


class Variant(BaseModel):
    """What differs for those who are in it; all else stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: float = Field(ge=0, le=100, description="Percent of the users.")
    prompts: dict[PromptName, Annotated[str, BeforeValidator(_read), Field(min_length=1)]] = Field(
        default={}, description="The text, or the path of a file that ends in .md."
    )
    primary_model: str | None = Field(default=None, min_length=1, description="As PRIMARY_MODEL.")


def chosen(variants: Mapping[str, Variant], tenant: str | None, user: str) -> str | None:
    """The first variant that the user is in, in the order of the setting; None for everybody else."""
    return next((name for name, variant in variants.items() if _at(name, tenant, user) < variant.share), None)


def _at(name: str, tenant: str | None, user: str) -> float:
    """Where the user stands in a variant's queue: 0 to just below 100, evenly spread."""
    digest = sha256(f"{name}\0{tenant or ''}\0{user}".encode()).digest()
    return int.from_bytes(digest[:4], "big") * 100 / 2**32
