"""How a draft came about, in words: which route and why, who wrote it, for what, and what the checks said."""

from collections.abc import Iterator

from services import JSON
from web.cards import lasting

_ENTITIES = {"issue_keys": "issues"}


def route(state: JSON) -> Iterator[str]:
    """Who decided what the message asks for, and what came next to it."""
    decision = state.get("classification")
    if decision is None:
        return
    yield from _abstained(decision)
    yield from _decided(decision, state["metadata"])
    yield f"So it went to {state['route_type']}."
    found = state.get("extracted_entities") or {}
    named = [f"{_ENTITIES.get(name, name)}: {', '.join(values)}" for name, values in found.items() if values]
    yield f"Named in it: {'; '.join(named) or 'nothing'}."


def _abstained(decision: JSON) -> Iterator[str]:
    if decision["stage"] == "rules":
        return
    rules = decision.get("rules")
    if "rules" not in decision:
        yield "The rules abstained; why was not recorded."
    elif rules and rules["runner_up"]:
        guess, rule = _scored(rules["runner_up"]), rules["rule"]
        yield f"The rules abstained: their best guess was {guess}, by “{rule}”."
    else:
        yield "The rules abstained: none of them fits."


def _decided(decision: JSON, metadata: JSON) -> Iterator[str]:
    what, second = _scored(decision), decision["runner_up"]
    if decision["stage"] == "rules":
        yield f"The rules took it for {what}, by “{decision['rule']}”."
    elif decision["stage"] == "fallback":
        why = metadata.get("classification_error_message") or "none is set up."
        yield f"No model could be asked: {why} So it was taken for {what}, which changes nothing outside."
    else:
        who = decision.get("model", "A model (which one was not recorded)")
        yield f"{who or 'A decision kept from the same question before'} took it for {what}."
    if decision.get("reason"):
        yield f"Its reason: {decision['reason']}"
    if second and decision["intent"] == "unclear":
        yield f"The best guess was {_scored(second)}, too little to follow."
    elif second:
        margin = decision["confidence"] - second["confidence"]
        yield f"Next came {_scored(second)}: a margin of {margin:.2f}."
    else:
        yield "Nothing else came into question."


def _scored(scored: JSON) -> str:
    return f"{scored['intent'].replace('_', ' ')} (confidence {scored['confidence']:.2f})"


def draft(state: JSON) -> Iterator[str]:
    """Who wrote it, with which prompt and for how much, and the text as it is now."""
    if not state.get("generated_content") or not state.get("classification"):
        return
    yield from _writer(state, state["metadata"])
    yield from _spent(state["metadata"])
    yield from (f"A reviewer wished: {wish}" for wish in state.get("feedback") or [])
    edited = (state.get("decision") or {}).get("verb") == "edit"
    yield f"The text{', as it was edited' if edited else ''}: {state['generated_content']}"


def _writer(state: JSON, metadata: JSON) -> Iterator[str]:
    model = metadata.get("model_used")
    if state.get("from_cache") and metadata.get("cache"):
        yield f"Taken from the cache ({metadata['cache']}), written by {model or 'a model not recorded'}."
        if source := metadata.get("cache_source"):
            before, likeness = lasting(metadata["cache_age_s"]), metadata["cache_score"]
            yield f"It was written for “{source}” {before} before, likeness {likeness:.2f}."
        saved = metadata.get("cost_saved_usd")
        yield f"Saved: {'not recorded' if saved is None else f'${saved:.6f}'}."
    elif state.get("fallback_used"):
        why = metadata.get("draft_error_message") or metadata.get("draft_error")
        yield f"Written by rules: {why or 'no model was asked.'}"
    elif state["route_type"] in ("llm_rephrasing", "llm_email"):
        yield f"Written by {model or 'somebody not recorded'}."
    else:
        yield "Made without a model."
    if state.get("repaired"):
        yield "The first draft had faults and was written anew; which faults was not recorded."


def _spent(metadata: JSON) -> Iterator[str]:
    if metadata.get("tokens_in") or metadata.get("tokens_out"):
        cost, as_of = metadata.get("cost_usd"), metadata.get("price_as_of")
        price = "price unknown" if cost is None else f"${cost:.6f} at the prices of {as_of}"
        yield f"All models for it: {metadata['tokens_in']} tokens in, {metadata['tokens_out']} out, {price}."
    if version := metadata.get("prompt_version"):
        yield f"Version of the prompt: {version}."
    if degraded := metadata.get("degraded"):
        yield f"Not the best there is: {', '.join(degraded)}."
    for purpose, report in (metadata.get("prompt_report") or {}).items():
        for change in report.get("changed") or []:
            tokens = f"{change['tokens_before']} tokens, then {change['tokens_after']}"
            yield f"{change['name']} of the {purpose} prompt was {change['how']}: {tokens}."


def checks(state: JSON) -> Iterator[str]:
    """What the checks say of the draft as it is now."""
    if validation := state.get("validation"):
        yield f"Score {validation['overall']:.2f}."
        yield from (
            f"{found['severity']}: {found['message']} {found['fix']}" for found in validation["findings"]
        )
        if not validation["findings"]:
            yield "No findings."
