"""The whole graph on a real Redis: what a user says, sees and gets, with a model and without one."""

import json
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from nodes.jira_assistant.state import Result
from services.errors import ActionFailed, ModelTimeout, ModelUnavailable, StorageDamaged
from services.redis_client import RedisClient
from services.steps import run
from tests.fakes import NoMore, RecordingConnector, ScriptedModels
from tests.graph.conftest import Start

UPDATE = "fixed button bug, tested staging"
COMMENT = "Fixed the button bug and tested staging."
UNPLACED = "banana PAY-12 sideways"  # no rule can place it
APPROVE = {"decisions": [{"type": "approve"}]}


def interrupt_of(out: dict[str, Any]) -> Any:
    return out["__interrupt__"][0].value


def test_without_any_model_an_update_becomes_a_draft_that_waits(start: Start) -> None:
    out = start().say(UPDATE)
    assert out["route_type"] == "llm_rephrasing"
    assert out["backend_action"] == "show_comment_for_approval"
    assert out["requires_user_approval"] is True
    assert out["fallback_used"] is True
    assert out["executed"] is False
    assert "button" in out["generated_content"]
    [request] = interrupt_of(out)
    assert request["action_request"]["args"]["comment"] == out["generated_content"]


def test_an_accepted_draft_is_handed_over_once(start: Start) -> None:
    chat = start()
    draft = chat.say(UPDATE)["generated_content"]
    out = chat.answer(APPROVE)
    assert out["executed"] is True
    assert out["success"] is True
    assert out["generated_content"] == draft
    assert out["decision"]["verb"] == "accept"
    assert out["pending_approval"] is None
    assert out["outcome"] == {"handed_to": "caller"}


def test_a_finished_task_needs_no_model_and_no_pause(start: Start) -> None:
    models = ScriptedModels()
    out = start(models).say("done with PAY-12")
    assert out["route_type"] == "backend_completion"
    assert out["processing_type"] == "backend_shortcut"
    assert out["backend_action"] == "mark_task_complete"
    assert out["extracted_entities"]["issue_keys"] == ["PAY-12"]
    assert out["executed"] is True
    assert "__interrupt__" not in out
    assert models.asked == []


def test_with_jira_connected_a_finished_task_asks_first(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"mark_task_complete": jira})
    out = chat.say("done with PAY-12")
    assert out["requires_user_approval"] is True
    assert jira.performed == []
    assert chat.answer(APPROVE)["executed"] is True
    assert [args["issue_keys"] for _, args in jira.performed] == ["PAY-12"]


def test_figures_never_pause_and_come_from_what_was_carried_out(start: Start) -> None:
    chat = start()
    chat.say("done with PAY-12")
    chat.other("t-2").say(UPDATE)
    out = chat.other("t-3").say("how productive was I this week?")
    assert out["route_type"] == "backend_productivity"
    assert out["backend_action"] == "calculate_productivity_stats"
    assert out["figures"]["counts"] == {
        "tasks finished": 1,
        "comments approved": 0,
        "e-mails approved": 0,
    }
    assert "__interrupt__" not in out


def test_only_a_clean_draft_of_a_model_goes_out_unasked_and_only_where_policy_says_so(start: Start) -> None:
    policy = {"approval_policy": {"post_jira_comment": "auto", "send_email": "auto"}}
    jira = RecordingConnector()
    good = start(ScriptedModels(COMMENT), {"post_jira_comment": jira}, thread="a", **policy).say(UPDATE)
    assert good["executed"] is True
    assert good["decision"]["by"] == "policy"
    by_rules = start(None, {"post_jira_comment": jira}, thread="b", **policy).say(UPDATE)
    assert by_rules["requires_user_approval"] is True
    asked = start(ScriptedModels(COMMENT), {"post_jira_comment": jira}, thread="c").say(UPDATE)
    assert asked["requires_user_approval"] is True
    mail = start(None, thread="d", **policy).say("email my manager I'm ill")
    assert mail["requires_user_approval"] is True
    assert len(jira.performed) == 1


