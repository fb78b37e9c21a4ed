"""S2: tenants are isolated. Every route refuses every bad credential; and people of eight tenants who work
at the same time, and hang up at random, never see a word of somebody whose words are not theirs to see."""

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.security.credentials import bad_credentials
from tests.security.people import Crowd
from tests.security.report import show
from tests.security.routes import Known, all_routes
from tests.security.world import World, production

OPEN = {"/health/live", "/health/ready", "/ok", "/sign-in", "/app/static/base.css"}
AT_ONCE = 32
_CANARY = re.compile(r"canary(\d+)of(\d+)n\d+")


@dataclass
class Refusals:
    routes: int = 0
    credentials: int = 0
    asked: int = 0
    answered: list[str] = field(default_factory=list)


async def refused(world: World, *, thorough: bool) -> Refusals:
    """Every route with every bad credential on both servers; or each with a few of them."""
    routes = await asyncio.to_thread(all_routes)
    credentials = await asyncio.to_thread(bad_credentials, world)
    found, names = Refusals(len(routes), len(credentials)), list(credentials)
    work: list[tuple[str, Known, str]] = []
    for at, route in enumerate(route for route in routes if route.path not in OPEN):
        tried = names if thorough or at == 0 else ["no credential", names[at % len(names)]]
        work += [(url, route, name) for url in (world.plain, world.langgraph) for name in tried]
    waiting = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=60) as http:

        async def ask(url: str, route: Known, name: str) -> None:
            method, more = route.method, credentials[name]
            if method == "WEBSOCKET":
                method, more = "GET", {**more, **_HANDSHAKE}
            async with waiting:
                answer = await http.request(method, url + route.path, headers=more)
            found.asked += 1
            if answer.status_code != (403 if route.method == "WEBSOCKET" else 401):
                found.answered.append(f"{route.method} {route.path} with {name}: {answer.status_code}")

        await asyncio.gather(*(ask(*one) for one in work))
    return found


_HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@dataclass
class Sightings:
    answers: Counter[int] = field(default_factory=Counter)
    cut: int = 0
    own: int = 0
    foreign: list[str] = field(default_factory=list)
    seconds: float = 0.0


async def crossed(world: World, requests: int, seed: int, tenants: int = 8) -> Sightings:
    """`requests` of all kinds by all people at once, one in ten of them cut off half-way."""
    seen, began, drawn = Sightings(), time.monotonic(), random.Random(seed)
    crowd = await asyncio.to_thread(Crowd, world, tenants)
    await crowd.begin()
    left = iter(range(requests))

    async def worker(number: int) -> None:
        clients = crowd.clients()
        for _ in left:
            person = drawn.choice(crowd.people)
            wish = crowd.wish(person, drawn)
            try:
                async with asyncio.timeout(drawn.random() * 0.03 if drawn.random() < 0.1 else 60):
                    status, body = await clients[wish.server].request(
                        wish.method, wish.path, wish.headers, wish.body
                    )
            except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
                seen.cut += 1
                continue
            seen.answers[status] += 1
            text = body.decode("utf-8", "replace")
            crowd.learn(person, wish, status, text)
            for tenant, author in set(_CANARY.findall(text)):
                if person.may_see(int(tenant), int(author)):
                    seen.own += 1
                else:
                    seen.foreign.append(f"{person} saw {tenant}/{author}: {wish.method} {wish.path}")
        for client in clients.values():
            client.close()

    await asyncio.gather(*(worker(number) for number in range(AT_ONCE)))
    seen.seconds = time.monotonic() - began
    return seen


def main(requests: int = 100_000, seed: int = 1) -> bool:
    with production(workers=2) as world:
        found = asyncio.run(refused(world, thorough=True))
        seen = asyncio.run(crossed(world, requests, seed))
    answers = ", ".join(f"{code}: {count:,}" for code, count in sorted(seen.answers.items()))
    figures: dict[str, Any] = {
        "routes": found.routes,
        "bad credentials": found.credentials,
        "asked with one": found.asked,
        "of these answered": len(found.answered),
        "requests of people of eight tenants": sum(seen.answers.values()) + seen.cut,
        "of these cut off half-way": seen.cut,
        "answers by status": answers,
        "canaries seen by whom they are for": seen.own,
        "foreign canaries seen": len(seen.foreign),
        "seconds": round(seen.seconds),
        "seed": seed,
    }
    return show("S2 Tenants are isolated", figures, [*found.answered, *seen.foreign])
