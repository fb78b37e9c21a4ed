"""Who an e-mail goes to: names, roles, groups and addresses at the start of a text.

Works on text whose tokens are hidden. A word that no table knows is a name only where a name must stand.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from nodes.jira_assistant.language.names import FIRST_NAMES, is_unexplained
from nodes.jira_assistant.language.nouns import core
from nodes.jira_assistant.language.tables import word_set


class Recipient(NamedTuple):
    """`name` is for the greeting, `address` for the envelope, "" where unknown; `label` names what is."""

    sort: Literal["person", "manager", "group"]
    name: str
    label: str
    address: str = ""


_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_MANAGER = Recipient("manager", "", "Manager")
_MANAGERS = word_set("manager boss supervisor")
_GROUPS = word_set("""
    team teammates all everyone everybody hr qa ops devops support sales marketing legal finance management
    engineering product design security platform it payroll clients customers client customer vendor vendors
    stakeholders developers devs testers managers users colleagues folks group department leads recruiting
    accounting leadership
""")
_ROLES = word_set("""
    lead owner colleague teammate coworker director ceo cto pm po admin reviewer architect scrum master
    assistant analyst designer developer engineer tester contact partner head secretary officer mentor buddy
""")


_ALSO_NAMES = word_set(
    "mark will bill rob max jack grace rose frank dean grant drew chase pat art sue may june"
)
"""Words that are names where a name must stand."""
_NO_NAME = word_set("tell ask asking let say saying telling a an with it him her them as about regarding re")
_AND = word_set("and & und et y")
_MOST, _SIGHT = 20, 8  # recipients of one e-mail; words that name one of them
_Named = tuple[Recipient, int]  # a recipient and how many words name it


def recipients(text: str, hidden: Mapping[str, str]) -> tuple[list[Recipient], str]:
    """Those named first in `text`, and the rest of it."""
    words = text.split(" ")
    found: list[Recipient] = []
    at = 0
    while len(found) < _MOST and (one := _recipient(words[at : at + _SIGHT], hidden, first=not found)):
        found.append(one[0])
        at += one[1]
        mark = words[at - 1][-1:]
        if mark in ":–—":
            return found, " ".join([":", *words[at:]])
        joined = at < len(words) and words[at].lower() in _AND
        if not (mark in ",;" or joined) or not _recipient(words[at + joined : at + joined + _SIGHT], hidden):
            break
        at += joined
    return found, " ".join(words[at:])


def _recipient(words: Sequence[str], hidden: Mapping[str, str], *, first: bool = False) -> _Named | None:
    """The recipient that `words` begin with; an unknown small word is a name only as the `first`."""
    if not words or not words[0]:
        return None
    word, token = core(words[0]), hidden.get(words[0].strip("(),;:<>."), "")
    if _ADDRESS.fullmatch(token):
        name = re.split(r"[._+-]", token.split("@")[0])[0]
        return Recipient("person", name.title() if name.lower() in FIRST_NAMES else "", "", token), 1
    if token.startswith(("[~", "@")):
        return _person(token.strip("[~]@")), 1
    if word in ("my", "the", "our", "your") and len(words) > 1:
        return _role(words, hidden)
    if word in _MANAGERS:
        return _addressed(_MANAGER, words, 1, hidden)
    if word in _GROUPS:
        return _addressed(_group(words[0].strip(",;:().?!")), words, 1, hidden)
    if not _is_name(words[0], unknown_too=first):
        return None
    whole = words[0][-1] not in ",;:" and len(words) > 1 and _is_name(words[1]) and words[1][:1].isupper()
    name = " ".join(part.strip(",;:().?!") for part in words[: 1 + whole])
    return _addressed(_person(name), words, 1 + whole, hidden)


def _person(name: str) -> Recipient:
    name = name.removesuffix("'s")
    name = " ".join(part.title() if part.islower() and part in FIRST_NAMES else part for part in name.split())
    name = name if name[:1].isupper() else name.title() if name.isalpha() else name
    return Recipient("person", name, f"{name[:1].upper()}{name[1:]}'s")


def _is_name(word: str, *, unknown_too: bool = False) -> bool:
    plain = core(word).removesuffix("'s")
    if len(plain) < 2 or not plain.replace("-", "").isalpha() or plain in _NO_NAME:
        return False
    if unknown_too and plain in _ALSO_NAMES:
        return True
    if plain.endswith(("ing", "ed")) and word.islower():
        return False
    return plain in FIRST_NAMES or (is_unexplained(plain) and (unknown_too or word.strip("(")[:1].isupper()))


def _group(title: str) -> Recipient:
    title = re.sub(r"^(?:whole|entire|rest of the) ", "", title)
    last = title.split()[-1].lower()
    if last in ("all", "everyone", "everybody", "folks"):
        return Recipient("group", "everyone", "Recipient")
    return Recipient("group", title if last == "team" else "", _label(title))


def _label(title: str) -> str:
    return " ".join(part if part.isupper() else part.title() for part in title.split())


def _role(words: Sequence[str], hidden: Mapping[str, str]) -> _Named | None:
    """my manager, the QA team, our scrum master"""
    if core(words[1]) in _MANAGERS:
        return _named_manager(words, hidden)
    ends = [at for at, word in enumerate(words[1:5], 1) if core(word) in _GROUPS | _ROLES]
    if not ends:
        return None
    last = ends[0]
    while last + 1 in ends and words[last][-1] not in ",;:":
        last += 1
    title = " ".join(word.strip(",;:") for word in words[1 : last + 1])
    if not title.replace(" ", "").replace("-", "").isalpha():
        return None
    group = core(words[last]) in _GROUPS
    return _addressed(
        _group(title) if group else Recipient("person", "", _label(title)), words, last + 1, hidden
    )


def _named_manager(words: Sequence[str], hidden: Mapping[str, str]) -> _Named:
    """my manager Sarah"""
    named = len(words) > 2 and words[1][-1] not in ":;" and _is_name(words[2])
    name = _person(words[2].strip(",;:().?!")).name if named else ""
    return _addressed(_MANAGER._replace(name=name), words, 2 + named, hidden)


def _addressed(one: Recipient, words: Sequence[str], length: int, hidden: Mapping[str, str]) -> _Named:
    """Anna (anna@x.org), Anna at anna@x.org"""
    at = length + (length < len(words) and words[length].lower() in ("at", "on"))
    token = hidden.get(words[at].strip("(),;:<>."), "") if at < len(words) else ""
    return (one._replace(address=token), at + 1) if _ADDRESS.fullmatch(token) else (one, length)
