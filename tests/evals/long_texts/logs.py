"""What programs print: logs, access logs, builds, stack traces."""

import json
from datetime import datetime, timedelta
from random import Random

_CLASSES = ("RefundService", "OrderController", "PaymentGateway", "LedgerWriter", "TokenFilter")
_METHODS = ("doRefund", "handleRequest", "invoke0", "chargeCard", "writeEntry")
_PACKAGES = (
    "com.example.pay",
    "org.springframework.web.filter",
    "org.springframework.web.servlet",
    "java.base",
)


def _times(rng: Random, count: int) -> list[datetime]:
    at, times = datetime(2026, 11, rng.randint(1, 28), rng.randint(0, 22), 3, 7), []
    for _ in range(count):
        at += timedelta(milliseconds=rng.randint(3, 9000))
        times.append(at)
    return times


def application(rng: Random) -> str:
    """A service under load: a few kinds of lines, many values, one error that matters."""
    lines = []
    for at in _times(rng, 90):
        stamp, thread = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03}", rng.randint(1, 40)
        order, ms = f"PAY-{rng.randint(1000, 9999)}", rng.randint(2, 4000)
        web, pool = f"[http-exec-{thread}] c.e.pay", f"[pool-2-thread-{thread}] c.e.pay"
        kinds = (
            f"INFO  {web}.RefundService - refund for {order} took {ms} ms",
            f"DEBUG {web}.TokenFilter - token {rng.getrandbits(48):x} accepted",
            f"WARN  {pool}.Pool - connection not returned after {ms} ms",
            "INFO  [scheduler-1] c.e.pay.Health - all checks passed",
            f"ERROR {web}.PaymentGateway - {order} was not charged: HTTP 503",
        )
        lines.append(f"{stamp} {rng.choices(kinds, (8, 6, 3, 4, 1))[0]}")
    return "\n".join(lines)


def access(rng: Random) -> str:
    lines = []
    for at in _times(rng, 80):
        address = f"10.{rng.randint(0, 3)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
        path = rng.choice(
            ("/api/v3/refunds", f"/api/v3/orders/{rng.randint(10**4, 10**6)}", "/health", "/login")
        )
        lines.append(
            f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{rng.choice(("GET", "POST"))} {path} HTTP/1.1" '
            f'{rng.choice((200, 200, 200, 201, 404, 503))} {rng.randint(90, 60000)} "-" "okhttp/4.12.0"'
        )
    return "\n".join(lines)


def json_lines(rng: Random) -> str:
    return "\n".join(
        json.dumps(
            {
                "ts": at.isoformat(timespec="milliseconds") + "Z",
                "level": rng.choice(("info", "info", "warn")),
                "logger": "billing.worker",
                "msg": rng.choice(("invoice written", "invoice not written, will retry", "queue polled")),
                "trace_id": f"{rng.getrandbits(64):016x}",
                "duration_ms": rng.randint(1, 900),
            }
        )
        for at in _times(rng, 60)
    )


def build(rng: Random) -> str:
    """A pipeline: downloads, tests that pass, a few that fail, the summary."""
    lines = [f"Run {rng.randint(5000, 6000)} of branch fix/PAY-{rng.randint(2000, 2999)}", ""]
    for _ in range(35):
        name = f"{rng.choice(('core', 'api', 'jdbc'))}-{rng.randint(1, 6)}.{rng.randint(0, 20)}"
        size = rng.randint(9, 900)
        lines.append(f"Downloading https://repo.example.com/maven/{name}.jar ({size} kB)")
    for number in range(45):
        outcome = "FAILED" if rng.random() < 0.08 else "PASSED"
        test = f"{_CLASSES[number % 5]}Test > {_METHODS[number % 4]}WithCase{number}"
        lines.append(f"{test} {outcome} ({rng.randint(1, 99)} ms)")
    lines += ["", "There were failing tests, the artefact was not published.", "=" * 60]
    return "\n".join(lines)


def _frames(rng: Random, count: int) -> list[str]:
    frames: list[str] = []
    while len(frames) < count:
        package = rng.choice(_PACKAGES)
        for _ in range(rng.randint(1, 5)):
            name = rng.choice(_CLASSES)
            frames.append(f"\tat {package}.{name}.{rng.choice(_METHODS)}({name}.java:{rng.randint(20, 990)})")
    return frames[:count]


def java_trace(rng: Random) -> str:
    """The same failure three times within a minute, as retries log it."""
    frames, cause = "\n".join(_frames(rng, 28)), "\n".join(_frames(rng, 9))
    said = []
    for at in _times(rng, 3):
        order, more = rng.randint(1000, 9999), rng.randint(10, 40)
        said += [f"{at:%Y-%m-%d %H:%M:%S} ERROR Refund PAY-{order} failed, it will not be tried again"]
        said += ["java.lang.IllegalStateException: The ledger could not be written", frames]
        said += ["Caused by: java.sql.SQLTransientConnectionException: no connection after 30000 ms"]
        said += [cause, f"\t... {more} more"]
    return "\n".join(said)


def python_trace(rng: Random) -> str:
    """One chained failure, never repeated: all there is to fold is the folders."""
    folders = ("/srv/app/.venv/lib/python3.12/site-packages/sqlalchemy/engine", "/srv/app/billing/invoices")
    lines = ["Traceback (most recent call last):"]
    for _ in range(10):
        folder, name = rng.choice(folders), rng.choice(("base", "result", "writer", "worker"))
        for _ in range(rng.randint(1, 3)):
            method = rng.choice(("_execute_context", "write_invoice", "flush_batch", "run_once"))
            lines.append(f'  File "{folder}/{name}.py", line {rng.randint(9, 2400)}, in {method}')
            start = rng.choice(("return self", "result = batch", "raise cause"))
            lines.append(f"    {start}.{method}(row, retry=False)")
    lines.append(
        "billing.errors.InvoiceNotWritten: invoice 2026-118 was not written: duplicate key (tenant 17)"
    )
    return "\n".join(lines)
