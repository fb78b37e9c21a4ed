"""One small Markdown subset, as the document format (ADF) that Jira Cloud takes, and back.

People and models write Markdown; Jira takes ADF on Cloud and wiki markup on Data Center, which is made
from the same ADF (services.adf_wiki). The subset is paragraphs with their line breaks, bold, italic, code,
code blocks, lists, links and issue keys; anything else stays the text it is. So no text can make a mention,
an image or a macro, and a preview made from the ADF (services.adf_markdown) shows what Jira will show.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.errors import ActionFailed

Node = dict[str, Any]
IssueUrl = Callable[[str], str | None]
"""The address of an issue by its key; None for keys that are not to become links."""

MAX_CHARACTERS = 32_767
"""Jira's own limit for a comment."""
MAX_NESTING = 20
_URL = r"""(?:https?://|mailto:)[^\s<>"\\]+"""
_LINKS = re.compile(rf"(?<![\w/-])(?:({_URL})|([A-Z][A-Z0-9_]{{1,30}}-[1-9][0-9]{{0,9}})(?![\w-]))")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARKS = {"strong_open": "strong", "em_open": "em", "link_open": "link"}
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")


class _Subset(MarkdownIt):
    """The parser with nothing but the subset; an address is taken as written or not at all."""

    def __init__(self) -> None:
        super().__init__("zero", {"maxNesting": MAX_NESTING})
        self.enable(
            ["list", "fence", "newline", "escape", "backticks", "emphasis", "link", "autolink", "entity"]
        )

    def validateLink(self, url: str) -> bool:
        return re.fullmatch(_URL, url) is not None

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


_parser = cache(_Subset)


def no_issue_links(key: str) -> str | None:
    """Issue keys stay text."""
    return None


def to_adf(markdown: str, issue_url: IssueUrl = no_issue_links) -> Node:
    """`markdown` as an ADF document. Raises ActionFailed for what Jira would not take: an empty or too
    long text, or one that nests deeper than MAX_NESTING. Control characters are left out."""
    if len(markdown) > MAX_CHARACTERS:
        raise ActionFailed(
            f"The text has {len(markdown):,} characters and Jira takes {MAX_CHARACTERS:,}: shorten it."
        )
    text = _UNPRINTABLE.sub("", markdown.replace("\r\n", "\n").replace("\r", "\n"))
    tokens = _parser().parse(text)
    inner = (child for token in tokens for child in token.children or ())
    if any(token.level >= MAX_NESTING - 1 for token in (*tokens, *inner)):
        raise ActionFailed(f"The text nests lists or marks {MAX_NESTING} deep: make it flatter.")
    content = _blocks(iter(tokens), "", issue_url)
    if not content:
        raise ActionFailed("The text is empty: write something.")
    return {"type": "doc", "version": 1, "content": content}


def _blocks(tokens: Iterator[Token], end: str, issue_url: IssueUrl) -> list[Node]:
    """The blocks up to the token `end`, which is consumed."""
    blocks: list[Node] = []
    for token in tokens:
        if token.type == end:
            break
        if token.type == "inline":
            content = list(_merged(_linked(_merged(_inline(token.children or [])), issue_url)))
            while content and content[-1]["type"] == "hardBreak":
                content.pop()
            if content:
                blocks.append({"type": "paragraph", "content": content})
        elif token.type == "bullet_list_open":
            blocks.append({"type": "bulletList", "content": _blocks(tokens, "bullet_list_close", issue_url)})
        elif token.type == "ordered_list_open":
            items = _blocks(tokens, "ordered_list_close", issue_url)
            order = int(token.attrs.get("start", 1))
            blocks.append({"type": "orderedList", "attrs": {"order": order}, "content": items})
        elif token.type == "list_item_open":
            item = _blocks(tokens, "list_item_close", issue_url)
            if not item or item[0]["type"] not in ("paragraph", "codeBlock"):
                item.insert(0, {"type": "paragraph"})  # Jira's editor takes an item that begins with these
            blocks.append({"type": "listItem", "content": item})
        elif token.type == "fence":
            blocks.append(_code_block(token))
    return blocks


