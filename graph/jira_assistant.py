"""What happens next, whole: every step of the Jira assistant and every edge between them.

Steps never say where to go; the routers below do, each named after the step it follows. Building reads
nothing and opens nothing, so this file can be imported anywhere.

A message that asks for several actions is drafted and proposed part by part at the same time, by the same
steps (`draft_part`); then each part takes its own turn through `approve` to `apply`.
"""

from collections.abc import Callable
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from nodes.jira_assistant.apply import apply
from nodes.jira_assistant.approve import UNUSABLE_REPLIES_AT_MOST, approve, decide
from nodes.jira_assistant.clarify import clarify
from nodes.jira_assistant.classify import classify_by_llm, classify_by_rules
from nodes.jira_assistant.complete_task import complete_task
from nodes.jira_assistant.finish import finish
from nodes.jira_assistant.parts import hand_over, in_work, next_part, of_part, waiting
from nodes.jira_assistant.propose import propose
from nodes.jira_assistant.receive import receive
from nodes.jira_assistant.report_productivity import report_productivity
from nodes.jira_assistant.samples import samples_of
from nodes.jira_assistant.state import Context, Drafted, Input, Output, State
from nodes.jira_assistant.validate import validate
from nodes.jira_assistant.write import draft_email, repair, rephrase_comment
from nodes.step import Step
from services import Services

Work = Literal["complete_task", "report_productivity", "rephrase_comment", "draft_email", "clarify"]
_WORK_OF: dict[str | None, Work] = {
    "backend_completion": "complete_task",
    "backend_productivity": "report_productivity",
    "llm_rephrasing": "rephrase_comment",
    "llm_email": "draft_email",
    "llm_classification": "clarify",
}


def build(services: Services) -> StateGraph[State, Context, Input, Output]:
    """The graph, not compiled."""
    graph = StateGraph(State, context_schema=Context, input_schema=Input, output_schema=Output)
    _add_steps(graph, services, receive, classify_by_rules, classify_by_llm, report_productivity, clarify)
    _add_drafting(graph, services)
    _add_steps(graph, services, next_part, approve, decide, apply, finish)
    graph.add_node("draft_part", _build_part(services).compile())

    graph.add_edge(START, "receive")
    after_receive = [
        "classify_by_rules",
        "decide",
        "draft_part",
        "finish",
    ]  # a Send tells no drawing where to
    graph.add_conditional_edges("receive", route_after_receive, after_receive)
    graph.add_conditional_edges("classify_by_rules", route_after_rules)
    graph.add_conditional_edges("classify_by_llm", route_after_llm)
    graph.add_edge("report_productivity", "finish")
    graph.add_edge("clarify", "finish")
    graph.add_edge("draft_part", "next_part")
    graph.add_conditional_edges("next_part", route_after_next_part)
    graph.add_conditional_edges("propose", route_after_propose)
    graph.add_edge("approve", "decide")
    graph.add_conditional_edges("decide", route_after_decide)
    graph.add_conditional_edges("apply", route_after_apply)
    graph.add_edge("finish", END)
    return graph


def _build_part(services: Services) -> StateGraph[State, Context, State, Drafted]:
    """One part of a message of several, from what it asks for to its proposal."""
    graph = StateGraph(State, context_schema=Context, output_schema=Drafted)
    _add_drafting(graph, services)
    _add_steps(graph, services, hand_over)
    graph.add_conditional_edges(START, route_after_llm, ["complete_task", "rephrase_comment", "draft_email"])
    graph.add_edge("propose", "hand_over")
    graph.add_edge("hand_over", END)
    return graph


def _add_steps(
    graph: StateGraph[Any, Context, Any, Any], services: Services, *steps: Callable[..., Any]
) -> None:
    for step in steps:
        graph.add_node(step.__name__, Step(step, services, Context, samples_of))


def _add_drafting(graph: StateGraph[Any, Context, Any, Any], services: Services) -> None:
    """The steps that write, check and propose."""
    _add_steps(graph, services, complete_task, rephrase_comment, draft_email, validate, repair, propose)
    graph.add_edge("complete_task", "propose")
    graph.add_edge("rephrase_comment", "validate")
    graph.add_edge("draft_email", "validate")
    graph.add_conditional_edges("validate", route_after_validate)
    graph.add_edge("repair", "validate")


def route_after_receive(
    state: State,
) -> Literal["classify_by_rules", "decide", "draft_part", "finish"] | list[Send]:
    """Refused input ends here; an answer to the pending draft skips to its decision; several actions in one
    message are drafted side by side."""
    if state.get("error"):
        return "finish"
    if state.get("reply") is not None:
        return "decide"
    if parts := state.get("parts"):
        return [Send("draft_part", of_part(state, at)) for at in range(len(parts))]
    return "classify_by_rules"


def route_after_rules(state: State) -> Literal[Work, "classify_by_llm"]:
    """Where the rules abstain, the model is asked."""
    decision = state["classification"]
    if decision is None or decision["intent"] == "abstain":
        return "classify_by_llm"
    return _WORK_OF[state["route_type"]]


def route_after_llm(state: State) -> Work:
    """The graph follows what the model decided."""
    return _WORK_OF[state["route_type"]]


def route_after_validate(state: State) -> Literal["repair", "propose"]:
    """A model's draft with findings is repaired once; then a human sees what is left of them."""
    validation = state["validation"]
    faulty = validation is not None and not validation["passed"]
    return "repair" if faulty and not state["fallback_used"] and not state["repaired"] else "propose"


def route_after_propose(
    state: State, runtime: Runtime[Context]
) -> Literal["approve", "apply", "next_part", "finish"]:
    """What cannot be done ends here."""
    return _next_or_finish(state) if state.get("error") else _ask_or_act(state, runtime)


def route_after_next_part(state: State, runtime: Runtime[Context]) -> Literal["approve", "apply", "finish"]:
    """As any proposal, where a part was left to take up."""
    return _ask_or_act(state, runtime) if in_work(state) else "finish"


def route_after_decide(
    state: State,
) -> Literal["apply", "approve", "complete_task", "rephrase_comment", "draft_email", "next_part", "finish"]:
    """Accepted goes on, a wish goes back to its writer, an unusable reply is asked again."""
    pending, decision = state["pending_approval"], state["decision"]
    if state.get("error") and pending is not None:
        return "approve" if pending["unusable_replies"] < UNUSABLE_REPLIES_AT_MOST else "finish"
    if pending is None or decision is None or decision["verb"] == "reject":
        return _next_or_finish(state)
    if decision["verb"] != "respond":
        return "apply"
    writers: dict[str, Literal["complete_task", "rephrase_comment", "draft_email"]] = {
        "mark_task_complete": "complete_task",
        "post_jira_comment": "rephrase_comment",
        "send_email": "draft_email",
    }
    return writers[pending["action"]]


def route_after_apply(state: State) -> Literal["propose", "next_part", "finish"]:
    """What would be changed is not as it was when it was approved: that is asked again."""
    return "propose" if state.get("error") == "target_changed" else _next_or_finish(state)


def _next_or_finish(state: State) -> Literal["next_part", "finish"]:
    """A message of several actions goes on with the next, whatever became of this one."""
    return "next_part" if waiting(state) else "finish"


def _ask_or_act(state: State, runtime: Runtime[Context]) -> Literal["approve", "apply", "finish"]:
    """Policy lets it go, or a human is asked: by a pause, or by the caller once the run has ended."""
    if not state["requires_user_approval"]:
        return "apply"
    waits = runtime.context is None or runtime.context.approval_mode == "interrupt"
    return "approve" if waits else "finish"
