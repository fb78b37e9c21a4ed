"""What operators are told of conversations is what really happened in them."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.installation import compile_graph
from nodes.jira_assistant.samples import REFUSALS
from services import Models, Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.errors import ActionFailed, ModelTimeout, StorageError
from services.ledger import RedisLedger
from services.metrics import Figures
from services.metrics_store import RedisMetrics
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import run
from tests.fakes import NoLimits, NoModels, RecordingConnector, ScriptedModels
from tests.graph.conftest import Conversation
from web.statuses import STATUS_OF

UPDATE = "fixed button bug, tested staging"
COMMENT = "Fixed the button bug and tested staging."


class Watched:
    """An assistant whose figures are kept; each conversation is another thread of it."""

    def __init__(self, redis: RedisClient) -> None:
        self.redis = redis
        self.metrics = RedisMetrics(redis, every_s=3600)
        self.threads = 0

    def start(self, models: Models | None = None, **connectors: Any) -> Conversation:
        self.threads += 1
        services = Services(
            Settings(),
            models or NoModels(),
            RedisCache(self.redis),
            RedisLedger(self.redis, self.metrics),
            connectors,
            NoLimits(),
            metrics=self.metrics,
        )
        assistant = compile_graph(services, RedisSaver(self.redis))
        return Conversation(assistant, services, f"t-{self.threads}")

    def figures(self) -> Figures:
        self.metrics.send()
        return run(self.metrics.totals())


@pytest.fixture
def watched(redis_client: RedisClient) -> Iterator[Watched]:
    found = Watched(redis_client)
    yield found
    found.metrics.close()


def test_a_message_is_counted_once_however_often_its_draft_is_discussed(watched: Watched) -> None:
    talk = watched.start(ScriptedModels(COMMENT, "Button bug fixed."))
    talk.say(UPDATE)
    talk.answer("make it shorter")
    talk.answer("yes")
    figures = watched.figures()
    assert figures.by("messages_total", "route", stage="rules") == {"llm_rephrasing": 1}
    assert figures.by("runs_total", "outcome") == {"ok": 3}
    assert figures.by("drafts_total", "source") == {"model": 2}
    assert figures.by("decisions_total", "verb") == {"accept": 1, "respond": 1}
    assert figures.by("deliveries_total", "outcome") == {"handed_over": 1}
    assert figures.histogram("node_seconds", node="rephrase_comment").count == 2
    assert figures.histogram("quality_score").count == 2


def test_it_is_told_which_stage_chose_the_route_and_whether_the_cache_helped(watched: Watched) -> None:
    routed = {"intent": "task_update", "confidence": 0.9, "reason": ""}
    watched.start(ScriptedModels(routed, COMMENT)).say("hmm, the thing with the button")
    watched.start(ScriptedModels()).say("hmm, the thing with the button")
    watched.start().say(UPDATE)
    figures = watched.figures()
    assert figures.by("messages_total", "stage") == {"model": 2, "rules": 1}
    assert figures.by("cache_lookups_total", "result", kind="routing") == {"exact": 1, "miss": 1}
    assert figures.by("cache_lookups_total", "result", kind="drafts") == {"exact": 1, "miss": 1}
    assert figures.by("drafts_total", "source") == {"cache": 1, "model": 1, "rules": 1}


def test_waiting_time_and_the_size_of_an_edit_are_measured_once(watched: Watched) -> None:
    talk = watched.start()
    pending = talk.say(UPDATE)["pending_approval"]
    words = pending["args"]["comment"].split()
    args = {**pending["args"], "comment": " ".join([*words[:-1], "production."])}
    edit = {"type": "edit", "args": {"action": pending["action"], "args": args}}
    talk.answer(edit)
    figures = watched.figures()
    assert figures.histogram("decision_wait_seconds", verb="edit").count == 1
    assert (figures.histogram("decision_wait_seconds").mean or 0) < 10
    assert figures.histogram("edit_distance").mean == pytest.approx(1 / len(words), abs=0.1)


def test_failures_and_what_the_caller_can_mend_are_told_apart(watched: Watched) -> None:
    watched.start().say(" ")
    refusing = watched.start(post_jira_comment=RecordingConnector(ActionFailed("Jira said no.")))
    refusing.say("fixed button bug on PAY-1, tested staging")
    refusing.answer("yes")
    watched.start(ScriptedModels(ModelTimeout("too slow"))).say(UPDATE)  # rules wrote it: no failure
    figures = watched.figures()
    assert figures.by("run_errors_total", "error") == {"action_failed": 1, "empty_input": 1}
    assert figures.by("runs_total", "outcome") == {"ok": 2, "failed": 1, "refused": 1}
    assert figures.by("deliveries_total", "outcome") == {"action_failed": 1}


def test_a_run_that_storage_ended_is_a_failure(watched: Watched, redis_client: RedisClient) -> None:
    talk = watched.start()
    pending = talk.say(UPDATE)["pending_approval"]
    key = f"jira-assistant:{{ledger}}:action:{pending['action_id']}"
    run(redis_client.command("DEL", key))
    run(redis_client.command("SET", key, "not a row"))
    with pytest.raises(StorageError):
        talk.answer("yes")
    assert watched.figures().by("run_errors_total", "error") == {"storage_unavailable": 1}


def test_a_sender_that_stopped_half_way_is_an_unknown_outcome(watched: Watched) -> None:
    talk = watched.start(post_jira_comment=RecordingConnector())
    pending = talk.say("fixed button bug on PAY-1, tested staging")["pending_approval"]
    ledger, action = talk.services.ledger, pending["action_id"]
    decision = {"verb": "accept", "by": "bo", "text": None, "edit_diff": None}
    run(ledger.decide(action, pending["digest"], decision))
    for owner in ("gone", "next"):
        run(ledger.claim(action, pending["action"], pending["digest"], owner, lease_s=0, repeatable=False))
    assert watched.figures().by("deliveries_total", "outcome") == {"outcome_unknown": 1}


def test_what_clients_are_told_to_mend_is_no_failure_of_ours() -> None:
    assert {error for error, status in STATUS_OF.items() if status < 500} <= REFUSALS


def test_a_message_that_asks_for_several_things_is_one_message(watched: Watched) -> None:
    out = watched.start().say("PAY-12 done, PAY-13 blocked by infra, email Anna about it")
    assert len(out["parts"]) == 3
    figures = watched.figures()
    assert figures.by("messages_total", "route") == {"several": 1}
