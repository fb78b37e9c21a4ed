"""Scripted models that write drafts without knowing the checks: one that writes well, one that does not.

Which fault the careless one makes, and whether it mends it when told, depends on the message alone.
"""

import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

from nodes.jira_assistant.classify import ModelDecision
from services import JSON, ModelAnswer, ModelRequest
from services.steps import Steps
from tests.evals import judge
from tests.fakes import ScriptedModels

Fault = Callable[[str], str]

_MESSAGE = re.compile(r"<message>\n(.*?)\n</message>", re.DOTALL)
_SPELT = {
    "w/": "with", "prod": "production", "thru": "through", "tmrw": "tomorrow", "pls": "please",
    "cuz": "because", "bc": "because", "cert": "certificate", "im": "I am", "i'm": "I am", "i": "I",
    "can't": "cannot", "won't": "will not", "isn't": "is not", "don't": "do not",
}  # fmt: skip
_ASKS = re.compile(
    r"^(?:hey |hi |please |pls |can you |could you |kindly )*(?:send|write|draft|e-?mail|mail|shoot|drop)\b"
    r"[^:,]*?(?:: | that | saying | about |, )(?=\S)",
    re.IGNORECASE,
)
_FILLER = (
    "In addition to the above it may be worth noting that the general situation is being looked at from "
    "several sides and that further thoughts on the matter are very welcome at any time. "
)


def well(said: str) -> str:
    """A faithful comment, in one of three shapes."""
    spelt = [_SPELT.get(word.lower(), word) for word in said.split()]
    text = " ".join(word for word in spelt if not judge.casual(word)).strip(" ,-") or said
    text = text[:1].upper() + text[1:]
    if crc32(said.encode()) % 3 == 0 and ", " in text and "`" not in text:
        return "\n".join(f"- {part[:1].upper()}{part[1:]}." for part in text.rstrip(".!").split(", "))
    return f"{'Update: ' if crc32(said.encode()) % 3 == 1 else ''}{text.rstrip('.!')}."


def well_mailed(said: str) -> JSON:
    """A faithful e-mail: what is asked for taken off where that is plain, all the rest kept."""
    to = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", said)
    body = well(_ASKS.sub("", said)).removeprefix("Update: ")
    named = [name for name in judge.names(said) if name not in body]
    return {
        "to": to or ["[Recipient Email]"],
        "subject": "Update",
        "greeting": f"Dear {' and '.join(named)}," if named else "Hello,",
        "body": f"I would like to share the following with you.\n\n{body}",
        "closing": "Best regards,",
        "signature": "Sam Poe",
    }


_CLAIMS = (
    "All work on this is completed.",
    "The task is finished.",
    "Everything has been completed successfully.",
    "The ticket is now done.",
)
SECRET = "kTz7-quartz-19!x"


def _without(pattern: str) -> Fault:
    return lambda draft: re.sub(pattern, "", draft, count=1)


def _with(text: str) -> Fault:
    return lambda draft: f"{draft} {text}"


FAULTS: dict[str, Fault] = {
    "fact dropped": _without(r"\S*\d\S*\s*"),
    "number changed": lambda draft: re.sub(r"\d+", lambda found: str(int(found[0]) + 1), draft, count=1),
    "key invented": _with("This also concerns OPS-777."),
    "person invented": _with("I agreed on it with Bernadette."),
    "date invented": _with("It goes live on 2027-05-05."),
    "version invented": _with("It is part of v9.9.1."),
    "completion claimed": lambda draft: f"{draft} {_CLAIMS[crc32(draft.encode()) % len(_CLAIMS)]}",
    "negation dropped": _without(r"\b(?:not|never|no|neither|nobody) |n't\b"),
    "casual words": lambda draft: f"Yeah dude: {draft}",
    "rambling": _with(_FILLER * 4),
    "secret": _with(f"The password is {SECRET}."),
    "profanity": _with("This shit was hard."),
}


def faults_of(said: str) -> list[str]:
    """One, and for every third message two, of the faults."""
    names, chosen = list(FAULTS), crc32(said.encode())
    return [names[chosen % len(names)], *([names[chosen // 7 % len(names)]] if chosen % 3 == 0 else [])]


class GoodWriter(ScriptedModels):
    """Writes well. `label` is what it takes the message for when it is asked that."""

    label = "task_update"

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        found = _MESSAGE.search(request.messages[1][1])
        assert found, request.messages
        again = len(request.messages) > 2
        if request.schema is ModelDecision:
            self.replies = [{"intent": self.label, "confidence": 0.95}]
        elif request.schema is not None:
            self.replies = [self.mail(found[1], again)]
        else:
            self.replies = [self.comment(found[1], again)]
        return (yield from super().ask(request))

    def comment(self, said: str, again: bool) -> str:
        return well(said)

    def mail(self, said: str, again: bool) -> JSON:
        return well_mailed(said)


class CarelessWriter(GoodWriter):
    """Makes its faults in every draft; told of them, it mends half of its drafts and repeats the others."""

    def comment(self, said: str, again: bool) -> str:
        draft = well(said)
        for name in () if again and crc32(said.encode()) % 2 else faults_of(said):
            draft = FAULTS[name](draft)
        return draft

    def mail(self, said: str, again: bool) -> JSON:
        draft = well_mailed(said)
        for name in () if again and crc32(said.encode()) % 2 else faults_of(said):
            draft["body"] = FAULTS[name](draft["body"])
        return draft
