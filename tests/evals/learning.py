"""How much less people have to edit where drafts learn from their edits: `python -m tests.evals learning`.

Replayed, with people played by functions: each leaves every draft as they like it, and edits what is not so.
Drafts are written by rules, without and with what the edits before have taught. What is measured is what is
still to be edited, as the share of the draft's characters that an edit changes (1 - difflib's ratio), over
the last messages, when habits can be known. One person edits without any habit: there nothing may get worse.
No model takes part, so this says nothing of how well a model uses its examples.
"""

import re
import sys
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from nodes.jira_assistant.habits import as_usual, habits
from nodes.jira_assistant.offline_comment import draft_comment
from nodes.jira_assistant.offline_email import draft_email
from nodes.jira_assistant.tone import KEPT_AT_MOST
from tests.evals import routing
from tests.evals.figures import Figure, mean

Edit = Callable[[str, int], str]
_LAST = 60
_EACH = 80

_PEOPLE: dict[str, tuple[str, Edit]] = {
    "comments in other words": (
        "comment",
        lambda text, _: text.replace("Currently", "Now").replace("Work on", "The work on"),
    ),
    "comments with a sign": ("comment", lambda text, _: f"{text} (Sam)"),
    "mails without the last line": (
        "email",
        lambda text, _: re.sub(r" ?Please let me know if you have any questions\.", "", text),
    ),
    "mails with a last line of their own": ("email", lambda text, _: f"{text} Talk to you soon."),
    "no habit": (
        "comment",
        lambda text, at: " ".join(word for n, word in enumerate(text.split()) if (n + at) % 7),
    ),
}


def _drafts(kind: str) -> list[str]:
    """Of our own labelled messages, evenly over the set."""
    label = "task_update" if kind == "comment" else "email_request"
    texts = [
        message.text for message in routing.load() if message.accept == (label,) and len(message.text) > 20
    ]
    chosen = texts[:: max(1, len(texts) // _EACH)][:_EACH]
    if kind == "comment":
        return [draft_comment(text) for text in chosen]
    return [draft_email(text, {"user_name": "Sam Field"})["body"] for text in chosen]


def _replayed(drafts: list[str], person: Edit, *, learning: bool) -> list[float]:
    """What was left to edit of each draft, 0..1."""
    edits: list[tuple[str, str]] = []
    left: list[float] = []
    for at, written in enumerate(drafts):
        shown = as_usual(written, habits(edits)) if learning else written
        wanted = person(written, at)
        left.append(1 - SequenceMatcher(None, shown, wanted, autojunk=False).ratio())
        if shown != wanted:
            edits = [(shown, wanted), *edits][:KEPT_AT_MOST]
    return left[-_LAST:]


def main() -> Iterator[Figure]:
    sys.stdout.write("what is left to edit of a draft, as a share of its characters\n")
    for who, (kind, person) in _PEOPLE.items():
        drafts = _drafts(kind)
        before, after = (_replayed(drafts, person, learning=learning) for learning in (False, True))
        sys.stdout.write(
            f"  {who}: {sum(before) / len(before):.3f} without, {sum(after) / len(after):.3f} with\n"
        )
        yield mean(f"learning, {who}: left to edit, before", before, better="lower", tolerance=0.02)
        yield mean(f"learning, {who}: left to edit, after", after, better="lower", tolerance=0.005)
