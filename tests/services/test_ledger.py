"""The ledger: whatever is repeated, reordered or raced, an action is decided once and done once."""

import asyncio
from typing import Any

import pytest

from services import ActionRow
from services.errors import ActionConflict, ActionNotFound, StorageDamaged, StorageUnavailable
from services.ledger import RedisLedger
from services.ledger_rows import digest_of
from services.redis_client import RedisClient
from services.steps import arun, run

ACCEPT = {"verb": "accept", "by": "u2", "text": None, "edit_diff": None}
REJECT = {"verb": "reject", "by": "u3", "text": "wrong", "edit_diff": None}


def new(action_id: str = "a1", **other: Any) -> dict[str, Any]:
    row = {"action": "send_email", "args": {"to": "a@b.c", "body": "hé"}, "tenant": "t", "user_id": "u1"}
    return {"action_id": action_id, **row, "thread_id": "th", "summary": {"list": []}, **other}


@pytest.fixture
def ledger(redis_client: RedisClient) -> RedisLedger:
    return RedisLedger(redis_client)


def prepared(ledger: RedisLedger, action_id: str = "a1", expires_in_s: float = 60) -> ActionRow:
    return run(ledger.prepare(new(action_id), expires_in_s=expires_in_s))


def claim(ledger: RedisLedger, row: ActionRow, owner: str, **how: Any) -> ActionRow:
    how = {"lease_s": 60, **how}
    return run(ledger.claim(row["action_id"], row["action"], row["digest"], owner, **how))