def test_an_email_lists_what_is_missing_and_cannot_leave_with_a_placeholder(start: Start) -> None:
    mail = RecordingConnector()
    chat = start(connectors={"send_email": mail})
    out = chat.say("email my manager I'm ill today", user_name="Sam Field")
    assert out["backend_action"] == "show_email_for_approval"
    assert out["email_components"]["missing_fields"]
    again = chat.answer(APPROVE)
    assert again["error"] == "invalid_decision"
    assert again["__interrupt__"]
    assert mail.performed == []
    [request] = interrupt_of(again)
    args = {**request["action_request"]["args"], "to": "boss@example.org", "greeting": "Dear Kim,"}
    args = {name: value.replace("[Manager Name]", "Kim") for name, value in args.items()}
    sent = chat.answer([{"type": "edit", "args": {"action": "send_email", "args": args}}])
    assert sent["executed"] is True
    assert [performed["to"] for _, performed in mail.performed] == ["boss@example.org"]
    assert sent["decision"]["edit_diff"]


def test_a_response_makes_a_new_draft_that_waits_again(start: Start) -> None:
    models = ScriptedModels(COMMENT, "Fixed the button bug; staging tested.")
    chat = start(models)
    first = chat.say(UPDATE)
    second = chat.answer([{"type": "response", "args": "make it shorter"}])
    assert second["requires_user_approval"] is True
    assert second["generated_content"] == "Fixed the button bug; staging tested."
    assert second["pending_approval"]["action_id"] != first["pending_approval"]["action_id"]
    assert "make it shorter" in models.asked[1].messages[-1][1]
    row = run(chat.services.ledger.get(first["pending_approval"]["action_id"]))
    assert row["status"] == "superseded"


