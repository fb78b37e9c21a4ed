"""Data Center shows the same text as Cloud, and nothing in it becomes a macro there either."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.adf_wiki import to_wiki
from services.markup import Node, text_node, to_adf
from tests.services.test_markup import HOSTILE, issue_url

MARKS = st.lists(
    st.sampled_from(["strong", "em", "code"]).map(lambda kind: {"type": kind}), max_size=2, unique_by=str
)
LINK = st.sampled_from(["https://a.b/c_d|e]{f}!", "mailto:a@b.c"]).map(
    lambda href: [{"type": "link", "attrs": {"href": href}}]
)
runs = st.lists(
    st.builds(text_node, st.text(HOSTILE.replace("\n", ""), min_size=1, max_size=8), st.one_of(MARKS, LINK)),
    min_size=1,
    max_size=5,
)


def read_wiki(text: str) -> str:
    """What Jira shows of wiki markup without blocks: escapes resolved, its own marks gone."""
    token = r"\\([!-/:-@\[-`{-~])|(&#92;)|(&amp;)|\[((?:https?://|mailto:)[^]|]*)\]|\|[^]]*\]|\{[*_]\}|\{\{|\}\}|[*_[{}]"
    return re.sub(token, lambda m: m[1] or (m[2] and "\\") or (m[3] and "&") or unquote(m[4] or ""), text)


@given(runs)
def test_wiki_markup_shows_every_character_of_the_text(content: list[Node]) -> None:
    adf = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": content}]}
    shown = "".join(node["text"] for node in content)
    assert read_wiki(to_wiki(adf)) == shown


@pytest.mark.parametrize(
    ("written", "wiki"),
    [
        ("**bold**, *it* and `a_b`", "*bold*, _it_ and {{a\\_b}}"),
        ("un**bold**ed", "un{*}bold{*}ed"),
        ("- a\n- b\n  1. c", "* a\n* b\n*# c"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ("```py\nx = {1}\n```", "{code:py}\nx = {1}\n{code}"),
        ("```\n{code}\n```", "{noformat}\n{code}\n{noformat}"),
        ("```\n{code} {noformat} [~a]\n```", "\\{code\\} \\{noformat\\} \\[\\~a\\]"),
        ("see [the log](https://x.y/a|b)", "see [the log|https://x.y/a%7Cb]"),
        ("https://x.y/z.", "[https://x.y/z]."),
        ("PAY-12 is like API-7", "PAY-12 is like API-7"),
        ("[~admin] !a.png! {color:red} ~x~ h1. ||t||", None),
        ("h1. no heading", "h1\\. no heading"),
        ("C:\\temp", "C:&#92;temp"),
    ],
)
def test_data_center_gets_the_same_in_wiki_markup(written: str, wiki: str | None) -> None:
    made = to_wiki(to_adf(written, issue_url), issue_url)
    if wiki is None:
        assert not re.search(r"(?<!\\)[\[\]!{}|~]", made)
    else:
        assert made == wiki
