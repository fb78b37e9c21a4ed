"""A small part of `python -m tests.security planted`: each place once, in a real process of the app."""

from tests.security.planted import PLACES, attack


def test_what_is_planted_comes_out_nowhere_it_does_not_belong() -> None:
    seen = attack(len(PLACES), seed=5)
    assert seen.leaks() == []
    assert seen.reached("LangSmith") >= len(PLACES) - 2  # an address and a refused body start no run
    assert seen.errors
    assert all(seen.outputs.values())
