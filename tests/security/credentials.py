"""Every kind of credential that lets nobody in."""

from services.access_keys import AccessKeys
from services.steps import run
from tests.security.world import World
from web.sign_in import SESSION_COOKIE


def bad_credentials(world: World) -> dict[str, dict[str, str]]:
    """Headers, by what is wrong with them. All are of an operator who reviews, or of nobody."""
    keys = AccessKeys(world.redis)

    def new(days: float | None = None) -> tuple[str, str]:
        key, secret = run(keys.add("ann", "acme", ["reviewer", "operator"], days=days))
        return key.id, secret

    _, good = new()
    _, expired = new(days=-0.001)
    revoked_id, revoked = new()
    session_of_revoked = run(keys.open_session(revoked, "here"))
    run(keys.revoke(revoked_id))
    signed_out, session = run(keys.open_session(good, "here")), run(keys.open_session(good, "here"))
    run(keys.close_session(signed_out))
    bearers = {
        "an expired key": expired,
        "a revoked key": revoked,
        "a truncated key": good[:-1],
        "a key and more": good + "A",
        "a key in other case": good.swapcase(),
        "the id of a key": good.rpartition("_")[0],
        "a key with the id of another": revoked.rpartition("_")[0] + "_" + good.rpartition("_")[2],
        "a session as a key": session,
        "a made-up word": "nonsense",
        **world.bad_tokens("ann", "acme"),
    }
    return {
        "no credential": {},
        "an empty one": {"authorization": ""},
        "a scheme alone": {"authorization": "Bearer"},
        "a scheme and a dash": {"authorization": "Bearer -"},
        "no scheme": {"authorization": good},
        "the scheme Basic": {"authorization": f"Basic {good}"},
        "the scheme Token": {"authorization": f"Token {good}"},
        "an empty key header": {"x-api-key": ""},
        "a wrong key header": {"x-api-key": revoked},
        "what Studio sends": {"x-auth-scheme": "langsmith", "x-api-key": "lsv2_pt_0"},
        "a wrong bearer beside a good key header": {"authorization": "Bearer x", "x-api-key": good},
        "a wrong bearer beside a good session": {
            "authorization": "Bearer x",
            "cookie": f"{SESSION_COOKIE}={session}",
        },
        "a session that was signed out": {"cookie": f"{SESSION_COOKIE}={signed_out}"},
        "a session of a revoked key": {"cookie": f"{SESSION_COOKIE}={session_of_revoked}"},
        "a key as a session": {"cookie": f"{SESSION_COOKIE}={good}"},
        "the name in the cookie of development": {"cookie": "viewer_name=ann"},
        **{what: {"authorization": f"Bearer {value}"} for what, value in bearers.items()},
    }
