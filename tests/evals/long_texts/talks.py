"""What people write to each other, put together from their sentences; and code."""

from random import Random

_PEOPLE = (
    "Marta Lindqvist",
    "Jonas Weber",
    "Priya Raman",
    "Tomasz Zielinski",
    "Olga Petrova",
    "Daniel Okafor",
)
_SAID = (
    "I looked into {key} and the import does not fail on {host} any more since version {version}.",
    "The job {job} ran for {n} minutes last night and processed {m} rows, {k} of them were not written.",
    "We should not deploy {version} before {person} has confirmed the numbers of {date}.",
    "It turned out that the timeout of {n} seconds in `{call}` is not the one that is used at the moment.",
    "I have opened {key} for the remaining {k} cases, they have nothing to do with the certificate.",
    "{person} says that nobody has changed the configuration of {host} since {date}.",
    "The dashboard shows {m} errors for the last {n} hours, which is quite a lot for a quiet weekend.",
    "As far as I can see there is no way to repeat the export without {call}, so I would wait for {person}.",
    "Could you please check whether the limit of {m} requests applies to {host} as well?",
    "After the restart at {n}:15 the memory went down to {k} GB and has never gone above {n} GB again.",
    "The documentation at https://docs.example.com/jobs/{job} still says {version}, which is not correct.",
    "Basically the retry is the problem: it is started {k} times in order to be sure, and never stops.",
)


def _said(rng: Random) -> str:
    return rng.choice(_SAID).format(
        key=f"{rng.choice(('PAY', 'OPS', 'INFRA'))}-{rng.randint(100, 2999)}",
        host=rng.choice(("staging-2", "pg-eu-1", "worker-14")),
        version=f"{rng.randint(1, 5)}.{rng.randint(0, 19)}.{rng.randint(0, 9)}",
        job=f"sync-{rng.randint(1, 9)}",
        n=rng.randint(2, 59),
        m=rng.randint(100, 90_000),
        k=rng.randint(2, 40),
        person=rng.choice(_PEOPLE).split()[0],
        date=f"2026-{rng.randint(9, 11):02}-{rng.randint(1, 28):02}",
        call=rng.choice(("sync_orders()", "LedgerClient.flush()", "retryAll()")),
    )


def issue_thread(rng: Random) -> str:
    """Comments below an issue, each quoting the last one or two in full."""
    comments: list[str] = []
    out = [f"OPS-{rng.randint(100, 999)}: nightly import incomplete", ""]
    for day in range(9):
        said = [_said(rng) for _ in range(rng.randint(2, 4))]
        quoted = [f"> {line}" for comment in comments[-rng.randint(0, 2) :] for line in comment.split("\n")]
        out += [
            f"{rng.choice(_PEOPLE)}, 2026-11-{day + 3:02} {rng.randint(8, 18):02}:{rng.randint(0, 59):02}"
        ]
        out += ["Hi all,", *(quoted if comments else []), *said, "Thanks!", "", "-" * 40]
        comments.append("\n".join(said))
    return "\n".join(out)


def mail_chain(rng: Random) -> str:
    """Replies above everything that was written before, with each mail's signature and notice."""
    mail = ""
    for day in range(5):
        person = rng.choice(_PEOPLE)
        before = "\n".join(f">{'' if line.startswith('>') else ' '}{line}" for line in mail.split("\n"))
        said = "\n".join(_said(rng) for _ in range(3))
        first = person.split()[0].lower()
        mail = (
            f"Hi everyone,\n\n{said}\n\nBest regards,\n{person}\nPlatform Engineering | {first}@example.com\n"
            "This e-mail is confidential. If it was not meant for you, do not read it and tell the sender.\n"
            + (
                f"\nOn 2026-11-{day + 9:02} at 09:{rng.randint(10, 59)} the team wrote:\n{before}"
                if day
                else ""
            )
        )
    return mail


def code(rng: Random) -> str:
    """A pasted module: nothing repeats, and white space may mean something."""
    parts = ["```python", "import logging", "", "log = logging.getLogger(__name__)", ""]
    for number in range(12):
        name, limit = rng.choice(("refund", "invoice", "ledger")), rng.randint(2, 500)
        parts += [
            f"def check_{name}_{number}(amount_cents: int, currency: str) -> bool:",
            f'    """Whether {name} {number} is within its limit; never true without a currency."""',
            f"    if not currency or amount_cents > {limit}_00:",
            f'        log.warning("{name} of %d %s not allowed", amount_cents, currency)',
            "        return False",
            f"    return amount_cents % {rng.randint(2, 9)} != 0",
            "",
        ]
    return "\n".join([*parts, "```"])
