"""What is wrong with a draft, as typed findings. Pure functions: the same text gives the same answer.

Scores as the contract has them: tone from 0.7, less 0.2 for each casual word, more by the share of
professional ones; overall is the tone less 0.2 for a bad length, 0.5 for anything sensitive and 0.1 for each
finding of severity warning or error.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from nodes.jira_assistant.additions import mostly_new
from nodes.jira_assistant.claims import unfounded_claims
from nodes.jira_assistant.contracts import EmailComponents, Finding, Validation
from nodes.jira_assistant.facts import compare
from nodes.jira_assistant.language.hidden import hidden_at
from nodes.jira_assistant.language.spans import find_spans
from nodes.jira_assistant.language.wording import CASUAL_WORDS, PROFANITY, PROFESSIONAL
from nodes.jira_assistant.offline_email import placeholders, render_email
from services.sensitive import SECRETS, find_sensitive

COMMENT_WORDS = (3, 100)
EMAIL_WORDS = (10, 300)
_BASE, _BONUS, _PENALTY = 0.7, 0.3, 0.2
_SHARE_FOR_BONUS = 0.2  # of all words, for the whole bonus
_TALK = 10  # new words that make a draft which is mostly new into one about something else
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\[[^\[\]\n]+\]")

Facts = Mapping[str, str | None]


def check_comment(
    draft: str,
    message: str,
    context: Facts,
    *,
    feedback: Sequence[str] = (),
    allowed_domains: Collection[str] = (),
) -> Validation:
    """The checks of a Jira comment. `context`: facts it may mention. `feedback`: what reviewers asked for."""
    findings = [
        *_facts(draft, message, context, feedback),
        *_claims(draft, message, feedback),
        *_additions(draft, [message, *feedback, *filter(None, context.values())]),
    ]
    return _validation(draft, COMMENT_WORDS, findings, _sensitive(draft, allowed_domains))


def check_email(
    parts: EmailComponents,
    message: str,
    context: Facts,
    *,
    feedback: Sequence[str] = (),
    allowed_domains: Collection[str] = (),
) -> Validation:
    """The checks of an e-mail. Spans are in `render_email(parts)`; where it goes is not private in it."""
    text = render_email(parts)
    own = {address.lower() for address in [*parts["to"], *parts["cc"]]}
    sensitive = [hit for hit in _sensitive(text, allowed_domains) if _spanned(hit, text).lower() not in own]
    findings = [
        *_structure(parts),
        *_facts(text, message, context, feedback),
        *_claims(text, message, feedback),
    ]
    return _validation(text, EMAIL_WORDS, findings, sensitive)


def may_auto_approve(validation: Validation, policy: Literal["ask", "auto"], threshold: float) -> bool:
    """Whether no human is needed. Rule-based drafts and e-mails always need one: the caller knows which."""
    return policy == "auto" and validation["passed"] and validation["overall"] >= threshold


def tone(text: str) -> tuple[float, list[Finding]]:
    """The tone score, 0..1, and a finding for each casual word. Code, links and such are not words."""
    plain = _without_tokens(text)
    words = list(_WORD.finditer(plain))
    casual = [word for word in words if word[0].lower() in CASUAL_WORDS]
    share = sum(word[0].lower() in PROFESSIONAL for word in words) / max(len(words), 1)
    score = _BASE + _BONUS * min(1.0, share / _SHARE_FOR_BONUS) - _PENALTY * len(casual)
    findings = [
        _finding("tone", "warning", word.span(), f"{word[0]!r} is casual.", "Say it in professional words.")
        for word in casual
    ]
    return _share(score), findings


def _validation(
    text: str, bounds: tuple[int, int], findings: list[Finding], sensitive: list[Finding]
) -> Validation:
    tone_score, casual = tone(text)
    least, most = bounds
    count = len(text.split())
    findings = [*findings, *sensitive, *casual, *_hidden(text)]
    if not least <= count <= most:
        fix = f"Say it in {least} to {most} words."
        findings.append(_finding("length", "warning", None, f"It has {count} words.", fix))
    flags = sum(finding["severity"] != "info" for finding in findings)
    overall = tone_score - 0.2 * (not least <= count <= most) - 0.5 * bool(sensitive) - 0.1 * flags
    return {
        "tone_score": tone_score,
        "length_ok": least <= count <= most,
        "overall": _share(overall),
        "findings": findings,
        "passed": flags == 0,
    }


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)


def _without_tokens(text: str) -> str:
    parts, at = [], 0
    for span in find_spans(text):
        parts += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*parts, text[at:]])


def _facts(text: str, message: str, context: Facts, feedback: Sequence[str]) -> list[Finding]:
    return compare(message, text, allowed=[value for value in context.values() if value], feedback=feedback)


def _claims(text: str, message: str, feedback: Sequence[str]) -> Iterator[Finding]:
    for start, end in unfounded_claims("\n".join([message, *feedback]), text):
        said = f"The draft says {text[start:end]!r}; the message does not say that the work is complete."
        yield _finding(
            "completion_marker", "error", (start, end), said, "Say only what was done, as the message does."
        )


def _additions(text: str, sources: Sequence[str]) -> Iterator[Finding]:
    """Of an error the rules make a better draft; a few new words may still be what a reviewer wants."""
    if new := mostly_new(text, sources):
        said = f"Most of it was not said: {', '.join(new[:6])} ..."
        severity: Literal["warning", "error"] = "error" if len(new) >= _TALK else "warning"
        yield _finding("added", severity, None, said, "Say only what the message says, in its words.")


def _sensitive(text: str, allowed_domains: Collection[str]) -> list[Finding]:
    found = [
        _finding(
            "sensitive",
            "error" if hit.kind in SECRETS or hit.kind in ("ssn", "card", "iban") else "warning",
            (hit.start, hit.end),
            f"It holds what looks like {_article(hit.label)} {hit.label}.",
            "Take it out, or say where it is kept.",
        )
        for hit in find_sensitive(text, allowed_domains=allowed_domains)
    ]
    return found + [
        _finding("sensitive", "error", word.span(), "It holds profanity.", "Say it in professional words.")
        for word in _WORD.finditer(_without_tokens(text))
        if word[0].lower() in PROFANITY
    ]


def _article(label: str) -> str:
    return "an" if label[:1].lower() in "aeiou" else "a"


def _spanned(finding: Finding, text: str) -> str:
    start, end = finding["span"] or (0, 0)
    return text[start:end]


def _hidden(text: str) -> list[Finding]:
    return [
        _finding(
            "hidden_characters",
            "warning",
            span,
            "There are characters here that do not show.",
            "Remove them.",
        )
        for span in hidden_at(text)[:10]
    ]


def _structure(parts: EmailComponents) -> Iterator[Finding]:
    for name in ("subject", "greeting", "closing"):
        if not parts[name].strip():
            yield _finding("structure", "error", None, f"The e-mail has no {name}.", f"Write a {name}.")
    if "\n" in parts["subject"].strip() or "\r" in parts["subject"]:
        yield _finding(
            "structure", "error", None, "The subject has more than one line.", "Keep it to one line."
        )
    if re.search(r"^\W*subject\s*:", parts["body"], re.I | re.M):
        yield _finding(
            "structure", "error", None, "The body holds a subject line.", "Keep the subject in its own part."
        )
    signature = parts["signature"].strip()
    if signature and parts["body"].rstrip().lower().endswith(signature.lower()):
        yield _finding(
            "structure", "warning", None, "It is signed twice.", "Keep the signature in its own part."
        )
    for address in [*parts["to"], *parts["cc"]]:
        if not _ADDRESS.fullmatch(address.strip()):
            fix = "Put in an address, or a placeholder such as [Recipient Email]."
            yield _finding("structure", "error", None, f"{address[:80]!r} is no address.", fix)
    if not parts["to"]:
        yield _finding("missing_field", "warning", None, "It goes to nobody.", "Add an address to it.")
    for name in placeholders(parts):
        yield _finding(
            "missing_field", "warning", None, f"[{name}] is not filled in.", "Replace it by the real one."
        )


def _finding(
    code: str,
    severity: Literal["info", "warning", "error"],
    span: tuple[int, int] | None,
    message: str,
    fix: str,
) -> Finding:
    return {
        "code": code,
        "severity": severity,
        "span": list(span) if span else None,
        "message": message,
        "fix": fix,
    }
