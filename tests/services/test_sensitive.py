"""What people can rely on: secrets and personal data are wholly hidden, ordinary text is left alone.

The examples and the figures are those of `tests.evals.sensitive`, which also prints what is missed.
"""

import json
import random
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sensitive import PERSONAL, SECRETS, Hit, find_sensitive, mask
from tests.evals.sensitive import SEED, attacks, hidden
from tests.evals.sensitive_examples import Example, fill, labelled, ordinary, said, secrets

EXAMPLES = [
    *secrets(random.Random(SEED)),
    *said(random.Random(SEED), times=5),
    *labelled(),
]
PIECES = (
    "password",
    "token",
    "api_key",
    "key",
    " is ",
    ": ",
    "=",
    '"',
    "sk_live_",
    "://a:",
    "@b.de",
    "4111 1111",
)


def kinds(text: str) -> list[str]:
    return [hit.kind for hit in find_sensitive(text)]


def of(shape: str) -> str:
    return fill(shape, random.Random(SEED))


@pytest.mark.parametrize("row", sorted({example.kind for example in EXAMPLES}))
def test_at_least_95_of_100_are_wholly_covered(row: str) -> None:
    examples = [example for example in EXAMPLES if example.kind == row]
    missed = [example.text for example in examples if not hidden(example)]
    assert len(missed) <= 0.05 * len(examples), missed[:5]


def test_at_most_5_of_1000_ordinary_texts_are_flagged() -> None:
    texts = ordinary(random.Random(SEED))
    flagged = [text for text in texts if find_sensitive(text)]
    assert len(texts) > 1000
    assert len(flagged) <= 0.005 * len(texts), flagged[:5]


def test_a_masked_text_shows_nothing_of_what_was_found_and_stays_as_it_is() -> None:
    leaks: dict[str, list[Example]] = defaultdict(list)
    for example in filter(hidden, EXAMPLES):
        masked = mask(example.text)
        if example.text[example.start : example.end] in masked or mask(masked) != masked:
            leaks[example.kind].append(example)
    assert leaks == {}


def test_the_marker_names_the_kind() -> None:
    token = of("ghp_{alnum:36}")
    assert mask(f"use {token} to log in") == "use [token removed] to log in"
    assert mask("pw: hunter22, card 4111 1111 1111 1111") == "pw: [password removed], card [card removed]"


def test_what_surrounds_a_secret_stays_readable() -> None:
    assert mask("postgres://app:hunter22@db:5432/shop") == "postgres://app:[password removed]@db:5432/shop"
    assert (
        mask("https://x.test/?token=" + of("{alnum:40}&page=2"))
        == "https://x.test/?token=[token removed]&page=2"
    )


def test_only_the_given_hits_are_masked_and_overlapping_ones_leave_nothing_between() -> None:
    text = "mail bob@example.org, pw: hunter22"
    secrets_only = [hit for hit in find_sensitive(text) if hit.kind in SECRETS]
    assert mask(text, secrets_only) == "mail bob@example.org, pw: [password removed]"
    overlapping = [Hit("email", 0, 6, False, "a"), Hit("token", 4, 9, True, "b")]
    assert mask("0123456789", overlapping) == "[token removed]9"
    inside = [Hit("email", 0, 9, True, "a"), Hit("password", 2, 4, False, "b")]
    assert mask("0123456789", inside) == "[password removed]9"
    assert mask(text, []) == text


def test_every_kind_is_a_secret_or_personal() -> None:
    found = {hit.kind for example in EXAMPLES for hit in find_sensitive(example.text)}
    assert found == SECRETS | PERSONAL
    assert not SECRETS & PERSONAL


def test_addresses_of_allowed_domains_and_their_subdomains_are_not_private() -> None:
    text = "anna@acme.com bob@mail.ACME.com eve@acme.com.evil.org mallory@notacme.com"
    private = [text[h.start : h.end] for h in find_sensitive(text, allowed_domains=["@Acme.com "])]
    assert private == ["eve@acme.com.evil.org", "mallory@notacme.com"]


@pytest.mark.parametrize(
    "text",
    [
        "PAY-12 fixed in 1.12.3, commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "request 123e4567-e89b-12d3-a456-426614174000 at 2026-03-01T10:15:00Z, 1,234 ms on 10.0.0.12:5432",
        "password reset is done, the password policy is documented",
        json.dumps({"password": "must be at least 8 characters"}),
        "password = os.environ['DB_PASSWORD']",
        "password: ${{ secrets.DB_PASSWORD }}",
        "max_tokens=2000, next_page_token=" + "aB3" * 10,
        "git clone git@github.com:acme/app.git, see logo@2x.png",
        "tokenizer=bert2x9k4q7z1p0w, tokens: a1b2c3d4e5f6a7b8c9",
        "the next cell is not the value: | auth token | a1b2c3d4e |",
    ],
)
def test_what_engineers_write_all_day_is_not_sensitive(text: str) -> None:
    assert find_sensitive(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("card 4111 1111 1111 1112", "card"),  # Luhn
        ("1111 2222 3333 4444", "card"),  # no issuer has it
        ("order 676222165679 shipped", "card"),  # as long as an order's number, and no word says card
        ("DE89 3704 0044 0532 0130 01", "iban"),  # check digits
        ("ssn 666-12-3456", "ssn"),  # never issued
        ("build 2026-03-01-1234567 passed", "phone"),
        ("reach me on 2026-03-01", "phone"),
        ("the desk 10.20.30.40 is offline", "phone"),
    ],
)
def test_a_number_that_cannot_be_one_is_not_taken_for_one(text: str, kind: str) -> None:
    assert kind not in kinds(text)


def test_what_only_its_surroundings_betray_is_a_suspicion() -> None:
    assert [h.certain for h in find_sensitive("password: swordfish")] == [False]
    assert [h.certain for h in find_sensitive("password: sw0rdf1sh")] == [True]
    assert [h.certain for h in find_sensitive("token: a1b2c3d4e5")] == [False]
    assert [h.certain for h in find_sensitive(of("HEROKU_API_KEY={uuid}"))] == [False]
    assert [h.certain for h in find_sensitive(of("starts with {begin} RSA PRIVATE KEY{dashes}"))] == [False]


def test_labels_repeat_nothing_of_the_text() -> None:
    for example in EXAMPLES[::7]:
        assert all(example.text[h.start : h.end] not in h.label for h in find_sensitive(example.text))


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=20).map("".join))
def test_any_text_gets_hits_in_order_apart_and_inside_it(text: str) -> None:
    hits = find_sensitive(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(before.end <= after.start for before, after in pairwise(hits))
    assert (mask(text) == text) == (not hits)


def test_hostile_texts_end() -> None:
    for attack in attacks(10_000):
        mask(attack)
    mask("\ud800 password: \udfff\x00 ghp_")
