"""API keys at the terminal."""

import json

from services.access_keys import AccessKeys
from services.redis_client import RedisClient
from services.steps import run
from tests.web.test_cli import Cli, as_json, cli

__all__ = ["cli"]


def test_a_key_is_made_listed_without_its_secret_and_revoked(cli: Cli) -> None:
    given = ("--user", "ann", "--tenant", "acme", "--role", "reviewer", "--project", "pay", "--days", "3")
    made = cli("keys", "add", *given)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    [row] = as_json(cli("keys", "list", "--json"))
    assert (row["user"], row["tenant"], row["roles"]) == ("ann", "acme", "reviewer user")
    assert (row["projects"], row["state"]) == ("PAY", "good")
    assert secret.split("_", 2)[2] not in json.dumps(row)
    assert cli("keys", "revoke", row["id"]).returncode == 0
    listed = cli("keys", "list", COLUMNS="200")
    assert row["id"] in listed.stdout
    assert "revoked" in listed.stdout


def test_unknown_roles_and_unknown_keys_are_refused_in_words(cli: Cli) -> None:
    unknown = cli("keys", "add", "--user", "ann", "--role", "root", COLUMNS="200")
    assert unknown.returncode == 2
    assert "the roles are user, reviewer, operator" in unknown.stderr
    missing = cli("keys", "revoke", "nothing")
    assert missing.returncode == 1
    assert missing.stderr.strip() == "There is no key nothing: list them with keys list."


def test_a_key_made_at_the_terminal_opens_the_door(cli: Cli, redis_url: str) -> None:
    secret = cli("keys", "add", "--user", "ann", REDIS_URL=redis_url).stdout.strip()
    assert run(AccessKeys(RedisClient(redis_url)).identity_of(secret)).user_id == "ann"


def test_doctor_says_whether_anybody_can_sign_in(cli: Cli) -> None:
    def told(**settings: str) -> tuple[str, str]:
        checks = as_json(cli("doctor", "--json", **settings))["checks"]
        [found] = [check for check in checks if check["what"] == "sign-in"]
        return found["state"], found["detail"]

    assert told() == ("ok", "nobody signs in: only this machine is answered")
    assert told(AUTH_REQUIRED="true")[0] == "warning"
    cli("keys", "add", "--user", "ann")
    assert told(AUTH_REQUIRED="true") == ("ok", "1 good keys")
