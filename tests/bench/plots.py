"""Plots as SVG, which every browser and README shows: bars in groups, and lines. No library draws both
small enough to be worth its weight; colours hold on a light and a dark page."""

from collections.abc import Mapping, Sequence
from html import escape

_COLOURS = ("#2f6fdb", "#9aa4b2", "#e0922f", "#3a9d6b")
_WIDTH, _LEFT, _ROW, _TOP = 760, 250, 18, 58
_TEXT = 'font-family="system-ui, sans-serif" font-size="12" fill="#7a8494"'


def bars(title: str, unit: str, groups: Mapping[str, Mapping[str, float]], *, goal: str = "") -> str:
    """One bar for each series of each group, labelled with its figure."""
    series = list(dict.fromkeys(name for group in groups.values() for name in group))
    most = max((value for group in groups.values() for value in group.values()), default=1) or 1
    scale, y, parts = (_WIDTH - _LEFT - 90) / most, _TOP, []
    for group, values in groups.items():
        middle = y + len(values) * _ROW / 2 + 4
        parts.append(_text(_LEFT - 10, middle, group, "end"))
        for name, value in values.items():
            colour = _COLOURS[series.index(name) % len(_COLOURS)]
            width = max(value * scale, 1)
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_ROW - 4}" fill="{colour}"/>'
            )
            parts.append(_text(_LEFT + width + 6, y + 11, _number(value)))
            y += _ROW
        y += 10
    return _page(y + 12, [_head(f"{title} ({unit})", goal), *_legend(series), *parts])


def curve(title: str, places: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Each series over the same places, which stand at equal distances; both axes tell their figures."""
    height, most = 260, max(value for values in series.values() for value in values)
    bottom, step = _TOP + height, (_WIDTH - 160) / max(len(places) - 1, 1)
    parts = [_text(80 + at * step, bottom + 20, place, "middle") for at, place in enumerate(places)]
    parts.append(f'<line x1="60" y1="{bottom}" x2="{_WIDTH - 60}" y2="{bottom}" stroke="#9aa4b2"/>')
    for number, (_, values) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [(80 + at * step, bottom - value / most * height) for at, value in enumerate(values)]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), value in zip(points, values, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(_text(x, y - 8 if number == 0 else y + 18, _number(value), "middle"))
    return _page(bottom + 40, [_head(title, ""), *_legend(list(series)), *parts])


def _head(title: str, goal: str) -> str:
    after = f" - {goal}" if goal else ""
    return f'<text x="10" y="20" {_TEXT.replace("12", "14")} font-weight="600">{escape(title + after)}</text>'


def _legend(series: Sequence[str]) -> list[str]:
    parts, x = [], 10.0
    for number, name in enumerate(series):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<rect x="{x:.0f}" y="32" width="11" height="11" fill="{colour}"/>')
        parts.append(_text(x + 16, 42, name))
        x += 34 + 6.6 * len(name)
    return parts


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {_TEXT}>{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _page(height: float, parts: Sequence[str]) -> str:
    size = f'width="{_WIDTH}" height="{height:.0f}" viewBox="0 0 {_WIDTH} {height:.0f}"'
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{body}\n</svg>\n'