def test_a_rejected_draft_goes_nowhere_and_keeps_the_reason(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    action_id = chat.say(UPDATE)["pending_approval"]["action_id"]
    out = chat.answer({"decisions": [{"type": "reject", "message": "wrong ticket"}]})
    assert out["executed"] is False
    assert out["decision"]["verb"] == "reject"
    assert out["decision"]["text"] == "wrong ticket"
    assert jira.performed == []
    assert run(chat.services.ledger.get(action_id))["status"] == "rejected"


def test_an_edit_is_what_is_sent(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    args = chat.say("PAY-7: " + UPDATE)["pending_approval"]["args"]
    edit = {**args, "comment": "The button bug is fixed."}
    out = chat.answer([{"type": "edit", "args": {"action": "post_jira_comment", "args": edit}}])
    assert [sent for _, sent in jira.performed] == [edit]
    assert out["generated_content"] == "The button bug is fixed."


def test_an_edit_that_adds_a_secret_pauses_again(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    args = chat.say(UPDATE)["pending_approval"]["args"]
    secret = {**args, "comment": "Fixed the button bug. The password is hunter2horse."}
    out = chat.answer([{"type": "edit", "args": {"action": "post_jira_comment", "args": secret}}])
    assert out["error"] == "invalid_decision"
    assert out["__interrupt__"]
    assert jira.performed == []


def test_nothing_is_handed_out_while_a_draft_waits(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    out = chat.say(UPDATE)
    assert jira.performed == []
    assert out["executed"] is False
    assert run(chat.services.ledger.get(out["pending_approval"]["action_id"]))["status"] == "prepared"


@pytest.mark.parametrize("reply", ["", [], {"type": "nonsense"}, {"decisions": []}, 0, {"approve": True}])
def test_an_unusable_reply_pauses_again_with_the_reason(start: Start, reply: Any) -> None:
    chat = start()
    chat.say(UPDATE)
    out = chat.answer(reply)
    assert out["error"] == "invalid_decision"
    [request] = interrupt_of(out)
    assert "could not be used" in request["description"]
    assert chat.answer(APPROVE)["executed"] is True


def test_many_unusable_replies_end_the_run_but_lose_nothing(start: Start) -> None:
    chat = start()
    chat.say(UPDATE)
    for _ in range(5):
        out = chat.answer({"type": "nonsense"})
    assert "__interrupt__" not in out
    assert out["requires_user_approval"] is True
    assert chat.say("yes, post it")["executed"] is True


def test_chat_answers_decide_on_the_draft_before_them(start: Start) -> None:
    for answer, verb in (("yes, post it", "accept"), ("no", "reject")):
        chat = start(thread=f"t-{verb}")
        chat.say(UPDATE)
        assert chat.say(answer)["decision"]["verb"] == verb


def test_a_chat_wish_makes_a_new_draft(start: Start) -> None:
    chat = start(ScriptedModels(COMMENT, "Button bug fixed; staging tested."))
    chat.say(UPDATE)
    assert chat.say("make it shorter")["generated_content"] == "Button bug fixed; staging tested."


def test_a_new_message_replaces_the_waiting_draft_openly(start: Start) -> None:
    chat = start()
    first = chat.say(UPDATE)["pending_approval"]["action_id"]
    out = chat.say("done with PAY-12")
    assert out["superseded"] == first
    assert out["backend_action"] == "mark_task_complete"
    row = run(chat.services.ledger.get(first))
    assert row["status"] == "superseded"


def test_a_second_message_sees_nothing_of_the_first(start: Start) -> None:
    chat = start()
    chat.say(UPDATE)
    chat.answer(APPROVE)
    out = chat.say("hello")
    assert out["backend_action"] == "show_clarification_request"
    for field in ("email_components", "decision", "pending_approval", "validation", "outcome", "error"):
        assert out[field] is None
    assert out["executed"] is False


def test_resuming_twice_from_one_checkpoint_acts_once_and_by_the_first_answer(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    chat.say(UPDATE)
    paused = chat.assistant.get_state(chat.config).config
    chat.answer(APPROVE)
    chat.config = paused
    again = chat.answer({"decisions": [{"type": "reject"}]})
    assert len(jira.performed) == 1
    assert again["decision"]["verb"] == "accept"


def test_a_copied_thread_cannot_act_a_second_time(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    chat.say(UPDATE)
    saver: Any = chat.assistant.checkpointer
    saver.copy_thread("t-1", "t-copy")
    assert chat.answer(APPROVE)["executed"] is True
    assert chat.other("t-copy").answer(APPROVE)["executed"] is True
    assert len(jira.performed) == 1


def test_a_target_that_changed_after_the_approval_is_asked_about_again(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    first = chat.say("PAY-7: " + UPDATE)["pending_approval"]
    jira.version = 2
    again = chat.answer(APPROVE)
    assert jira.performed == []
    assert again["requires_user_approval"] is True
    assert again["pending_approval"]["action_id"] != first["action_id"]
    assert "changed since" in interrupt_of(again)[0]["description"]
    assert chat.answer(APPROVE)["executed"] is True
    assert len(jira.performed) == 1


def test_an_edit_survives_a_target_that_changed(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    args = chat.say("PAY-7: " + UPDATE)["pending_approval"]["args"]
    jira.version = 2
    edit = {"action": "post_jira_comment", "args": {**args, "comment": "The button bug is fixed."}}
    again = chat.answer([{"type": "edit", "args": edit}])
    assert again["pending_approval"]["args"]["comment"] == "The button bug is fixed."
    chat.answer(APPROVE)
    assert jira.performed[0][1]["comment"] == "The button bug is fixed."


def test_what_the_receiver_requires_is_asked_for_in_the_same_approval(start: Start) -> None:
    jira = RecordingConnector()
    jira.requires = {"resolution": ["Fixed", "Won't do"]}
    chat = start(connectors={"mark_task_complete": jira})
    args = chat.say("done with PAY-12")["pending_approval"]["args"]
    for filled in ("", "Nonsense"):
        edit = {"action": "mark_task_complete", "args": {**args, "resolution": filled}}
        refused = chat.answer([{"type": "edit", "args": edit}])
        assert refused["error"] == "invalid_decision"
        assert "Won't do" in refused["error_message"]
    edit = {"action": "mark_task_complete", "args": {**args, "resolution": "Fixed"}}
    assert chat.answer([{"type": "edit", "args": edit}])["executed"] is True
    assert jira.performed[0][1]["resolution"] == "Fixed"


def test_what_failed_is_tried_again_when_it_is_accepted_again(start: Start) -> None:
    jira = RecordingConnector(fails_with=ActionFailed("Jira is away."))
    chat = start(connectors={"post_jira_comment": jira})
    chat.say(UPDATE)
    assert chat.answer(APPROVE)["error"] == "action_failed"
    assert chat.say("yes")["executed"] is True
    assert len(jira.performed) == 1


def test_a_users_own_token_is_used_for_the_run_and_kept_nowhere(
    start: Start, redis_client: RedisClient
) -> None:
    jira = RecordingConnector()
    chat = start(connectors={"post_jira_comment": jira})
    chat.say("PAY-7: " + UPDATE, jira_token="token-of-the-author")
    chat.answer(APPROVE, jira_token="token-of-the-reviewer")
    assert jira.tokens[0] == "token-of-the-author"
    assert jira.tokens[-1] == "token-of-the-reviewer"
    for key in run(redis_client.command("KEYS", "*")):
        assert b"token-of-the" not in run(redis_client.command("DUMP", key))


def test_who_asks_too_often_is_told_when_to_come_back(start: Start) -> None:
    out = start(limits=NoMore()).say(UPDATE)
    assert out["error"] == "rate_limited"
    assert out["metadata"]["retry_after_s"] == 7.0
    assert out["backend_action"] == "show_error_message"


def test_what_the_receiver_refuses_is_said_and_can_be_tried_again(start: Start) -> None:
    jira = RecordingConnector(fails_with=ActionFailed("Jira refused the comment: no permission."))
    chat = start(connectors={"post_jira_comment": jira})
    action_id = chat.say(UPDATE)["pending_approval"]["action_id"]
    out = chat.answer(APPROVE)
    assert out["success"] is False
    assert "no permission" in out["error_message"]
    assert run(chat.services.ledger.get(action_id))["status"] == "approved"


@pytest.mark.parametrize(
    ("message", "context", "error", "action"),
    [
        ("", {}, "empty_input", "request_input"),
        (" \n\t ", {}, "empty_input", "request_input"),
        ("\x00\x01", {}, "empty_input", "request_input"),
        ("x" * 5001, {}, "input_too_long", "show_error_message"),
        ("done with PAY-12", {"user_id": None}, "missing_context", "request_authentication"),
    ],
)
def test_unusable_input_is_refused_by_name(
    start: Start, message: str, context: dict[str, Any], error: str, action: str
) -> None:
    out = start().say(message, **context)
    assert out["error"] == error
    assert out["backend_action"] == action
    assert out["success"] is False
    assert out["error_message"]


def test_refused_input_leaves_the_waiting_draft_waiting(start: Start) -> None:
    chat = start()
    chat.say(UPDATE)
    assert chat.say("")["error"] == "empty_input"
    assert chat.say("yes, post it")["executed"] is True


def test_five_thousand_characters_are_read_and_control_characters_removed(start: Start) -> None:
    chat = start()
    assert chat.say("fixed the login " + "x" * 4984)["error"] is None
    assert chat.say("done with\x00 PAY-12\x07")["extracted_entities"]["issue_keys"] == ["PAY-12"]


def test_a_million_hostile_characters_are_refused_and_the_thread_goes_on(start: Start) -> None:
    chat = start()
    for hostile in ("done " * 200_000, "((((" * 250_000, "\u202e" * 1_000_000, "[" * 1_000_000):
        out = chat.say(hostile)
        assert out["error"] == "input_too_long"
        assert len(out["original_input"]) < 1000
    assert chat.say("done with PAY-12")["executed"] is True


def test_a_damaged_thread_is_an_error_and_the_others_are_not_touched(
    start: Start, redis_client: RedisClient
) -> None:
    chat = start()
    chat.say(UPDATE)
    keys = [key for key in run(redis_client.command("KEYS", "*")) if b"t-1" in key and b"checkpoint" in key]
    assert keys
    for key in keys:
        run(redis_client.command("DEL", key))
        run(redis_client.command("SET", key, "damage"))
    with pytest.raises(StorageDamaged, match="damaged"):
        chat.say("yes, post it")
    assert chat.other("t-2").say("done with PAY-12")["executed"] is True


def test_no_context_at_all_is_a_clear_refusal(start: Start) -> None:
    chat = start()
    out = chat.assistant.invoke({"message": UPDATE}, chat.config)
    assert out["error"] == "missing_context"


def test_a_resume_of_a_thread_that_never_was_does_nothing(start: Start) -> None:
    out = start().answer(APPROVE)
    assert out["error"] == "empty_input"
    assert out["executed"] is False


def test_where_rules_abstain_the_graph_follows_the_model(start: Start) -> None:
    decision = {"intent": "email_request", "confidence": 0.95}
    email = {
        "to": ["a@b.example"],
        "subject": "PAY-12",
        "greeting": "Hello,",
        "body": "Banana PAY-12 sideways. Please let me know if you have any questions about this.",
        "closing": "Best regards,",
        "signature": "Sam",
    }
    models = ScriptedModels(decision, email, email)
    out = start(models).say(UNPLACED, user_name="Sam")
    assert out["route_type"] == "llm_email"
    assert models.asked[0].purpose == "classification"
    assert models.asked[0].temperature == 0.1


def test_a_task_that_a_model_takes_for_finished_is_never_finished_unasked(start: Start) -> None:
    sure = {"intent": "task_completion", "confidence": 1.0}
    chat = start(ScriptedModels(sure), approval_policy={"mark_task_complete": "auto"})
    out = chat.say(UNPLACED)
    assert out["backend_action"] == "mark_task_complete"
    assert out["requires_user_approval"] is True
    assert "a model read it so" in out["approval_reason"]
    assert out["executed"] is False
    assert chat.answer(APPROVE)["executed"] is True


def test_a_model_that_is_not_sure_leads_to_a_question(start: Start) -> None:
    models = ScriptedModels({"intent": "task_completion", "confidence": 0.5})
    out = start(models).say(UNPLACED)
    assert out["backend_action"] == "show_clarification_request"
    assert "finished" in out["generated_content"]


@pytest.mark.parametrize("error", [ModelTimeout("too slow"), ModelUnavailable("503")])
def test_an_outage_of_the_model_still_gives_a_draft(start: Start, error: Exception) -> None:
    out = start(ScriptedModels(error)).say(UPDATE)
    assert out["success"] is True
    assert out["fallback_used"] is True
    assert out["requires_user_approval"] is True
    assert out["metadata"]["draft_error"]
    assert out["metadata"]["degraded"] == ["draft by rules"]


def test_an_invented_fact_is_repaired_once_with_the_finding_named(start: Start) -> None:
    models = ScriptedModels("Fixed the button bug in PAY-99 and tested staging.", COMMENT)
    out = start(models).say(UPDATE)
    assert out["generated_content"] == COMMENT
    assert "PAY-99" in models.asked[1].messages[-1][1]
    assert out["validation"]["passed"] is True


def test_a_model_that_keeps_inventing_gives_way_to_the_rules(start: Start) -> None:
    wrong = "Fixed the button bug in PAY-99 and tested staging."
    out = start(ScriptedModels(wrong, wrong)).say(UPDATE)
    assert "PAY-99" not in out["generated_content"]
    assert out["fallback_used"] is True


def test_the_same_words_again_come_from_the_cache_for_the_same_user_only(start: Start) -> None:
    models = ScriptedModels(COMMENT, COMMENT, COMMENT)
    chat = start(models)
    assert chat.say(UPDATE)["from_cache"] is False
    again = chat.other("t-2").say(UPDATE)
    assert again["from_cache"] is True
    assert again["generated_content"] == COMMENT
    assert again["requires_user_approval"] is True
    assert chat.other("t-3").say(UPDATE, user_id="u2")["from_cache"] is False
    assert chat.other("t-4").say(UPDATE, tenant="other")["from_cache"] is False
    assert len(models.asked) == 3


def test_a_different_end_of_a_long_message_is_a_different_cache_entry(start: Start) -> None:
    models = ScriptedModels(lambda r: COMMENT, lambda r: COMMENT)
    chat = start(models, cache_enabled=True)
    chat.say(UPDATE)
    chat.other("t-2").say(UPDATE + " again")
    assert len(models.asked) >= 2


def test_fallback_drafts_are_never_cached(start: Start) -> None:
    models = ScriptedModels(ModelTimeout("slow"), COMMENT)
    chat = start(models)
    assert chat.say(UPDATE)["fallback_used"] is True
    assert chat.other("t-2").say(UPDATE)["from_cache"] is False


def test_a_secret_never_reaches_the_model(start: Start) -> None:
    models = ScriptedModels(COMMENT, COMMENT)
    start(models).say("fixed button bug, tested staging, db password is hunter2horse")
    assert models.asked
    assert "hunter2horse" not in str(models.asked)


def test_a_secret_is_refused_where_that_is_wanted_and_is_not_repeated(start: Start) -> None:
    models = ScriptedModels()
    out = start(models, secrets_in_input="block").say("fixed the login, db password is hunter2horse")
    assert out["error"] == "secret_in_input"
    assert "hunter2horse" not in str(out)
    assert models.asked == []


def test_return_mode_gives_the_draft_without_a_pause(start: Start) -> None:
    chat = start()
    out = chat.say(UPDATE, approval_mode="return")
    assert "__interrupt__" not in out
    assert out["requires_user_approval"] is True
    assert out["pending_approval"]["args"]["comment"] == out["generated_content"]
    assert chat.give({"reply": {"type": "approve"}})["executed"] is True


@pytest.mark.parametrize("interrupt_format", ["agent_inbox", "hitl", "hybrid"])
def test_each_format_of_the_pause_takes_each_kind_of_answer(start: Start, interrupt_format: str) -> None:
    for number, reply in enumerate(({"decisions": [{"type": "approve"}]}, [{"type": "accept"}], "yes")):
        chat = start(thread=f"t-{number}")
        value = interrupt_of(chat.say(UPDATE, interrupt_format=interrupt_format))
        if interrupt_format == "agent_inbox":
            assert isinstance(value, list)
        else:
            assert value["action_requests"][0]["name"] == "post_jira_comment"
            assert ("arguments" in value["action_requests"][0]) == (interrupt_format == "hybrid")
        assert chat.answer(reply)["executed"] is True


def test_the_reviewer_is_recorded_and_the_author_stays_the_author(start: Start) -> None:
    mail = RecordingConnector()
    chat = start(connectors={"send_email": mail})
    chat.say(
        "email my manager that the release is out",
        user_name="Sam Field",
        manager_name="Kim",
        manager_email="kim@example.org",
    )
    again = chat.answer("make it shorter", user_id="reviewer")
    assert again["email_components"]["signature"].endswith("Sam Field")
    out = chat.answer("yes", user_id="reviewer")
    assert out["decision"]["by"] == "reviewer"
    assert mail.performed[0][1]["to"] == "kim@example.org"


def test_chat_clients_send_and_receive_messages(start: Start) -> None:
    chat = start()
    out = chat.give({"messages": [HumanMessage(UPDATE)]})
    assert out["original_input"] == UPDATE
    assert out["messages"][-1].type == "ai"
    out = chat.give({"messages": [HumanMessage("yes")]})
    assert out["executed"] is True
    assert [message.type for message in out["messages"]].count("human") == 2


def test_history_is_bounded(start: Start) -> None:
    chat = start(max_history_tokens=200)
    for number in range(12):
        out = chat.say(f"hello there, number {number}, how are you doing today my friend?")
    assert 0 < len(out["messages"]) < 12


def test_a_conversation_is_kept_once_a_run_and_not_once_a_step(start: Start) -> None:
    chat = start()
    chat.say(UPDATE)
    chat.answer(APPROVE)
    assert len(list(chat.assistant.get_state_history(chat.config))) == 2


def test_every_field_of_the_result_is_there_and_is_plain_json(start: Start) -> None:
    for message in (UPDATE, "done with PAY-12", "hello", "my stats this week", "", "by a model"):
        models = ScriptedModels(COMMENT) if message == "by a model" else None
        out = start(models, thread=message or "empty").say(UPDATE if models else message)
        fields = {key: value for key, value in out.items() if key not in ("messages", "__interrupt__")}
        assert fields.keys() >= Result.__annotations__.keys()
        spending = {"request_id", "model_used", "tokens_in", "tokens_out", "cost_usd", "price_as_of"}
        told = {*spending, "prompt_version", "cache", "processing_time_s", "stage_timings"}
        assert out["metadata"].keys() >= told
        assert json.loads(json.dumps(fields)) == fields
