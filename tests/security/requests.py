"""Nothing that is sent makes a route fail: `python -m tests.security requests`.

Every route of the app is taken as it is found at run time. Those that OpenAPI describes get cases from
schemathesis, fitting and unfitting; the pages get hostile addresses, headers, cookies and forms. Whatever
comes, the answer is one that was meant: no 5xx, within a few seconds. Then the limits, one by one.
"""

import logging
import sys
import warnings
from contextlib import suppress
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning, Unsatisfiable
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.security.front import Seen, sent, served
from tests.security.report import show
from tests.servers import BINARIES, RedisServer
from web.app import app
from web.body_limit import MOST_BYTES

MESSAGE = "fixed the button bug on PAY-12, tested on staging"
_PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


def _many(examples: int, number: int) -> Any:
    """Settings of a run of exactly so many examples."""
    chosen = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: chosen(seed(number)(test))


def described(client: TestClient, seen: Seen, cases: int, number: int, each: int = 100) -> int:
    """At least `cases` requests to the routes that OpenAPI describes, of each route and kind at most `each`
    and then again; how many routes that are."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    modes = list(schemathesis.GenerationMode)
    real = {"action_id": "", "thread_id": ""}
    while seen.requests < cases:  # routes that take little have few cases: all get another turn
        known = client.post("/chat", json={"message": MESSAGE, "context": {"user_id": "ann"}}).json()
        real |= {"action_id": known["pending_approval"]["action_id"], "thread_id": known["thread_id"]}
        number += 1
        for operation, mode in product(operations, modes):
            with suppress(Unsatisfiable):  # nothing that takes no input can be given a wrong one
                _some(client, seen, operation.as_strategy(generation_mode=mode), real, _many(each, number))
    return len(operations)


def _some(
    client: TestClient, seen: Seen, strategy: st.SearchStrategy[schemathesis.Case], real: Any, many: Any
) -> None:
    """Cases of one route; half of those that name something name what exists."""

    @many  # type: ignore[untyped-decorator]
    @given(case=strategy, exists=st.booleans())
    def one(case: schemathesis.Case, exists: bool) -> None:
        for name in real.keys() & (case.path_parameters or {}).keys() if exists else ():
            case.path_parameters[name] = real[name]
        request = case.as_transport_kwargs(base_url="http://localhost")
        request.pop("cookies", None)
        if isinstance(request.get("data"), str | bytes):
            request["content"] = request.pop("data")
        sent(client, seen, **request)

    one()


_TEXT = st.text(max_size=40) | st.sampled_from(
    (
        "",
        "\0",
        "\r\nSet-Cookie: a=b",
        "%00",
        "../../etc/passwd",
        "x" * 5000,
        "{{7*7}}",
        "'\"><script>",
        "\ud800",
    )
)
_NAMES = st.sampled_from(
    [
        "message",
        "verb",
        "text",
        "name",
        "thread",
        "say",
        "user",
        "project",
        "action",
        "done",
        "period",
        "from",
        "back",
        "zone",
        "key",
        "days",
        "by",
        "next",
        "page",
        "limit",
        "arg.comment",
        "arg.issue_key",
    ]
)
_FIELDS = st.dictionaries(_NAMES | _TEXT, _TEXT, max_size=6)
_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Accept-Language",
            "Content-Type",
            "Content-Length",
            "Cookie",
            "Origin",
            "Host",
            "Range",
            "Authorization",
            "X-API-Key",
            "X-Request-ID",
            "If-None-Match",
            "Transfer-Encoding",
            "Sec-Fetch-Site",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
    | st.sampled_from(
        ("viewer_name=%ff; viewer_zone=Nowhere/Land", "viewer_zone=../..", "-1", "bytes=9-1", "*")
    ),
    max_size=3,
)


def paths() -> list[str]:
    """Every route, of pages and of the API; parameters filled in with `x`."""
    plain = [route.path for route in app.routes if isinstance(route, Route)]
    return sorted(
        {path.replace("{", "x").split("}")[0] + path.partition("}")[2] for path in plain} | {"/app/static/x"}
    )


def pages(client: TestClient, seen: Seen, cases: int, number: int) -> int:
    """`cases` hostile requests to every route; how many routes that are."""
    every = paths()

    @_many(cases, number)  # type: ignore[untyped-decorator]
    @given(
        method=st.sampled_from(("GET", "POST", "HEAD", "PUT")),
        path=st.sampled_from(every),
        query=_FIELDS,
        form=_FIELDS,
        headers=_HEADERS,
        body=st.none() | st.binary(max_size=200),
    )
    def one(method: str, path: str, query: Any, form: Any, headers: Any, body: bytes | None) -> None:
        given_headers = {name: value.encode("latin-1") for name, value in {**_PAGE, **headers}.items()}
        content = {"content": body} if body is not None else {"data": form}
        with_body = content if method in ("POST", "PUT") else {}
        sent(client, seen, method=method, url=path, params=query, headers=given_headers, **with_body)

    one()
    return len(every)


def limits(client: TestClient) -> list[str]:
    """What gets in though it is too much; each must be a 4xx that says so."""
    said = {"message": MESSAGE, "context": {"user_id": "ann"}}
    deep = b'{"message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    json = {"Content-Type": "application/json"}
    form = {**_PAGE, "Content-Type": "application/x-www-form-urlencoded"}
    tried: dict[str, dict[str, Any]] = {
        "a body of 256 kB and one byte": {
            "url": "/chat",
            "content": b"x" * (MOST_BYTES + 1),
            "headers": json,
        },
        "the same in pieces of unknown length": {
            "url": "/chat",
            "content": iter([b"x" * 9000] * 30),
            "headers": json,
        },
        "JSON 100,000 deep": {"url": "/chat", "content": deep, "headers": json},
        "a message of 100,000 characters": {"url": "/chat", "json": {**said, "message": "x" * 100_000}},
        "1,000 context fields of 200 characters": {
            "url": "/chat",
            "json": {**said, "context": {f"f{n}": "x" * 200 for n in range(1000)}},
        },
        "a form of 101 fields": {
            "url": "/app",
            "content": "&".join(f"f{n}=1" for n in range(101)),
            "headers": form,
        },
        "an id of 100,000 characters": {
            "url": f"/approvals/{'a' * 60_000}",
            "json": {"verb": "accept", "user_id": "u"},
        },
    }
    answers = {name: client.request("POST", **request) for name, request in tried.items()}
    return [
        f"{name}: {answer.status_code} {answer.text[:100]}"
        for name, answer in answers.items()
        if not 400 <= answer.status_code < 500
    ]


def main(cases: int = 20_000, number: int = 10) -> bool:
    logging.getLogger("httpx2").disabled = True
    logging.disable()
    warnings.simplefilter("ignore", HypothesisWarning)  # schemathesis replaces formats
    seen = Seen()
    with TemporaryDirectory() as folder:
        server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        try:
            with served(
                server.url, MAX_REQUESTS_PER_MINUTE="1000000", MAX_REQUESTS_PER_HOUR="1000000"
            ) as client:
                described_routes = described(client, seen, cases, number)
                page_routes = pages(client, seen, cases // 4, number)
                too_much = limits(client)
        finally:
            server.kill()
    figures = {"routes in OpenAPI": described_routes, "routes in all": page_routes, "requests": seen.requests}
    return show(
        f"No request makes a route fail (seed {number})", {**figures, **seen.answers}, seen.wrong + too_much
    )


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "A request made a route fail: see above.")
