"""Who calls: verified once at the door, then carried along, and what they may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["user", "reviewer", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Identity:
    """`projects` narrows a reviewer to some Jira projects; None: all of the tenant.

    In development mode nobody is signed in: all may be done, and names are believed as they are given.
    """

    user_id: str
    tenant: str = ""
    roles: frozenset[Role] = frozenset({"user"})
    projects: frozenset[str] | None = None
    how: Literal["key", "jwt", "session", "development"] = "key"

    @property
    def signed_in(self) -> bool:
        return self.how != "development"

    def may_see(self, tenant: str, user_id: str, projects: Collection[str]) -> bool:
        """Whether what `user_id` of `tenant` asked for, about `projects`, is theirs to read and decide."""
        if not self.signed_in:
            return True
        if tenant != self.tenant:
            return False
        if user_id == self.user_id:
            return True
        if "reviewer" not in self.roles:
            return False
        return self.projects is None or (bool(projects) and self.projects.issuperset(projects))

    def as_user(self) -> dict[str, Any]:
        """For `langgraph_auth_user` of a run's config: JSON values under the names that LangGraph reads."""
        return {
            "identity": self.user_id,
            "is_authenticated": self.signed_in,
            "tenant": self.tenant,
            "roles": sorted(self.roles),
            "projects": None if self.projects is None else sorted(self.projects),
            "how": self.how,
        }


DEVELOPER = Identity("", roles=frozenset(ROLES), how="development")


def signed_in_of(user: Mapping[str, Any] | None) -> Identity | None:
    """The identity that a run's config carries; None where nobody is signed in.

    Another server's sign-in may give no more than an `identity`: such a user has no tenant and no role.
    """
    if not user or not user.get("is_authenticated", True):
        return None
    projects = user.get("projects")
    return Identity(
        user_id=str(user["identity"]),
        tenant=str(user.get("tenant") or ""),
        roles=frozenset(role for role in ROLES if role in (user.get("roles") or ())),
        projects=None if projects is None else frozenset(projects),
        how=user.get("how") or "jwt",
    )
