"""What people and models write reaches Jira as they meant it, and nothing they write becomes a macro."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.adf_markdown import to_markdown
from services.errors import ActionFailed
from services.markup import MAX_CHARACTERS, Node, text_node, to_adf
from tests.jira_contract import adf_schema

OURS = {"doc", "paragraph", "text", "hardBreak", "bulletList", "orderedList", "listItem", "codeBlock"}
BROWSE = "https://jira.example/browse/"
HOSTILE = "ab1 *_`[]()<>\\\n-+.)#&;~!\"'|{}/:@^?\t\u00a0é“😀"
PIECES = (
    *(
        "**",
        "*",
        "_",
        "`",
        "``",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "7) ",
        "  ",
        "   ",
        "a",
        "b ",
        "x",
        "\t",
        "\\",
        "!",
        ".",
    ),
    *(
        "PAY-12",
        "UTF-8",
        "http://x.y/z",
        "https://a_b.c/*d*",
        "<http://x>",
        f"{BROWSE}PAY-12",
        "(",
        ")",
        "[",
        "]",
    ),
    *(
        "](http://u)",
        "](<mailto:a@b>)",
        f"[PAY-12]({BROWSE}PAY-12)",
        "](javascript:x)",
        "```",
        "~~~",
        "```py\n",
    ),
    *(
        "&#32;",
        "&amp;",
        "&#42;",
        "&lt;",
        "&#10;",
        "\x00",
        "\x1b",
        "\ud800",
        "[~admin]",
        "{code}",
        "!a.png!",
        "@all",
    ),
)
markdown = st.one_of(
    st.text(HOSTILE, max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
)


def issue_url(key: str) -> str | None:
    return BROWSE + key if key.startswith("PAY-") else None


def nodes(node: Node) -> list[Node]:
    return [node, *(inner for child in node.get("content", []) for inner in nodes(child))]


def document(text: str) -> Node | None:
    try:
        return to_adf(text, issue_url)
    except ActionFailed:
        return None


@given(markdown)
def test_any_text_becomes_valid_adf_without_mentions_or_media_or_is_refused(text: str) -> None:
    if adf := document(text):
        adf_schema().validate(adf)
        assert {node["type"] for node in nodes(adf)} <= OURS
        hrefs = [mark["attrs"]["href"] for n in nodes(adf) for mark in n.get("marks", []) if "attrs" in mark]
        assert all(href.startswith(("http://", "https://", "mailto:")) for href in hrefs)
        json.dumps(adf, ensure_ascii=False).encode()


@given(markdown)
def test_what_was_written_reads_back_the_same(text: str) -> None:
    if adf := document(text):
        assert to_adf(to_markdown(adf, issue_url), issue_url) == adf


@given(
    st.lists(st.sampled_from(["**", "*", "_", "`", "\n", "\n\n", "- ", "[", "]", "<", "\\", " ", "```\n"]))
)
def test_no_word_is_lost(marks: list[str]) -> None:
    text = "".join(f"{mark}word{at}" for at, mark in enumerate(marks)) + "."
    shown = "".join(node.get("text", "") for node in nodes(to_adf(text)))
    assert re.findall(r"word\d+", shown) == re.findall(r"word\d+", text)


def texts(markdown: str) -> list[tuple[str, list[Any]]]:
    """The text nodes of `markdown`: text, and its marks by name or address."""
    return [
        (node["text"], [mark.get("attrs", {}).get("href", mark["type"]) for mark in node.get("marks", [])])
        for node in nodes(to_adf(markdown, issue_url))
        if node["type"] == "text"
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "a **b** _c_ `d`",
            [("a ", []), ("b", ["strong"]), (" ", []), ("c", ["em"]), (" ", []), ("d", ["code"])],
        ),
        ("snake_case_name and 2 * 3 * 4", [("snake_case_name and 2 * 3 * 4", [])]),
        ("fixed PAY-12.", [("fixed ", []), ("PAY-12", [f"{BROWSE}PAY-12"]), (".", [])]),
        ("UTF-8 on branch fix/PAY-12-x", [("UTF-8 on branch fix/PAY-12-x", [])]),
        ("`PAY-12`", [("PAY-12", ["code"])]),
        ("(https://x.y/a_(b))", [("(", []), ("https://x.y/a_(b)", ["https://x.y/a_(b)"]), (")", [])]),
        ("(as https://x.y/a).", [("(as ", []), ("https://x.y/a", ["https://x.y/a"]), (").", [])]),
        ("[x](javascript:alert(1))", [("[x](javascript:alert(1))", [])]),
        ("![x](https://x.y/i.png)", [("!", []), ("x", ["https://x.y/i.png"])]),
        ("# no heading <b>no html</b>", [("# no heading <b>no html</b>", [])]),
        ("[~accountid:1] @anna", [("[~accountid:1] @anna", [])]),
    ],
)
def test_the_subset_and_nothing_else_is_markup(written: str, shown: list[tuple[str, list[str]]]) -> None:
    assert texts(written) == shown


@pytest.mark.parametrize(
    "bomb",
    [
        *(
            (piece * MAX_CHARACTERS)[:MAX_CHARACTERS]
            for piece in ("[", "*a _b ", "`a``b```", "[[a](", "http://))", "&#")
        ),
        " ".join("`" * length for length in range(1, 250)),
    ],
)
def test_text_made_to_be_hard_to_read_is_only_text(bomb: str) -> None:
    adf_schema().validate(to_adf(bomb))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 1_000_000, "1,000,000 characters and Jira takes 32,767: shorten"),
        ("- " * 1000 + "x", "nests"),
        ("\n".join("  " * depth + "- a" for depth in range(100)), "nests"),
        (" \n\t\x00", "empty"),
        ("[](https://x.y)", "empty"),
    ],
)
def test_what_jira_would_not_take_is_refused_with_what_to_do(text: str, problem: str) -> None:
    with pytest.raises(ActionFailed, match=problem):
        to_adf(text)


def test_what_people_made_in_jiras_editor_keeps_its_text() -> None:
    paragraph = {
        "type": "paragraph",
        "content": [
            {"type": "mention", "attrs": {"id": "1", "text": "@Kim"}},
            text_node(" see ", []),
            {"type": "inlineCard", "attrs": {"url": "https://x.y"}},
            {"type": "emoji", "attrs": {"shortName": ":tada:"}},
        ],
    }
    panel = {"type": "panel", "attrs": {"panelType": "info"}, "content": [paragraph]}
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [text_node("Plan", [])]}
    media = {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "1", "type": "file"}}]}
    adf = {"type": "doc", "version": 1, "content": [heading, panel, media]}
    assert to_markdown(adf) == "Plan\n\n@Kim see https://x.y:tada:"
