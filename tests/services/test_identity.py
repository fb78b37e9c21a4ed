"""Who may see what, from the identity alone."""

import pytest

from services.identity import DEVELOPER, Identity, signed_in_of

USER = Identity("ann", "acme")
REVIEWER = Identity("bo", "acme", frozenset({"user", "reviewer"}))
OF_PAY = Identity("cy", "acme", frozenset({"user", "reviewer"}), frozenset({"PAY"}))
OPERATOR = Identity("di", "acme", frozenset({"user", "operator"}))


@pytest.mark.parametrize(
    ("identity", "tenant", "user", "projects", "sees"),
    [
        (USER, "acme", "ann", ["OPS"], True),
        (USER, "acme", "bo", ["OPS"], False),
        (USER, "evil", "ann", ["OPS"], False),
        (REVIEWER, "acme", "ann", [], True),
        (REVIEWER, "evil", "ann", [], False),
        (REVIEWER, "", "ann", [], False),
        (OF_PAY, "acme", "ann", ["PAY"], True),
        (OF_PAY, "acme", "ann", ["PAY", "OPS"], False),
        (OF_PAY, "acme", "ann", [], False),
        (OF_PAY, "acme", "cy", ["OPS"], True),
        (OPERATOR, "acme", "ann", ["PAY"], False),
        (DEVELOPER, "acme", "ann", ["PAY"], True),
    ],
)
def test_people_see_their_own_and_reviewers_their_projects(
    identity: Identity, tenant: str, user: str, projects: list[str], sees: bool
) -> None:
    assert identity.may_see(tenant, user, projects) is sees


@pytest.mark.parametrize("identity", [USER, REVIEWER, OF_PAY, OPERATOR])
def test_an_identity_survives_the_config_of_a_run(identity: Identity) -> None:
    assert signed_in_of(identity.as_user()) == identity


@pytest.mark.parametrize(
    "user", [None, {}, DEVELOPER.as_user(), {"identity": "ann", "is_authenticated": False}]
)
def test_who_is_not_authenticated_is_nobody(user: dict[str, object] | None) -> None:
    assert signed_in_of(user) is None


def test_the_user_of_another_sign_in_has_no_tenant_and_no_role() -> None:
    assert signed_in_of({"identity": "ann", "roles": ["admin"]}) == Identity(
        "ann", "", frozenset(), how="jwt"
    )
