import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tokens import count_tokens
from tests.data import o200k

SAMPLES = o200k.samples()
COUNTED: dict[str, int] = json.loads(o200k.COUNTS.read_text(encoding="utf-8"))


def error(name: str) -> float:
    return count_tokens(SAMPLES[name]) / COUNTED[name] - 1


def test_every_sample_was_counted_by_the_real_tokenizer() -> None:
    assert COUNTED.keys() == SAMPLES.keys()


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("ordinary")])
def test_what_people_and_programs_write_is_never_much_more_than_was_said(name: str) -> None:
    assert -0.04 <= error(name) <= 0.55


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("noise")])
def test_noise_is_not_far_more_than_was_said(name: str) -> None:
    assert -0.15 <= error(name) <= 0.15


def test_over_all_kinds_the_estimate_is_a_little_high() -> None:
    estimated = sum(map(count_tokens, SAMPLES.values()))
    assert 0.05 <= estimated / sum(COUNTED.values()) - 1 <= 0.15


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z", "C"])))
def test_there_are_never_more_tokens_than_bytes(text: str) -> None:
    assert 0 <= count_tokens(text) <= len(text.encode())


@given(st.text(), st.text())
def test_a_longer_text_never_has_much_less(one: str, more: str) -> None:
    """Letters may join into fewer pieces where two texts meet, and no further."""
    assert count_tokens(f"{one}\n{more}") >= count_tokens(one) - 3


def test_control_characters_are_no_more_tokens_than_bytes() -> None:
    assert count_tokens("\x01" * 1000) == 1000


def test_half_of_a_surrogate_pair_is_counted_and_not_refused() -> None:
    assert count_tokens("\ud800") == 1


@pytest.mark.parametrize("bit", ["a", "Ab", " ", "1", "a1", "-", "é", "日", "\n", '"', "\t \r"])
def test_hostile_text_of_a_million_characters_is_counted(bit: str) -> None:
    """By the test's time limit: a pattern that goes back over its text would not end."""
    assert count_tokens(bit * (1_000_000 // len(bit))) > 0
