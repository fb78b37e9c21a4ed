"""Tokens of an identity provider that publishes its keys over real HTTP."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

import jwt
import pytest

from services.errors import NotSignedIn, SignInUnavailable
from services.http import Http
from services.identity import Identity
from services.identity_tokens import IdentityTokens
from services.settings import Settings
from services.steps import arun, run
from tests.identity_provider import AUDIENCE, ISSUER, IdentityProvider
from tests.loopback import Fault, Loopback, serving


@pytest.fixture(scope="module")
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def jwks(provider: IdentityProvider) -> Iterator[Loopback]:
    with serving(provider) as server:
        yield server


class Tokens(Protocol):
    def __call__(self, where: Loopback, **settings: Any) -> IdentityTokens: ...


@pytest.fixture
async def tokens() -> AsyncIterator[Tokens]:
    opened: list[Http] = []

    def of(where: Loopback, **more: Any) -> IdentityTokens:
        settings = Settings(auth_jwks_url=where.url, auth_issuer=ISSUER, auth_audience=AUDIENCE, **more)
        opened.append(Http(where.url, name="the identity provider"))
        return IdentityTokens(settings, opened[-1])

    yield of
    for http in opened:
        await http.aclose()


def test_a_token_is_who_it_names(provider: IdentityProvider, jwks: Loopback, tokens: Tokens) -> None:
    names = {"auth_tenant_claim": "org", "auth_roles_claim": "realm.roles", "auth_projects_claim": "jira"}
    said: dict[str, Any] = {"org": "acme", "realm": {"roles": ["reviewer", "admin"]}, "jira": "pay OPS"}
    expected = Identity("ann", "acme", frozenset({"user", "reviewer"}), frozenset({"PAY", "OPS"}), how="jwt")
    assert run(tokens(jwks, **names).identity_of(provider.token(**said))) == expected


async def test_the_keys_are_read_once_for_many_tokens(
    provider: IdentityProvider, jwks: Loopback, tokens: Tokens
) -> None:
    known = tokens(jwks)
    for user in ("ann", "bo", "cy"):
        assert await arun(known.identity_of(provider.token(user))) == Identity(user, how="jwt")
    assert len(jwks.requests) == 1
    assert await arun(known.check()) == 2


def test_every_bad_token_is_refused(provider: IdentityProvider, jwks: Loopback, tokens: Tokens) -> None:
    known = tokens(jwks)
    assert run(known.identity_of(provider.token())).user_id == "ann"
    for what, bad in provider.bad_tokens().items():
        with pytest.raises(NotSignedIn):
            pytest.fail(f"{what}: {run(known.identity_of(bad))}")


def test_where_tenants_are_asked_for_a_token_without_one_is_refused(
    provider: IdentityProvider, jwks: Loopback, tokens: Tokens
) -> None:
    known = tokens(jwks, auth_tenant_claim="org")
    for claims in ({}, {"org": ""}, {"org": ["acme"]}, {"org": True}, {"org": "x" * 201}):
        with pytest.raises(NotSignedIn, match="names no org"):
            run(known.identity_of(provider.token(**claims)))


def test_where_projects_are_asked_for_a_reviewer_without_one_has_none(
    provider: IdentityProvider, jwks: Loopback, tokens: Tokens
) -> None:
    known = tokens(jwks, auth_projects_claim="jira")
    assert run(known.identity_of(provider.token(roles=["reviewer"]))).projects == frozenset()


def test_a_new_key_is_found_but_made_up_ones_do_not_flood_the_provider(tokens: Tokens) -> None:
    provider = IdentityProvider()
    with serving(provider) as published:
        known = tokens(published)
        assert run(known.identity_of(provider.token())).user_id == "ann"
        for _ in range(50):
            with pytest.raises(NotSignedIn):
                run(known.identity_of(provider.token(kid="secret")))
        assert len(published.requests) == 1
        provider.published.append("secret")
        known._asked_at -= 11  # ten seconds later
        assert run(known.identity_of(provider.token(kid="secret"))).user_id == "ann"
        assert len(published.requests) == 2


def test_where_the_keys_cannot_be_had_nobody_gets_in(
    provider: IdentityProvider, jwks: Loopback, tokens: Tokens
) -> None:
    known = tokens(jwks)
    faults: list[Any] = [
        {"cut": True},
        {"reply": (500, {}, b"")},
        {"reply": (200, {}, b"no json")},
        {"reply": (200, {}, b"[]")},
        {"reply": (200, {}, b'{"keys": []}')},
        {"reply": (302, {"Location": jwks.url}, b"")},
    ]
    for fault in faults:
        jwks.faults.append(Fault("GET", **fault))
        with pytest.raises(SignInUnavailable):
            run(known.identity_of(provider.token()))
    assert run(known.identity_of(provider.token())).user_id == "ann"


def test_a_published_shared_secret_signs_nothing(
    provider: IdentityProvider, jwks: Loopback, tokens: Tokens
) -> None:
    jwks.faults.append(
        Fault(
            "GET",
            reply=(
                200,
                {},
                b'{"keys": [{"kty": "oct", "kid": "s", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI"}]}',
            ),
        )
    )
    forged = jwt.encode(provider.claims(), b"secretsecretsecretsecret12345678", "HS256", {"kid": "s"})
    with pytest.raises(NotSignedIn):
        run(tokens(jwks).identity_of(forged))
