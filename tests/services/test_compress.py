import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.compress import SHORT_TOKENS, compress, must_keep
from services.tokens import count_tokens
from tests.evals import long_texts
from tests.evals.compression import lost

TEXTS = [pytest.param(text, id=f"{kind}-{at}") for at, (kind, text) in enumerate(long_texts.load())]
ABOVE = "The importer is slow and nobody knows why it takes that long on some of our machines. " * 16
lines = st.sampled_from(
    [
        "2026-11-20 10:01:02,345 INFO [exec-1] c.e.Pay - refund for PAY-12 took 12 ms",
        "2026-11-20 10:01:07,001 INFO [exec-4] c.e.Pay - refund for PAY-13 took 900 ms",
        "2026-11-21 00:00:01,001 INFO [exec-4] c.e.Pay - refund for PAY-13 was not made",
        "> I have not deployed the importer to production yet, only to staging",
        "I have not deployed the importer to production yet, only to staging",
        "\tat com.example.pay.RefundService.doRefund(RefundService.java:120)",
        "\tat com.example.pay.Refunds$1.invoke0(Refunds.java:7)",
        '  File "/srv/app/billing/invoices.py", line 12, in write_invoice',
        '  File "/srv/app/billing/base.py", line 9, in run_once',
        "Hi all,",
        "Best regards",
        "Anna",
        "----------",
        "```",
        "{code}",
        "    return None",
        "see https://example.com/a/12 and `retry(3)`   in order to repeat the import",
        "it is actually not very fast, and never the one of 3.2.1",
        "",
    ]
)
texts = st.lists(st.one_of(lines, st.text(max_size=60)), min_size=10, max_size=60).map("\n".join)


@pytest.mark.parametrize("text", TEXTS)
def test_real_texts_lose_no_key_number_name_address_identifier_or_negation(text: str) -> None:
    gone = lost(text, compress(text))
    assert gone.count() == 0, gone


@pytest.mark.parametrize("text", TEXTS)
def test_compressing_again_changes_nothing(text: str) -> None:
    once = compress(text)
    assert compress(once) == once


@pytest.mark.parametrize(
    ("kind", "fewer"),
    [
        ("application log", 0.5),
        ("access log", 0.4),
        ("JSON log", 0.5),
        ("Java trace", 0.5),
        ("issue thread", 0.5),
    ],
)
def test_what_repeats_itself_takes_about_half(kind: str, fewer: float) -> None:
    found = [text for name, text in long_texts.load() if name == kind]
    before, after = sum(map(count_tokens, found)), sum(count_tokens(compress(text)) for text in found)
    assert 1 - after / before >= fewer


@settings(max_examples=300)
@given(texts)
def test_whatever_must_be_kept_is_kept_in_no_more_tokens(text: str) -> None:
    shorter = compress(text)
    assert must_keep(text) <= must_keep(shorter)
    assert count_tokens(shorter) <= count_tokens(text)


@settings(max_examples=150)
@given(texts)
def test_whatever_was_compressed_stays_so(text: str) -> None:
    once = compress(text)
    assert compress(once) == once


@given(st.text(max_size=SHORT_TOKENS // 4))
def test_short_texts_are_left_alone(text: str) -> None:
    assert compress(text) == text


def test_lines_alike_are_told_once_with_every_value_that_differs() -> None:
    text = (
        "\n".join(f"10:0{n}:00 GET /orders/{n}77 was not found in {n * 3} ms" for n in range(9))
        + f"\n{ABOVE}"
    )
    shorter = compress(text)
    assert shorter.count("was not found") == 1
    assert all(f"10:0{n}:00" in shorter and f"{n}77" in shorter for n in range(9))


def test_a_quote_goes_but_the_line_that_is_answered_stays() -> None:
    shorter = compress(
        f"{ABOVE}\nWe moved the bucket on Monday.\nDid you deploy it?\n"
        "> We moved the bucket on Monday.\n> Did you deploy it?\nno"
    )
    assert shorter.endswith("Did you deploy it?\n> Did you deploy it?\nno")


def test_code_is_kept_to_the_letter() -> None:
    code = "```\nif  the:\n    go(1)\n    go(1)\n    really  =  very\n------\n```"
    assert code in compress(f"{ABOVE}\nHi all,\n{code}\n{ABOVE}")


def test_what_is_negated_keeps_its_words() -> None:
    shorter = compress(
        f"{ABOVE} It is not very fast, not really done and never actually tested; it is very old."
    )
    assert "not very fast, not really done and never actually tested; it is old" in shorter


def test_a_step_that_would_lose_something_is_not_taken() -> None:
    """The article goes and would leave "not very" without its "very", which goes where nothing is negated."""
    assert "the very next" in compress(f"{ABOVE} It is not the very next one. {ABOVE}")


def test_what_is_almost_done_never_becomes_done() -> None:
    hedged = "it is basically done, essentially done, quite done, almost done, nearly done and mostly done"
    assert hedged in compress(f"{ABOVE} The first of them: {hedged}, I think. {ABOVE}")


def test_a_name_below_a_greeting_stays() -> None:
    shorter = compress(f"Hi all,\n{ABOVE}\n{ABOVE}\nBest regards,\nAnna")
    assert "Hi all" not in shorter
    assert shorter.endswith("Anna")


@pytest.mark.parametrize(
    "bit", ["a", "Ab", " ", "1", "a1", "-", "`", '"', "> ", "{code}", "n't ", "at a.", "x\n"]
)
def test_hostile_text_is_done_in_time(bit: str) -> None:
    """By the test's time limit: a pattern that goes back over its text would not end."""
    text = bit * (100_000 // len(bit))
    assert count_tokens(compress(text)) <= count_tokens(text)
