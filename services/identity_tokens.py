"""Tokens of an identity provider (JWT, signed with one of the keys it publishes), as identities.

Only signatures with a public key are taken: with a shared secret among the algorithms, the published key
itself would make valid tokens. The keys are read again when they are old, or when a token names an unknown
one, but not more than once in ten seconds, so that made-up names cannot be used to flood the provider.
"""

import time
from collections.abc import Mapping
from typing import Any

import jwt

from services.errors import ActionError, NotSignedIn, SignInUnavailable
from services.http import Http
from services.identity import ROLES, Identity
from services.settings import Settings
from services.steps import Steps

_ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
_KEYS_ARE_GOOD_S, _ASK_AGAIN_AFTER_S = 300.0, 10.0
_CLOCKS_DIFFER_S = 30
_LONGEST = 8192  # characters of a token
_LONGEST_NAME = 200


class IdentityTokens:
    """`settings` with AUTH_JWKS_URL. Raises SignInUnavailable where the provider's keys cannot be had."""

    def __init__(self, settings: Settings, http: Http) -> None:
        self._settings = settings
        self._http = http
        self._keys: list[jwt.PyJWK] = []
        self._read_at = self._asked_at = -_KEYS_ARE_GOOD_S

    def identity_of(self, token: str) -> Steps[Identity]:
        """Who the token names. Raises NotSignedIn for one that is not good, here and now."""
        try:
            if len(token) > _LONGEST:
                raise NotSignedIn("The token is longer than any that is taken.")
            kid = jwt.get_unverified_header(token).get("kid")
            claims = jwt.decode(
                token,
                (yield from self._key(kid)),
                algorithms=_ALGORITHMS,
                audience=self._settings.auth_audience,
                issuer=self._settings.auth_issuer,
                leeway=_CLOCKS_DIFFER_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, RecursionError) as error:
            raise NotSignedIn(f"The token is not valid: {error}. Get a new one and sign in again.") from error
        return self._identity(claims)

    def check(self) -> Steps[int]:
        """How many keys the provider publishes that tokens may be signed with."""
        return len((yield from self._read()))

    def _key(self, kid: Any) -> Steps[jwt.PyJWK]:
        now = time.monotonic()
        known = self._named(kid)
        stale = now - self._read_at >= _KEYS_ARE_GOOD_S
        if stale or (known is None and now - self._asked_at >= _ASK_AGAIN_AFTER_S):
            self._asked_at = now
            self._keys = yield from self._read()
            self._read_at = time.monotonic()
            known = self._named(kid)
        if known is None:
            raise NotSignedIn("The token was signed with a key that the identity provider does not publish.")
        return known

    def _named(self, kid: Any) -> jwt.PyJWK | None:
        """A provider with one key need not name it."""
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == kid), None)

    def _read(self) -> Steps[list[jwt.PyJWK]]:
        headers: Mapping[str, str] = {}
        doing = "reading the keys of the identity provider"
        try:
            answer = yield from self._http.request("GET", "", doing=doing, writes=False, headers=headers)
            if answer.status != 200:
                raise ValueError(f"it answered {answer.status}")
            published = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (ActionError, ValueError, AttributeError, jwt.PyJWTError) as error:
            raise SignInUnavailable(
                f"The keys at AUTH_JWKS_URL cannot be read: {error}. Nobody with a token gets in until then."
            ) from error
        return [key for key in published if key.key_type != "oct" and key.public_key_use != "enc"]

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        names = self._settings
        user = _claim(claims, names.auth_user_claim)
        tenant: Any = _claim(claims, names.auth_tenant_claim) if names.auth_tenant_claim else ""
        if not _is_name(user) or (names.auth_tenant_claim and not _is_name(tenant)):
            wanted = names.auth_tenant_claim if _is_name(user) else names.auth_user_claim
            raise NotSignedIn(f"The token names no {wanted}: ask whoever runs the identity provider.")
        roles = _listed(_claim(claims, names.auth_roles_claim))
        projects = None
        if names.auth_projects_claim:
            projects = frozenset(p.upper() for p in _listed(_claim(claims, names.auth_projects_claim)))
        known = frozenset({"user", *(role for role in ROLES if role in roles)})
        return Identity(str(user), str(tenant), known, projects, "jwt")


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim of that name; or, at the end of a path with dots, one that is nested."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _is_name(value: Any) -> bool:
    return (
        isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= _LONGEST_NAME
    )


def _listed(value: Any) -> list[str]:
    """Names, given as a list or with spaces between them."""
    if isinstance(value, str):
        return value.split()
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
