"""Examples for the detector of sensitive information, and ordinary texts that it must leave alone.

No secret is stored: every one is made here from its published shape, so that scanners of this repository stay
quiet. `sensitive_labelled.jsonl` is microsoft/presidio-research's synthetic sentences with the spans of the
kinds we know (MIT, see `sensitive_labelled.LICENSE`).
"""

import json
import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ORDINARY_TEXTS = 2000

FAMILIES = ("secrets in the shapes of detect-secrets", "secrets in the shapes of gitleaks")
# What its plugins know, by the start of our names, besides passwords and keys by name (its KeywordDetector).
_OF_DETECT_SECRETS = (
    *("Artifactory", "JFrog", "AWS", "Azure storage", "Cloudant", "Discord", "GitHub", "GitLab"),
    *(
        "IBM",
        "JSON web",
        "unsigned web",
        "Mailchimp",
        "npm",
        "OpenAI",
        "RSA",
        "OpenSSH",
        "EC private",
        "PKCS8",
    ),
    *(
        "PKCS8",
        "encrypted private",
        "PGP",
        "PuTTY",
        "PyPI",
        "SendGrid",
        "Slack",
        "SoftLayer",
        "Square",
        "Stripe",
    ),
    *("Telegram", "Twilio"),
)
_NOT_OF_GITLEAKS = ("Cloudant", "IBM", "SoftLayer", "unsigned web", "PuTTY")

_ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "base64": string.ascii_letters + string.digits + "+/",
    "digit": string.digits,
    "hex": "0123456789abcdef",
    "letter": string.ascii_letters,
    "lower": string.ascii_lowercase + string.digits,
    "symbols": string.ascii_lowercase + "{}()[]$>-_#@!?*",
    "upper": string.ascii_uppercase + string.digits,
    "upperhex": "0123456789ABCDEF",
    "word": string.ascii_letters + string.digits + "_-",
}
_WORDS = ("hunter", "summer", "tiger", "welcome", "monkey", "dragon", "winter", "qwerty")

# How a secret is pasted where nothing names it, and how it is assigned to a name.
_PASTED = (
    "{s}",
    "rotated {s} after it leaked",
    "use {s} for staging, thanks",
    "PAY-12: found {s} in the log",
)
_ASSIGNED = (
    '{i}Token="{s}"',
    "{i}Token = {s}",
    '{{\n    "{i}_token": "{s}"\n}}',
    '\\{{\n    \\"{i}_token\\": \\"{s}\\"\n\\}}',
    "<{i}Token>{s}</{i}Token>",
    "<{i}Token>\n    {s}\n</{i}Token>",
    "{i}_token: {s}",
    "{i}_token: '{s}'",
    "{i}_token: |\n  {s}",
    "{i}_token: >\n  {s}",
    'string {i}Token = "{s}";',
    'var {i}Token string = "{s}"',
    "{i}Token := `{s}`",
    '${i}Token .= "{s}"',
    "{i}Token,{s},",
    '  "{i}Token" => "{s}"',
    '{i}_TOKEN := "{s}"',
    '{i}_TOKEN :::= "{s}"',
    '{i}_TOKEN ?= "{s}"',
    '{i}_TOKEN += "{s}"',
    '{i}_api_token = "{s}"',
    "export {i}_API_KEY={s}",
    "the {i} API key is {s}",
)


@dataclass(frozen=True, slots=True)
class Example:
    """`text[start:end]` is sensitive and of `kind`, which is also the row it is counted in."""

    kind: str
    name: str
    text: str
    start: int
    end: int


