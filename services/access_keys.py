"""API keys, and the sessions of browsers that signed in with one: in Redis, so that all processes share them.

A secret is 256 random bits, shown once; only its sha256 is kept. Nothing is cached in a process: a revoked
key, and every session that was opened with it, is refused by the next request of any process.
"""

import hmac
import json
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.errors import ConfigurationError, NotSignedIn, RateLimited, StorageDamaged
from services.identity import ROLES, Identity, Role
from services.redis_client import RedisClient, text
from services.steps import Steps

KEY_PREFIX, _SESSION_PREFIX = "ja_", "js_"
SESSION_S = 12 * 3600
_WRONG_AT_MOST, _WRONG_WITHIN_S = 10, 60
REFUSED = "There is no valid credential: sign in, or send an API key as a bearer token."


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key without its secret. Times are seconds since 1970, UTC; None: never."""

    id: str
    identity: Identity
    created: float
    expires: float | None
    revoked: float | None

    def usable(self, now: float) -> bool:
        return self.revoked is None and (self.expires is None or now < self.expires)


class AccessKeys:
    """Raises StorageError where Redis does not answer: then nobody is let in."""

    def __init__(self, redis: RedisClient, *, prefix: str = "jira-assistant") -> None:
        self._redis = redis
        self._root = f"{prefix}:{{access}}:"

    def add(
        self,
        user_id: str,
        tenant: str,
        roles: Collection[Role],
        projects: Collection[str] | None = None,
        days: float | None = None,
    ) -> Steps[tuple[AccessKey, str]]:
        """A new key, and the secret to hand over: nobody can read it again. Everybody is a user too."""
        if not user_id.strip():
            raise ConfigurationError("A key is for somebody: name the user.")
        now = time.time()
        key = AccessKey(
            id=secrets.token_hex(6),
            identity=Identity(
                user_id,
                tenant,
                frozenset({"user", *roles}),
                None if projects is None else frozenset(project.upper() for project in projects),
            ),
            created=now,
            expires=None if days is None else now + days * 86_400,
            revoked=None,
        )
        secret = f"{KEY_PREFIX}{key.id}_{secrets.token_urlsafe(32)}"
        row = ["HSET", self._key(key.id), *_fields(key), "digest", _digest(secret)]
        yield from self._redis.transaction([row, ["ZADD", self._root + "keys", now, key.id]])
        return key, secret

    def all(self) -> Steps[list[AccessKey]]:
        """Every key that was ever made, oldest first."""
        ids = [
            text(found) for found in (yield from self._redis.command("ZRANGE", self._root + "keys", 0, -1))
        ]
        rows = (yield from self._redis.transaction([["HGETALL", self._key(i)] for i in ids])) if ids else []
        return [_key_of(id, _texts(row)) for id, row in zip(ids, rows, strict=True)]

    def revoke(self, id: str) -> Steps[None]:
        """From now on it and its sessions are refused. Raises ConfigurationError where there is none."""
        if not (yield from self._redis.command("EXISTS", self._key(id))):
            raise ConfigurationError(f"There is no key {id}: list them with keys list.")
        yield from self._redis.command("HSETNX", self._key(id), "revoked", time.time())

    def identity_of(self, secret: str) -> Steps[Identity]:
        """Whose key it is. Raises NotSignedIn: unknown, expired, revoked."""
        id = _id_in(secret, KEY_PREFIX)
        row = _texts((yield from self._redis.command("HGETALL", self._key(id))))
        _matches(row, secret)
        return _usable(id, row).identity

    def open_session(self, secret: str, peer: str) -> Steps[str]:
        """The cookie of a new session of who has this key. Raises NotSignedIn, and RateLimited after ten
        wrong keys a minute from one address."""
        wrong = f"{self._root}wrong:{sha256(peer.encode()).hexdigest()[:32]}"
        count, left = yield from self._redis.transaction([["GET", wrong], ["TTL", wrong]])
        if int(count or 0) >= _WRONG_AT_MOST:
            raise RateLimited(f"Too many wrong keys came: try again in {left} s.", retry_after_s=left)
        try:
            yield from self.identity_of(secret)
        except NotSignedIn:
            first: list[Any] = ["SET", wrong, 0, "EX", _WRONG_WITHIN_S, "NX"]
            yield from self._redis.transaction([first, ["INCR", wrong]])
            raise
        id = secrets.token_hex(6)
        cookie = f"{_SESSION_PREFIX}{id}_{secrets.token_urlsafe(32)}"
        row = ["HSET", self._session(id), "key", _id_in(secret, KEY_PREFIX), "digest", _digest(cookie)]
        yield from self._redis.transaction([row, ["EXPIRE", self._session(id), SESSION_S]])
        return cookie

    def identity_of_session(self, cookie: str) -> Steps[Identity]:
        """Whose session it is, as long as the key it was opened with is good. Raises NotSignedIn."""
        row = _texts(
            (yield from self._redis.command("HGETALL", self._session(_id_in(cookie, _SESSION_PREFIX))))
        )
        _matches(row, cookie)
        key = _texts((yield from self._redis.command("HGETALL", self._key(row["key"]))))
        identity = _usable(row["key"], key).identity
        return Identity(identity.user_id, identity.tenant, identity.roles, identity.projects, "session")

    def close_session(self, cookie: str) -> Steps[None]:
        """Ends it; one that is over already is no error."""
        try:
            yield from self.identity_of_session(cookie)
        except NotSignedIn:
            return
        yield from self._redis.command("DEL", self._session(_id_in(cookie, _SESSION_PREFIX)))

    def _key(self, id: str) -> str:
        return f"{self._root}key:{id}"

    def _session(self, id: str) -> str:
        return f"{self._root}session:{id}"


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _id_in(secret: str, prefix: str) -> str:
    id = secret.removeprefix(prefix).partition("_")[0]
    if not secret.startswith(prefix) or not (id.isalnum() and id.isascii()):
        raise NotSignedIn(REFUSED)
    return id


def _matches(row: dict[str, str], secret: str) -> None:
    if not hmac.compare_digest(row.get("digest", ""), _digest(secret)):
        raise NotSignedIn(REFUSED)


def _usable(id: str, row: dict[str, str]) -> AccessKey:
    if not row:
        raise NotSignedIn(REFUSED)
    key = _key_of(id, row)
    if not key.usable(time.time()):
        raise NotSignedIn(REFUSED)
    return key


def _fields(key: AccessKey) -> list[Any]:
    who = key.identity
    fields: dict[str, Any] = {
        "user": who.user_id,
        "tenant": who.tenant,
        "roles": json.dumps(sorted(who.roles)),
        "projects": json.dumps(None if who.projects is None else sorted(who.projects)),
        "created": key.created,
        **({} if key.expires is None else {"expires": key.expires}),
    }
    return [part for field in fields.items() for part in field]


def _key_of(id: str, row: dict[str, str]) -> AccessKey:
    try:
        projects = json.loads(row["projects"])
        return AccessKey(
            id=id,
            identity=Identity(
                row["user"],
                row["tenant"],
                frozenset(role for role in ROLES if role in json.loads(row["roles"])),
                None if projects is None else frozenset(projects),
            ),
            created=float(row["created"]),
            expires=float(row["expires"]) if "expires" in row else None,
            revoked=float(row["revoked"]) if "revoked" in row else None,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise StorageDamaged(
            f"The row of the access key {id} cannot be read ({error}): revoke it and make a new one."
        ) from error


def _texts(answer: Any) -> dict[str, str]:
    pairs = answer.items() if isinstance(answer, dict) else zip(answer[::2], answer[1::2], strict=True)
    return {text(field): text(value) for field, value in pairs}
