"""Everything written on the pages can be read, in light and in dark: WCAG 2.2 AA, from the colours."""

import re

import pytest

from web.rendering import FOLDER

_TEXT = (  # colour of the text, colour behind it
    *(("ink", behind) for behind in ("ground", "sheet", "tint")),
    *(("soft", behind) for behind in ("ground", "sheet")),
    *(("accent", behind) for behind in ("ground", "sheet", "tint")),
    *((f"{name}-ink", name) for name in ("new", "gone", "warn")),
    *(("on-accent", "accent"), ("wrong", "sheet"), ("sheet", "wrong")),
)


def colours(scheme: str) -> dict[str, str]:
    css = (FOLDER / "static" / "base.css").read_text(encoding="utf-8")
    blocks = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r"{[^{}]*}", css)
    ]
    light, dark = [block for block in blocks if "ink" in block]
    return light if scheme == "light" else {**light, **dark}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "behind"), _TEXT)
def test_text_stands_out(scheme: str, text: str, behind: str) -> None:
    known = colours(scheme)
    assert contrast(known[text], known[behind]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("behind", ["sheet", "ground"])
def test_edges_of_fields_stand_out(scheme: str, behind: str) -> None:
    known = colours(scheme)
    assert contrast(known["strong-line"], known[behind]) >= 3
