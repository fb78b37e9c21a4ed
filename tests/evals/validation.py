"""Whether the checks of drafts find what is wrong with one, and leave good ones alone.

Every good draft gets every fault of `FAULTS` and `MAIL_FAULTS` in turn, where it can have it: a draft without
a number cannot have one changed. A hit is a finding of a kind that names this fault. Good drafts are those of
the rules and of the careful scripted model in which `judge` misses nothing.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator

from nodes.jira_assistant import drafts
from nodes.jira_assistant.checks import check_comment, check_email
from nodes.jira_assistant.contracts import EmailComponents, Validation
from nodes.jira_assistant.offline_comment import draft_comment
from nodes.jira_assistant.offline_email import draft_email, render_email
from tests.evals import judge
from tests.evals.drafting import messages
from tests.evals.figures import Figure, share
from tests.evals.worlds import CONTEXT
from tests.evals.writers import FAULTS, well, well_mailed

_KNOWN = drafts.known(CONTEXT)
_EXPECTED = {
    "fact dropped": {"fact_lost", "fact_invented"},  # half of a fact is another one
    "number changed": {"fact_invented", "fact_lost"},  # it may become another number of the message
    "key invented": {"fact_invented"},
    "person invented": {"fact_invented"},
    "date invented": {"fact_invented"},
    "version invented": {"fact_invented"},
    "completion claimed": {"completion_marker"},
    "negation dropped": {"fact_negation", "fact_lost", "completion_marker"},
    "casual words": {"tone"},
    "rambling": {"length", "added"},
    "secret": {"sensitive"},
    "profanity": {"sensitive"},
    "too short": {"length"},
    "hidden character": {"hidden_characters"},
    "nobody to send to": {"missing_field"},
    "placeholder left": {"missing_field"},
}
_SHORT: dict[str, Callable[[str], str]] = {
    "too short": lambda draft: "Fixed it.",
    "hidden character": lambda draft: f"{draft[:5]}\u200b{draft[5:]}",
}
Mailed = Callable[[EmailComponents], EmailComponents]
MAIL_FAULTS: dict[str, Mailed] = {
    "no subject": lambda mail: {**mail, "subject": " "},
    "no greeting": lambda mail: {**mail, "greeting": ""},
    "no closing": lambda mail: {**mail, "closing": ""},
    "subject of two lines": lambda mail: {**mail, "subject": f"{mail['subject']}\nBcc: all"},
    "subject line in the body": lambda mail: {**mail, "body": f"Subject: Update\n\n{mail['body']}"},
    "signed twice": lambda mail: {**mail, "body": f"{mail['body']}\n\n{mail['signature']}"},
    "no address": lambda mail: {**mail, "to": ["Anna"]},
    "nobody to send to": lambda mail: {**mail, "to": []},
    "placeholder left": lambda mail: {**mail, "body": f"{mail['body']} See [Link]."},
}


def _codes(validation: Validation) -> set[str]:
    return {found["code"] for found in validation["findings"] if found["severity"] != "info"}


def main() -> Iterator[Figure]:
    say, hits, false = sys.stdout.write, defaultdict[str, list[bool]](list), dict[str, set[str]]()
    missed: dict[str, str] = {}
    for message in messages():
        comments = message.label == "task_update"
        for text, codes, faulty in _comments(message.text) if comments else _mails(message.text):
            if judge.lost(message.facts, text):
                continue
            false[text] = codes - {"missing_field"}
            for fault, found in faulty.items():
                expected = _EXPECTED.get(fault, {"structure"}) & (found - (codes - {"missing_field"}))
                hits[fault].append(bool(expected))
                if not expected:
                    missed.setdefault(fault, message.text)
    for fault, hit in hits.items():
        first = f"first missed: {missed[fault]!r}" if fault in missed else ""
        say(f"{fault:26}{sum(hit):6} of {len(hit):5}{sum(hit) / len(hit):8.1%}  {first}\n")
        yield share(f"validation, found: {fault}", sum(hit), len(hit))
    wrong = {text: codes for text, codes in false.items() if codes}
    for text, codes in list(wrong.items())[:10]:
        say(f"good, but {', '.join(sorted(codes))}: {text!r}\n")
    yield share("validation: good drafts with a finding", len(wrong), len(false), better="lower")


Checked = tuple[str, set[str], dict[str, set[str]]]


def _comments(said: str) -> Iterator[Checked]:
    """Each good draft, what the checks say of it, and what they say of it with each fault."""
    for good in dict.fromkeys([draft_comment(said), well(said)]):
        yield (
            good,
            _codes(check_comment(good, said, _KNOWN)),
            {
                name: _codes(check_comment(bad, said, _KNOWN))
                for name, fault in {**FAULTS, **_SHORT}.items()
                if (bad := fault(good)) != good
            },
        )


def _mails(said: str) -> Iterator[Checked]:
    for good in (draft_email(said, _KNOWN), _written(said)):
        faults: dict[str, Mailed] = {
            name: lambda mail, fault=fault: {**mail, "body": fault(mail["body"])}  # type: ignore[misc]
            for name, fault in FAULTS.items()
            if name not in ("fact dropped", "negation dropped", "rambling")  # the subject may still hold it
        }
        found = {}
        for name, fault in {**faults, **MAIL_FAULTS}.items():
            bad = fault(good)
            if bad != good:
                found[name] = _codes(check_email(bad, said, _KNOWN))
        yield render_email(good), _codes(check_email(good, said, _KNOWN)), found


def _written(said: str) -> EmailComponents:
    args = {**well_mailed(said), "cc": ""}
    return drafts.email_of({name: ", ".join(v) if isinstance(v, list) else v for name, v in args.items()})
