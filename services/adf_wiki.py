"""ADF as the wiki markup that Jira Data Center takes, from the same documents as Cloud gets.

Every character that wiki markup could read as its own (a mention is `[~name]`, an image `!name!`, a macro
`{name}`) is escaped, so that no text can make one. A backslash has no escape of its own there (two make a
line break) and is written as a character reference. Known limit: `:D` and `:P` become smileys.
"""

import re
from itertools import groupby

from services.markup import IssueUrl, Node, lines_of, mark_of, no_issue_links

_SPECIAL = re.compile(r"[\\*_?+^~{}\[\]!|#()]|(?<![^\W_])-|-(?![^\W_])|&(?=#?\w+;)")
_REFERENCES = {"\\": "&#92;", "&": "&amp;"}
_LINE_START = re.compile(r"^(h[1-6]|bq)(?=\.)")
_DELIMITERS = {"strong": "*", "em": "_"}


def to_wiki(adf: Node, issue_url: IssueUrl = no_issue_links) -> str:
    """A document of `to_adf` as wiki markup. `issue_url` as given there: Jira links those keys by itself."""
    return "\n\n".join(_block(block, "", issue_url) for block in adf["content"])


def _block(node: Node, markers: str, issue_url: IssueUrl) -> str:
    """`markers` are those of the lists round it: wiki markup nests by repeating them."""
    content = node.get("content", [])
    match node["type"]:
        case "bulletList":
            return "\n".join(_item(item, f"{markers}*", f"{markers}*", issue_url) for item in content)
        case "orderedList" if node["attrs"]["order"] == 1:
            return "\n".join(_item(item, f"{markers}#", f"{markers}#", issue_url) for item in content)
        case "orderedList":  # lists there start at 1: the numbers are kept as text
            first = node["attrs"]["order"]
            return "\n".join(
                _item(item, f"{first + step}.", markers, issue_url) for step, item in enumerate(content)
            )
        case "codeBlock":
            return _code_block("".join(part["text"] for part in content), node.get("attrs", {}))
    return "\n".join(_line(line, issue_url) for line in lines_of(content))


def _item(node: Node, marker: str, markers: str, issue_url: IssueUrl) -> str:
    return f"{marker} " + "\n".join(_block(block, markers, issue_url) for block in node["content"])


def _code_block(code: str, attrs: Node) -> str:
    macro = next((name for name in ("code", "noformat") if "{" + name not in code), None)
    if macro is None:  # neither can hold it; as text it is the same to the character
        return "\n".join(_escaped(line) for line in code.split("\n"))
    opening = f"code:{attrs['language']}" if macro == "code" and "language" in attrs else macro
    return f"{{{opening}}}\n{code}\n{{{macro}}}"


def _line(nodes: list[Node], issue_url: IssueUrl) -> str:
    text = _spans(nodes, ("link", "strong", "em"), issue_url)
    return _LINE_START.sub(r"\1\\", text) or r"\\"


def _spans(nodes: list[Node], kinds: tuple[str, ...], issue_url: IssueUrl) -> str:
    if not kinds:
        return "".join(_leaf(node) for node in nodes)
    written, done = "", 0
    for mark, run in groupby(nodes, key=lambda node: mark_of(node, kinds[0])):
        inner = list(run)
        done += len(inner)
        text = _spans(inner, kinds[1:], issue_url)
        if mark is None:
            written += text
        elif kinds[0] == "link":
            written += _link(mark["attrs"]["href"], "".join(node["text"] for node in inner), text, issue_url)
        else:
            delimiter = _DELIMITERS[kinds[0]]
            after = nodes[done]["text"][0] if done < len(nodes) else " "
            if written[-1:] not in ("", " ") or after not in " ,.;:" or text != text.strip():
                delimiter = f"{{{delimiter}}}"  # counts within a word too
            written += f"{delimiter}{text}{delimiter}"
    return written


def _link(href: str, shown: str, text: str, issue_url: IssueUrl) -> str:
    if issue_url(shown) == href:
        return text
    address = re.sub(r"[|\[\]{}!^]", lambda found: f"%{ord(found[0]):02X}", href)
    return f"[{address}]" if shown == href else f"[{text}|{address}]"


def _leaf(node: Node) -> str:
    return f"{{{{{_escaped(node['text'])}}}}}" if mark_of(node, "code") else _escaped(node["text"])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _REFERENCES.get(found[0], f"\\{found[0]}"), text)
