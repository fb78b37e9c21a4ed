"""Which clause a few words are: the rules in order, the first that fits wins."""

from collections.abc import Callable

from nodes.jira_assistant.language import copula, doings, pending, things
from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language.clause import Clause, Words, joined
from nodes.jira_assistant.language.nouns import core, is_key

_RULES: tuple[Callable[[Words], Clause | None], ...] = (
    doings.been,
    doings.will,
    pending.pending,
    doings.state,
    things.none,
    copula.thing,
    doings.did,
    doings.doing,
    things.it,
    things.finite,
)


def read(words: Words) -> Clause:
    """The clause that these words are; kind "fragment" when no rule knows it. `words` is not empty."""
    if label := _label(words):
        said = _plain(words[label:])
        name = " ".join(words[:label]).rstrip(":-–— ,")
        text = said.text.removeprefix("currently ") if name.lower() == "today" else said.text
        kind = "said" if said.kind == "fragment" else said.kind
        if text.startswith("this "):
            return Clause(kind, f"{name} {text.removeprefix('this ')}")
        return Clause(kind, f"{name}: {text}")
    return _plain(words)


def _plain(words: Words) -> Clause:
    for rule in _RULES:
        if clause := rule(words):
            return clause
    return Clause("fragment", joined(words))


_BY_SPEAKER = frozenset({"did", "doing", "will", "pending"})


def _label(words: Words) -> int:
    """How many first words only say what the clause is about; 0 where they are part of it."""
    if len(words) < 2:
        return 0
    if is_key(words[0]):
        if words[0][-1] == ":":
            return 1
        if words[1] in ("-", "–", "—", ":"):
            return 2 if len(words) > 2 else 0
        return int(_plain(words).kind == "fragment" and _plain(words[1:]).kind in _BY_SPEAKER)
    if core(words[0]) in ("today", "yesterday", "tomorrow") and core(words[1]) not in lex.PRONOUNS:
        return int(words[0][-1] in ":," or _plain(words[1:]).kind in (*_BY_SPEAKER, "fragment"))
    return 0
