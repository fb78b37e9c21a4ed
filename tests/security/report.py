"""What the sections print: one table of figures each, and examples of what went wrong."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table


def show(title: str, figures: Mapping[str, object], wrong: Sequence[str]) -> bool:
    """Prints them; the goal holds where nothing is `wrong`."""
    console, table = Console(), Table(title=title, show_header=False)
    for name, figure in {**figures, "the goal": "holds" if not wrong else f"FAILS: {len(wrong)}"}.items():
        table.add_row(name, f"{figure:,}" if isinstance(figure, int) else str(figure))
    console.print(table)
    for one in wrong[:20]:
        console.print(f"  {one}", markup=False)
    return not wrong
