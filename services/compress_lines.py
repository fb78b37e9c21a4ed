"""What repeats from line to line, said once: log lines, quoted replies, stack frames, dates.

Each function takes a text and returns it with fewer lines or shorter ones; linear in its length. Nothing
that was there once is gone: of lines that are alike in all but their numbers, every differing number stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

_VALUE = re.compile(
    r"https?://\S+|`[^`\n]+`|\b[A-Z][A-Z0-9]+-[0-9]+\b|[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T)"
    r"|(?<![A-Za-z0-9])[A-Za-z]*[0-9][A-Za-z0-9]*(?:[.:,/-](?=[A-Za-z]*[0-9])[A-Za-z0-9]+)*"
    r"|(?<=[0-9])T[0-9][0-9:.,]*Z?"
)
_TIMED = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_CODE = re.compile(r"^(?!\s*at )(?:(?:[ ]{4}|\t|[-+@<>|]).*|.*[{};(\[])$")
_FENCE = re.compile(r"^\s*(?:```|\{code)")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_FRAME = re.compile(
    r"^\s*at (?P<package>(?:[\w$]+\.)+)(?P<class>[\w$]+)\.(?P<method>[\w$<>]+)"
    r"\((?P<file>[\w$]+)\.(?:java|kt|scala):(?P<line>[0-9]+)\)$"
)
_FILE = re.compile(r'^(?P<start>\s*File ")(?P<folder>[^"\n]*/)(?P<rest>[^"/\n]*", line [0-9]+.*)$')
_DATED = re.compile(r"^(?P<open>\[?)(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?=[0-9]{2}:)")
_LIKE = " more like it, what differs in each: "
_FEWEST_ALIKE = 3
_LONG_ENOUGH = 25
"""Characters from which a line that comes again is a repetition, and not an answer like "yes"."""


def lines_with_fences(text: str) -> Iterator[tuple[str, bool]]:
    """Each line and whether it belongs to fenced code, the fences included."""
    inside = False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        yield line, inside or fence
        inside ^= fence


def unquote(text: str) -> str:
    """Without quoted lines that stand above in full; the last one before a reply stays, it is what is
    answered."""
    lines = text.split("\n")
    seen: set[str] = set()
    kept = []
    for at, line in enumerate(lines):
        said = _QUOTE.sub("", line).strip()
        answered = at + 1 < len(lines) and not _QUOTE.match(lines[at + 1])
        if _QUOTE.match(line) and (not said or said in seen) and not (said and answered):
            continue
        seen.add(said)
        kept.append(line)
    return "\n".join(kept)


def fold_repeats(text: str) -> str:
    """Lines that come again, and lines alike in all but their values, at the place of the first.

    Lines with a time are gathered over the whole text, their times still tell the order, and so are equal
    ones; others only from a run. Code is left alone: there a repeated line means something.
    """
    groups: dict[tuple[str, int], list[tuple[int, str]]] = {}
    out: list[str | None] = []
    again = Counter(text.split("\n"))
    run, before = 0, ""
    for line, fenced in lines_with_fences(text):
        shape = _VALUE.sub("\0", line)
        run += shape != before
        before = shape
        out.append(line)
        timed = bool(_TIMED.search(line))
        if fenced or len(line) < _LONG_ENOUGH or _LIKE in line or (_CODE.match(line) and not timed):
            continue
        if again[line] > 1 and not timed:
            shape = line
        anywhere = timed or shape == line
        groups.setdefault((shape, 0 if anywhere else run), []).append((len(out) - 1, line))
    for places in groups.values():
        _fold(places, out)
    return "\n".join(line for line in out if line is not None)


def _fold(places: list[tuple[int, str]], out: list[str | None]) -> None:
    """Write one group of like lines to the place of its first, and clear the others'."""
    (first, model), *others = places
    if not others:
        return
    if all(line == model for _, line in others):
        out[first] = f"{model} (×{len(places)})"
    elif len(places) < _FEWEST_ALIKE:
        return
    else:
        rows = [_VALUE.findall(line) for _, line in places]
        varying = [at for at in range(len(rows[0])) if len({row[at] for row in rows}) > 1]
        told = "; ".join(" ".join(row[at] for at in varying) for row in rows[1:])
        out[first] = f"{model}\n({len(others)}{_LIKE}{told})"
    for at, _ in others:
        out[at] = None


def fold_frames(text: str) -> str:
    """Java frames of one package in one line, the file only where the class does not name it; of Python's,
    the folder only where it changes."""
    out: list[str] = []
    for package, lines in groupby(text.split("\n"), _package):
        if package is None:
            out += _short_folders(lines)
            continue
        frames = [_frame(line) for line in lines]
        out.append(f"at {package}{{{', '.join(frames)}}}" if len(frames) > 1 else f"at {package}{frames[0]}")
    return "\n".join(out)


def _package(line: str) -> str | None:
    found = _FRAME.match(line)
    return found["package"] if found else None


def _frame(line: str) -> str:
    found = _FRAME.match(line)
    assert found is not None  # noqa: S101 - only lines with a package come here
    named = found["class"].split("$")[0] == found["file"]
    return f"{found['class']}.{found['method']}({'' if named else found['file'] + ':'}{found['line']})"


def _short_folders(lines: Iterable[str]) -> list[str]:
    out, folder = [], ""
    for line in lines:
        found = _FILE.match(line)
        if found and found["folder"] == folder:
            line = f"{found['start']}…/{found['rest']}"
        elif found and found["folder"] != "…/":
            folder = found["folder"]
        out.append(line)
    return out


def hoist_dates(text: str) -> str:
    """The date of a line only where it is not the one of the dated line above."""
    out, date = [], ""
    for line in text.split("\n"):
        found = _DATED.match(line)
        if found and found["date"] == date:
            line = found["open"] + line[found.end() :]
        elif found:
            date = found["date"]
        out.append(line)
    return "\n".join(out)
