"""The judge of drafts must be able to find fault, or what it counts is worth nothing."""

import pytest

from tests.evals import judge
from tests.evals.drafting import HARD, messages
from tests.evals.writers import FAULTS, faults_of

SAID = "fixed PAY-12 w/ Lena at 17:40, 3 tests red, not deployed before friday"
GOOD = "Fixed PAY-12 with Lena at 17:40. 3 tests are red. Not deployed before Friday."


def test_a_faithful_draft_is_left_alone() -> None:
    assert judge.lost(judge.facts(SAID), GOOD) == []
    assert judge.invented(GOOD, [SAID]) == []
    assert not judge.claims_completion(GOOD, SAID)
    assert judge.denials(GOOD) == judge.denials(SAID) == 1


@pytest.mark.parametrize("fact", ["PAY-12", "17:40", "3 ", "Friday"])
def test_each_fact_that_is_gone_is_named(fact: str) -> None:
    assert judge.lost(judge.facts(SAID), GOOD.replace(fact, "")) == [fact.strip().lower()]


@pytest.mark.parametrize(
    ("more", "invented"),
    [
        ("See OPS-777.", "ops-777"),
        ("Approved by Bernadette.", "bernadette"),
        ("Live on 2027-05-05.", "2027-05-05"),
        ("Part of v9.9.1.", "v9.9.1"),
        ("See https://x.example.", "https://x.example"),
    ],
)
def test_each_fact_that_is_made_up_is_named(more: str, invented: str) -> None:
    assert judge.invented(f"{GOOD} {more}", [SAID]) == [invented]


def test_a_claim_and_a_lost_denial_are_seen() -> None:
    assert judge.claims_completion("The work is completed.", "fixed a bug")
    assert judge.denials(GOOD.replace("Not d", "D")) == 0


def test_a_fact_may_be_spelt_in_each_of_the_listed_ways() -> None:
    assert judge.lost(["5pm|17:00", "not tested|untested"], "At 17:00 it was untested.") == []
    assert judge.lost(["5pm|17:00"], "At 15:00.") == ["5pm|17:00"]


def test_every_fault_is_made_by_the_careless_writer() -> None:
    made = {name for message in messages() for name in faults_of(message.text)}
    assert made == set(FAULTS)


def test_the_hard_messages_hold_the_facts_that_are_listed_for_them() -> None:
    hard = messages()[: len(HARD.read_text(encoding="utf-8").splitlines())]
    for message in hard:
        assert judge.invented(message.text, [message.text]) == []
        assert len(message.facts) >= 2, message.text
