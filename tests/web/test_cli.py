"""The command line as it is installed: real processes that share one embedded server."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import environment
from tests.trace_server import TraceServer

UPDATE = "fixed button bug, tested staging"
Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    def cli(*args: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("jira-assistant")), *args],
            input=given,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment(tmp_path / "data", **more),
            timeout=60,
        )

    return cli


def as_json(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_ask_then_decide_completes_a_draft_across_processes(cli: Cli) -> None:
    asked = as_json(cli("ask", UPDATE, "--user", "u1", "--json"))
    assert asked["requires_user_approval"] is True
    assert asked["pending_approval"]["args"]["comment"] == asked["generated_content"]
    [waiting] = as_json(cli("pending", "--json"))
    assert waiting["thread_id"] == asked["thread_id"]
    decided = as_json(cli("decide", asked["thread_id"], "accept", "--user", "u2", "--json"))
    assert decided["executed"] is True
    assert decided["decision"]["by"] == "u2"
    assert as_json(cli("pending", "--json")) == []


@pytest.mark.parametrize(
    ("verb", "text", "check"),
    [
        ("edit", "The button bug is fixed.", lambda r: r["generated_content"] == "The button bug is fixed."),
        ("respond", "use PAY-14 instead", lambda r: r["pending_approval"]["args"]["issue_key"] == "PAY-14"),
        ("reject", "wrong ticket", lambda r: r["decision"]["text"] == "wrong ticket"),
    ],
)
def test_each_other_answer_works_from_the_terminal(
    cli: Cli, verb: str, text: str, check: Callable[[Any], bool]
) -> None:
    thread = as_json(cli("ask", UPDATE, "--json"))["thread_id"]
    result = as_json(cli("decide", thread, verb, "--text", text, "--json"))
    assert check(result), result


def test_a_draft_is_shown_beside_the_original(cli: Cli) -> None:
    done = cli("ask", UPDATE)
    assert done.returncode == 0
    assert "You said" in done.stdout
    assert "Jira comment" in done.stdout
    assert "decide" in done.stdout


def test_errors_are_one_readable_line_and_an_exit_code(cli: Cli) -> None:
    for args, code, words in (
        (("ask", "   "), 1, "There is no message"),
        (("ask", "x" * 5001), 1, "5000"),
        (("decide", "no-such-thread", "accept"), 1, "is not known here"),
        (("decide", "t", "maybe"), 2, "maybe"),
        (("decide", "t", "edit"), 2, "--text"),
        (("route", "no-such-file"), 2, "no-such-file"),
    ):
        done = cli(*args)
        assert done.returncode == code, (args, done)
        assert words in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_a_second_decision_on_a_thread_is_told_of_the_first(cli: Cli) -> None:
    thread = as_json(cli("ask", UPDATE, "--json"))["thread_id"]
    assert cli("decide", thread, "accept").returncode == 0
    done = cli("decide", thread, "reject", "--json")
    assert done.returncode == 1
    assert as_json(done)["executed"] is True


def test_an_unreachable_redis_is_a_clear_error(cli: Cli) -> None:
    done = cli("ask", UPDATE, "--json", REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert as_json(done)["error"] == "storage_unavailable"
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(cli: Cli) -> None:
    done = cli("ask", UPDATE, CONFIDENCE_THRESHOLD="7")
    assert done.returncode == 1
    assert "CONFIDENCE_THRESHOLD" in done.stderr


def test_route_answers_each_line_with_one_json_object(cli: Cli, tmp_path: Path) -> None:
    lines = [
        "done with PAY-12",
        "",
        "fixed the login, PAY-3 is blocked",
        "\x00 ünï 🎉",
        "how many tickets did I close?",
    ]
    (tmp_path / "messages.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for done in (cli("route", "messages.txt"), cli("route", given="\n".join(lines) + "\n")):
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [answer["text"] for answer in answers] == lines
        fields = {"text", "intent", "route_type", "stage", "confidence", "rule", "runner_up", "entities"}
        assert all(answer.keys() >= fields for answer in answers)
        assert answers[0]["intent"] == "task_completion"
        assert answers[0]["route_type"] == "backend_completion"
        assert answers[2]["intent"] == "task_update"


def test_usage_is_printed_as_json_and_csv(cli: Cli) -> None:
    assert as_json(cli("usage")) == []
    done = cli("usage", "--by", "user", "--csv")
    assert done.returncode == 0
    wrong = cli("usage", "--by", "shoe size")
    assert wrong.returncode == 1
    assert "shoe size" in wrong.stderr


def test_chat_holds_a_conversation_with_approvals(cli: Cli) -> None:
    done = cli("chat", given=f"{UPDATE}\nyes, post it\n/quit\n")
    assert done.returncode == 0
    assert "Approved and handed over" in done.stdout


def test_doctor_checks_for_real(cli: Cli) -> None:
    good = as_json(cli("doctor", "--json"))
    assert good["ok"] is True
    assert {"redis", "models"} <= {check["what"] for check in good["checks"]}
    bad = cli("doctor", "--json", REDIS_URL="redis://127.0.0.1:1/0", OPENAI_API_KEY="sk-not-to-be-seen")
    assert bad.returncode == 1
    assert as_json(bad)["ok"] is False
    assert "sk-not-to-be-seen" not in bad.stdout


def test_doctor_asks_langsmith_too(cli: Cli) -> None:
    with TraceServer() as traces:
        settings = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": traces.url}
        good = as_json(cli("doctor", "--json", LANGSMITH_API_KEY="right", **settings))
        bad = as_json(cli("doctor", "--json", LANGSMITH_API_KEY="wrong", **settings))
    assert "100% of runs go there" in {check["what"]: check["detail"] for check in good["checks"]}["traces"]
    assert "check LANGSMITH_API_KEY" in {check["what"]: check["detail"] for check in bad["checks"]}["traces"]


def test_a_thread_is_explained_step_by_step(cli: Cli) -> None:
    thread = as_json(cli("ask", UPDATE, "--json"))["thread_id"]
    assert cli("decide", thread, "accept", "--user", "u2").returncode == 0
    [message] = as_json(cli("explain", thread, "--json"))
    assert [step["step"] for step in message][:5] == ["Said", "Route", "Draft", "Checks", "Proposed"]
    shown = cli("explain", thread).stdout
    assert "The rules took it for task update" in shown
    assert "By u2" in shown
    unknown = cli("explain", "nowhere")
    assert unknown.returncode == 1
    assert "nowhere is not known" in unknown.stderr
