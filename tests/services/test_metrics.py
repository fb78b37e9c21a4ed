"""Figures for operators: counts of all processes add up, survive, and never hold anybody up."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from services.errors import StorageError, StorageUnavailable
from services.metrics import METRICS, Figures, added
from services.metrics_store import FIELDS_AT_MOST, QUARTER_S, RedisMetrics
from services.redis_client import RedisClient, Script
from services.steps import Steps, run
from tests.servers import RedisServer, free_port

NEVER_S = 3600.0  # until it sends by itself


@pytest.fixture
def redis(redis_url: str) -> Iterator[RedisClient]:
    client = RedisClient(redis_url, timeout_seconds=0.5)
    yield client
    client.close()


def failed(metrics: RedisMetrics) -> float:
    return run(metrics.totals()).total("runs_total", outcome="failed")


def fail(metrics: RedisMetrics, times: int = 1) -> None:
    for _ in range(times):
        metrics.record("runs_total", outcome="failed")


def test_counts_of_all_processes_add_up_and_outlive_them(redis: RedisClient) -> None:
    for _ in range(3):
        metrics = RedisMetrics(redis)
        fail(metrics, 2)
        metrics.close()
    assert failed(RedisMetrics(redis)) == 6


def test_counts_are_there_about_a_second_later(redis: RedisClient) -> None:
    metrics = RedisMetrics(redis, every_s=0.05)
    fail(metrics)
    deadline = time.monotonic() + 5
    while not failed(metrics):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    metrics.close()
    assert failed(metrics) == 1


def test_nothing_is_sent_while_nothing_is_counted(redis: RedisClient, redis_server: RedisServer) -> None:
    metrics = RedisMetrics(redis, every_s=0.01)
    metrics.close()
    assert run(redis.command("DBSIZE")) == 0
    assert "metrics" not in {thread.name for thread in threading.enumerate()}


def test_what_was_counted_while_redis_was_away_is_there_when_it_is_back(
    redis: RedisClient, redis_server: RedisServer
) -> None:
    metrics = RedisMetrics(redis, every_s=NEVER_S)
    fail(metrics)
    redis_server.kill()
    try:
        started = time.monotonic()
        with pytest.raises(StorageError):
            metrics.send()
        fail(metrics, 2)
        assert time.monotonic() - started < 2
    finally:
        redis_server.start()
    metrics.close()
    assert failed(metrics) == 3


class Forgetful(RedisClient):
    """Redis carries the scripts out, but of the first `lost` no answer comes back."""

    lost = 2

    def script(
        self, script: Script, keys: Sequence[Any], args: Sequence[Any] = (), *, copied: bool = False
    ) -> Steps[Any]:
        answer = yield from super().script(script, keys, args)
        if self.lost:
            self.lost -= 1
            raise StorageUnavailable("no answer came")
        return answer


def test_what_could_not_be_sent_is_sent_without_waiting_for_more(redis_url: str) -> None:
    redis = Forgetful(redis_url)
    metrics = RedisMetrics(redis, every_s=0.01)
    fail(metrics)
    deadline = time.monotonic() + 5
    while redis.lost:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    metrics.close()
    assert failed(metrics) == 1
    redis.close()


def test_a_batch_whose_answer_was_lost_is_added_once(redis_url: str) -> None:
    redis = Forgetful(redis_url)
    metrics = RedisMetrics(redis, every_s=NEVER_S)
    for _ in range(2):
        fail(metrics)
        with pytest.raises(StorageUnavailable):
            metrics.send()
    metrics.close()
    assert failed(metrics) == 2
    redis.close()


def test_a_process_that_ends_while_redis_is_away_is_not_held_up() -> None:
    metrics = RedisMetrics(RedisClient(f"redis://127.0.0.1:{free_port()}", timeout_seconds=0.2))
    fail(metrics)
    started = time.monotonic()
    metrics.close()
    assert time.monotonic() - started < 2


def test_no_number_of_label_values_fills_the_memory(redis: RedisClient) -> None:
    metrics = RedisMetrics(redis, every_s=NEVER_S)
    for number in range(FIELDS_AT_MOST + 7):
        metrics.record("run_errors_total", error=str(number))
    metrics.close()
    totals = run(metrics.totals())
    assert len(totals.counts) == FIELDS_AT_MOST + 1
    assert totals.total("uncounted_total") == 7


def test_a_label_that_a_metric_does_not_have_is_a_defect(redis: RedisClient) -> None:
    metrics = RedisMetrics(redis)
    with pytest.raises(TypeError, match="user"):
        metrics.record("runs_total", outcome="ok", user="u1")
    with pytest.raises(KeyError):
        metrics.record("runs_total")


def test_the_series_tells_quarters_of_an_hour_apart(redis: RedisClient) -> None:
    now = 1_000_000.0 * QUARTER_S
    metrics = RedisMetrics(redis, clock=lambda: now, every_s=NEVER_S)
    for times in (1, 2, 3):
        fail(metrics, times)
        metrics.send()
        now += QUARTER_S
    now -= QUARTER_S
    series = run(metrics.series(1))
    assert [figures.total("runs_total") for _, figures in series] == [0, 1, 2, 3]
    assert series[-1][0] == now
    assert added(figures for _, figures in series).total("runs_total") == 6
    metrics.close()


def test_a_histogram_tells_mean_and_quantiles(redis: RedisClient) -> None:
    metrics = RedisMetrics(redis, every_s=NEVER_S)
    for seconds in (0.3, 0.3, 0.3, 3.0, 1000.0):
        metrics.record("node_seconds", seconds, node="propose")
    metrics.close()
    histogram = run(metrics.totals()).histogram("node_seconds", node="propose")
    assert histogram.count == 5
    assert histogram.mean == pytest.approx(200.78)
    assert 0.1 < (histogram.quantile(0.5) or 0) <= 0.5
    assert histogram.quantile(0.99) == 60  # beyond the last bucket: at least that long
    assert Figures().histogram("node_seconds").quantile(0.5) is None


def test_a_damaged_hash_loses_counts_openly_and_not_for_ever(
    redis: RedisClient, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = RedisMetrics(redis, every_s=NEVER_S)
    totals = "jira-assistant:{metrics}:totals"
    run(redis.command("SET", totals, "not a hash"))
    fail(metrics)
    metrics.send()
    assert "lost" in caplog.text
    run(redis.command("DEL", totals))
    fail(metrics)
    metrics.close()
    assert failed(metrics) == 1
    assert run(metrics.totals()).total("uncounted_total") == 1


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_explained(name: str) -> None:
    metric = METRICS[name]
    assert metric.help.endswith(".")
    assert list(metric.buckets) == sorted(metric.buckets)
    assert name.endswith("_total") is not bool(metric.buckets)
