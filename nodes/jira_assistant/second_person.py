"""From "ask Anna if she can review it" to "can you review it": whoever is written to becomes "you"."""

import re

from nodes.jira_assistant.email_request import EmailRequest
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.names import find_names

_AGREES = {"is": "are", "was": "were", "has": "have", "does": "do"}
_ONE = re.compile(r"\b(?:he|she)(?P<gap> (?:also |still |already |only )?)(?P<verb>[a-z]+)\b", re.I)
_THEY_FIRST = re.compile(r"^they(?P<gap> )(?P<verb>[a-z]+)\b", re.I)
_AFTER_OBJECT = "to|by|on|in|at|for|with|about|when|if|that|the|a|an|today|tomorrow|soon|and|or"
_OBJECT = re.compile(rf"\b(?:him|her(?= (?:{_AFTER_OBJECT})\b)|her(?=[.,;!?]|$))(?!\w)", re.I)
_OWN = re.compile(r"\b(?:his|her)\b", re.I)


def to_reader(request: EmailRequest) -> str:
    """What is to be said, with the one reader as "you". With several readers, or another person named in it,
    he and she may be anybody: then it stays as it is."""
    said = request.said
    asked = request.purpose in ("whether", "ask", "please", "remind")
    if asked and _THEY_FIRST.match(said):
        said = _THEY_FIRST.sub(_you, said)
        said = re.sub(r"\btheir\b", "your", said)
    if len(request.to) > 1 or (request.to and request.to[0].sort == "group"):
        return said
    own = {word.lower() for one in request.to for word in one.name.split()}
    if any(name.lower() not in own for _, _, name, _ in find_names(said)):
        return said
    for name in own:
        if asked:
            said = re.sub(rf"^{re.escape(name)}(?P<gap> )(?P<verb>[a-z]+)\b", _you, said, flags=re.I)
    said = _ONE.sub(_you, said)
    return _OWN.sub("your", _OBJECT.sub("you", said))


def _you(found: re.Match[str]) -> str:
    verb = found["verb"]
    return f"you{found['gap']}{_AGREES.get(verb, verbs.THIRD.get(verb, verb))}"
