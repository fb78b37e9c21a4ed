"""What happens next, whole: every step of the Jira assistant and every edge between them.

Steps never say where to go; the routers below do, each named after the step it follows. Building reads
nothing and opens nothing, so this file can be imported anywhere.
"""

from collections.abc import Callable
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from nodes.jira_assistant.apply import apply
from nodes.jira_assistant.approve import UNUSABLE_REPLIES_AT_MOST, approve, decide
from nodes.jira_assistant.clarify import clarify
from nodes.jira_assistant.classify import classify_by_llm, classify_by_rules
from nodes.jira_assistant.complete_task import complete_task
from nodes.jira_assistant.finish import finish
from nodes.jira_assistant.propose import propose
from nodes.jira_assistant.receive import receive
from nodes.jira_assistant.report_productivity import report_productivity
from nodes.jira_assistant.state import Context, Input, Output, State
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

    def node(step: Callable[..., Any]) -> None:
        graph.add_node(step.__name__, Step(step, services, Context))

    node(receive)
    node(classify_by_rules)
    node(classify_by_llm)
    node(complete_task)
    node(report_productivity)
    node(rephrase_comment)
    node(draft_email)
    node(clarify)
    node(validate)
    node(repair)
    node(propose)
    node(approve)
    node(decide)
    node(apply)
    node(finish)

    graph.add_edge(START, "receive")
    graph.add_conditional_edges("receive", route_after_receive)
    graph.add_conditional_edges("classify_by_rules", route_after_rules)
    graph.add_conditional_edges("classify_by_llm", route_after_llm)
    graph.add_edge("complete_task", "propose")
    graph.add_edge("report_productivity", "finish")
    graph.add_edge("clarify", "finish")
    graph.add_edge("rephrase_comment", "validate")
    graph.add_edge("draft_email", "validate")
    graph.add_conditional_edges("validate", route_after_validate)
    graph.add_edge("repair", "validate")
    graph.add_conditional_edges("propose", route_after_propose)
    graph.add_edge("approve", "decide")
    graph.add_conditional_edges("decide", route_after_decide)
    graph.add_conditional_edges("apply", route_after_apply)
    graph.add_edge("finish", END)
    return graph


def route_after_receive(state: State) -> Literal["classify_by_rules", "decide", "finish"]:
    """Refused input ends here; an answer to the pending draft skips to its decision."""
    if state.get("error"):
        return "finish"
    return "decide" if state.get("reply") is not None else "classify_by_rules"


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


def route_after_propose(state: State, runtime: Runtime[Context]) -> Literal["approve", "apply", "finish"]:
    """Policy lets it go, or a human is asked: by a pause, or by the caller once the run has ended."""
    if state.get("error"):
        return "finish"
    if not state["requires_user_approval"]:
        return "apply"
    waits = runtime.context is None or runtime.context.approval_mode == "interrupt"
    return "approve" if waits else "finish"


def route_after_decide(
    state: State,
) -> Literal["apply", "approve", "complete_task", "rephrase_comment", "draft_email", "finish"]:
    """Accepted goes on, a wish goes back to its writer, an unusable reply is asked again."""
    pending, decision = state["pending_approval"], state["decision"]
    if state.get("error"):
        again = pending is not None and pending["unusable_replies"] < UNUSABLE_REPLIES_AT_MOST
        return "approve" if again else "finish"
    if pending is None or decision is None or decision["verb"] == "reject":
        return "finish"
    if decision["verb"] != "respond":
        return "apply"
    writers: dict[str, Literal["complete_task", "rephrase_comment", "draft_email"]] = {
        "mark_task_complete": "complete_task",
        "post_jira_comment": "rephrase_comment",
        "send_email": "draft_email",
    }
    return writers[pending["action"]]


def route_after_apply(state: State) -> Literal["propose", "finish"]:
    """What would be changed is not as it was when it was approved: that is asked again."""
    return "propose" if state.get("error") == "target_changed" else "finish"
