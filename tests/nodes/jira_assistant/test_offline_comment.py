"""The comment without a model: it reads well, keeps every fact, and costs time linear in the message."""

import cProfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.jira_assistant.language.hidden import without_hidden
from nodes.jira_assistant.language.spans import find_spans
from nodes.jira_assistant.offline_comment import draft_comment, redraft_comment
from tests.nodes.jira_assistant.comment_examples import EXAMPLES

TOKENS = (
    "PAY-12",
    "#123",
    "v1.2.3",
    "2.0-rc1",
    "2026-03-01T14:30",
    "14:30",
    "5pm",
    "3.5%",
    "1,204",
    "`git push -f`",
    "{{retry_count}}",
    "https://ci.example.com/job/7?x=1&y=2",
    "anna@example.com",
    "src/app/main.py",
    "getUser()",
    "user_id",
    "a1b2c3d",
    "us-east-1",
    "--force",
    '"teh done button"',
    "[~bob]",
)


@pytest.mark.parametrize(
    ("said", "written"), [pair for pairs in EXAMPLES.values() for pair in pairs], ids=lambda text: text[:40]
)
def test_a_message_becomes_the_comment_that_a_colleague_would_write(said: str, written: str) -> None:
    assert draft_comment(said) == written


@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=12)), max_size=12).map(" ".join))
def test_tokens_survive_any_text_around_them_byte_for_byte(said: str) -> None:
    """But for characters that do not show: those never belong in a comment."""
    written = draft_comment(said)
    for span in find_spans(without_hidden(said), quotes=True):
        if span.kind not in ("emoji", "key") and "\n" not in span.text:
            assert " ".join(span.text.split()) in " ".join(written.split())


@given(st.text(max_size=300))
def test_no_text_makes_it_fail_and_only_a_blank_one_makes_nothing(said: str) -> None:
    assert bool(draft_comment(said)) == bool(said.strip())


TYPED = """
fixed tests and but so the , . ; - : not done with in progress need to PAY-1 on staging it is I then bug
login page waiting 90% ( ) ' " lol 🎉 ✅ ❌ ... ? still just finally was will be w/ & +
email add a comment that
"""
WORDS = st.sampled_from(sorted(set(TYPED.split())))


@given(st.lists(WORDS, max_size=30).map(" ".join))
@settings(max_examples=300)
def test_any_order_of_common_words_is_handled_the_same_each_time(said: str) -> None:
    assert draft_comment(said) == draft_comment(said)


@pytest.mark.parametrize(
    "piece",
    ["a", "so ", "a, ", "and a ", "fixed bug and ", "PAY-1, ", "'", '"', "`", "{{", "[", "1 ", "-", "😂"],
)
def test_the_work_grows_no_faster_than_the_message(piece: str) -> None:
    """Counted in calls, not in seconds: four times the text may not cost much more than four times."""
    assert calls(piece * 4000) < 6 * calls(piece * 1000) + 2000


def calls(message: str) -> int:
    profile = cProfile.Profile()
    profile.runcall(draft_comment, message)
    return sum(entry.callcount for entry in profile.getstats())


SAID = "fixed PAY-12 login bug, tested staging, still need to write tests"
FIRST, SECOND, THIRD = draft_comment(SAID).splitlines()


@pytest.mark.parametrize(
    ("feedback", "lines"),
    [
        ("use PAY-14 instead", ["- Fixed the PAY-14 login bug.", SECOND, THIRD]),
        ("it's PAY-14, not PAY-12", ["- Fixed the PAY-14 login bug.", SECOND, THIRD]),
        ("replace staging with production", [FIRST, "- Tested on production.", THIRD]),
        ("mention that QA signed off", [FIRST, SECOND, THIRD, "- QA signed off."]),
        ("remove the part about staging", [FIRST, THIRD]),
        ("drop the last sentence", [FIRST, SECOND]),
        (
            "use PAY-14 instead and add that Bob reviewed it",
            ["- Fixed the PAY-14 login bug.", SECOND, THIRD, "- Bob reviewed it."],
        ),
    ],
)
def test_feedback_of_a_known_form_is_followed(feedback: str, lines: list[str]) -> None:
    assert redraft_comment(SAID, draft_comment(SAID), feedback) == "\n".join(lines)


@pytest.mark.parametrize(
    "feedback",
    [
        "make it funnier",
        "more formal",
        "",
        "remove login",
        "replace foo with bar",
        "use PAY-14 and make it rhyme",
        "x" * 900,
    ],
)
def test_feedback_that_rules_cannot_follow_changes_nothing(feedback: str) -> None:
    """ "remove login" among them: the sentence holds another fact, and half a sentence is no answer."""
    assert redraft_comment("x", "- Fixed the PAY-12 login bug.\n- Tested on staging.", feedback) is None


def test_shorter_drops_words_that_say_nothing_and_no_fact() -> None:
    draft = "Currently waiting for PAY-3. There are no blockers."
    assert redraft_comment("x", draft, "make it shorter please") == "Waiting for PAY-3. No blockers."


@pytest.mark.parametrize("noise", ["lol", "lol.", "😂", "haha,", "🎉 !", "omg ?", "lol lol"])
@pytest.mark.parametrize(
    "said", ["are you done yet {} fixed the parser", "can you {} check {}", "is it live {}?"]
)
def test_the_sign_that_stands_for_a_dropped_emoji_never_shows(said: str, noise: str) -> None:
    assert "\ufdd0" not in draft_comment(said.replace("{}", noise))
