"""What may go without a human where policy says so: a comment that only repeats what its author plainly said.

A model can be told by its input what to write. So nothing that it adds goes unasked, nor any message in which
somebody else may be speaking: quoted or pasted text, markup, several issues, characters that mislead.
"""

import re

from nodes.jira_assistant.additions import new_words
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.language.hidden import hidden_at

_MOST_WORDS = 60  # of a message; more is rarely typed by its author
_NOT_PLAIN = re.compile(
    r"[\n\r<>{}`\"“”„«»|\[\]\\]|://|[^\W\d_\u0000-\u024f]"
    r"|\b(?:system|assistant|user|human|developer|instructions?|prompt|wrote|wrote on)\b ?[:(]",
    re.I,
)


def plainly_said(message: str, draft: str) -> bool:
    """Whether the message is its author's own plain words about one issue, and the draft holds no other."""
    if len(message.split()) > _MOST_WORDS or _NOT_PLAIN.search(message) or hidden_at(message):
        return False
    return len(extract(message)["issue_keys"]) <= 1 and not new_words(draft, [message])
