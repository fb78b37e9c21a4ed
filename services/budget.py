"""What of the context goes into a prompt when not all of it can.

A prompt that grows with a thread costs more with each message and in the end is refused. So each piece says
how important it is, and a budget is kept by compressing what may be compressed, then by cutting, the least
important first. Instructions are neither: a model without them is worse than no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services import JSON
from services.compress import compress
from services.tokens import count_tokens

_WORTH_TOKENS = 20
"""What is left of a piece below this says too little: it goes whole."""
_CUT = "[the rest was left out]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a prompt. Left as it is unless it says otherwise."""

    name: str  # unique in a prompt, for the report
    text: str
    importance: int  # the higher, the longer it stays
    may_cut: bool = False  # from its end, by lines; or whole
    compressible: bool = False
    most: int | None = None  # tokens it gets even where there is room, if it may be cut


@dataclass(frozen=True, slots=True)
class Fitted:
    """`texts` has every piece by its name, "" where it was dropped."""

    texts: dict[str, str]
    report: JSON
    """Estimates: `budget`, `tokens_before`, `tokens_after`, `over` (what could not be saved, else 0); and
    `changed`: name, tokens_before, tokens_after, how (compressed, cut, dropped)."""


def fit(pieces: Sequence[Piece], budget: int) -> Fitted:
    """`pieces` in at most `budget` tokens, as far as they may be changed. Pure; `budget` is in tokens."""
    if len({piece.name for piece in pieces}) < len(pieces):
        raise ValueError(f"Pieces of a prompt need names of their own: {[piece.name for piece in pieces]}.")
    before = {piece.name: count_tokens(piece.text) for piece in pieces}
    sizes, texts = dict(before), {piece.name: piece.text for piece in pieces}
    how: dict[str, str] = {}

    def put(piece: Piece, text: str, done: str) -> None:
        if text != texts[piece.name]:
            texts[piece.name], sizes[piece.name] = text, count_tokens(text)
            how[piece.name] = done if text else "dropped"

    least_first = sorted(pieces, key=lambda piece: piece.importance)
    for piece in least_first:
        if piece.may_cut and piece.most is not None and sizes[piece.name] > piece.most:
            put(piece, _cut(piece.text, piece.most), "cut")
    for piece in least_first:
        if piece.compressible and sum(sizes.values()) > budget:
            put(piece, compress(texts[piece.name]), "compressed")
    for piece in least_first:
        if piece.may_cut and (over := sum(sizes.values()) - budget) > 0:
            put(piece, _cut(texts[piece.name], sizes[piece.name] - over), "cut")
    report = {
        "budget": budget,
        "tokens_before": sum(before.values()),
        "tokens_after": sum(sizes.values()),
        "over": max(0, sum(sizes.values()) - budget),
        "changed": [
            {"name": name, "tokens_before": before[name], "tokens_after": sizes[name], "how": done}
            for name, done in how.items()
        ],
    }
    return Fitted(texts, report)


def _cut(text: str, most: int) -> str:
    """The first lines of `text` that fit into `most` tokens, saying that there was more; "" if few do."""
    left = most - count_tokens(_CUT)
    kept = []
    for line in text.split("\n"):
        size = count_tokens(line) + 2  # the end of the line, and what rounding hides
        if size > left:
            kept.append(line[: len(line) * max(0, left - 2) // size].rsplit(" ", 1)[0])
            break
        kept.append(line)
        left -= size
    while count_tokens(shorter := "\n".join([*kept, _CUT])) > most and any(kept):
        kept[-1:] = [kept[-1][: len(kept[-1]) // 2]] if kept[-1] else []  # denser than its line is on average
    return shorter if any(kept) and _WORTH_TOKENS <= count_tokens(shorter) <= most else ""
