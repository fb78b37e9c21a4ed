"""Templates become pages here, in a thread: they are read from disk, and comparing long texts takes time.

Everything is escaped, and a template that names what it was not given fails instead of showing nothing.
"""

import asyncio
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from web import cards, marks, words

FOLDER = Path(__file__).parent

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["card_of"] = cards.Card
_environment.filters.update(dollars=words.dollars, share=words.share, took=words.took, whole=words.whole)
_environment.filters.update(
    shown=marks.shown, moment=cards.moment, label=cards.label_of, told=cards.told, lasting=cards.lasting
)


async def render(name: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    """The template `name` with `values`, as a page."""
    text = await asyncio.to_thread(lambda: _environment.get_template(name).render(values))
    return HTMLResponse(text, status)
