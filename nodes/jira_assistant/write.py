"""Drafts: a comment or an e-mail, from the model where there is one, else from rules.

A reviewer always sees which it was (`fallback_used`). Whatever the model wrote is checked afterwards
against the message; a draft that stays wrong after one repair gives way to the one from rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import prompts
from nodes.jira_assistant import drafts, kept_drafts, tone
from nodes.jira_assistant.asking import Turn, prompt, reported, request, spent
from nodes.jira_assistant.contracts import Action
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON
from services.budget import Piece
from services.errors import ModelError
from services.steps import Steps
from services.variants import PromptName, Variant

Examples = Sequence[tone.Example]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What differs between writing a comment and writing an e-mail."""

    name: PromptName
    action: Action
    temperature: float
    words: tuple[int, int]  # least and most
    schema: type[drafts.EmailDraft] | None

    def instructions(self, state: State, run: Run[Context]) -> tuple[str, str]:
        """The rendered instructions and the version of their text: edited in Studio, else a variant's."""
        edited = run.context.comment_prompt if self.schema is None else run.context.email_prompt
        file = f"jira_assistant/{self.name}"
        if edited == prompts.source(file) and (variant := _variant(state, run)):
            edited = variant.prompts.get(self.name, edited)
        low, high = self.words
        text = prompts.render(file, template=edited, min_words=low, max_words=high)
        return text, prompts.version(file, template=edited)


def _variant(state: State, run: Run[Context]) -> Variant | None:
    return run.services.settings.variants.get(state["metadata"].get("variant", ""))


_COMMENT = _Kind("rephrase_comment", "post_jira_comment", 0.2, (3, 100), None)
_EMAIL = _Kind("draft_email", "send_email", 0.3, (10, 300), drafts.EmailDraft)
_KINDS = {"llm_rephrasing": _COMMENT, "llm_email": _EMAIL}


def rephrase_comment(state: State, run: Run[Context]) -> Steps[Update]:
    """Proposes `post_jira_comment` on the named issue, else on the one that the chat is about."""
    draft = yield from _draft(state, run, _COMMENT)
    return {
        "processing_type": "comment_generation",
        "backend_action": "show_comment_for_approval",
        **draft,
    }


def draft_email(state: State, run: Run[Context]) -> Steps[Update]:
    """Proposes `send_email`; what is unknown stays a placeholder that a reviewer must fill."""
    draft = yield from _draft(state, run, _EMAIL)
    return {"processing_type": "email_generation", "backend_action": "show_email_for_approval", **draft}


def repair(state: State, run: Run[Context]) -> Steps[Update]:
    """One more try by the model with the findings named; still wrong, the draft from rules."""
    kind = _KINDS[state["route_type"] or ""]
    validation, action = state["validation"], state["action"]
    assert validation is not None  # noqa: S101 - only validated drafts come here
    assert action is not None  # noqa: S101
    faults = [f"{finding['message']} {finding['fix']}" for finding in validation["findings"]]
    again: tuple[Turn, ...] = (
        ("ai", state["generated_content"] or ""),
        ("human", prompts.render("jira_assistant/repair", findings=faults)),
    )
    examples = yield from tone.learned(kind.action, run)
    update = yield from _asked(state, run, kind, examples, again)
    if not update.get("fallback_used"):
        checked = drafts.checked(action["name"], update["action"]["args"], *drafts.said_of(state), run)
        if any(finding["severity"] == "error" for finding in checked["findings"]):
            update = {
                **_by_rules(state, run, examples),
                "fallback_used": True,
                "metadata": {**update["metadata"], "draft_error": "the model's draft stayed wrong"},
            }
    return {**update, "repaired": True, "cache_key": None}


def _draft(state: State, run: Run[Context], kind: _Kind) -> Steps[Update]:
    """From the cache, the model or the rules, in that order; feedback always makes a new one."""
    start: Update = {"repaired": False, "from_cache": False, "fallback_used": False, "cache_key": None}
    examples = yield from tone.learned(kind.action, run)
    if not run.services.models.available():
        return {**start, **_by_rules(state, run, examples), "fallback_used": True}
    caching = run.services.settings.cache_enabled and not state.get("feedback")
    key = _cache_key(state, run, kind, examples) if caching else None
    if key and (kept := (yield from kept_drafts.find(key, state, run))):
        return {**start, **kept}
    update = yield from _asked(state, run, kind, examples)
    if key and update.get("fallback_used"):
        yield from run.services.cache.release(key)
        key = None
    return {**start, **update, "cache_key": key}


def _by_rules(state: State, run: Run[Context], examples: Examples) -> Update:
    return tone.restyled(drafts.by_rules(state, run.context), examples)


def _question(
    state: State, run: Run[Context], kind: _Kind, examples: Examples
) -> tuple[tuple[Turn, ...], JSON]:
    """The prompt, and what of it had to give way. The message and the wishes are never cut, only said in
    fewer words: a model that has not read them writes something else."""
    facts = "\n".join(f"{name}: {value}" for name, value in drafts.known(run.context).items())
    pieces = [
        Piece("context", facts, 2, may_cut=True),
        Piece("message", state["original_input"], 4, compressible=True),
    ]
    if wishes := state.get("feedback"):
        draft = state["generated_content"] or ""
        pieces.append(Piece("previous_draft", draft, 1, may_cut=True, compressible=True))
        pieces += [Piece(f"reviewer_wish {at}", wish, 3, compressible=True) for at, wish in enumerate(wishes)]
    pieces += tone.shown(examples)
    return prompt(run, kind.instructions(state, run)[0], pieces)


def _asked(
    state: State, run: Run[Context], kind: _Kind, examples: Examples, more: tuple[Turn, ...] = ()
) -> Steps[Update]:
    """The model's draft, or the one from rules where no answer could be had."""
    question, report = _question(state, run, kind, examples)
    version = kind.instructions(state, run)[1]
    metadata = {name: said for name, said in state["metadata"].items() if name not in kept_drafts.ORIGIN}
    metadata = reported({**metadata, "cache": None, "prompt_version": version}, "primary", report)
    variant = _variant(state, run)
    asked = request(run, "primary", (*question, *more), temperature=kind.temperature, schema=kind.schema)
    asked = replace(asked, model=variant.primary_model if variant else None)
    try:
        answer = yield from run.services.models.ask(asked)
    except ModelError as error:
        degraded = [*metadata.get("degraded", []), "draft by rules"]
        note = {"draft_error": error.code, "draft_error_message": error.message, "degraded": degraded}
        note |= error.details
        return {
            **_by_rules(state, run, examples),
            "fallback_used": True,
            "metadata": {**metadata, **note},
        }
    draft = answer.parsed.model_dump() if answer.parsed else {"comment": answer.text.strip()}
    metadata = {**spent(metadata, answer), "draft_cost_usd": answer.cost_usd}
    return {**drafts.as_written(draft, state, run.context), "metadata": metadata}


def _cache_key(state: State, run: Run[Context], kind: _Kind, examples: Examples) -> str:
    """Everything that may change a draft; the whole text, never a prefix, and never across users."""
    variant = _variant(state, run)
    return run.services.cache.key(
        kind=state["route_type"],
        tenant=run.context.tenant,
        user=run.user,
        text=" ".join(state["original_input"].split()),
        context=drafts.known(run.context),
        model=(variant and variant.primary_model) or run.services.models.name("primary"),
        prompt=kind.instructions(state, run)[1],
        budget=run.services.settings.max_prompt_tokens,
        **tone.digest(examples),
    )
