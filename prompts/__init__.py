"""What we say to a model: one Markdown file a prompt, rendered strictly.

A missing value raises and so does an unused one, so a prompt and its caller cannot drift apart.
Text from outside never becomes instructions: it is fenced in a named tag, and that tag is
neutralised inside the text. Templates may be edited by an operator, so they render in a sandbox.
"""

import re
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

_FOLDER = Path(__file__).parent
_ENVIRONMENT = ImmutableSandboxedEnvironment(  # plain text for a model, not HTML
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
)


class PromptError(ValueError):
    """A template and the values given to it do not fit."""


@cache
def source(name: str) -> str:
    """The text of a prompt file; `name` is its path below this folder without `.md`."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=64)
def _compiled(text: str) -> tuple[Template, set[str]]:
    """The template and the values it wants; compiling one takes longer than all else about a prompt."""
    return _ENVIRONMENT.from_string(text), meta.find_undeclared_variables(_ENVIRONMENT.parse(text))


def render(name: str, *, template: str | None = None, **values: object) -> str:
    """The prompt `name` with `values` filled in; `template` replaces the file's text where it was edited.

    Raises PromptError when a value is missing, or unused by the file (an edited text may drop values).
    """
    text = template or source(name)
    try:
        compiled, wanted = _compiled(text)
        if (unused := sorted(values.keys() - wanted)) and text == source(name):
            raise PromptError(f"The prompt {name} does not use {', '.join(unused)}: use or drop it.")
        return compiled.render(**values)
    except TemplateError as error:
        raise PromptError(f"The prompt {name} cannot be rendered: {error}. Correct the template.") from error


def version(name: str, *, template: str | None = None) -> str:
    """Ten hexadecimal digits that change whenever the prompt's text does."""
    return sha256((template or source(name)).encode()).hexdigest()[:10]


def fence(tag: str, text: str) -> str:
    """`text` between `<tag>` and `</tag>`, with any such tag inside it made harmless."""
    harmless = re.sub(rf"<(?=\s*+(?:/\s*+)?{re.escape(tag)}\b)", "‹", text, flags=re.IGNORECASE)
    return f"<{tag}>\n{harmless}\n</{tag}>"
