"""A small part of S1; the whole runs with `make security`."""

from tests.security.bypass import attack
from tests.security.world import World


async def test_no_way_round_an_approval_has_an_effect(world: World) -> None:
    outcome = await attack(world, attempts=150, seed=7, drafts=4)
    assert outcome.wrong() == []
    assert sum(outcome.answers.values()) == 150
