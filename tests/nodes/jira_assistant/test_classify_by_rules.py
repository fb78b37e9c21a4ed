"""What a message is taken for, offline. A wrong completion is the worst mistake of this product."""

import re
from itertools import chain

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nodes.jira_assistant import clause_rules, figure_rules, lexicon, nothing_rules, rules, spelling
from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.clauses import CODE, classes, shape
from tests.evals.routing import HELD_OUT, Labelled, load, score

MESSAGES = load()
COMPLETIONS = [message.text for message in MESSAGES if classify(message.text)["intent"] == "task_completion"]
# Each turns whatever it frames into something else than an assertion that all is finished now.
FRAMES = """
    not {}|{} - not|it is not true that {}|never {}|nobody {}|don't {}|please do not {}|{} ❌|[ ] {}
    ~~{}~~|{}?|is it true that {}|did you say {}?|why {}|who {}|whether {}|is {}|has {}|should {}|{} or not
    what if {}
    if {}|once {} we ship|{} when the tests pass|{} unless QA objects|{} after the release|until {}
    I think {}|maybe {}|almost {}|nearly {}|hopefully {}|probably {}|{} in theory|{}, I guess|I doubt {}|{} 🤞
    {} tomorrow|{} by Friday|{} next week|{} soon|will {}|tomorrow {}|TODO: {}|Next: {}|Plan: {}|{} later
    I hope {}|I want {}|we need {}|{} is the goal|half of {}|{} so far|{} for now|{} 90%|{} except the docs
    {} but QA is blocked|{}. Tests are left|{}, needs review|{}. PAY-99 is not|{}, PAY-99 in progress
    {}. Now PAY-99|{} mostly|{}. Please keep it open|{}. Don't close it|{} by mistake|{}. Scratch that
    {}. Wait, no|{}. Oops, wrong ticket|Anna says {}|Tom told me {}|"{}"|“{}”|`{}`|> {}|he wrote "{}"
    the label '{}' is wrong|{} button|{} label crashes|email Anna that {}|tell Tom that {}
    let me know when {}|pretend {}|suppose {}|{} aber nicht getestet|{} noch nicht
"""
FRAMED = [frame.strip() for line in FRAMES.splitlines() for frame in line.split("|") if frame.strip()]


def intent(text: str) -> str:
    return classify(text)["intent"]


def test_no_message_of_the_labelled_set_is_completed_by_mistake() -> None:
    assert score(MESSAGES).wrong_completions == []


def test_nearly_all_of_the_labelled_set_is_right_without_a_model() -> None:
    result = score(MESSAGES)
    assert result.accuracy >= 0.97, [(message.text, taken) for message, taken in result.wrong]
    assert sum(message.trap for message in MESSAGES) >= len(MESSAGES) / 2
    assert len(COMPLETIONS) >= 900


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("done with PAY-12", "task_completion"),
        ("not done", "task_update"),
        ("almost done with PAY-12", "task_update"),
        ("is it done?", "general_question"),
        ("PAY-12 done by Friday", "task_update"),
        ("done with PAY-12 but PAY-13 is blocked", "task_update"),
        ("the 'mark as done' button crashes", "task_update"),
        ("email Anna that PAY-12 is done", "email_request"),
        ("how do I mark a task as done?", "general_question"),
        ("fixed button bug, tested staging", "task_update"),
        ("how productive was I this week?", "productivity_query"),
        ("what does velocity mean?", "general_question"),
        ("email my manager I'm ill", "email_request"),
        ("got an email from Tom about PAY-3", "task_update"),
        ("PAY-12", "unclear"),
        ("thanks!", "unclear"),
    ],
)
def test_the_examples_of_the_contract_go_their_way(text: str, expected: str) -> None:
    assert intent(text) == expected


@pytest.mark.parametrize("frame", FRAMED)
def test_a_completion_in_another_frame_is_none(frame: str) -> None:
    framed = [frame.format(text.rstrip(".! ")) for text in COMPLETIONS]
    assert [text for text in framed if intent(text) == "task_completion"] == []


@given(st.sampled_from(COMPLETIONS), st.data())
def test_a_word_that_no_rule_knows_keeps_a_message_from_being_a_completion(
    text: str, data: st.DataObject
) -> None:
    word = data.draw(st.from_regex(r"[a-zäöüéñçкитя]{4,12}", fullmatch=True))
    # A word inside the name of a thing is part of the name; thanks may be for anything.
    assume(not {CODE["stuff"], CODE["deed"], CODE["thanks"]} & set(classes(text)))
    assume(set(classes(word)) <= {CODE["other"], CODE["ing"], CODE["ed"]} and "(" not in text)
    at = data.draw(st.sampled_from([0, *(space.end() for space in re.finditer(" ", text)), len(text)]))
    assert intent(f"{text[:at]} {word} {text[at:]}") != "task_completion"


