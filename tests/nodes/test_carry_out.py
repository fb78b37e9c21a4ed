"""Approved means done, once: whatever stops half-way is ended later, and what may not be repeated is not."""

from typing import Any

import pytest

from nodes.carry_out import carry_out, sweep
from services import ActionRow, Connector, Services
from services.cache import RedisCache
from services.errors import ActionConflict, ActionFailed, OutcomeUnknown, TargetChanged
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import run
from tests.fakes import NoLimits, NoModels, RecordingConnector


def services(redis: RedisClient, connector: Connector | None) -> Services:
    connectors = {"send_email": connector} if connector else {}
    return Services(Settings(), NoModels(), RedisCache(redis), RedisLedger(redis), connectors, NoLimits())


def approved(reached: Services, action_id: str = "a1") -> ActionRow:
    row: dict[str, Any] = {"action_id": action_id, "action": "send_email", "args": {"to": "a@b.c"}}
    row |= {"tenant": "", "user_id": "u1", "thread_id": "t", "summary": {}}
    prepared = run(reached.ledger.prepare(row, expires_in_s=60))
    return run(reached.ledger.decide(action_id, prepared["digest"], {"verb": "accept", "by": "u2"}))


def test_an_action_is_carried_out_once_however_often_it_is_asked_for(redis_client: RedisClient) -> None:
    mail = RecordingConnector()
    reached = services(redis_client, mail)
    row = approved(reached)
    first = run(carry_out(reached, "a1", "send_email", row["digest"]))
    assert run(carry_out(reached, "a1", "send_email", row["digest"])) == first
    assert mail.performed == [("a1", {"to": "a@b.c"})]


def test_the_sweeper_ends_what_was_approved_and_left_behind(redis_client: RedisClient) -> None:
    mail = RecordingConnector()
    reached = services(redis_client, mail)
    approved(reached)
    assert [row["status"] for row in run(sweep(reached))] == ["done"]
    assert run(sweep(reached)) == []
    assert len(mail.performed) == 1


def test_the_sweeper_leaves_a_live_sender_alone(redis_client: RedisClient) -> None:
    mail = RecordingConnector()
    reached = services(redis_client, mail)
    row = approved(reached)
    run(reached.ledger.claim("a1", "send_email", row["digest"], "another", lease_s=60))
    assert run(sweep(reached)) == []
    assert mail.performed == []


def test_a_dead_sender_of_what_may_not_be_repeated_leaves_an_unknown_outcome(
    redis_client: RedisClient,
) -> None:
    mail = RecordingConnector()
    mail.repeatable = False
    reached = services(redis_client, mail)
    row = approved(reached)
    run(reached.ledger.claim("a1", "send_email", row["digest"], "killed", lease_s=0, repeatable=False))
    assert [row["status"] for row in run(sweep(reached))] == ["unknown"]
    assert run(sweep(reached)) == []
    assert mail.performed == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ActionFailed("refused"), "approved"),
        (OutcomeUnknown("cut off"), "unknown"),
        (TargetChanged("moved"), "superseded"),
    ],
)
def test_what_went_wrong_is_on_record(redis_client: RedisClient, error: Exception, status: str) -> None:
    reached = services(redis_client, RecordingConnector(fails_with=error))
    row = approved(reached)
    with pytest.raises(type(error)):
        run(carry_out(reached, "a1", "send_email", row["digest"]))
    kept = run(reached.ledger.get("a1"))
    assert kept["status"] == status
    assert kept["result"]
    assert str(error) in kept["result"]["error_message"]


def test_what_failed_for_certain_is_tried_again_by_the_sweeper(redis_client: RedisClient) -> None:
    mail = RecordingConnector(fails_with=ActionFailed("refused"))
    reached = services(redis_client, mail)
    row = approved(reached)
    with pytest.raises(ActionFailed):
        run(carry_out(reached, "a1", "send_email", row["digest"]))
    assert [row["status"] for row in run(sweep(reached))] == ["done"]
    assert len(mail.performed) == 1


def test_what_nobody_approved_is_not_carried_out(redis_client: RedisClient) -> None:
    mail = RecordingConnector()
    reached = services(redis_client, mail)
    row: dict[str, Any] = {"action_id": "a1", "action": "send_email", "args": {}, "tenant": ""}
    row |= {"user_id": "u1", "thread_id": "t", "summary": {}}
    prepared = run(reached.ledger.prepare(row, expires_in_s=60))
    with pytest.raises(ActionConflict, match="not approved"):
        run(carry_out(reached, "a1", "send_email", prepared["digest"]))
    assert run(sweep(reached)) == []
    assert mail.performed == []
