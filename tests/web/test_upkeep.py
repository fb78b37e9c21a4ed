"""What an operator does at the terminal: compare a variant, forget what is cached."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.similar import installed
from tests.openai_server import OpenAIServer, Reply
from tests.web.test_cli import Cli, as_json, cli

__all__ = ["cli"]
UPDATE = "fixed button bug, tested staging"
COMMENT = "Fixed the button bug and tested staging."
VARIANTS = json.dumps({"short": {"share": 0, "primary_model": "tiny"}})


@pytest.fixture
def model(openai_server: OpenAIServer) -> dict[str, str]:
    """The settings that reach it; it answers every model, each in its own words."""
    return {"OPENAI_BASE_URL": openai_server.url, "OPENAI_API_KEY": "sk-test", "VARIANTS": VARIANTS}


def test_compare_asks_both_and_leaves_nothing_behind(
    cli: Cli, openai_server: OpenAIServer, model: dict[str, str], tmp_path: Path
) -> None:
    openai_server.script += [Reply(text=COMMENT), Reply(text="Button bug fixed; tested staging.")]
    file = tmp_path / "messages.txt"
    file.write_text(f"{UPDATE}\n\ndone with PAY-12\n", encoding="utf-8")
    report = as_json(cli("compare", str(file), "--variant", "short", "--json", **model))
    update, finished = report["rows"]
    assert (update["now"]["draft"], update["same"]) == (COMMENT, False)
    assert update["variant"]["draft"] == "Button bug fixed; tested staging."
    assert (update["now"]["tokens_in"], update["variant"]["model"]) == (10, "tiny")
    assert update["now"]["latency_s"] > 0
    assert (finished["same"], finished["now"]["tokens_in"]) == (True, 0)
    assert report["totals"]["now"]["fallback_used"] == 0
    assert [request["model"] for request in openai_server.requests][1:] == ["tiny"]
    assert as_json(cli("pending", "--json", **model)) == []


def test_compare_shows_a_table_with_both_sides(
    cli: Cli, openai_server: OpenAIServer, model: dict[str, str]
) -> None:
    openai_server.script += [Reply(text=COMMENT), Reply(text=COMMENT)]
    done = cli("compare", "-", "--variant", "short", given=f"{UPDATE}\n", COLUMNS="200", **model)
    assert done.returncode == 0, done.stderr
    assert COMMENT in done.stdout
    assert "the same" in done.stdout
    assert "mean seconds" in done.stdout


def test_compare_says_what_is_missing(cli: Cli, model: dict[str, str]) -> None:
    unknown = cli("compare", "-", "--variant", "long", given=UPDATE, **model)
    assert unknown.returncode == 1
    assert "only: short" in unknown.stderr
    keyless = cli("compare", "-", "--variant", "short", given=UPDATE, VARIANTS=VARIANTS)
    assert keyless.returncode == 1
    assert "OPENAI_API_KEY" in keyless.stderr


def test_a_variant_whose_prompt_cannot_be_rendered_is_refused_at_start(cli: Cli) -> None:
    broken = json.dumps({"short": {"share": 0, "prompts": {"rephrase_comment": "{{ nothing_known }}"}}})
    done = cli("ask", UPDATE, VARIANTS=broken)
    assert done.returncode == 1
    assert "variant short" in done.stderr
    assert "nothing_known" in done.stderr


@pytest.mark.skipif(installed(), reason="the semantic extra is installed")
def test_asking_for_what_is_not_installed_says_what_to_type(cli: Cli) -> None:
    done = cli("ask", UPDATE, SEMANTIC_CACHE_ENABLED="true")
    assert done.returncode == 1
    assert "pip install 'jira-assistant[semantic]'" in done.stderr


def test_clearing_one_users_cache_asks_the_model_again_for_that_user_only(
    cli: Cli, openai_server: OpenAIServer, model: dict[str, str]
) -> None:
    openai_server.script += [Reply(text=COMMENT)] * 3

    def from_cache(user: str) -> Any:
        return as_json(cli("ask", UPDATE, "--user", user, "--json", **model))["from_cache"]

    assert [from_cache(user) for user in ("u1", "u2", "u1")] == [False, False, True]
    done = cli("cache", "clear", "--user", "u1", **model)
    assert "Forgotten: 1 cached results of u1." in done.stdout
    assert [from_cache(user) for user in ("u1", "u2")] == [False, True]
    assert "Forgotten: 0" in cli("cache", "clear", "--user", "nobody", **model).stdout
