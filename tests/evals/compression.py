"""How much shorter long texts become, and what they lose, which must be nothing.

What must not be lost is found here by other means than the compression's own guard: by splitting words, so
that a hole in its patterns shows.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from services.compress import compress
from services.tokens import count_tokens
from tests.evals import long_texts
from tests.evals.figures import Figure, mean, never

_NO = {"not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot"}
_SPACED = str.maketrans(dict.fromkeys(" \t\n()[]{}<>,;\"'`=|", " "))
_GREETINGS = {"Hi", "Hello", "Dear", "Thanks", "Thank", "Best", "Kind"}
_GOAL = 0.4
_WHY_LESS = {
    "handwritten": "prose says most things once; more would take facts or their connection away",
    "CI log": "addresses and test names differ line by line, and each is kept",
    "Python trace": "its frames are told once; only the folders above them repeat",
    "source code": "kept to the letter: white space and repetition mean something",
    "mail chain": "only what stands there twice goes; who said what stays",
}


@dataclass(frozen=True)
class Lost:
    """What one text lost, by kind."""

    keys: set[str]
    numbers: set[str]
    names: set[str]
    addresses: set[str]
    identifiers: set[str]
    negations: set[str]

    def count(self) -> int:
        return sum(len(getattr(self, kind)) for kind in self.__dataclass_fields__)


def _words(text: str) -> list[str]:
    return [word.strip(".:!?*>") for word in text.translate(_SPACED).split()]


def _found(text: str) -> Lost:
    """Everything of each kind that `text` holds."""
    words = [word for word in _words(text) if word]
    parts = "".join(sign if sign.isalnum() or sign in "_-" else " " for sign in text).split()
    content = [word.lower() for word in words if word.lower() not in {"the", "a", "an"}]
    digits = "".join(sign if sign.isdigit() else " " for sign in text).split()
    return Lost(
        keys={word for word in parts if word.split("-")[0].isupper() and word.split("-")[-1].isdigit()},
        numbers=set(digits) | {word for word in words if word.replace(".", "").isdigit()},
        names={w for w in words if w.istitle() and w.isalpha() and w not in _GREETINGS},
        addresses={word for word in text.split() if word.startswith("http")},
        identifiers={w for w in parts if "_" in w.strip("_") or (w[1:] != w[1:].lower() and not w.isupper())},
        negations={
            f"{word} {content[at + 1]}"
            for at, word in enumerate(content[:-1])
            if (word in _NO or word.endswith(("n't", "n’t"))) and content[at + 1].isalpha()
        },
    )


def lost(before: str, after: str) -> Lost:
    """What of `before` is nowhere in `after`."""
    had, has = _found(before), _found(after)
    return Lost(**{kind: getattr(had, kind) - getattr(has, kind) for kind in Lost.__dataclass_fields__})


def main() -> Iterator[Figure]:
    say = sys.stdout.write
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    losses: list[str] = []
    saved: list[float] = []
    for kind, text in long_texts.load():
        shorter = compress(text)
        gone = lost(text, shorter)
        losses += [f"{kind}: {gone}"] if gone.count() else []
        saved.append(1 - count_tokens(shorter) / count_tokens(text))
        for name in (kind, "all"):
            row = (1, count_tokens(text), count_tokens(shorter), gone.count())
            sums[name] = [total + more for total, more in zip(sums[name], row, strict=True)]
    say(f"{'':18}{'texts':>6}{'before':>9}{'after':>8}{'fewer':>8}{'lost':>6}\n")
    for name, (texts, before, after, gone_all) in sums.items():
        fewer = 1 - after / before
        why = _WHY_LESS.get(name, "") if fewer < _GOAL else ""
        say(f"{name:18}{texts:6}{before:9}{after:8}{fewer:8.0%}{gone_all:6}  {why}".rstrip() + "\n")
    say("\n".join([*losses, ""]))
    yield mean("compression: tokens saved a text", saved, tolerance=0.005)
    yield never("compression: facts lost", sums["all"][3], len(saved))
