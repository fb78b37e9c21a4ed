"""API keys and sessions on a real Redis."""

import json

import pytest
import redis as redis_py

from services.access_keys import AccessKeys
from services.errors import ConfigurationError, NotSignedIn, RateLimited, StorageUnavailable
from services.identity import Identity
from services.redis_client import RedisClient
from services.steps import arun, run

HERE = "127.0.0.1"


@pytest.fixture
def keys(redis_client: RedisClient) -> AccessKeys:
    return AccessKeys(redis_client)


def test_a_key_is_who_it_was_made_for(keys: AccessKeys) -> None:
    _, secret = run(keys.add("ann", "acme", ["reviewer"], ["pay"]))
    expected = Identity("ann", "acme", frozenset({"user", "reviewer"}), frozenset({"PAY"}))
    assert run(keys.identity_of(secret)) == expected


async def test_both_call_styles_read_the_same_key(keys: AccessKeys) -> None:
    _, secret = await arun(keys.add("ann", "acme", []))
    assert await arun(keys.identity_of(secret)) == Identity("ann", "acme")


def test_the_secret_is_kept_nowhere(keys: AccessKeys, redis_url: str) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    cookie = run(keys.open_session(secret, HERE))
    stored = redis_py.Redis.from_url(redis_url)
    for name in stored.scan_iter():
        dumped = stored.dump(name) or b""
        for hidden in (secret, cookie):
            assert hidden.rpartition("_")[2].encode() not in dumped + name


@pytest.mark.parametrize(
    "change",
    [
        lambda s: "",
        lambda s: s[:-1],
        lambda s: s + "x",
        lambda s: s.swapcase(),
        lambda s: s.replace("ja_", "js_"),
        lambda s: s.rpartition("_")[0],
        lambda s: s.rpartition("_")[0] + "_",
        lambda s: "ja__" + s,
        lambda s: "ja_*_" + s,
        lambda s: "ja_000000000000_" + s.rpartition("_")[2],
    ],
)
def test_nothing_but_the_very_secret_gets_in(keys: AccessKeys, change: object) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of(change(secret)))  # type: ignore[operator]


def test_an_expired_key_is_refused_and_still_listed(keys: AccessKeys) -> None:
    key, secret = run(keys.add("ann", "acme", [], days=-0.001))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of(secret))
    assert run(keys.all()) == [key]


def test_a_revoked_key_is_refused_at_once_and_so_are_its_sessions(keys: AccessKeys) -> None:
    key, secret = run(keys.add("ann", "acme", []))
    cookie = run(keys.open_session(secret, HERE))
    assert run(keys.identity_of_session(cookie)).how == "session"
    run(keys.revoke(key.id))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of(secret))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of_session(cookie))
    assert run(keys.all())[0].revoked is not None


def test_a_closed_session_is_over_and_its_key_is_not(keys: AccessKeys) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    cookie, other = run(keys.open_session(secret, HERE)), run(keys.open_session(secret, HERE))
    run(keys.close_session(cookie))
    run(keys.close_session(cookie))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of_session(cookie))
    assert run(keys.identity_of_session(other)).user_id == "ann"
    assert run(keys.identity_of(secret)).user_id == "ann"


def test_a_key_is_no_session_and_a_session_no_key(keys: AccessKeys) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    cookie = run(keys.open_session(secret, HERE))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of_session(secret))
    with pytest.raises(NotSignedIn):
        run(keys.identity_of(cookie))


def test_a_session_ends_by_itself(keys: AccessKeys, redis_url: str) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    run(keys.open_session(secret, HERE))
    stored = redis_py.Redis.from_url(redis_url)
    [name] = stored.keys("*session*")
    assert 12 * 3600 - 60 < stored.ttl(name) <= 12 * 3600


def test_after_ten_wrong_keys_a_minute_from_one_address_no_key_is_looked_at(keys: AccessKeys) -> None:
    _, secret = run(keys.add("ann", "acme", []))
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            run(keys.open_session("ja_0_wrong", HERE))
    with pytest.raises(RateLimited) as refused:
        run(keys.open_session(secret, HERE))
    assert 0 < refused.value.details["retry_after_s"] <= 60
    run(keys.open_session(secret, "127.0.0.2"))


def test_unknown_keys_cannot_be_revoked_and_keys_are_for_somebody(keys: AccessKeys) -> None:
    with pytest.raises(ConfigurationError):
        run(keys.revoke("none"))
    with pytest.raises(ConfigurationError):
        run(keys.add(" ", "acme", []))


def test_without_redis_nobody_gets_in() -> None:
    nowhere = AccessKeys(RedisClient("redis://127.0.0.1:1"))
    with pytest.raises(StorageUnavailable):
        run(nowhere.identity_of("ja_000000000000_x"))


def test_a_role_that_is_not_ours_gives_no_right(keys: AccessKeys, redis_url: str) -> None:
    key, secret = run(keys.add("ann", "acme", []))
    stored = redis_py.Redis.from_url(redis_url)
    [name] = stored.keys(f"*key:{key.id}")
    stored.hset(name, "roles", json.dumps(["user", "root"]))
    assert run(keys.identity_of(secret)).roles == {"user"}
