"""The e-mail when no model is at hand: parts filled from the message and the context by rules alone.

What is not known stays a placeholder in brackets, which a reviewer fills in; nothing is guessed.
"""

import re
from collections.abc import Mapping

from nodes.jira_assistant.contracts import EmailComponents
from nodes.jira_assistant.email_request import EmailRequest, parse_request
from nodes.jira_assistant.email_subject import subject_of
from nodes.jira_assistant.feedback import Wish, changed, wishes
from nodes.jira_assistant.language.hidden import PAUSE, without_hidden
from nodes.jira_assistant.language.names import with_names
from nodes.jira_assistant.language.reading import read
from nodes.jira_assistant.language.sentences import finished, sentences, written
from nodes.jira_assistant.language.spans import mask
from nodes.jira_assistant.language.tidy import plain_words
from nodes.jira_assistant.language.tongue import is_foreign
from nodes.jira_assistant.recipients import Recipient
from nodes.jira_assistant.second_person import to_reader

Facts = Mapping[str, str | None]

NOBODY = "[Recipient Email]"
"""Stands where the message names nobody."""
_FEWEST_BODY_WORDS = 10
_PLACEHOLDER = re.compile(r"\[([A-Z][^\[\]\n|]{0,60})\](?!\()")
_POLITE_END = "Please let me know if you have any questions."
_ASKING_END = "Thank you in advance for your help."
_ENDS = dict.fromkeys(("whether", "ask", "for", "please"), _ASKING_END) | {
    "thank": "I appreciate it very much."
}
_OPENINGS = {
    "about": "I am writing to you about",
    "whether": "I would like to ask whether",
    "ask": "I would like to ask",
    "for": "I would like to ask for",
    "please": "Could you please",
    "wish": "I would like to",
    "thank": "Thank you for",
    "sorry": "I apologize for",
    "remind": "This is a reminder",
}


def draft_email(message: str, context: Facts) -> EmailComponents:
    """`message` as an e-mail. `context` gives user_name, manager_name, manager_email. Never raises."""
    masked = mask(without_hidden(message).replace("’", "'"))
    foreign = is_foreign(masked.text)
    request = parse_request(masked.text if foreign else plain_words(masked.text), masked.hidden)
    request = request._replace(said=to_reader(request))
    body = finished(request.said) if foreign else _body(request)
    parts: EmailComponents = {
        "to": [_address(one, context) for one in request.to] or [NOBODY],
        "cc": [_address(one, context) for one in request.cc],
        "subject": masked.restore(subject_of(request)),
        "greeting": _greeting(request.to, context),
        "body": masked.restore(body if foreign else _polite(body, request.purpose)),
        "closing": "Best regards,",
        "signature": (context.get("user_name") or "").strip() or "[Your Name]",
        "missing_fields": [],
    }
    parts["missing_fields"] = placeholders(parts)
    return parts


def render_email(parts: EmailComponents) -> str:
    """The e-mail as one text, headers first."""
    head = [f"To: {', '.join(parts['to'])}"]
    if parts["cc"]:
        head.append(f"Cc: {', '.join(parts['cc'])}")
    head.append(f"Subject: {parts['subject']}")
    end = f"{parts['closing']}\n{parts['signature']}".strip()
    return "\n\n".join(part for part in ("\n".join(head), parts["greeting"], parts["body"], end) if part)


def placeholders(parts: EmailComponents) -> list[str]:
    """What is still to be filled in, by name and without brackets, each once, in the order of the parts."""
    texts = [
        *parts["to"],
        *parts["cc"],
        *(parts[name] for name in ("subject", "greeting", "body", "closing", "signature")),
    ]
    return list(dict.fromkeys(name for text in texts for name in _PLACEHOLDER.findall(text)))


def redraft_email(message: str, parts: EmailComponents, feedback: str) -> EmailComponents | None:
    """`parts` changed as a reviewer asked; None where rules cannot do that honestly."""
    again = parts
    for wish in wishes(feedback) or ():
        better = _with_wish(again, wish)
        if better is None:
            return None
        again = better
    return None if again == parts else {**again, "missing_fields": placeholders(again)}


