"""What is proposed as similar: to whom, how many, how old."""

import logging
import re
from array import array

import pytest

from services.cache import RedisCache
from services.errors import ConfigurationError
from services.redis_client import RedisClient
from services.similar import RedisSimilar, StaticEmbedder, installed
from services.steps import run
from tests.fakes import WordEmbedder
from tests.servers import free_port

VALUE = {"draft": {"comment": "Fixed."}}
SAID = "fixed the button bug"


@pytest.fixture
def similar(redis_client: RedisClient) -> RedisSimilar:
    return RedisSimilar(redis_client, WordEmbedder())


def key(redis: RedisClient, text: str = SAID, **other: str) -> str:
    return RedisCache(redis).key(**{"tenant": "t", "user": "u", "text": text, "model": "m", **other})


def test_the_most_similar_comes_first_and_the_rest_not_at_all(
    similar: RedisSimilar, redis_client: RedisClient
) -> None:
    for text in ("wrote an e-mail", "fixed the button bug today", SAID):
        run(similar.keep(key(redis_client, text), text, {"of": text}, 5))
    found = run(similar.find(key(redis_client), "the button bug fixed", 0.7))
    assert [one.text for one in found] == [SAID, "fixed the button bug today"]
    assert found[0].value == {"of": SAID}
    assert found[0].score == pytest.approx(1)
    assert 0 <= found[0].age_s < 300


def test_nothing_crosses_users_tenants_or_any_other_part_of_the_key(
    similar: RedisSimilar, redis_client: RedisClient
) -> None:
    run(similar.keep(key(redis_client), SAID, VALUE, 5))
    assert len(run(similar.find(key(redis_client), SAID, 0.5))) == 1
    for other in ({"user": "x"}, {"tenant": "x"}, {"model": "x"}, {"prompt": "x"}):
        assert run(similar.find(key(redis_client, **other), SAID, -1)) == []


def test_the_oldest_texts_of_a_user_go_first(redis_client: RedisClient) -> None:
    similar = RedisSimilar(redis_client, WordEmbedder(), most=3)
    for number in range(5):
        run(similar.keep(key(redis_client), f"text {number}", VALUE, 5))
    found = run(similar.find(key(redis_client), "text", -1))
    assert sorted(one.text for one in found) == ["text 2", "text 3", "text 4"]


def test_what_is_damaged_or_of_no_lifetime_is_passed_over(
    similar: RedisSimilar, redis_client: RedisClient
) -> None:
    run(similar.keep(key(redis_client), "kept for no time", VALUE, 0))
    run(similar.keep(key(redis_client), SAID, VALUE, 5))
    [name] = run(redis_client.command("KEYS", "*similar*"))
    vector = WordEmbedder().embed(SAID).tobytes()
    for damage in (b"", b"short", vector + b"{", vector + b"[]", vector + b"\xff"):
        run(redis_client.command("LPUSH", name, damage))
    assert [one.text for one in run(similar.find(key(redis_client), SAID, -1))] == [SAID]


def test_a_text_is_proposed_for_its_lifetime_and_the_list_goes_with_the_last(
    similar: RedisSimilar, redis_client: RedisClient
) -> None:
    run(similar.keep(key(redis_client), SAID, VALUE, 5))
    [name] = run(redis_client.command("KEYS", "*similar*"))
    assert 0 < run(redis_client.command("TTL", name)) <= 300
    entry = run(redis_client.command("LINDEX", name, 0))
    over = re.sub(rb'"until": [\d.]+', b'"until": 1', entry)
    assert over != entry
    run(redis_client.command("LSET", name, 0, over))
    assert run(similar.find(key(redis_client), SAID, -1)) == []


def test_forgetting_a_user_forgets_these_too(similar: RedisSimilar, redis_client: RedisClient) -> None:
    run(similar.keep(key(redis_client), SAID, VALUE, 5))
    assert run(RedisCache(redis_client).forget("t", "u")) == 1
    assert run(similar.find(key(redis_client), SAID, -1)) == []


def test_without_redis_nothing_is_proposed() -> None:
    away = RedisClient(f"redis://127.0.0.1:{free_port()}")
    similar = RedisSimilar(away, WordEmbedder())
    run(similar.keep(key(away), SAID, VALUE, 5))
    assert run(similar.find(key(away), SAID, -1)) == []
    away.close()


@pytest.mark.skipif(installed(), reason="the semantic extra is installed")
def test_without_the_extra_it_says_how_to_get_it() -> None:
    with pytest.raises(ConfigurationError, match=r"pip install 'jira-assistant\[semantic\]'"):
        StaticEmbedder()


@pytest.mark.skipif(not installed(), reason="the semantic extra is not installed")
def test_with_the_extra_it_reaches_no_network_and_tells_paraphrase_from_other_things() -> None:
    before = [*logging.getLogger().handlers], logging.getLogger().level
    embedder = StaticEmbedder()
    assert ([*logging.getLogger().handlers], logging.getLogger().level) == before
    base, same, other = map(embedder.embed, (SAID, "the button bug, fixed", "wrote to my manager"))

    def score(a: "array[float]", b: "array[float]") -> float:
        return sum(x * y for x, y in zip(a, b, strict=True))

    assert score(base, base) == pytest.approx(1, abs=1e-5)
    assert score(base, same) > 0.85 > score(base, other)
