"""What in a text is a token rather than a word: code, keys, versions, dates, numbers.

One grammar for two uses, so that they cannot disagree: the rule-based drafter hides these spans while it
rewrites the words around them, and the facts guard compares them. Every pattern starts only where a token
can start and runs once over it: linear in the text.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.tables import pairs, word_set

Kind = Literal[
    "emoji",
    "code",
    "quote",
    "url",
    "email",
    "mention",
    "path",
    "date",
    "time",
    "version",
    "key",
    "ref",
    "id",
    "number",
]


class Span(NamedTuple):
    """`text` is the token as written, at [start, end)."""

    kind: Kind
    start: int
    end: int
    text: str


_ENDINGS = (
    "py|js|tsx?|jsx|mjs|json|ya?ml|md|txt|csv|html?|s?css|java|kt|go|rs|rb|php|cs|cpp|h|c|sh|sql|xml|toml|"
    "ini|cfg|conf|lock|log|pdf|png|jpe?g|svg|gif|zip|gz|tar|jar|exe|dll|docx?|xlsx?|com|org|net|io|dev|app|ai|NET"
)
_UNITS = (
    "%|percent|pct|ms|milliseconds?|msecs?|secs?|seconds?|s|mins?|minutes?|hrs?|hours?|h|days?|d|wks?|weeks?|"
    "w|months?|[KMGTkmgt]i?[Bb]|bytes?|rps|qps|[kKmM]|pts?|points?|x|times|px|fps"
)
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?"
_URL_END = r"[^\s<>\"`|\\^{}\[\]]*[^\s<>\"`|\\^{}\[\].,;:!?)'*]"
_GRAMMAR: tuple[tuple[Kind, str], ...] = (
    # An unclosed block runs to the end: better all of it kept than half of it rewritten.
    ("code", r"```(?s:.*?)(?:```|\Z)"),
    ("code", r"\{(?P<block>code|noformat)(?::[^{}\n]{0,80})?\}(?s:.*?)(?:\{(?P=block)\}|\Z)"),
    ("code", r"\{\{[^{}\n]+\}\}|`[^`\n]+`"),
    ("id", r"[\U000F0000-\U0010FFFF]+"),  # what `mask` puts in; typed by nobody
    ("emoji", r"(?<![\w:]):[a-z+-][a-z0-9_+-]{0,40}:(?![\w:])"),
    ("url", rf"\b(?:https?|ftp|wss?|ssh|git|file)://{_URL_END}|\bwww\.{_URL_END}"),
    ("quote", r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|(?<![\w'])'[^'\n]{1,120}'(?!\w)"),
    ("email", r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"),
    ("mention", r"\[~[^\]\s]{1,80}\]|(?<![\w@])@[A-Za-z](?:[\w.-]{0,60}\w)?"),
    ("path", r"(?<![\w@./~-])(?:~|\.{1,2})?/[\w@.{}*-]+(?:/[\w@.{}*-]+)*/?(?<!\.)"),
    ("path", r"(?<![\w@./~-])(?![\d/]+(?!\w))[\w@.-]{2,100}(?:/[\w@{}*-][\w@.{}*-]*)+(?<!\.)"),
    ("path", rf"(?<![\w.-])(?:[A-Za-z_][\w-]*\.)+(?:{_ENDINGS})(?![\w-])(?!\.\w)"),
    ("path", r"(?<!\S)\.[a-z]\w+"),  # .env
    ("date", rf"(?<![\w-])\d{{4}}-\d{{2}}-\d{{2}}(?:T{_CLOCK}|(?![\w-])(?: {_CLOCK})?)(?!\w)"),
    ("date", r"(?<![\w./])(?:(?!0\.)\d{1,2}\.(?!0\.)\d{1,2}\.|\d{1,2}/\d{1,2}/)(?:\d{4}|\d{2})(?![\w/])"),
    ("time", r"(?<![\w:.])\d{1,2}:\d{2}(?::\d{2})?(?: ?[aApP]\.?[mM]\b)?(?![\w:])"),
    ("time", r"(?<![\w.])\d{1,2} ?[aApP]\.?[mM]\b"),
    ("version", r"(?<![\w.])[vV]?\d{1,9}(?:\.\d{1,9}){2,}(?:[-+][\w.]*\w)?(?!\w)"),
    ("version", r"(?<![\w.])(?:[vV]\d{1,9}(?:\.\d{1,9})?|\d{1,9}\.\d{1,9}(?=-[a-z]))(?:[-+][\w.]*\w)?(?!\w)"),
    ("id", r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])"),
    ("id", r"(?<![\w-])CVE-\d{4}-\d{4,7}(?!\w)"),
    ("key", r"(?<![\w-])[A-Za-z][A-Za-z0-9_]{1,9}-\d{1,7}(?!\w|-\w)"),
    ("ref", r"(?<![\w&/])[#!]\d{1,9}(?!\w)"),
    ("id", r"(?<![\w.])[A-Za-z_][\w.]*\(\)"),  # a call
    ("id", r"(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}(?!\w)"),  # a commit
    ("id", r"(?<!\w)\w*[A-Za-z0-9]_\w+"),  # snake_case
    ("id", r"(?<!\w)(?:[a-z][a-z0-9]*[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*)"),  # camelCase, PascalCase
    ("id", r"(?<![\w-])[A-Za-z][A-Za-z-]*\d[\w-]*(?<!-)"),  # us-east-1, OAuth2
    ("id", r"(?<!\S)--[a-z][\w-]*"),  # a flag
    (
        "number",
        r"(?<![\w.])(?:(?<![^\s(])-)?[$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
        rf"(?:[ -]?(?:{_UNITS})(?![\w%])|(?:st|nd|rd|th)?(?!\w))",
    ),
    ("id", r"(?<![\w.])\d+[A-Za-z]\w*"),  # 2FA
)
_ALL = re.compile("|".join(f"(?P<g{i}>{pattern})" for i, (_, pattern) in enumerate(_GRAMMAR)))
_UNQUOTED = re.compile(
    "|".join(f"(?P<g{i}>{pattern})" for i, (kind, pattern) in enumerate(_GRAMMAR) if kind != "quote")
)
_NO_PROJECT = word_set("""
    aes utf sha iso rfc http tls ssl covid gpt step phase sprint top part day week month level tier
    stage version release node web worker server host log page line port case item option task test file
    row col chapter section milestone priority sev slide shard replica round attempt batch group team
    room floor pod gen number no pre post base ipv area zone python java php ubuntu debian windows mac
    iphone ios android chrome firefox python base
