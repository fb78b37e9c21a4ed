"""Long texts said in fewer tokens: for what people paste, where the budget of a prompt demands it.

Deterministic, so that a cached answer stays the answer, and careful: repetition, padding and politeness go,
and no step is taken that would lose something `must_keep` names. Prose has little of these, so it shrinks
little; logs, threads and traces repeat themselves. `python -m tests.evals compression` measures by kind.
"""

import re

from services.compress_lines import fold_frames, fold_repeats, hoist_dates, lines_with_fences, unquote
from services.tokens import count_tokens

SHORT_TOKENS = 200
"""Below, a text is left alone: there is nothing to gain, and every word may matter."""
_PASSES = 8
"""What one pass uncovers the next may take; texts of people are done after two or three."""

_KEEP = re.compile(
    r"https?://[^\s<>\"')\]}]+"
    r"|`[^`\n]+`"
    r"|\b[A-Z][A-Z0-9]+-[0-9]+\b"
    r"|[0-9]+(?:[.:,/-][0-9]+)*"
    r"|\b[A-Za-z]+(?:_[A-Za-z]+)+\b|\b[a-z]+[A-Z][A-Za-z]*|\b(?:[A-Z][a-z]+){2,}"
    r"|\b[A-ZÀ-Þ]{2,}\b|\b[A-ZÀ-Þ][a-zß-ÿ]+\b"
)
_NO = r"(?:not|no|never|none|nothing|nobody|neither|nor|without|cannot|[a-z]+n['’]t)"
_NEGATED = re.compile(rf"\b{_NO}\b(?:[ \t]+(?:the|an?)\b)?(?:[ \t]+[^\W\d_]+\b)?", re.IGNORECASE)
_AFTER_NO = re.compile(rf"\b{_NO}[ \t]+$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?<![ \t])[ \t]++(?:the|an?)\b", re.IGNORECASE)

_UNTOUCHED = r"```.*?(?:```|\Z)|\{code.*?(?:\{code\}|\Z)|`[^`\n]*`|\"[^\"\n]*\"|https?://\S+"
"""Code and quotations are kept to the letter."""
_PLAIN_WORDS = {
    "in order to": "to",
    "due to the fact that": "because",
    "at this point in time": "now",
    "at the moment": "now",
    "with regard to": "about",
    "with respect to": "about",
    "in the event that": "if",
    "for the purpose of": "for",
    "a large number of": "many",
    "a number of": "several",
    "the majority of": "most",
    "prior to": "before",
    "subsequent to": "after",
    "in spite of the fact that": "although",
    "make use of": "use",
    "it is worth mentioning that": "",
    "it should be mentioned that": "",
    "as you all know": "",
    "as you know": "",
    "as mentioned before": "",
    "as already mentioned": "",
    "to be honest": "",
    "needless to say": "",
    "actually": "",
    "obviously": "",
    "kindly": "",
    "really": "",
    "very": "",
    "the": "",
}
"""No hedges: what is basically, quite or essentially done is not done."""
_WORDY = re.compile(
    rf"(?P<untouched>{_UNTOUCHED})|(?<![\w'’/.-])(?:{'|'.join(sorted(_PLAIN_WORDS, key=len, reverse=True))})"
    r"(?![\w'’/-]|\.\w)(?P<after>,?[ \t]*)",
    re.DOTALL,
)
_POLITE = re.compile(
    r"^[>\s]*(?:(?:hi|hello|hey|dear)(?: (?:all|team|everyone|everybody|folks))?"
    r"|good (?:morning|afternoon)(?: all)?"
    r"|i hope (?:you are|you're) (?:all )?(?:doing )?well|hope (?:you are|you're|all is) (?:doing )?well"
    r"|(?:many )?thanks(?: a lot| again| in advance| and regards)?|thank you(?: very much| in advance)?"
    r"|(?:kind|best|warm)? ?regards|best|cheers|have a (?:great|nice|good) (?:day|week|weekend)"
    r"|please let me know if you have any questions|looking forward to (?:hearing from you|your reply)"
    r"|sent from my (?:iphone|phone|mobile|android)|get outlook for (?:ios|android)"
    r"|[-=_*#~+|]{3,}|-- ?)[ \t]*[.,!:]*[ \t]*$",
    re.IGNORECASE,
)


def compress(text: str) -> str:
    """`text` in no more tokens, with all that `must_keep` names; a short one as it is."""
    for _ in range(_PASSES):
        if (tokens := count_tokens(text)) < SHORT_TOKENS:
            break
        shorter = _once(text)
        if count_tokens(shorter) >= tokens:
            break
        text = shorter
    return text


def must_keep(text: str) -> set[str]:
    """Issue keys, numbers, dates, versions, names, URLs, code spans and identifiers, and each negation with
    the word that it negates. Sentence openers count as names: some are, and keeping them is cheap.
    """
    text = _without_politeness(text)
    kept = {found.rstrip(".,;:") for found in _KEEP.findall(text)}
    negated = (_ARTICLE.sub("", found) for found in _NEGATED.findall(text))
    return kept | {" ".join(found.lower().split()) for found in negated}


def _once(text: str) -> str:
    """All steps; where one of them would lose something, only those that do not."""
    steps = (_without_politeness, unquote, fold_frames, fold_repeats, hoist_dates, _plainly, _without_air)
    needed, shorter = must_keep(text), text
    for step in steps:
        shorter = step(shorter)
    if needed <= must_keep(shorter):
        return shorter
    for step in steps:
        shorter = step(text)
        if needed <= must_keep(shorter):
            text = shorter
    return text


def _without_politeness(text: str) -> str:
    """Whole lines that say nothing, and rules; a line with a name in it says something."""
    return "\n".join(line for line, code in lines_with_fences(text) if code or not _POLITE.match(line))


def _plainly(text: str) -> str:
    """Fewer words for the same: only words in small letters, so never the first of a sentence; what is
    negated stays as it was said ("not very", "not actually")."""

    def plain(found: re.Match[str]) -> str:
        at = found.start()
        words = found.group()[: found.start("after") - at]
        if found["untouched"] is not None or (
            words != "the" and _AFTER_NO.search(text[max(0, at - 20) : at])
        ):
            return found.group()
        instead = _PLAIN_WORDS[words]
        return instead + found["after"] if instead else ""

    return _WORDY.sub(plain, text)


def _without_air(text: str) -> str:
    """Runs of spaces inside lines and of empty lines; indentation stays, it may be code."""
    lines = (
        line if code else re.sub(r"(?<=\S)[ \t]{2,}", " ", line.rstrip())
        for line, code in lines_with_fences(text)
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
