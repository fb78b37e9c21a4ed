import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget import Piece, fit
from services.tokens import count_tokens
from tests.evals import long_texts

LOG = next(text for kind, text in long_texts.load() if kind == "application log")
RULES = Piece("instructions", "Write one comment. Add no fact. " * 30, 9)


def history(count: int) -> list[Piece]:
    return [
        Piece(f"history {at}", f"human: the {at}. thing that I said about the import", at, may_cut=True)
        for at in range(count)
    ]


def test_what_fits_is_left_as_it_is() -> None:
    fitted = fit([RULES, Piece("message", LOG, 5, may_cut=True, compressible=True)], 100_000)
    assert fitted.texts == {"instructions": RULES.text, "message": LOG}
    assert fitted.report["changed"] == []
    assert fitted.report["tokens_before"] == fitted.report["tokens_after"]


def test_the_least_important_goes_first() -> None:
    pieces = [RULES, *history(10)]
    budget = sum(count_tokens(piece.text) for piece in pieces) - 25
    fitted = fit(pieces, budget)
    assert [change["name"] for change in fitted.report["changed"]] == ["history 0", "history 1"]
    assert {change["how"] for change in fitted.report["changed"]} == {"dropped"}
    assert fitted.texts["history 0"] == ""
    assert fitted.texts["history 9"] == pieces[-1].text
    assert fitted.report["tokens_after"] <= budget


def test_compressing_comes_before_cutting() -> None:
    log = Piece("log", LOG, 1, may_cut=True, compressible=True)
    fitted = fit([RULES, log, Piece("facts", "user_name: Ada", 0, may_cut=True)], 3000)
    assert [(change["name"], change["how"]) for change in fitted.report["changed"]] == [("log", "compressed")]
    assert fitted.texts["facts"] == "user_name: Ada"


def test_a_cut_piece_keeps_its_beginning_and_says_that_there_was_more() -> None:
    fitted = fit([RULES, Piece("log", LOG, 1, may_cut=True)], count_tokens(RULES.text) + 300)
    assert LOG.startswith(fitted.texts["log"].removesuffix("\n[the rest was left out]")[:500])
    assert fitted.texts["log"].endswith("\n[the rest was left out]")
    assert fitted.report["over"] == 0


def test_a_piece_gets_no_more_than_its_share_even_where_there_is_room() -> None:
    fitted = fit([RULES, Piece("log", LOG, 1, may_cut=True, most=100)], 100_000)
    assert 20 <= count_tokens(fitted.texts["log"]) <= 100


@pytest.mark.parametrize("dense", ["#1!x9 ", "1 ", "1 word ", "é1 or not "])
def test_a_line_is_cut_to_its_share_even_where_its_beginning_is_dense(dense: str) -> None:
    log = Piece("log", dense * 200 + "-" * 5000, 1, may_cut=True, most=100)
    assert 20 <= count_tokens(fit([RULES, log], 100_000).texts["log"]) <= 100


def test_what_may_not_be_cut_stays_and_the_excess_is_reported() -> None:
    fitted = fit([RULES, Piece("message", LOG, 5)], 500)
    assert fitted.texts == {"instructions": RULES.text, "message": LOG}
    assert fitted.report["over"] == fitted.report["tokens_before"] - 500


def test_two_pieces_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="names of their own"):
        fit([RULES, RULES], 100)


pieces = st.builds(
    lambda text, importance, cut, compressible: (text, importance, cut, compressible),
    st.text(min_size=0, max_size=400),
    st.integers(0, 5),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(pieces, max_size=6), st.integers(0, 400))
def test_the_budget_is_kept_wherever_it_can_be(drawn: list[tuple[str, int, bool, bool]], budget: int) -> None:
    given_ = [Piece(str(at), t, i, may_cut=c, compressible=p) for at, (t, i, c, p) in enumerate(drawn)]
    fitted = fit(given_, budget)
    after = sum(map(count_tokens, fitted.texts.values()))
    fixed = sum(count_tokens(fitted.texts[piece.name]) for piece in given_ if not piece.may_cut)
    assert after == fitted.report["tokens_after"]
    assert after <= max(budget, fixed)
    assert all(fitted.texts[p.name] == p.text for p in given_ if not (p.may_cut or p.compressible))
    assert fitted.report["over"] == max(0, after - budget)
