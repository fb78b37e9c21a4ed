"""What becomes of drafts on their way to the reviewer: `python -m tests.evals drafting`.

Every message goes through the graph as it is, up to where a reviewer would be asked, with no model and with
scripted ones (`writers`). What a draft lost or made up is found by `judge`, which knows nothing of the
checks: the messages of `drafting_hard.jsonl` have their facts listed by hand, for the others it splits words.
Unflagged is what reaches a reviewer without any finding about its facts: that must never happen.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nodes.jira_assistant.checks import COMMENT_WORDS, EMAIL_WORDS
from nodes.jira_assistant.splitting import split
from services import JSON, Models, Services
from tests.evals import judge
from tests.evals.figures import Figure, mean, never, share
from tests.evals.routing import load
from tests.evals.worlds import CONTEXT, services
from tests.evals.writers import SECRET, CarelessWriter, GoodWriter
from tests.fakes import NoModels
from web.compare import draft, drafting

HARD = Path(__file__).with_name("drafting_hard.jsonl")
_EVERY = 3  # of the development set: enough for the intervals, and a minute less
_ROUTES = {"task_update": "llm_rephrasing", "email_request": "llm_email"}
SPEAKER = {name: str(value) for name, value in CONTEXT.kept().items()}
_OF_FACTS = {"fact_lost", "fact_invented", "fact_negation", "added", "completion_marker"}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Message:
    """`facts`: what a draft must hold, each with its spellings (`a|b`)."""

    text: str
    label: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What reached the reviewer, and what is wrong with it."""

    message: Message
    out: JSON
    lost: list[str]
    invented: list[str]
    claims: bool
    repaired: bool

    @property
    def text(self) -> str:
        return str(self.out["generated_content"])

    @property
    def codes(self) -> set[str]:
        """What the product's own checks found, but for placeholders, which are as they should be."""
        findings = self.out["validation"]["findings"]
        return {f["code"] for f in findings if f["severity"] != "info"} - {"missing_field"}

    @property
    def flagged(self) -> bool:
        return bool(self.codes & _OF_FACTS)

    @property
    def well_built(self) -> bool:
        parts = self.out["email_components"]
        return not parts or all(parts[name].strip() for name in ("subject", "greeting", "body", "closing"))

    @property
    def right_length(self) -> bool:
        least, most = EMAIL_WORDS if self.out["email_components"] else COMMENT_WORDS
        return least <= len(self.text.split()) <= most


def messages() -> list[Message]:
    """The hard ones, and those of the development set that are to be drafted as a whole and nothing else."""
    hard = [json.loads(line) for line in HARD.read_text(encoding="utf-8").splitlines()]
    plain = [
        said
        for said in load()
        if len(said.accept) == 1 and said.accept[0] in _ROUTES and not split(said.text)
    ]
    return [
        *(Message(row["text"], row["label"], row["facts"]) for row in hard),
        *(Message(said.text, said.accept[0], judge.facts(said.text)) for said in plain[::_EVERY]),
    ]


def judged(models: Models, said: list[Message], given: Services | None = None) -> list[Judged]:
    """Those that were drafted; a message that was routed elsewhere is the routing's fault."""
    assistant, found = drafting(given or services(models), {}), []
    for message in said:
        if isinstance(models, GoodWriter):
            models.label = message.label
            models.asked.clear()
        out = draft(assistant, message.text, **SPEAKER)
        if out["route_type"] != _ROUTES[message.label]:
            continue
        text = out["generated_content"]
        found.append(
            Judged(
                message,
                out,
                judge.lost(message.facts, text),
                judge.invented(text, [message.text, *SPEAKER.values()]),
                judge.claims_completion(text, message.text),
                isinstance(models, GoodWriter) and any(len(asked.messages) > 2 for asked in models.asked),
            )
        )
    return found


def main() -> Iterator[Figure]:
    said = messages()
    for title, models in (
        ("no model", NoModels()),
        ("good model", GoodWriter()),
        ("careless model", CarelessWriter()),
    ):
        yield from report(title, judged(models, said), len(said))


def report(title: str, found: list[Judged], said: int) -> Iterator[Figure]:
    """Of the `found` drafts of so many messages."""
    _print(title, found)
    yield from _figures(f"drafting, {title}: ", found, said)


def _figures(of: str, found: list[Judged], said: int) -> Iterator[Figure]:
    n = len(found)
    facts = sum(len(one.message.facts) for one in found)
    yield share(f"{of}drafted", n, said)
    yield share(f"{of}facts kept", facts - sum(len(one.lost) for one in found), facts)
    yield never(f"{of}facts lost, unflagged", sum(len(o.lost) for o in found if not o.flagged), facts)
    yield never(f"{of}facts invented, unflagged", sum(len(o.invented) for o in found if not o.flagged), n)
    fewer = [one for one in found if judge.denials(one.text) < judge.denials(one.message.text)]
    yield never(f"{of}denials lost, unflagged", sum(not one.flagged for one in fewer), n)
    yield never(f"{of}completions claimed, unflagged", sum(o.claims for o in found if not o.flagged), n)
    leaks = [one for one in found if SECRET in one.text and "sensitive" not in one.codes]
    yield never(f"{of}secrets, unflagged", len(leaks), n)
    casual = [one for one in found if judge.casual(one.text) and "tone" not in one.codes]
    yield share(f"{of}casual words, unflagged", len(casual), n, better="lower")
    yield share(f"{of}without a casual word", sum(not judge.casual(one.text) for one in found), n)
    yield share(f"{of}of the right length", sum(one.right_length for one in found), n)
    mails = [one for one in found if one.out["email_components"]]
    yield share(f"{of}e-mails with all their parts", sum(one.well_built for one in mails), len(mails))
    yield share(f"{of}flagged by the checks", sum(bool(one.codes) for one in found), n, better="lower")
    yield mean(f"{of}score", [one.out["quality_score"] for one in found], tolerance=0.005)


def _print(title: str, found: list[Judged]) -> None:
    say = sys.stdout.write
    rules = sum(one.out["fallback_used"] for one in found)
    tried = [one for one in found if one.repaired]
    clean = sum(not one.codes and not one.out["fallback_used"] for one in tried)
    say(f"{title}: {len(found)} drafts, {rules} of them from rules\n")
    if tried:  # only a scripted model tells
        say(f"  {len(tried)} were sent back, of which the model mended {clean}\n")
    wrong = [one for one in found if one.lost or one.invented or one.claims]
    for one in [one for one in wrong if not one.flagged][:SHOWN]:
        say(f"  UNFLAGGED lost {one.lost}, invented {one.invented}, claims {one.claims}\n")
        say(f"    {one.message.text!r}\n    {one.text!r}\n")
    say(f"  {len(wrong)} with something lost, invented or claimed, all of it flagged in ")
    say(f"{sum(one.flagged for one in wrong)} of them\n")
