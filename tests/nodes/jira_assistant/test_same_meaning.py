"""Two messages agree only where nothing that could matter differs."""

import pytest

from nodes.jira_assistant.same_meaning import same_meaning
from tests.evals.semantic import pairs

NEAR_MISSES = [pair for pair in pairs() if not pair.same]
PARAPHRASES = [pair for pair in pairs() if pair.same]
_HOLES = "\U00100000\U000f0000\U00108000"


@pytest.mark.parametrize("pair", NEAR_MISSES, ids=lambda pair: pair.other)
def test_a_near_miss_is_never_the_same(pair: tuple[str, str, bool]) -> None:
    said, other, _ = pair
    assert not same_meaning(said, other)
    assert not same_meaning(other, said)


def test_half_of_the_paraphrases_are_recognised_both_ways() -> None:
    found = [pair for pair in PARAPHRASES if same_meaning(pair.said, pair.other)]
    assert len(NEAR_MISSES) >= 200
    assert len(PARAPHRASES) >= 100
    assert len(found) >= len(PARAPHRASES) / 2
    assert all(same_meaning(pair.other, pair.said) for pair in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fixed button bug, tested staging", "Tested on staging and fixed the button bug."),
        ("I've merged the PR", "merged pull request"),
        ("gonna test the login page tmrw, thanks!", "going to test the login page tomorrow"),
        ("fiexd teh login page", "fixed the login page"),
        ("standup moved to 5pm", "Standup moved to 17:00"),
    ],
)
def test_spelling_and_manners_make_no_difference(one: str, other: str) -> None:
    assert same_meaning(one, other)


@pytest.mark.parametrize("text", ["", "...", "hey team", "ok, thanks", _HOLES, "fixed it \u202e"])
def test_what_says_nothing_or_cannot_be_read_agrees_with_nothing(text: str) -> None:
    assert not same_meaning(text, text)


def test_a_log_of_numbers_is_not_compared() -> None:
    log = " ".join(str(number) for number in range(40_000))
    assert not same_meaning(log, log)


def test_every_change_of_one_figure_is_noticed() -> None:
    said = "PAY-12: deployed 4.2.1 to 3 of 10 hosts at 17:30, 95% done"
    assert same_meaning(said, said)
    for at, letter in enumerate(said):
        if letter.isdigit():
            assert not same_meaning(said, f"{said[:at]}{(int(letter) + 1) % 10}{said[at + 1 :]}")