def test_a_row_keeps_what_was_entered_byte_for_byte(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    assert row["args"] == {"to": "a@b.c", "body": "hé"}
    assert row["summary"] == {"list": []}
    assert row["status"] == "prepared"
    assert row["digest"] == digest_of("send_email", row["args"])
    assert row["expires_at"] - row["prepared_at"] == pytest.approx(60)


def test_preparing_again_changes_nothing(ledger: RedisLedger) -> None:
    first = prepared(ledger)
    again = run(ledger.prepare(new(args={"to": "evil@b.c"}), expires_in_s=1))
    assert again == first
    assert len(run(ledger.pending())) == 1


def test_the_first_decision_is_the_one_of_record(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    first = run(ledger.decide("a1", row["digest"], ACCEPT))
    second = run(ledger.decide("a1", row["digest"], REJECT))
    assert first["status"] == "approved"
    assert second == first
    assert second["decision"] is not None
    assert second["decision"]["by"] == "u2"


def test_a_decision_on_other_arguments_than_shown_is_refused(ledger: RedisLedger) -> None:
    prepared(ledger)
    with pytest.raises(ActionConflict, match="not what was shown"):
        run(ledger.decide("a1", "0" * 64, ACCEPT))
    assert run(ledger.get("a1"))["status"] == "prepared"


def test_an_edit_is_what_gets_sent(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    edited = {"to": "x@y.z", "body": "new"}
    decided = run(ledger.decide("a1", row["digest"], {**ACCEPT, "verb": "edit"}, new_args=edited))
    assert decided["args"] == edited
    assert decided["digest"] == digest_of("send_email", edited)
    with pytest.raises(ActionConflict):
        claim(ledger, row, "w1")
    assert claim(ledger, decided, "w1")["args"] == edited


def test_nothing_is_claimed_before_it_is_approved(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    with pytest.raises(ActionConflict, match="not approved"):
        claim(ledger, row, "w1")
    run(ledger.decide("a1", row["digest"], REJECT))
    with pytest.raises(ActionConflict, match="not approved"):
        claim(ledger, row, "w1")


def test_a_live_lease_keeps_others_out_and_a_done_action_gives_its_result(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    assert claim(ledger, row, "w1")["owner"] == "w1"
    with pytest.raises(ActionConflict, match="another process"):
        claim(ledger, row, "w2")
    done = run(ledger.settle("a1", "w1", "done", {"id": "77"}))
    assert done["status"] == "done"
    again = claim(ledger, row, "w2")
    assert again["status"] == "done"
    assert again["result"] == {"id": "77"}


def test_an_ended_lease_is_taken_over_only_where_a_second_send_is_harmless(ledger: RedisLedger) -> None:
    for action_id, repeatable, status in (("a1", True, "sending"), ("a2", False, "unknown")):
        row = prepared(ledger, action_id)
        run(ledger.decide(action_id, row["digest"], ACCEPT))
        claim(ledger, row, "w1", lease_s=0)
        assert claim(ledger, row, "w2", repeatable=repeatable)["status"] == status


def test_the_late_answer_of_the_one_who_sent_settles_an_unknown_action(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    claim(ledger, row, "w1", lease_s=0)
    assert claim(ledger, row, "w2", repeatable=False)["status"] == "unknown"
    assert run(ledger.settle("a1", "w2", "done", {}))["status"] == "unknown"
    assert run(ledger.settle("a1", "w1", "done", {"id": "1"}))["status"] == "done"


def test_what_failed_for_certain_can_be_claimed_again(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    claim(ledger, row, "w1")
    assert run(ledger.settle("a1", "w1", "approved", {"error": "x"}))["status"] == "approved"
    assert claim(ledger, row, "w2")["owner"] == "w2"


def test_an_expired_draft_cannot_be_accepted(ledger: RedisLedger) -> None:
    row = prepared(ledger, expires_in_s=0)
    assert run(ledger.decide("a1", row["digest"], ACCEPT))["status"] == "expired"
    assert run(ledger.pending()) == []


def test_closing_withdraws_only_what_nobody_decided(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    prepared(ledger, "a2")
    run(ledger.decide("a1", row["digest"], ACCEPT))
    assert run(ledger.close("a1", "superseded", "u1", "new message"))["status"] == "approved"
    assert run(ledger.close("a2", "superseded", "u1", "new message"))["status"] == "superseded"


def test_the_longest_waiting_comes_first_and_a_user_sees_only_their_own(ledger: RedisLedger) -> None:
    for action_id in ("b", "a", "c"):
        prepared(ledger, action_id)
    run(ledger.prepare(new("other", user_id="u9"), expires_in_s=60))
    assert [row["action_id"] for row in run(ledger.pending())] == ["b", "a", "c", "other"]
    mine = run(ledger.of_user("t", "u1", 0, 1e12))
    assert [row["action_id"] for row in mine] == ["b", "a", "c"]
    assert run(ledger.of_user("other tenant", "u1", 0, 1e12)) == []


def test_all_that_became_of_an_action_is_on_record_in_order(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    run(ledger.decide("a1", row["digest"], REJECT))
    claim(ledger, row, "w1")
    run(ledger.settle("a1", "w1", "done", {"id": "77"}))
    history = run(ledger.history("a1"))
    assert [event["event"] for event in history] == ["prepared", "approved", "sending", "done"]
    assert [event["by"] for event in history] == ["u1", "u2", "w1", "w1"]
    assert [event["at"] for event in history] == sorted(event["at"] for event in history)
    assert "77" in history[-1]["detail"]


def at_once(ledger: RedisLedger, **what: Any) -> ActionRow:
    return run(ledger.prepare(new(**what), expires_in_s=60, decision=ACCEPT, result={"handed_to": "caller"}))


def test_what_goes_unasked_to_the_caller_is_done_in_one_step_and_recorded_as_in_four(
    ledger: RedisLedger,
) -> None:
    first = at_once(ledger)
    assert (first["status"], first["result"]) == ("done", {"handed_to": "caller"})
    history = run(ledger.history("a1"))
    assert [event["event"] for event in history] == ["prepared", "approved", "sending", "done"]
    assert at_once(ledger) == first
    assert at_once(ledger, args={"to": "evil@b.c"}) == first
    assert run(ledger.history("a1")) == history
    assert run(ledger.pending()) == run(ledger.unfinished()) == []
    assert [row["action_id"] for row in run(ledger.of_user("t", "u1", 0, 1e12))] == ["a1"]


def test_doing_all_at_once_overrules_no_decision_and_takes_over_no_live_lease(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], REJECT))
    with pytest.raises(ActionConflict, match="not approved"):
        at_once(ledger)
    row = prepared(ledger, "a2")
    run(ledger.decide("a2", row["digest"], ACCEPT))
    claim(ledger, row, "w1")
    with pytest.raises(ActionConflict, match="another process"):
        at_once(ledger, action_id="a2")
    assert [run(ledger.get(id_))["status"] for id_ in ("a1", "a2")] == ["rejected", "sending"]


def test_an_action_is_claimed_only_by_its_own_name(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    with pytest.raises(ActionConflict, match="not what was shown"):
        run(ledger.claim("a1", "post_jira_comment", row["digest"], "w1", lease_s=60, result={}))
    assert run(ledger.get("a1"))["status"] == "approved"


def test_what_is_approved_and_not_done_can_be_found(ledger: RedisLedger) -> None:
    row = prepared(ledger)
    assert run(ledger.unfinished()) == []
    run(ledger.decide("a1", row["digest"], ACCEPT))
    assert [found["action_id"] for found in run(ledger.unfinished())] == ["a1"]
    claim(ledger, row, "w1")
    run(ledger.settle("a1", "w1", "done", {}))
    assert run(ledger.unfinished()) == []


def test_arguments_changed_by_hand_after_approval_are_not_carried_out(
    ledger: RedisLedger, redis_client: RedisClient
) -> None:
    row = prepared(ledger)
    run(ledger.decide("a1", row["digest"], ACCEPT))
    run(redis_client.command("HSET", "jira-assistant:{ledger}:action:a1", "args", '{"to":"evil@b.c"}'))
    with pytest.raises(StorageDamaged, match="not the ones that were approved"):
        claim(ledger, row, "w1")


def test_however_many_there_are_none_is_left_out(ledger: RedisLedger) -> None:
    for number in range(1203):
        prepared(ledger, f"a{number}")
    assert len(run(ledger.all(0, 1e12))) == 1203
    assert len(run(ledger.of_user("t", "u1", 0, 1e12))) == 1203
    assert [row["action_id"] for row in run(ledger.pending(limit=2))] == ["a0", "a1"]
    assert len(run(ledger.pending(limit=700))) == 700


def test_an_action_that_never_was_is_named(ledger: RedisLedger) -> None:
    with pytest.raises(ActionNotFound, match="no action nope"):
        run(ledger.get("nope"))
    with pytest.raises(ActionNotFound):
        run(ledger.decide("nope", "d", ACCEPT))


def test_a_damaged_row_is_an_error_and_not_a_missing_one(
    ledger: RedisLedger, redis_client: RedisClient
) -> None:
    prepared(ledger)
    run(redis_client.command("HSET", "jira-assistant:{ledger}:action:a1", "args", "{not json"))
    with pytest.raises(StorageDamaged, match="a1"):
        run(ledger.get("a1"))
    run(redis_client.command("SET", "jira-assistant:{ledger}:action:a2", "a string"))
    with pytest.raises(StorageDamaged):
        run(ledger.get("a2"))


def test_an_unreachable_server_is_an_error() -> None:
    ledger = RedisLedger(RedisClient("redis://127.0.0.1:1/0", timeout_seconds=0.5))
    with pytest.raises(StorageUnavailable, match=r"127\.0\.0\.1:1"):
        prepared(ledger)


async def test_of_many_concurrent_decisions_and_claims_one_wins(ledger: RedisLedger) -> None:
    row = await arun(ledger.prepare(new(), expires_in_s=60))
    decisions = [{**(ACCEPT if i % 2 else REJECT), "by": f"u{i}"} for i in range(20)]
    rows = await asyncio.gather(*(arun(ledger.decide("a1", row["digest"], d)) for d in decisions))
    assert len({r["decision"]["by"] for r in rows if r["decision"]}) == 1

    second = await arun(ledger.prepare(new("a2"), expires_in_s=60))
    await arun(ledger.decide("a2", second["digest"], ACCEPT))

    async def take(owner: str) -> bool:
        try:
            await arun(ledger.claim("a2", "send_email", second["digest"], owner, lease_s=60))
        except ActionConflict:
            return False
        return True

    won = await asyncio.gather(*(take(f"w{i}") for i in range(20)))
    assert won.count(True) == 1


@pytest.mark.parametrize("damaged", ["null", "7", '"x"', "[" * 100_000, "{"])
@pytest.mark.parametrize("field", ["args", "summary", "decision", "expires_at", "status"])
def test_a_damaged_row_is_a_typed_error_wherever_it_is_read(
    ledger: RedisLedger, redis_client: RedisClient, field: str, damaged: str
) -> None:
    if (field, damaged) in (("decision", "null"), ("expires_at", "7")):
        pytest.skip("no damage: nobody decided, and a time")
    prepared(ledger)
    run(redis_client.command("HSET", "jira-assistant:{ledger}:action:a1", field, damaged))
    for read in (ledger.get("a1"), ledger.pending()):
        with pytest.raises(StorageDamaged, match="cannot be read"):
            run(read)
