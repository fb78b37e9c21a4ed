"""What people can rely on: secrets and personal data are found, ordinary engineering text is left alone."""

from services.sensitive import find_sensitive, mask


def test_a_masked_text_shows_nothing_of_what_was_found() -> None:
    token = "ghp_" + "a1B2" * 9
    assert mask(f"use {token} to log in") == "use [token removed] to log in"


def test_issue_keys_hashes_and_versions_are_not_sensitive() -> None:
    assert find_sensitive("PAY-12 fixed in 1.12.3, commit 9fceb02d0ae598e95dc970b74767f19372d61af8") == []
