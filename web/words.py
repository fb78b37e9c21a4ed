"""Numbers as operators read them."""

from web.cards import lasting


def dollars(value: float) -> str:
    """Small amounts keep the places that matter."""
    return f"${value:,.2f}" if value >= 0.1 or not value else f"${value:.4f}"


def share(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0%}" if value >= 0.1 or not value else f"{value:.1%}"


def whole(value: float) -> str:
    return f"{value:,.0f}"


def took(value: float | None) -> str:
    """Seconds as people read them."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 1000:.{int(value < 0.01)}f} ms"
    return f"{value:.{int(value < 10)}f} s" if value < 60 else lasting(value)
