"""The official suite for savers, base and extended, over real servers; it is the floor, not the goal."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance import validate
from langgraph.checkpoint.conformance.initializer import RegisteredCheckpointer

from services.checkpoint import RedisSaver
from services.redis_cluster import open_redis

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "signed, expiring": {"signing_key": b"0123456789abcdef", "ttl_seconds": 60},
}


@pytest.mark.parametrize("options", CONFIGURATIONS.values(), ids=list(CONFIGURATIONS))
async def test_every_test_of_the_official_suite_passes(redis_url: str, options: dict[str, Any]) -> None:
    async def saver() -> AsyncGenerator[BaseCheckpointSaver[str], None]:
        client = open_redis(redis_url, timeout_seconds=5)
        yield RedisSaver(client, **options)
        await client.aclose()

    report = await validate(RegisteredCheckpointer("redis", saver))
    failures = [failure for result in report.results.values() for failure in result.failures]
    assert failures == []
    assert sum(result.tests_passed for result in report.results.values()) >= 81  # none was skipped
    assert all(result.detected for result in report.results.values())