""")


def find_spans(text: str, *, quotes: bool = False) -> Iterator[Span]:
    """The tokens of `text` in order, not overlapping; with `quotes` a quoted passage is one token."""
    for found in (_ALL if quotes else _UNQUOTED).finditer(text):
        kind = _GRAMMAR[int((found.lastgroup or "g0")[1:])][0]
        if kind == "key" and found[0].split("-")[0].lower() in _NO_PROJECT:
            kind = "id"
        yield Span(kind, found.start(), found.end(), found[0])


KEY_HOLE, HOLE, AMOUNT_HOLE = "\U000f0000", "\U00100000", "\U00108000"
"""The first characters that stand for hidden spans: issue keys and references; names and code of all sorts;
numbers, dates and times."""
_FIRST: dict[str, str] = {
    "key": KEY_HOLE,
    "ref": KEY_HOLE,
    "number": AMOUNT_HOLE,
    "date": AMOUNT_HOLE,
    "time": AMOUNT_HOLE,
}
_ROOM = 0x7FFD  # spans of one sort; what comes after is hidden as one
_HOLES = re.compile("[\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_PLAIN_NUMBER = re.compile(r"\d+(?: [a-z]+)?")


_SIGNS = pairs("""
    white_check_mark=✅; heavy_check_mark=✅; ballot_box_with_check=✅; x=❌; no_entry=⛔; no_entry_sign=🚫
    -1=👎; thumbsdown=👎; hourglass=⏳; hourglass_flowing_sand=⏳; construction=🚧; warning=⚠; red_circle=🔴
""")
"""Short codes that say something; the others are decoration."""


class Masked(NamedTuple):
    """`text` with one private character in the place of each span; `restore` puts the spans back."""

    text: str
    hidden: dict[str, str]

    def restore(self, text: str) -> str:
        """`text` with its spans, and without the pauses that no rule made use of."""
        return _HOLES.sub(
            lambda hole: self.hidden.get(hole[0], ""), text.replace(f" {PAUSE}", "").replace(PAUSE, "")
        )


def mask(text: str) -> Masked:
    """Hide every span but plain numbers, byte for byte; short codes become the signs that they stand for.

    A lower-case issue key comes back in capitals.
    """
    parts: list[str] = []
    hidden: dict[str, str] = {}
    used = {KEY_HOLE: 0, HOLE: 0, AMOUNT_HOLE: 0}
    at = 0
    for span in find_spans(text, quotes=True):
        if span.kind == "number" and _PLAIN_NUMBER.fullmatch(span.text):
            continue
        if span.kind == "emoji":
            parts += [text[at : span.start], f" {_SIGNS.get(span.text.strip(':'), PAUSE)} "]
            at = span.end
            continue
        first = _FIRST.get(span.kind, HOLE)
        hole = chr(ord(first) + used[first])
        used[first] += 1
        parts += [text[at : span.start], hole]
        if used[first] > _ROOM:
            hidden[hole] = text[span.start :]
            return Masked("".join(parts), hidden)
        hidden[hole] = span.text.upper() if span.kind == "key" else span.text
        at = span.end
    return Masked("".join([*parts, text[at:]]), hidden)
