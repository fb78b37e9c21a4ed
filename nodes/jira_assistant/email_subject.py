"""A short subject taken from what the e-mail says; it never cuts off what would turn its meaning."""

import re

from nodes.jira_assistant.email_request import EmailRequest
from nodes.jira_assistant.language.names import with_names
from nodes.jira_assistant.language.sentences import capital, sentences, written
from nodes.jira_assistant.language.spans import HOLE, KEY_HOLE
from nodes.jira_assistant.language.tables import any_of

_LONGEST = 11  # words
_ILLNESS = "ill|sick|unwell|a cold|a fever|the flu|covid|a migraine"
_ILL = re.compile(rf"\b(?:i am|am|i feel|i have been|i have) (?:\w+ ){{0,2}}?(?:{_ILLNESS})\b", re.I)
_SPEAKER = re.compile(r"^(?:Currently|Am|I (?:am|have been|have(?= \w+ed\b)|(?=\w+ed\b)))\s*(?!not\b)")
_SAFE_CUT = re.compile(
    r",? (?:because|since|due to|so|and|but|which|as|who|where|while)\b|[,;:] | [–—-] |\. "
)
_TURNS = re.compile(r"\b(?:unless|if|until|except|without|not|no|never|cannot|only)\b", re.I)
_LOOSE = any_of("""
    the; an?; to; of; in; on; at; for; from; with; by; and; or; is; are; was; be; that; my; your; our; its
    as; will; has; have
""")
_LOOSE_END = re.compile(rf"(?: {_LOOSE}){{1,9}}$", re.I)
_LEADS = {
    "for": "Request for",
    "wish": "Request to",
    "please": "Request:",
    "sorry": "Apology for",
    "remind": "Reminder:",
}


def subject_of(request: EmailRequest) -> str:
    """At most about ten words; a key that the e-mail is about is in it."""
    said = request.said.split("\n")[0].strip()
    if request.subject:
        return capital(with_names(request.subject))
    if not said:
        return "[Subject]"
    if request.purpose == "tell":
        subject = "Notice of illness" if _ILL.search(said) else _of_statement(said)
    elif request.purpose in ("whether", "ask"):
        question = _cut(re.split(r"[.!?]", said)[0])
        subject = f"Question: {'whether ' * (request.purpose == 'whether')}{question}"
    elif request.purpose == "thank":
        subject = f"Thank you for {_cut(said)}"
    else:
        topic = _cut(re.sub(r"^(?:the|that|my|to|about) ", "", re.split(r"[.!?,](?: |$)", said)[0].strip()))
        subject = f"{_LEADS.get(request.purpose, '')} {topic}".strip()
    return capital(with_names(_with_key(subject.strip(" ,;:"), request.said))) or "Message"


def _of_statement(said: str) -> str:
    typed = sentences(said)
    if not typed:
        return ""
    text = written(typed[0][0]).rstrip(".:")
    return _cut(_SPEAKER.sub("", text))


def _cut(text: str) -> str:
    words = text.split()
    if len(words) <= _LONGEST:
        return text
    safe = _SAFE_CUT.search(text)
    if (
        safe
        and 2 <= len(text[: safe.start()].split()) <= _LONGEST
        and not _TURNS.search(text[safe.start() :])
    ):
        return text[: safe.start()]
    kept, rest = " ".join(words[:_LONGEST]), " ".join(words[_LONGEST:])
    return (
        "Update"
        if _TURNS.search(rest) or _TURNS.search(" ".join(words[5:_LONGEST]))
        else _LOOSE_END.sub("", kept)
    )


def _with_key(subject: str, said: str) -> str:
    keys = [c for c in said if KEY_HOLE <= c < HOLE]
    if not keys or any(key in subject for key in keys):
        return subject
    return f"{subject} on {keys[0]}" if subject == "Update" else f"{keys[0]}: {subject}"
