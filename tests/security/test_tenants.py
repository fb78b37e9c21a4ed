"""A small part of S2; the whole runs with `make security`."""

from tests.security.tenants import crossed, refused
from tests.security.world import World


async def test_every_route_of_both_servers_refuses_bad_credentials(world: World) -> None:
    found = await refused(world, thorough=False)
    assert found.answered == []
    assert found.routes > 130


async def test_people_of_many_tenants_never_see_each_others_words(world: World) -> None:
    seen = await crossed(world, requests=300, seed=3, tenants=2)
    assert seen.foreign == []
    assert seen.own > 50
