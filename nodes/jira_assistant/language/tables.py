"""Word tables as text: easier to read, and to add a word to, than lists of quoted strings."""


def word_set(table: str) -> frozenset[str]:
    """The words of a table, separated by white space."""
    return frozenset(table.split())


def pairs(table: str) -> dict[str, str]:
    """said=instead; said=instead; ... over any number of lines. An empty `instead` drops what was said."""
    rows = (
        row.partition("=") for line in table.strip().splitlines() for row in line.split(";") if row.strip()
    )
    return {said.strip(): instead.strip() for said, _, instead in rows}