def families_of(example: Example) -> Iterator[str]:
    """Whose fixtures have a secret of this shape; many are known to both."""
    if example.kind.startswith("format"):
        if example.name.startswith(_OF_DETECT_SECRETS):
            yield FAMILIES[0]
        if not example.name.startswith(_NOT_OF_GITLEAKS):
            yield FAMILIES[1]
    elif example.kind in ("password said", "api_key said", "token said"):
        yield from FAMILIES


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `sensitive_<name>.jsonl`."""
    lines = (HERE / f"sensitive_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def fill(shape: str, rng: random.Random) -> str:
    """`shape` with each `{alphabet:length}` and `{name}` replaced by something random; unknown ones stay."""

    def chars(alphabet: str, length: int) -> str:
        return "".join(rng.choices(_ALPHABETS[alphabet], k=length))

    def digits(low: int, high: int) -> str:
        return str(rng.randint(low, high))

    def uuid() -> str:
        return "-".join(chars("hex", n) for n in (8, 4, 4, 4, 12))

    named: dict[str, Callable[[], str]] = {
        "at": lambda: "@",
        "begin": lambda: "-" * 5 + "BEGIN",
        "big": lambda: digits(10**6, 10**10),
        "dashes": lambda: "-" * 5,
        "date": lambda: f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "end": lambda: "-" * 5 + "END",
        "env": lambda: rng.choice(("staging", "production", "eu-west-1", "qa2")),
        "epoch": lambda: digits(1_600_000_000, 1_900_000_000),
        "epochms": lambda: digits(1_600_000_000_000, 1_900_000_000_000),
        "float": lambda: f"{rng.uniform(0, 100):.2f}",
        "ip": lambda: ".".join(digits(1, 254) for _ in range(4)),
        "key": lambda: f"{rng.choice(('PAY', 'OPS', 'WEB2', 'DATA'))}-{rng.randint(1, 9999)}",
        "n": lambda: digits(1, 99_999),
        "port": lambda: digits(1024, 65_535),
        "sha": lambda: chars("hex", 40),
        "sha7": lambda: chars("hex", 7),
        "simple": lambda: rng.choice(_WORDS) + digits(1, 9999),
        "strong": lambda: rng.choice("ABCDEFG") + chars("alnum", 9) + rng.choice("!#%*?") + digits(0, 9),
        "time": lambda: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}",
        "uuid": uuid,
        "version": lambda: ".".join(digits(0, 30) for _ in range(3)),
    }

    def one(found: re.Match[str]) -> str:
        name, length = found[1], found[2]
        if length is None:
            return named[name]() if name in named else found[0]
        return chars(name, int(length)) if name in _ALPHABETS else found[0]

    return re.sub(r"\{(\w+)(?::(\d+))?\}", one, shape)


def _marked(kind: str, name: str, text: str) -> Example:
    """The example of which « and » mark the sensitive part."""
    start, end = text.index("«"), text.index("»") - 1
    return Example(kind, name, text.replace("«", "").replace("»", ""), start, end)


def secrets(rng: random.Random) -> Iterator[Example]:
    """Every known format: pasted bare where it names itself, else assigned to a name."""
    for row in rows("formats"):
        word = row.get("word", "")
        for template in _ASSIGNED if word else _PASTED:
            shape = row["shape"] if "«" in row["shape"] else f"«{row['shape']}»"
            name = word.upper() if "_T" in template or "_A" in template else word
            kind = "format beside a name" if word else "format"
            yield _marked(kind, row["name"], template.format(i=name, s=fill(shape, rng)))


def said(rng: random.Random, times: int = 20) -> Iterator[Example]:
    """What people write."""
    for row in rows("said"):
        for _ in range(times):
            text = fill(row["text"], rng)
            start, end = text.index("«"), text.index("»") - 1
            yield Example(
                f"{row['kind']} said", row["text"], text.replace("«", "").replace("»", ""), start, end
            )


def labelled() -> Iterator[Example]:
    for row in rows("labelled"):
        for span in row["spans"]:
            assert isinstance(span, dict)
            yield Example(f"{span['kind']} labelled", row["text"], row["text"], span["start"], span["end"])


def ordinary(rng: random.Random, count: int = ORDINARY_TEXTS) -> list[str]:
    """Texts of engineers that hold nothing sensitive, and the labelled sentences without any label."""
    templates = [row["text"] for row in rows("ordinary")]
    made = [fill(templates[number % len(templates)], rng) for number in range(count)]
    return made + [row["text"] for row in rows("labelled") if not row["spans"]]
