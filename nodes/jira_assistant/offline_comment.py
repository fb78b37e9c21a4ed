"""The Jira comment when no model is at hand: the same facts in plain professional English, by rules alone.

Tokens (keys, code, versions, numbers ...) are hidden while the words around them are rewritten, so that they
come back byte for byte. Where the rules are unsure they only clean, capitalise and punctuate.
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.feedback import changed, wishes
from nodes.jira_assistant.framing import without_request
from nodes.jira_assistant.language.hidden import PAUSE, without_hidden
from nodes.jira_assistant.language.lexicon import OBJECT_PRONOUNS, is_work_noun
from nodes.jira_assistant.language.names import with_names
from nodes.jira_assistant.language.nouns import core, is_key, with_article
from nodes.jira_assistant.language.sentences import Sentence, apart, finished, sentences, written
from nodes.jira_assistant.language.spans import KEY_HOLE, mask
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.tidy import plain_words
from nodes.jira_assistant.language.tongue import is_foreign
from nodes.jira_assistant.language.verbs import VERBS

_FEWEST_WORDS = 3
_LIST_FROM = 3  # clauses in one breath
_ITEM = re.compile(r"\s*(?P<mark>[-*•·‣]|\d{1,2}[.)])\s+(?=\S)")
_LABEL = re.compile(
    r"\s*\[?([\U000f0000-\U000ffffd])\]?\s*(?::|\s[-–—](?=\s))\s*|\s*\[([\U000f0000-\U000ffffd])\]\s*"
)
_STOP_AFTER_BLOCK = re.compile(r"(```|\{(?:code|noformat)\})\.$", re.MULTILINE)
_VERBATIM = re.compile(
    r"\s*(?:at [\w.$<>]+\(|File \S|Traceback\b|[\w.]+(?:Error|Exception)\b|[$>] )"
    r"|.*[;{}]\s*$|(?: {4}|\t)\s*\S"
)


def draft_comment(message: str) -> str:
    """`message` as a Jira comment: its facts, no others. Deterministic, never raises; "" for a blank one."""
    masked = mask(without_hidden(message).replace("’", "'"))
    if is_foreign(masked.text):
        return masked.restore(_least(masked.text))
    key, text = without_request(plain_words(masked.text))
    if key and masked.hidden[key] in {masked.hidden.get(c) for c in text if c >= KEY_HOLE}:
        key = ""  # named again in what is said
    lines = [line for part in text.split("\n") for line in _lines(part)]
    drafted = _labelled(key, _long_enough(lines, text)) or _least(text.replace(PAUSE, " "))
    if not re.search(r"\w|[\U000f0000-\U0010fffd]", drafted):
        return message.strip()
    return _STOP_AFTER_BLOCK.sub(r"\1", masked.restore(drafted))


def _least(text: str) -> str:
    return "\n".join(finished(line.strip()) for line in text.strip().split("\n"))


def _lines(typed: str) -> Iterator[str]:
    """The lines that one typed line becomes."""
    if not typed.strip():
        return
    if _VERBATIM.match(typed):
        yield typed.rstrip()
        return
    item = _ITEM.match(typed)
    body = typed[item.end() :] if item else typed
    label = _LABEL.match(body)
    found = sentences(with_names(body[label.end() :] if label else body))
    if not found:
        return
    name = (label[1] or label[2]) if label else ""
    if item:
        mark = item["mark"] if item["mark"][0].isdigit() else "-"
        yield f"{mark} {_labelled(name, [_prose(found)])}"
    else:
        yield _labelled(name, list(_with_lists(found)))


def _prose(found: list[list[Sentence]]) -> str:
    return " ".join(written(sentence) for typed in found for sentence in typed)


def _with_lists(found: list[list[Sentence]]) -> Iterator[str]:
    """Lines: prose, but what was said in one breath of three clauses or more becomes a list."""
    prose: list[str] = []
    for typed in found:
        items = [part for sentence in typed for part in apart(sentence)]
        if not _is_list([written(item) for item in items]):
            prose += [written(sentence) for sentence in typed]
            continue
        if prose:
            yield " ".join(prose)
        prose = []
        yield from (f"- {written(item)}" for item in items)
    if prose:
        yield " ".join(prose)


def _is_list(items: list[str]) -> bool:
    """Items that stand for themselves; a story, whose sentences lean on each other, stays a story."""
    opening = [{core(word) for word in item.split()[:3]} for item in items]
    return len(items) >= _LIST_FROM and all(len(words) > 1 and words.isdisjoint(_LEANS) for words in opening)


_LEANS = OBJECT_PRONOUNS | word_set("it they he she this that those these sorry")


def _labelled(key: str, lines: list[str]) -> str:
    if not key:
        return "\n".join(lines)
    if len(lines) == 1 and (found := re.match("This (?=is|has|should|might|will)", lines[0])):
        return f"{key} {lines[0][found.end() :]}"
    return f"{key}:\n" + "\n".join(lines) if len(lines) > 1 else f"{key}: {''.join(lines)}"


def _long_enough(lines: list[str], text: str) -> list[str]:
    """One or two words are no comment: say the same as a sentence."""
    if len(lines) != 1 or len(lines[0].split()) >= _FEWEST_WORDS:
        return lines
    found = sentences(with_names(text))
    if len(found) == 1 and len(found[0]) == 1 and (alone := found[0][0].clauses[0].alone):
        return [finished(alone)]
    words = lines[0].rstrip(".").split()
    if core(words[0]) in VERBS and len(words) > 1:
        return [f"Task: {lines[0][0].lower()}{lines[0][1:]}"]
    if is_work_noun(core(words[-1])) or is_key(words[-1]):
        return [finished(" ".join(["update on", *with_article([words[0].lower(), *words[1:]])]))]
    return [f"Update: {lines[0]}"]


def redraft_comment(message: str, draft: str, feedback: str) -> str | None:
    """`draft` changed as a reviewer asked; None where rules cannot do that honestly."""
    text = draft
    for wish in wishes(feedback) or ():
        better = changed(text, wish, draft_comment)
        if better is None:
            return None
        text = better
    return None if text == draft else text
