"""S8: secrets and personal data planted wherever text comes in; none may come out where it does not belong.

A real process of the app, logging all it can (DEBUG), traced to LangSmith and OpenTelemetry, gets them in
messages, context fields, addresses, decisions, refused bodies, in what a model, Jira and the mail server
answer, and in its own configuration. Then its log, both traces, its errors and the names of all keys in Redis
are searched. Each planted text carries a marker, so that a search that finds nothing is known to have had
something to find.

Out of scope, because it belongs there: the conversation and the ledger keep what a user typed, a reviewer is
shown the draft, a cached draft may hold a telephone number that its message held. Secrets are masked before a
model or a receiver gets them; that is tested elsewhere.
"""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import redis

from services.sensitive import PERSONAL
from tests.evals.sensitive import hidden
from tests.evals.sensitive_examples import Example, labelled, said, secrets
from tests.openai_server import Reply as ModelReply
from tests.openai_server import failure
from tests.security.planted_site import JSON, OUR_KEYS, Plant, Site, running
from tests.security.report import show

UPDATE = "fixed the login on PAY-12, tested on staging."


def in_message(site: Site, plant: Plant) -> None:
    site.say(plant, f"{UPDATE} {plant.text}")


def in_email(site: Site, plant: Plant) -> None:
    site.say(plant, f"email my manager that the login is fixed. {plant.text}")


def in_context(site: Site, plant: Plant) -> None:
    fields = ("user_name", "role", "department", "manager_name", "project", "session_id", "user_id", "tenant")
    name = fields[int(plant.marker[-4:]) % len(fields)]
    site.say(plant, UPDATE, **{name: plant.in_one_line})


def in_model_answer(site: Site, plant: Plant) -> None:
    site.model.default = ModelReply(text=f"The login on PAY-12 is fixed. {plant.text}")
    site.say(plant, f"{UPDATE} {plant.marker}")


def in_model_error(site: Site, plant: Plant) -> None:
    site.model.default = failure(400, f"invalid: {plant.text}")
    site.say(plant, f"{UPDATE} {plant.marker}")


def in_jira_error(site: Site, plant: Plant) -> None:
    waiting = site.say(plant, f"{UPDATE} {plant.marker}")
    site.jira_says = [plant.text]
    site.decide(plant, waiting, verb="accept")


def in_smtp_refusal(site: Site, plant: Plant) -> None:
    if not plant.text.isascii():  # which the answers of mail servers are
        return in_jira_error(site, plant)
    waiting = site.say(
        plant,
        f"email my manager that the login is fixed {plant.marker}",
        user_name="Ann Lee",
        manager_name="Bo Diaz",
        manager_email="bo@example.org",
    )
    site.mailbox.refuse = {"RCPT": f"550 {plant.in_one_line}"}
    site.decide(plant, waiting, verb="accept")


def in_decision(site: Site, plant: Plant) -> None:
    waiting = site.say(plant, f"{UPDATE} {plant.marker}")
    site.decide(plant, waiting, verb="reject", text=plant.text)


def in_wish(site: Site, plant: Plant) -> None:
    waiting = site.say(plant, f"{UPDATE} {plant.marker}")
    site.decide(plant, waiting, verb="respond", text=plant.text)


def in_address(site: Site, plant: Plant) -> None:
    site.sent(plant, "GET", f"/app?say={quote(plant.text)}&thread={quote(plant.text[:150])}")
    site.sent(plant, "GET", f"/actions/{quote(plant.in_one_line[:190], safe='')}")