@given(
    st.sampled_from(MESSAGES), st.sampled_from(["\u200b", "\u2060", "\ufeff", "\u202e", "\u00ad"]), st.data()
)
def test_case_white_space_and_what_does_not_show_change_nothing(
    message: Labelled, noise: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(message.text)))
    noisy = f"{message.text[:at]}{noise}{message.text[at:]}"
    expected = classify(message.text)
    for same in (
        message.text.upper(),
        message.text.lower(),
        message.text + " \n",
        "  " + message.text,
        noisy,
    ):
        assert classify(same) == expected, same


@given(st.text(max_size=300))
@example("```")
@example("'" * 100)
@example("\u0130\ufdfa\ud7ff")
def test_any_text_gets_an_answer_of_the_agreed_shape(text: str) -> None:
    answer = classify(text)
    assert 0 <= answer["confidence"] <= 1
    assert answer["stage"] == "rules"
    if answer["intent"] == "abstain" and answer["confidence"] > 0:
        assert answer["runner_up"] is not None
        assert answer["runner_up"]["confidence"] == answer["confidence"]
    elif answer["intent"] != "abstain":
        assert answer["confidence"] >= 0.8
        assert answer["rule"]


@pytest.mark.parametrize(
    "unit",
    [
        "done ",
        "a.",
        "- ",
        "`",
        "'a ",
        '"',
        "@",
        "a@",
        "PAY-1,",
        "not ",
        "?",
        "just please ",
        "((a",
        "> a\n",
        "x",
    ],
)
def test_a_hundred_thousand_hostile_characters_are_answered_and_complete_nothing(unit: str) -> None:
    assert intent((unit * 100_000)[:100_000]) != "task_completion"


def test_below_the_threshold_it_abstains_with_its_best_guess() -> None:
    decided = classify("done with PAY-12", threshold=0.9)
    doubtful = classify("close PAY-12", threshold=0.95)
    assert decided["intent"] == "task_completion"
    assert doubtful["intent"] == "abstain"
    assert doubtful["runner_up"]


def test_two_intents_too_near_to_each_other_are_left_to_a_model() -> None:
    text = "who closed PAY-31? it's not done"
    assert intent(text) == "abstain"
    assert classify(text, margin=0.0)["intent"] != "abstain"


def test_the_rule_that_decided_is_named() -> None:
    assert classify("done with PAY-12")["rule"] == "done with it"


@pytest.mark.parametrize(
    "typo", ["finsihed PAY-12", "PAY-12 is doen", "compelted PAY-12", "PAY-12 is donee", "finishd PAY-12"]
)
def test_a_slip_of_the_fingers_is_forgiven(typo: str) -> None:
    assert intent(typo) == "task_completion"


@pytest.mark.parametrize("real", ["competed with PAY-12", "stared at PAY-12", "PAY-12 node", "cloned PAY-12"])
def test_a_real_word_is_no_typo_of_another(real: str) -> None:
    assert intent(real) != "task_completion"


TABLES = (
    rules.ASSERTIONS, rules.BARE, rules.COMPANY, nothing_rules.NOTHINGS, nothing_rules.FRAGMENTS,
    clause_rules.MAILS, figure_rules.FIGURES, clause_rules.REQUESTS,
    clause_rules.QUESTIONS, clause_rules.ORDERS, clause_rules.UPDATES,
)  # fmt: skip


def test_the_tables_keep_their_own_rules() -> None:
    rows = list(chain.from_iterable(TABLES))
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert 0 <= row.weight < 1
        assert shape(row.shape).groups == 0, f"{row.name}: write groups as (?:...)"


def test_every_word_is_in_one_class() -> None:
    words = [word for table in lexicon.TABLES for group in table.values() for word in group.split()]
    assert len(words) == len(set(words)), sorted({word for word in words if words.count(word) > 1})
    assert set(spelling.SIGNS) <= set(CODE)


def test_no_message_that_the_rules_were_not_written_for_is_completed_by_mistake() -> None:
    result = score(load(HELD_OUT))
    assert result.wrong_completions == []
    assert result.accuracy >= 0.88
