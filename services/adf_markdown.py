"""ADF as Markdown: what a reviewer reads of a draft or of an issue, in the subset of services.markup.

For a document that `to_adf` made, `to_adf(to_markdown(document)) == document`. For what people made in
Jira's editor the text is kept and what the subset lacks (panels, tables, colours) is not.
"""

import re
from collections.abc import Callable, Iterator
from itertools import count, groupby
from typing import NamedTuple
from unicodedata import category

from services.markup import IssueUrl, Node, lines_of, mark_of, no_issue_links

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(?=[-+](?:\s|$)|~~~)|^([0-9]{1,9})(?=[.)](?:\s|$))")
_DELIMITERS = {"strong": "**", "em": "_"}


class _Mark(NamedTuple):
    """Markdown between the characters of a text. `outside` is where its outer neighbour stands: -1 before
    it (an opening delimiter), +1 after it (a closing one), 0 for what is no delimiter."""

    written: str
    outside: int = 0


def to_markdown(adf: Node, issue_url: IssueUrl = no_issue_links) -> str:
    """The document as Markdown. `issue_url` as it was given to `to_adf`: those links are written as keys."""
    return _blocks(adf.get("content", []), issue_url)


def _blocks(nodes: list[Node], issue_url: IssueUrl) -> str:
    """A list right after a list of its kind gets the other marker, or they would be read as one."""
    written, other, before = [], False, ""
    for node in nodes:
        other = node["type"] == before and not other
        before = node["type"]
        written.append(_block(node, other, issue_url))
    return "\n\n".join(filter(None, written))


def _block(node: Node, other: bool, issue_url: IssueUrl) -> str:
    content = node.get("content", [])
    match node["type"]:
        case "bulletList":
            return "\n".join(_item(item, "*" if other else "-", issue_url) for item in content)
        case "orderedList":
            first, dot = int(node.get("attrs", {}).get("order", 1)), ")" if other else "."
            return "\n".join(
                _item(item, f"{min(first + step, 999_999_999)}{dot}", issue_url)
                for step, item in enumerate(content)
            )
        case "codeBlock":
            code = "".join(part["text"] for part in content)
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
            return "\n".join(filter(None, [fence + node.get("attrs", {}).get("language", ""), code, fence]))
    if any("content" in part for part in content):
        return _blocks(content, issue_url)
    return _lines(content, issue_url)


def _item(node: Node, marker: str, issue_url: IssueUrl) -> str:
    content = node.get("content", [])
    indent = " " * (len(marker) + 1)
    text = re.sub(r"\n(?=[^\n])", "\n" + indent, _blocks(content, issue_url))
    if text and content[0] == {"type": "paragraph"}:
        return f"{marker}\n{indent}{text}"
    return f"{marker} {text}".rstrip(" ")


def _lines(content: list[Node], issue_url: IssueUrl) -> str:
    lines = [_line(line, issue_url) for line in lines_of(content)]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(line or "\\" for line in lines)


def _line(nodes: list[Node], issue_url: IssueUrl) -> str:
    written = ""
    parts = list(_parts(list(_with_keys_bare(nodes, issue_url)), ("link", "strong", "em")))
    for mark, run in groupby(_guarded(parts), key=lambda part: isinstance(part, _Mark)):
        text = "".join(part.written if isinstance(part, _Mark) else part for part in run)
        if not mark:
            text = _SPECIAL.sub(r"\\\g<0>", text)
            text = text if written else _LINE_START.sub(r"\1\\", text)
        written += text
    return written


def _guarded(parts: list[str | _Mark]) -> list[str | _Mark]:
    """Delimiters count only beside the right characters, and white space at the ends of a line not at all:
    a character that stands in the way becomes a character reference."""

    def guard(at: int, when: Callable[[str], bool]) -> None:
        part = parts[at] if 0 <= at < len(parts) else _Mark("")
        if isinstance(part, str) and when(part):
            parts[at] = _Mark(f"&#{ord(part)};")

    guard(0, str.isspace)
    guard(len(parts) - 1, str.isspace)
    for at, part in enumerate(parts):
        if isinstance(part, _Mark) and part.outside:
            guard(at - part.outside, str.isspace)
            if part.written == "_" or _separates(parts[at - part.outside]):
                guard(at + part.outside, lambda outer: not _separates(outer))
    return parts


def _separates(part: str | _Mark) -> bool:
    return isinstance(part, _Mark) or part == " " or category(part)[0] in "PS"


def _with_keys_bare(nodes: list[Node], issue_url: IssueUrl) -> Iterator[Node]:
    """Links that `to_adf` makes of issue keys as mere text, where it would make them again."""
    for before, node, after in zip([{}, *nodes], nodes, [*nodes[1:], {}], strict=False):
        link, key = mark_of(node, "link"), node.get("text", "")
        glued = before.get("text", "")[-1:] + after.get("text", "")[:1]
        bare = link and len(node["marks"]) == 1 and issue_url(key) == link["attrs"]["href"]
        yield {"type": "text", "text": key} if bare and not re.search(r"[\w/-]", glued) else node


def _parts(nodes: list[Node], kinds: tuple[str, ...]) -> Iterator[str | _Mark]:
    """The line as single characters of text, and marks between them; marks nest in the order of `kinds`."""
    if not kinds:
        for node in nodes:
            yield from _leaf(node)
        return
    for mark, run in groupby(nodes, key=lambda node: mark_of(node, kinds[0])):
        inner = list(run)
        if mark is None:
            yield from _parts(inner, kinds[1:])
        elif kinds[0] in _DELIMITERS:
            yield _Mark(_DELIMITERS[kinds[0]], -1)
            yield from _parts(inner, kinds[1:])
            yield _Mark(_DELIMITERS[kinds[0]], +1)
        elif [node.get("text") for node in inner] == [mark["attrs"]["href"]] and len(inner[0]["marks"]) == 1:
            yield _Mark(f"<{mark['attrs']['href']}>")
        else:
            yield _Mark("[")
            yield from _parts(inner, kinds[1:])
            yield _Mark(f"](<{re.sub('&(?=#?[0-9A-Za-z]+;)', '&amp;', mark['attrs']['href'])}>)")


def _leaf(node: Node) -> Iterator[str | _Mark]:
    if mark_of(node, "code"):
        code = node["text"]
        ticks = "`" * next(n for n in count(1) if not re.search(f"(?<!`)`{{{n}}}(?!`)", code))
        pad = (
            " "
            if code[0] in "`" or code[-1] == "`" or (code[0] == code[-1] == " " and code.strip(" "))
            else ""
        )
        yield _Mark(f"{ticks}{pad}{code}{pad}{ticks}")
    else:
        attrs = node.get("attrs", {})
        yield from next(filter(None, (node.get("text"), *map(attrs.get, ("text", "shortName", "url")))), "")