def in_refused_body(site: Site, plant: Plant) -> None:
    site.sent(plant, "POST", "/chat", json={"message": [plant.text], "context": {plant.text[:100]: 1}})
    site.sent(plant, "POST", "/chat", content=f'{{"message": "{plant.text}'.encode())
    site.say(plant, (plant.text + "\n") * (6000 // len(plant.text)))


PLACES: dict[str, Callable[[Site, Plant], None]] = {
    "messages": in_message,
    "messages asking for mail": in_email,
    "context fields": in_context,
    "answers of a model": in_model_answer,
    "errors of a model": in_model_error,
    "errors of Jira": in_jira_error,
    "refusals of the mail server": in_smtp_refusal,
    "reasons of reviewers": in_decision,
    "wishes of reviewers": in_wish,
    "addresses": in_address,
    "refused bodies": in_refused_body,
}


def plants(count: int, rng: random.Random) -> list[Plant]:
    """As many secrets as personal values, of every kind, that the detector finds as they stand: how many it
    finds at all is for `python -m tests.evals sensitive` to say, here the question is what gets past it."""
    pasted = [example for example in secrets(rng) if example.kind == "format" and " " in example.text]
    told = list(said(rng, times=8))
    betrayed = [one for one in told if one.kind.split()[0] not in PERSONAL]
    personal = [*(one for one in told if one.kind.split()[0] in PERSONAL), *labelled()]
    of_secrets = [one for one in (*pasted, *betrayed) if hidden(one)]
    chosen = rng.sample(of_secrets, (count + 1) // 2) + rng.sample(list(filter(hidden, personal)), count // 2)
    rng.shuffle(chosen)
    return [_plant(example, f"marker{at:04}") for at, example in enumerate(chosen)]


def _plant(example: Example, marker: str) -> Plant:
    value = example.text[example.start : example.end]
    value = max(value.splitlines(), key=len)  # of a private key, a line of it
    return Plant(example.kind.split()[0], value, f"{marker}. {example.text}", marker)


@dataclass
class Seen:
    """What came out: by where, all the text there was."""

    planted: list[tuple[str, Plant]] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[Plant, str]] = field(default_factory=list)

    def leaks(self) -> list[str]:
        """Each planted value that came out, and where."""
        found = [
            f"{where}: a {plant.kind} planted in {place} ({plant.text[:100]!r})"
            for where, text in self.outputs.items()
            for place, plant in self.planted
            if any(form in text for form in _forms(plant.value))
        ]
        found += [
            f"errors: a {plant.kind} in {text[:200]!r}"
            for plant, text in self.errors
            if any(form in text for form in _forms(plant.value))
        ]
        keys = {name: value for name, value in OUR_KEYS.items() if name != "LANGSMITH_API_KEY"}
        return found + [
            f"{where}: our {name}"
            for where, text in self.outputs.items()
            for name in keys
            if keys[name] in text
        ]

    def reached(self, where: str) -> int:
        """How many planted texts came there, masked."""
        return len(set(re.findall(r"marker\d{4}", self.outputs[where])))


def _forms(value: str) -> set[str]:
    return {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], quote(value)}


def attack(count: int, seed: int) -> Seen:
    seen = Seen()
    with TemporaryDirectory() as name:
        with running(Path(name)) as (site, traces, log, store):
            for at, plant in enumerate(plants(count, random.Random(seed))):
                place = list(PLACES)[at % len(PLACES)]
                site.model.default, site.mailbox.refuse = ModelReply(text=f"Fixed. {plant.marker}"), {}
                PLACES[place](site, plant)
                seen.planted.append((place, plant))
            with redis.Redis.from_url(store) as client:
                keys = b"\n".join(client.scan_iter(count=1000)).decode("utf-8", "replace")
            seen.errors = site.errors
            site.web.close()
        otlp = [body for path, body in traces.received if path == "/v1/traces"]
        runs = [body for path, body in traces.received if path != "/v1/traces"]
        seen.outputs = {
            "the log": log.read_text(),
            "LangSmith": b"\n".join(runs).decode("utf-8", "replace"),
            "OpenTelemetry": b"\n".join(otlp).decode("utf-8", "replace"),
            "keys in Redis": keys,
        }
    return seen


def main(count: int = 500, seed: int = 8) -> bool:
    seen = attack(count, seed)
    wrong = seen.leaks()
    figures: JSON = {"planted": count, **Counter(f"  in {place}" for place, _ in seen.planted)}
    for where, text in seen.outputs.items():
        figures[f"characters of {where} searched"] = len(text)
    figures["error texts searched"] = len(seen.errors)
    figures["planted texts that reached LangSmith, masked"] = seen.reached("LangSmith")
    figures["leaks"] = len(wrong)
    if seen.reached("LangSmith") < count // 2 or not seen.errors or not seen.outputs["OpenTelemetry"]:
        wrong.append("too little of what was planted got far enough to be searched for")
    return show(f"Secrets and personal data stay where they belong (seed {seed})", figures, wrong)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "Something sensitive came out: see above.")
