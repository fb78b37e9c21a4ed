"""A small part of `python -m tests.security redos`, and that it would find what it looks for."""

import re
import subprocess
import sys

import pytest

from services.errors import AssistantError
from services.markup import to_adf
from tests.security import pumping, redos, regexes


@pytest.mark.parametrize("evil", [r"(a+)+$", r"(.*,){11}P"])
def test_a_catastrophic_pattern_is_found(evil: str) -> None:
    took, how = redos.worst(re.compile(evil), frozenset({"search"}), 1000, 20)
    assert took > redos.MOST_MS, how


def test_a_plain_pattern_is_not() -> None:
    took, how = redos.worst(re.compile(r"\b[A-Z]{2,9}-\d{1,9}\b"), frozenset({"finditer"}), 10_000, 10)
    assert took < redos.MOST_MS, how


def test_attacks_have_the_size_asked_for_and_are_of_the_patterns_own_characters() -> None:
    texts = list(pumping.attacks(re.compile(r"x*\d+;"), 100, 20))
    assert max(map(len, texts)) == 100
    assert {"x", "0"} <= set("".join(texts))


def test_every_pattern_of_the_project_is_found_and_none_is_catastrophic() -> None:
    command = [sys.executable, "-m", "tests.security.redos", "40", "3"]
    done = subprocess.run(command, cwd=regexes.ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["fence", "compress", "wishes", "classify", "find_sensitive"])
@pytest.mark.parametrize("text", ["< ", ",", "please ", "after two days now ", "\n", " ,"])
def test_hostile_gaps_are_read_at_once(name: str, text: str) -> None:
    function, attack = regexes.functions()[name], (text * 20_000)[:20_000]
    assert redos.milliseconds(lambda: regexes.attempt(function, attack)) < 1000


def test_oversized_text_is_refused() -> None:
    with pytest.raises(AssistantError, match="shorten"):
        to_adf("x" * 40_000)
