"""Word tables as text: easier to read, and to add a word to, than lists of quoted strings."""


def word_set(table: str) -> frozenset[str]:
    """The words of a table, separated by white space."""
    return frozenset(table.split())


def pairs(table: str) -> dict[str, str]:
    """said=instead; said=instead; ... over any number of lines. An empty `instead` drops what was said."""
    rows = (row.partition("=") for row in _rows(table))
    return {said.strip(): instead.strip() for said, _, instead in rows}


def any_of(table: str) -> str:
    """A regular expression for any of the patterns of a table, separated by semicolons or lines."""
    return f"(?:{'|'.join(_rows(table))})"


def _rows(table: str) -> list[str]:
    return [row.strip() for line in table.splitlines() for row in line.split(";") if row.strip()]
