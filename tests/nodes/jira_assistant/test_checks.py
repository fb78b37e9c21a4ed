"""The checks of drafts: scores as the contract has them, findings with a code, a place and a way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.jira_assistant.checks import check_comment, check_email, may_auto_approve, tone
from nodes.jira_assistant.contracts import EmailComponents, Validation

GOOD = "Fixed the login bug and deployed the update to staging."


def comment(draft: str, message: str | None = None, **context: str) -> Validation:
    return check_comment(draft, draft if message is None else message, context)


def codes(validation: Validation) -> list[str]:
    return [finding["code"] for finding in validation["findings"]]


def email(**parts: object) -> EmailComponents:
    whole: EmailComponents = {
        "to": ["anna@example.com"],
        "cc": [],
        "subject": "Release on Friday",
        "greeting": "Dear Anna,",
        "body": "The release is on Friday and all of the tests have passed.",
        "closing": "Best regards,",
        "signature": "Ana",
        "missing_fields": [],
    }
    return {**whole, **parts}  # type: ignore[typeddict-item]


def of_email(**parts: object) -> Validation:
    draft = email(**parts)
    said = " ".join(
        [*draft["to"], *draft["cc"], draft["subject"], draft["body"], draft["greeting"], draft["signature"]]
    )
    return check_email(draft, said, {}, allowed_domains=["example.com"])


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("hello there my friend", 0.7),  # the base
        ("gonna see my friend", 0.5),  # one casual word
        ("gonna wanna kinda dude", 0.0),  # never below nothing
        ("deployed tested verified reviewed", 1.0),  # never above one
        ("we saw the page and then we deployed it again", 0.85),  # one of ten: half of the bonus
        ("", 0.7),
        ("the gonnas and `gonna` at https://x.example/gonna", 0.7),  # whole words, and no tokens
    ],
)
def test_the_tone_score_follows_the_contract(text: str, score: float) -> None:
    assert tone(text)[0] == pytest.approx(score)


def test_each_casual_word_is_named_where_it_stands() -> None:
    draft = "Dude, it is gonna work."
    _, findings = tone(draft)
    assert [draft[slice(*finding["span"] or [])] for finding in findings] == ["Dude", "gonna"]


@pytest.mark.parametrize(("words", "fits"), [(2, False), (3, True), (100, True), (101, False)])
def test_a_comment_has_3_to_100_words(words: int, fits: bool) -> None:
    checked = comment(" ".join(["tested"] * words))
    assert checked["length_ok"] is fits
    assert ("length" in codes(checked)) is not fits


def test_an_email_has_10_to_300_words() -> None:
    assert of_email()["length_ok"]
    assert "length" in codes(of_email(body="tested " * 300))
    assert "length" in codes(
        check_email(
            email(to=[], subject="Hi", greeting="Hi,", body="Hi.", closing="Bye", signature=""), "", {}
        )
    )


def test_a_clean_draft_passes_whole() -> None:
    checked = comment(GOOD)
    assert checked == {"tone_score": 1.0, "length_ok": True, "overall": 1.0, "findings": [], "passed": True}


@pytest.mark.parametrize(
    "draft",
    [
        "The SSN of the customer is 536-22-1234 as reported.",
        "Charged the card 4111 1111 1111 1111 twice in staging.",
        "The password is hunter2secret on the staging server.",
        "Used AKIAIOSFODNN7EXAMPLE to deploy the service to staging.",
        "Contacted somebody.else@mailbox.example about the failing login.",
        "Fixed the shitty login bug and deployed it.",
    ],
)
def test_sensitive_information_and_profanity_cost_half_a_point_and_one_flag(draft: str) -> None:
    checked = comment(draft)
    [finding] = checked["findings"]
    assert finding["code"] == "sensitive"
    assert checked["overall"] == pytest.approx(max(0.0, tone(draft)[0] - 0.6))


def test_what_is_sensitive_is_not_repeated_in_the_finding() -> None:
    [finding] = comment("The password is hunter2secret on the staging server.")["findings"]
    assert "hunter2" not in f"{finding['message']} {finding['fix']}"


@pytest.mark.parametrize(
    "draft",
    [
        "Merged a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0 to main for PAY-12.",
        "The request 123e4567-e89b-12d3-a456-426614174000 failed at 2026-03-01T14:30:00Z.",
        "Reviewed the assignment of classes in the Scunthorpe module.",
    ],
)
def test_keys_hashes_times_and_innocent_words_are_not_sensitive(draft: str) -> None:
    assert codes(comment(draft)) == []


def test_addresses_in_allowed_domains_and_recipients_are_not_private() -> None:
    draft = "Contacted anna@example.com about the failing login."
    assert codes(check_comment(draft, draft, {}, allowed_domains=["example.com"])) == []
    parts = email(
        to=["me@private.example"], body="Please write to me@private.example or to anna@private.example today."
    )
    checked = check_email(parts, f"{parts['body']} Anna Ana Friday", {})
    assert codes(checked) == ["sensitive"]


def test_a_claim_of_completion_that_nobody_made_is_found() -> None:
    checked = comment("Completed the login page and tested it.", "tested the login page")
    assert codes(checked) == ["completion_marker"]
    assert check_comment(
        "The login page is done.", "tested it", {}, feedback=["say that the login page is done"]
    )["passed"]


def test_facts_are_compared_with_message_context_and_feedback() -> None:
    assert codes(comment("Fixed PAY-13 and deployed it.", "fixed PAY-12")) == ["fact_lost", "fact_invented"]
    assert comment("PAY-13: Fixed it and deployed it.", "fixed it", issue_key="PAY-13")["passed"]
    again = check_comment("Fixed PAY-14 today.", "fixed PAY-12 today", {}, feedback=["use PAY-14 instead"])
    assert [finding["severity"] for finding in again["findings"]] == ["info"]
    assert again["passed"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x07", "\U000e0041"])
def test_characters_that_do_not_show_are_found(hidden: str) -> None:
    assert codes(comment(f"Fixed the log{hidden}in bug.")) == ["hidden_characters"]


def test_joiners_that_spell_a_word_are_not_hidden_characters() -> None:
    assert "hidden_characters" not in codes(comment("می‌خواهم ورود را امروز درست کنم"))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("subject", " "),
        ("greeting", ""),
        ("closing", ""),
        ("subject", "Release\nBcc: x@example.com"),
        ("body", "Subject: Release\nThe release is on Friday and all of the tests have passed."),
        ("body", "The release is on Friday and all of the tests have passed.\nBest regards,\nAna"),
        ("to", ["Anna"]),
        ("to", ["anna@example.com, bob"]),
    ],
)
def test_a_badly_built_email_is_found(part: str, value: object) -> None:
    assert "structure" in codes(of_email(**{part: value}))


def test_each_placeholder_and_a_missing_recipient_are_findings() -> None:
    checked = of_email(to=["[Manager Email]"], greeting="Dear [Manager Name],")
    assert codes(checked) == ["missing_field", "missing_field"]
    assert [finding["message"] for finding in checked["findings"]] == [
        "[Manager Email] is not filled in.",
        "[Manager Name] is not filled in.",
    ]
    assert "missing_field" in codes(of_email(to=[]))


def test_a_link_in_brackets_is_no_placeholder() -> None:
    assert of_email(
        body="The release is on Friday, see [Release notes|https://example.com/r] and [the list](https://example.com/l)."
    )["passed"]


def test_overall_counts_tone_length_sensitive_and_flags() -> None:
    draft = "gonna test"  # casual: 0.5 + half of 0.3; two words: -0.2; two flags: -0.2
    checked = comment(draft)
    assert codes(checked) == ["tone", "length"]
    assert checked["overall"] == pytest.approx(tone(draft)[0] - 0.2 - 0.2)


@pytest.mark.parametrize(
    ("draft", "policy", "threshold", "allowed"),
    [
        (GOOD, "auto", 0.8, True),
        (GOOD, "ask", 0.8, False),
        (GOOD, "auto", 1.0, True),
        ("It is what it is and that is that.", "auto", 0.8, False),  # nothing wrong, and too low
        (f"{GOOD} Dude.", "auto", 0.0, False),  # a flag
    ],
)
def test_nothing_goes_out_without_a_human_unless_clean_good_and_allowed(
    draft: str, policy: str, threshold: float, allowed: bool
) -> None:
    assert may_auto_approve(comment(draft), policy, threshold) is allowed  # type: ignore[arg-type]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_checked(draft: str, message: str) -> None:
    checked = check_comment(draft, message, {})
    assert 0 <= checked["overall"] <= 1
    assert 0 <= checked["tone_score"] <= 1
    assert checked["passed"] == all(finding["severity"] == "info" for finding in checked["findings"])
    assert all(finding["message"] and finding["fix"] for finding in checked["findings"])
