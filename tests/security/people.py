"""Many people of several tenants at their work, each with words that nobody else may see."""

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from services.identity import Role
from tests.security.raw_http import RawClient
from tests.security.world import World

_ROLES: list[list[Role]] = [[], [], ["reviewer"], ["operator"]]  # of the people of each tenant


@dataclass
class Person:
    tenant: int
    number: int
    reviewer: bool
    headers: dict[str, str]
    actions: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)  # threads on the LangGraph server

    def may_see(self, tenant: int, author: int) -> bool:
        return tenant == self.tenant and (self.reviewer or author == self.number)

    def __str__(self) -> str:
        return f"{self.tenant}/{self.number}{' (reviewer)' if self.reviewer else ''}"


@dataclass(frozen=True)
class Wish:
    server: str  # plain or langgraph
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class Crowd:
    """Four people of each of `tenants`. What they know of each other, ids and all, they use."""

    def __init__(self, world: World, tenants: int) -> None:
        self._world = world
        self._said = itertools.count()
        self.people = [
            Person(
                tenant,
                number,
                "reviewer" in roles,
                {**world.key(f"u{number}", f"t{tenant}", roles), "content-type": "application/json"},
            )
            for tenant in range(tenants)
            for number, roles in enumerate(_ROLES)
        ]

    def clients(self) -> dict[str, RawClient]:
        return {"plain": RawClient(self._world.plain), "langgraph": RawClient(self._world.langgraph)}

    async def begin(self) -> None:
        """Everybody says something on each server, so that there is something to be seen."""
        await asyncio.gather(*map(self._begin, self.people))

    async def _begin(self, person: Person) -> None:
        clients, wish = self.clients(), self._chat(person)
        status, body = await clients["plain"].request(wish.method, wish.path, wish.headers, wish.body)
        assert status == 200, body
        self.learn(person, wish, status, body.decode())
        _, made = await clients["langgraph"].request("POST", "/threads", person.headers, b"{}")
        person.served.append(json.loads(made)["thread_id"])
        said = {"assistant_id": "jira_assistant", "input": {"message": self._words(person)}}
        path, given = f"/threads/{person.served[0]}/runs/wait", json.dumps(said).encode()
        status, body = await clients["langgraph"].request("POST", path, person.headers, given)
        assert b"canary" in body, (status, body)
        for client in clients.values():
            client.close()

    def wish(self, person: Person, random: Random) -> Wish:
        """What somebody asks for: of their own, and as often of somebody else's."""
        other = random.choice(self.people)
        action, thread = random.choice(other.actions), random.choice(other.threads)
        if random.random() < 0.02:
            return self._chat(person)
        if random.random() < 0.15:
            return self._of_langgraph(person, other, random)
        asked: list[Callable[[], Wish]] = [
            lambda: self._get(person, "/approvals"),
            lambda: self._get(person, f"/approvals?user=u{other.number}"),
            lambda: self._get(person, f"/actions/{action}"),
            lambda: self._get(person, f"/actions/{action}/history"),
            lambda: self._get(person, f"/actions/{action}/state"),
            lambda: self._get(person, f"/app?thread={quote(thread)}"),
            lambda: self._get(person, "/review"),
            lambda: self._get(person, f"/review?done={action}"),
            lambda: self._get(person, "/review/waiting"),
            lambda: self._get(person, f"/figures?user=u{other.number}"),
            lambda: self._get(person, f"/stats?user=u{other.number}"),
            lambda: self._post(person, "/chat", {"message": "hello", "thread_id": thread}, other),
            lambda: self._post(person, f"/approvals/{action}", {"verb": "edit", "text": "x"}, other),
        ]
        return random.choice(asked)()

    def learn(self, person: Person, wish: Wish, status: int, text: str) -> None:
        """The ids of a new draft, to be tried by all."""
        if wish.path != "/chat" or status != 200:
            return
        said = json.loads(text)
        if said["pending_approval"]:
            person.actions = [*person.actions[-20:], said["pending_approval"]["action_id"]]
            person.threads = [*person.threads[-20:], said["thread_id"]]

    def _words(self, person: Person) -> str:
        canary = f"canary{person.tenant}of{person.number}n{next(self._said)}"
        return f"fixed the {canary} button bug on OPS-1, tested staging"

    def _chat(self, person: Person) -> Wish:
        """In the same conversation as before: the draft that waited is replaced."""
        thread = {"thread_id": person.threads[-1]} if person.threads else {}
        return self._post(person, "/chat", {"message": self._words(person), **thread}, None)

    def _of_langgraph(self, person: Person, other: Person, random: Random) -> Wish:
        thread = random.choice([*other.served, *other.threads])
        method, path, body = random.choice(
            [
                ("GET", f"/threads/{thread}", b""),
                ("GET", f"/threads/{thread}/state", b""),
                ("POST", f"/threads/{thread}/history", b"{}"),
                ("GET", f"/threads/{thread}/runs", b""),
                ("POST", "/threads/search", b"{}"),
                ("POST", "/threads/search", json.dumps({"metadata": {"owner": f"u{other.number}"}}).encode()),
            ]
        )
        return Wish("langgraph", method, path, person.headers, body)

    def _get(self, person: Person, path: str) -> Wish:
        return Wish("plain", "GET", path, person.headers)

    def _post(self, person: Person, path: str, body: object, whose: Person | None) -> Wish:
        """On what is somebody else's it is the very request; on one's own, harmless."""
        if whose is person:
            return self._get(person, "/review")
        return Wish("plain", "POST", path, person.headers, json.dumps(body).encode())
