"""An identity provider on loopback: publishes its keys, and signs tokens, good ones and every bad kind."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.loopback import Reply, Request

ISSUER, AUDIENCE = "https://login.example/", "jira-assistant"


class IdentityProvider:
    """Two keys are published, a third is not."""

    def __init__(self) -> None:
        self.keys = {kid: rsa.generate_private_key(65537, 2048) for kid in ("k1", "k2", "secret")}
        self.published = ["k1", "k2"]

    def __call__(self, request: Request) -> Reply:
        keys = [
            {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[kid].public_key())), "kid": kid}
            for kid in self.published
        ]
        return 200, {}, json.dumps({"keys": keys}).encode()

    def claims(self, user: str = "ann", **more: Any) -> dict[str, Any]:
        now = int(time.time())
        return {"sub": user, "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 600, **more}

    def token(self, user: str = "ann", *, kid: str | None = "k1", by: str = "", **claims: Any) -> str:
        """`by`: the key that really signs, where that is not `kid`. A claim of None is left out."""
        said = {name: value for name, value in self.claims(user, **claims).items() if value is not None}
        headers = {"kid": kid} if kid else {}
        return jwt.encode(said, self.keys[by or kid or "k1"], "RS256", headers)

    def bad_tokens(self, user: str = "ann", **more: Any) -> dict[str, str]:
        """Tokens that are wrong in one way each, by what is wrong with them."""
        now, good = int(time.time()), self.token(user, **more)
        header, payload, signature = good.split(".")
        public = self.keys["k1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return {
            "token alg none": f"{_part({'alg': 'none', 'kid': 'k1'})}.{payload}.",
            "token alg None": f"{_part({'alg': 'None', 'kid': 'k1'})}.{payload}.{signature}",
            "token HS256 of the public key": _hs256(payload, public),
            "token of another issuer": self.token(user, iss="https://evil.example/", **more),
            "token without issuer": self.token(user, iss=None, **more),
            "token for another audience": self.token(user, aud="other", **more),
            "token without audience": self.token(user, aud=None, **more),
            "token expired": self.token(user, exp=now - 120, **more),
            "token without expiry": self.token(user, exp=None, **more),
            "token not yet valid": self.token(user, nbf=now + 600, **more),
            "token with the kid of another key": self.token(user, kid="k2", by="k1", **more),
            "token of an unpublished key": self.token(user, kid="secret", **more),
            "token with a published kid, signed by another": self.token(user, kid="k1", by="secret", **more),
            "token without kid": self.token(user, kid=None, **more),
            "token without user": self.token(user, sub=None, **more),
            "token truncated": good[:-10],
            "token without signature": f"{header}.{payload}.",
            "token with another payload": f"{header}.{_part(self.claims('eve', **more))}.{signature}",
            "token in other case": good.swapcase(),
            "token with a nested header": f"{_raw(b'[' * 4000)}.{payload}.{signature}",
        }


def _part(value: Any) -> str:
    return _raw(json.dumps(value).encode())


def _raw(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _hs256(payload: str, secret: bytes) -> str:
    """By hand: PyJWT itself refuses to sign with a public key."""
    signed = f"{_part({'alg': 'HS256', 'kid': 'k1'})}.{payload}"
    return f"{signed}.{_raw(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"
