"""The reliability goals, small; `make chaos` runs them whole. A failure prints the seed to repeat it."""

import random

import pytest

from services import JSON
from tests.chaos.approvals import concurrent_resumes, paused_workers, redis_crashes, worker_crashes
from tests.servers import RedisServer

SEED = random.randrange(10**6)
pytestmark = pytest.mark.timeout(300)


def assert_nothing_lost_or_doubled(figures: JSON) -> None:
    wrong = [figures[name] for name in ("lost", "applied twice", "approved and not done")]
    assert wrong == [0, 0, 0], (SEED, figures)


def test_no_approval_is_lost_or_done_twice_while_redis_is_killed(redis_server: RedisServer) -> None:
    redis_server.flush()
    figures = redis_crashes(redis_server, approvals=60, processes=2, kills=3, lost=0.02, seed=SEED)
    assert_nothing_lost_or_doubled(figures)
    assert (figures["failed"], figures["kills"]) == (0, 3), (SEED, figures)
    assert figures["approvals"] >= 60


def test_no_approval_is_lost_or_done_twice_while_workers_are_killed(redis_server: RedisServer) -> None:
    redis_server.flush()
    points = (
        "after prepare",
        "before decide",
        "after decide",
        "after claim",
        "after the post",
        "before settle",
    )
    figures = worker_crashes(redis_server, kills_a_point=1, points=points, seed=SEED)
    assert_nothing_lost_or_doubled(figures)
    assert figures["died"] == len(points)


def test_a_worker_stopped_for_longer_than_its_lease_does_nothing_twice(redis_server: RedisServer) -> None:
    redis_server.flush()
    figures = paused_workers(redis_server, pauses=4, seed=SEED)
    assert_nothing_lost_or_doubled(figures)
    assert figures["stopped"] == 4


def test_concurrent_resumes_have_one_effect_and_never_answer_a_later_approval(
    redis_server: RedisServer,
) -> None:
    redis_server.flush()
    figures = concurrent_resumes(redis_server, conversations=4, at_once=16)
    assert_nothing_lost_or_doubled(figures)
    assert figures["later approvals consumed"] == 0
