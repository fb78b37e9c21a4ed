"""From "ask Anna if she can review it" to "can you review it": whoever is written to becomes "you"."""

import re

from nodes.jira_assistant.email_request import EmailRequest
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.names import find_names

_AGREES = {"is": "are", "was": "were", "has": "have", "does": "do"}
_SUBJECT = r"\b(?P<who>he|she{they}) (?P<verb>[a-z]+)\b"
_ONE = re.compile(r"\b(?P<who>he|she)(?P<gap> (?:also |still |already |only )?)(?P<verb>[a-z]+)\b", re.I)
_FIRST_THEY = re.compile(r"^(?P<who>they)(?P<gap> )(?P<verb>[a-z]+)\b", re.I)
_OBJECT = re.compile(
    r"\b(?:him|her(?= (?:to|by|on|in|at|for|with|about|when|if|that|the|a|an|today|tomorrow|soon|and|or)\b)|her(?=[.,;!?]|$))(?!\w)",
    re.I,
)
_OWN = re.compile(r"\b(?:his|her)\b", re.I)


def to_reader(request: EmailRequest) -> str:
    """What is to be said, with the one reader as "you". With several readers, or another person named in it,
    he and she may be anybody: then it stays as it is."""
    said = request.said
    asked = request.purpose in ("whether", "ask", "please", "remind")
    if asked and _FIRST_THEY.match(said):
        said = _FIRST_THEY.sub(_you, said)
        said = re.sub(r"\btheir\b", "your", said)
    if len(request.to) > 1 or (request.to and request.to[0].sort == "group"):
        return said
    own = {word.lower() for one in request.to for word in one.name.split()}
    if any(name.lower() not in own for _, _, name, _ in find_names(said)):
        return said
    for name in own:
        if asked:
            said = re.sub(
                rf"^{re.escape(name)} (?P<verb>[a-z]+)\b",
                lambda found: f"you {_plural(found['verb'])}",
                said,
                flags=re.I,
            )
    said = _ONE.sub(_you, said)
    return _OWN.sub("your", _OBJECT.sub("you", said))


def _you(found: re.Match[str]) -> str:
    return f"you{found['gap']}{_plural(found['verb'])}"


def _plural(verb: str) -> str:
    return _AGREES.get(verb, verbs.THIRD.get(verb, verb))