def _with_wish(parts: EmailComponents, wish: Wish) -> EmailComponents | None:
    if wish.kind == "subject":
        return {**parts, "subject": wish.new}
    if wish.kind == "to":
        return {**parts, "to": [wish.new.strip("<>,;")]}
    if wish.kind == "cc":
        return {**parts, "cc": [*parts["cc"], wish.new.strip("<>,;")]}
    polite = next((end for end in (_POLITE_END, *_ENDS.values()) if parts["body"].endswith(end)), "")
    body = changed(parts["body"].removesuffix(polite).rstrip(), wish, _added)
    better: EmailComponents = {**parts, "body": _polite(body, "tell", polite) if body else parts["body"]}
    if wish.kind in ("swap", "key"):
        for name in ("subject", "greeting", "signature"):
            better[name] = changed(parts[name], wish, _added) or parts[name]
        better["to"], better["cc"] = _renamed(parts["to"], wish), _renamed(parts["cc"], wish)
    elif wish.kind == "remove" and body and wish.old.lower() in parts["subject"].lower():
        better["subject"] = re.split(r"[.?!](?:\s|$)", body)[0]
    return None if better == parts else better


def _renamed(addresses: list[str], wish: Wish) -> list[str]:
    """The same name in the placeholders; an address is never made up from a name."""
    return [(changed(one, wish, _added) or one) if one.startswith("[") else one for one in addresses]


def _added(said: str) -> str:
    masked = mask(without_hidden(said))
    return masked.restore(_told(plain_words(masked.text)))


def _address(one: Recipient, context: Facts) -> str:
    known = context.get("manager_email") if _is_manager(one, context) else ""
    return one.address or (known or "").strip() or f"[{one.label} Email]"


def _is_manager(one: Recipient, context: Facts) -> bool:
    """Asked for as the manager, or by the manager's whole name; a first name may be somebody else's."""
    name = (context.get("manager_name") or "").strip()
    return one.sort == "manager" or bool(name and one.name.lower() == name.lower() and " " in name)


def _greeting(to: list[Recipient], context: Facts) -> str:
    names = [
        one.name
        or ((context.get("manager_name") or "").strip() or "[Manager Name]" if one.sort == "manager" else "")
        for one in to
    ]
    if not names or not all(names):
        return "Hello,"
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Hello {listed}," if to[0].sort == "group" else f"Dear {listed},"


def _body(request: EmailRequest) -> str:
    if not request.said:
        return "[Message]"
    if request.purpose == "tell":
        return _told(request.said) or "[Message]"
    first, rest = _first_part(request)
    opening = _OPENINGS[request.purpose]
    if request.purpose == "remind" and not re.match(r"(?:to|about|that|of) ", first):
        opening += ":"
    first = finished(with_names(f"{opening} {first}"), "?" if request.purpose == "please" else ".")
    return f"{first} {_told(rest)}".strip()


def _told(said: str) -> str:
    lines = []
    for line in said.split("\n"):
        lines.append(" ".join(written(s, named=True) for typed in sentences(with_names(line)) for s in typed))
    return "\n".join(line for line in lines if line) or finished(said.replace(PAUSE, "").strip())


def _first_part(request: EmailRequest) -> tuple[str, str]:
    """What the opening leads into, and what follows it: a topic ends where a clause begins."""
    said = request.said
    if request.purpose in ("about", "for"):
        for found in re.finditer(r",| -|:", said[:300]):
            after = re.split(r"[.,;!?\n]", said[found.end() :].strip())[0].split()
            if after and read(after).kind != "fragment":
                return said[: found.start()], said[found.end() :].strip()
    if end := re.search(r"[.!?](?=\s)|\n|[.!?]$", said):
        return said[: end.start()], said[end.end() :].strip()
    return said, ""


def _polite(body: str, purpose: str, end: str = "") -> str:
    """Padding that states nothing, for a body too short to be a letter."""
    if len(body.split()) >= _FEWEST_BODY_WORDS:
        return body
    end = end or _ENDS.get(purpose, _POLITE_END)
    body = f"{body} {end}".strip()
    return body if len(body.split()) >= _FEWEST_BODY_WORDS else f"{body} {_POLITE_END}"