def _code_block(token: Token) -> Node:
    block: Node = {"type": "codeBlock"}
    language = token.info.strip().split(" ")[0]
    if _LANGUAGE.fullmatch(language):
        block["attrs"] = {"language": language}
    if code := token.content.removesuffix("\n"):
        block["content"] = [{"type": "text", "text": code}]
    return block


def _inline(tokens: list[Token]) -> Iterator[Node]:
    """Text nodes with their marks, and breaks; a mark within the same mark adds nothing."""
    marks: list[Node] = []
    for token in tokens:
        if token.nesting == 1:
            mark: Node = {"type": _MARKS[token.type]}
            if mark["type"] == "link":
                mark["attrs"] = {"href": str(token.attrs["href"])}
            marks.append(mark)
        elif token.nesting == -1:
            marks.pop()
        elif token.type in ("softbreak", "hardbreak"):
            yield {"type": "hardBreak"}
        elif text := _UNPRINTABLE.sub("", token.content).replace("\n", " "):  # from character references
            code = token.type == "code_inline"
            kept = _only(marks, ["link"] if code else ["link", "strong", "em"])
            yield text_node(text, [*kept, {"type": "code"}] if code else kept)


def _only(marks: list[Node], kinds: list[str]) -> list[Node]:
    """At most one mark of each of `kinds`, in that order."""
    found = (next((mark for mark in marks if mark["type"] == kind), None) for kind in kinds)
    return [mark for mark in found if mark]


def text_node(text: str, marks: list[Node]) -> Node:
    return {"type": "text", "text": text, "marks": marks} if marks else {"type": "text", "text": text}


def mark_of(node: Node, kind: str) -> Node | None:
    return next((mark for mark in node.get("marks", []) if mark["type"] == kind), None)


def lines_of(content: list[Node]) -> list[list[Node]]:
    """The inline nodes of a block, line by line, without the breaks between them."""
    lines: list[list[Node]] = [[]]
    for node in content:
        if node["type"] == "hardBreak":
            lines.append([])
        else:
            lines[-1].append(node)
    return lines


def _merged(nodes: Iterator[Node]) -> Iterator[Node]:
    for (kind, marks), run in groupby(nodes, key=lambda node: (node["type"], node.get("marks", []))):
        if kind == "text":
            yield text_node("".join(node["text"] for node in run), marks)
        else:
            yield from run


def _linked(nodes: Iterator[Node], issue_url: IssueUrl) -> Iterator[Node]:
    """Addresses and issue keys in plain text as links: Jira makes none from ADF by itself."""
    for node in nodes:
        marks = node.get("marks", [])
        if node["type"] != "text" or mark_of(node, "link") or mark_of(node, "code"):
            yield node
            continue
        done, text = 0, node["text"]
        for found in _LINKS.finditer(text):
            shown = _without_punctuation(found[1]) if found[1] else found[2]
            href = shown if found[1] else issue_url(shown)
            if href and re.fullmatch(_URL, href):
                if found.start() > done:
                    yield text_node(text[done : found.start()], marks)
                yield text_node(shown, [{"type": "link", "attrs": {"href": href}}, *marks])
                done = found.start() + len(shown)
        if done < len(text):
            yield text_node(text[done:], marks)


def _without_punctuation(url: str) -> str:
    """The address without what ends the sentence round it; a bracket stays where it closes one of its own."""
    end, open_brackets = len(url), url.count("(") - url.count(")")
    while url[end - 1] in ".,;:!?'*_]}" or (url[end - 1] == ")" and open_brackets < 0):
        open_brackets += url[end - 1] == ")"
        end -= 1
    return url[:end]
