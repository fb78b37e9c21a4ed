"""An e-mail from flat arguments: exactly the approved recipients, headers and text, or a refusal.

Nothing is repaired in silence. What could become another header, another recipient or a lie about either is
refused by name, and the finished message is read back and compared before anybody sends it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.charset import QP, Charset
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import Message
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, getaddresses
from hashlib import sha256
from typing import Any
from unicodedata import category

from services.errors import ActionFailed

MAX_RECIPIENTS = 50
MAX_SUBJECT = 250
MAX_TEXT = 100_000
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_PLACEHOLDER = re.compile(r"\[(?![A-Z][A-Z0-9_]*-\d+\])[^\W\d_][^\[\]\n|]{1,60}\](?!\()")
"""[Manager Name], but neither an issue key in brackets nor the text of a link."""
_PARTS = ("greeting", "body", "closing", "signature")


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent. `text` has \\n line ends."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str

    @property
    def recipients(self) -> tuple[str, ...]:
        return (*self.to, *self.cc)

    def shown(self) -> str:
        """The mail as its readers see it."""
        head = [f"To: {', '.join(self.to)}", *([f"Cc: {', '.join(self.cc)}"] if self.cc else [])]
        return "\n".join([*head, f"Subject: {self.subject}", "", self.text])


def is_address(text: str) -> bool:
    """Whether `text` is one plain address; names and non-ASCII forms are not."""
    return _ADDRESS.fullmatch(text) is not None and len(text) <= 254 and len(text.partition("@")[0]) <= 64


def problems(args: Mapping[str, str]) -> dict[str, str]:
    """What keeps the mail of these args from being sent, by argument. `to` and `cc` are comma-separated
    addresses; `subject`, `greeting`, `body`, `closing`, `signature` are texts."""
    found: dict[str, str] = {}
    for name in ("to", "cc"):
        wrong = [one for one in _split(args.get(name, "")) if not is_address(one)]
        if wrong:
            found[name] = f"{wrong[0][:80]!r} is no plain e-mail address"
    if not _split(args.get("to", "")):
        found["to"] = "nobody to send it to"
    if len(_split(args.get("to", ""))) + len(_split(args.get("cc", ""))) > MAX_RECIPIENTS:
        found["to"] = f"more than {MAX_RECIPIENTS} recipients"
    subject = args.get("subject", "").strip()
    if not subject or len(subject) > MAX_SUBJECT:
        found["subject"] = f"not 1 to {MAX_SUBJECT} characters long"
    if not args.get("body", "").strip() or sum(len(args.get(part, "")) for part in _PARTS) > MAX_TEXT:
        found["body"] = f"empty, or more than {MAX_TEXT:,} characters in all"
    for name in ("subject", *_PARTS):
        allowed = "" if name == "subject" else "\n\t"
        bad = [
            c
            for c in _lines(args.get(name, ""))
            if category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in allowed
        ]
        if bad:
            found[name] = f"has the character U+{ord(bad[0]):04X}, which a mail may not have there"
    for name in ("to", "cc", "subject", *_PARTS):
        if unfilled := _PLACEHOLDER.search(args.get(name, "")):
            found[name] = f"{unfilled[0]} is still to be filled in"
    return found


def mail_of(args: Mapping[str, str]) -> Mail:
    """The mail of these args. Raises ActionFailed naming everything that is wrong with it."""
    if wrong := problems(args):
        named = "; ".join(f"{name}: {problem}" for name, problem in wrong.items())
        raise ActionFailed(f"The e-mail cannot be sent ({named}): correct it and propose it again.")
    end = "\n".join(filter(None, (_lines(args.get(part, "")).strip() for part in ("closing", "signature"))))
    parts = (_lines(args.get("greeting", "")).strip(), _lines(args["body"]).strip(), end)
    to = dict.fromkeys(_split(args["to"]))
    cc = dict.fromkeys(one for one in _split(args.get("cc", "")) if one not in to)
    return Mail(tuple(to), tuple(cc), args["subject"].strip(), "\n\n".join(filter(None, parts)))


def rendered(mail: Mail, sender: Address, action_id: str, at: datetime) -> tuple[str, bytes]:
    """The Message-ID, the same for the same action always, and the whole message with CRLF line ends.
    Raises ActionFailed where the message would not read back as the mail."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    lines = compat32.clone(linesep="\r\n")
    message: Message[Any, Any] = MIMEText(f"{mail.text}\n", "plain", charset, policy=lines)  # type: ignore[arg-type]
    # encoded whole where a reader could take a part of it for an encoded word
    plain = mail.subject.isascii() and "=?" not in mail.subject
    message["From"] = formataddr((sender.display_name, sender.addr_spec))
    message["To"] = ", ".join(mail.to)
    if mail.cc:
        message["Cc"] = ", ".join(mail.cc)
    message["Subject"] = mail.subject if plain else Header(mail.subject, charset)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256(action_id.encode()).hexdigest()[:40]}@{sender.domain}>"
    raw = message.as_bytes()
    if not _reads_back(raw, mail, sorted(message.keys())):
        raise ActionFailed("The e-mail would not arrive as approved: simplify its subject and its text.")
    return str(message["Message-ID"]), raw


def _reads_back(raw: bytes, mail: Mail, headers: list[str]) -> bool:
    back = message_from_bytes(raw)
    text = back.get_payload(decode=True)
    named = [address for _, address in getaddresses([back["To"], back["Cc"] or ""]) if address]
    return (
        sorted(back.keys()) == headers
        and named == list(mail.recipients)
        and str(make_header(decode_header(back["Subject"]))) == mail.subject
        and isinstance(text, bytes)
        and _lines(text.decode()) == f"{mail.text}\n"
    )


def _split(addresses: str) -> list[str]:
    return [part.strip() for part in addresses.split(",") if part.strip()]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
