"""Characters that show as nothing: they can split a word, hide text, or turn it round."""

import re

PAUSE = "\ufdd0"
"""Stands where an emoji or a "lol" was: people use them instead of a full stop. Typed by nobody."""
_HIDDEN = re.compile(
    f"[{PAUSE}\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
    # Joiners only beside Latin letters: in other scripts and in emoji they spell.
    "|(?<=[ -\u024f])[\u200c\u200d]|[\u200c\u200d](?=[ -\u024f])"
)


def without_hidden(text: str) -> str:
    """`text` without them."""
    return _HIDDEN.sub("", text)


def hidden_at(text: str) -> list[tuple[int, int]]:
    """Where they are, as spans."""
    return [found.span() for found in _HIDDEN.finditer(text)]
