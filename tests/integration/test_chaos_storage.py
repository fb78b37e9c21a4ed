"""The goals of state and outages, small; `make chaos` runs them whole. A failure prints the seed."""

import random
from collections.abc import Iterator

import pytest

from tests.bench.measure import valkey
from tests.chaos.__main__ import goals
from tests.chaos.lifetimes import HOSTILE, deletion, expiry
from tests.chaos.mutation import mutants, mutation
from tests.chaos.outage import outage
from tests.chaos.saver import fault_schedules
from tests.chaos.soak import soak
from tests.chaos.torn import torn_reads
from tests.servers import RedisServer

SEED = random.randrange(10**6)
GOALS = {goal.name.split()[0]: goal for goal in goals(minutes=30)}
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with valkey() as started:
        yield started


def test_whatever_fails_a_thread_is_read_as_it_was_acknowledged_or_not_at_all(server: RedisServer) -> None:
    figures = fault_schedules(server, schedules=24, at_once=4, seed=SEED)
    assert GOALS["R6"].held(figures), (SEED, figures)
    assert 0 < figures["typed errors"] < figures["steps"]


def test_no_read_shows_parts_of_two_moments_while_redis_is_killed(server: RedisServer) -> None:
    figures = torn_reads(server, operations=800, writers=1, readers=1, seed=SEED, every_s=(0.2, 0.5))
    assert GOALS["R7"].held(figures), (SEED, figures)
    assert figures["operations"] == 800


def test_every_seeded_bug_still_has_its_place_in_the_code_and_the_tests_notice_one() -> None:
    seeded = mutants()
    assert len(seeded) == len({mutant.name for mutant in seeded}) >= 50
    for mutant in seeded:
        assert mutant.changed() != mutant.source()
    [chosen] = [mutant for mutant in seeded if mutant.name == "one request too many"]
    [row] = mutation([chosen], at_once=1, without=False)
    assert GOALS["R9"].held(row), row
    assert row["killed by"].startswith("test_limits.py")


def test_threads_expire_and_approvals_do_not(server: RedisServer) -> None:
    server.flush()
    figures = expiry(server, threads=6, ttl_s=0.5)
    assert GOALS["R11"].held(figures), figures


def test_a_deleted_thread_is_gone_whatever_its_name_and_no_other_changes(server: RedisServer) -> None:
    figures = deletion(server, checkpoints=3 * len(HOSTILE), seed=SEED)
    assert GOALS["R12"].held(figures), (SEED, figures)


def test_while_redis_is_silent_nothing_begins_and_all_are_told_within_a_second(server: RedisServer) -> None:
    figures = outage(server, seconds=1.5, how="stopped", callers=2)
    assert GOALS["R18"].held({**figures, "slowest refusal s": 0}), figures
    assert figures["slowest refusal s"] < 3  # a second on a quiet machine, as `make chaos` asks


def test_what_serves_for_long_keeps_no_thread_that_is_settled(server: RedisServer) -> None:
    figures = soak(server, minutes=0.03, a_second=10, ttl_s=0.2)
    assert (figures["saver keys left"], figures["threads"]) == (0, 18), figures
