"""Who is in a variant, and which variants are refused."""

from pathlib import Path

import pytest

from services.errors import ConfigurationError
from services.settings import load_settings
from services.variants import Variant, chosen

USERS = [f"user-{number}" for number in range(4000)]


def members(share: float, name: str = "short") -> set[str]:
    variants = {name: Variant(share=share)}
    return {user for user in USERS if chosen(variants, None, user)}


def test_a_share_is_that_part_of_the_users() -> None:
    assert members(0) == set()
    assert members(100) == set(USERS)
    assert abs(len(members(20)) / len(USERS) - 0.2) < 0.02  # three standard deviations


def test_a_user_stays_in_a_variant_whose_share_grows() -> None:
    assert members(5) < members(20) < members(60)


def test_two_variants_take_their_shares_from_different_users() -> None:
    both = members(50, "one") & members(50, "two")
    assert abs(len(both) / len(USERS) - 0.25) < 0.03


def test_the_choice_is_the_same_in_every_process_and_release() -> None:
    variants = {"short": Variant(share=20)}
    assert [user for user in USERS[:20] if chosen(variants, None, user)] == [
        "user-0",
        "user-1",
        "user-9",
        "user-10",
        "user-13",
    ]


def test_the_same_name_in_another_tenant_is_another_user() -> None:
    variants = {"short": Variant(share=50)}
    assert any(chosen(variants, "a", user) != chosen(variants, "b", user) for user in USERS[:20])


def test_who_is_in_several_gets_the_first() -> None:
    variants = {"one": Variant(share=100), "two": Variant(share=100)}
    assert chosen(variants, None, "anybody") == "one"


def test_a_prompt_is_a_text_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "short.md"
    file.write_text("Be short.\n", encoding="utf-8")
    variant = Variant(share=1, prompts={"rephrase_comment": str(file), "draft_email": "Be kind."})
    assert variant.prompts == {"rephrase_comment": "Be short.", "draft_email": "Be kind."}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ('{"short": {"share": 101}}', "SHARE"),
        ('{"short": {"share": 1, "prompts": {"classify": "x"}}}', "CLASSIFY"),
        ('{"short": {"share": 1, "prompts": {"draft_email": "nowhere.md"}}}', "nowhere.md cannot be read"),
        ('{"short": {"share": 1, "prompts": {"draft_email": ""}}}', "DRAFT_EMAIL"),
        ('{"short": {"share": 1, "model": "x"}}', "MODEL"),
        ('{"Not A Name": {"share": 1}}', "VARIANTS"),
        ("[1]", "VARIANTS"),
    ],
)
def test_a_wrong_variant_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str, named: str) -> None:
    monkeypatch.setenv("VARIANTS", value)
    with pytest.raises(ConfigurationError, match=named):
        load_settings()
