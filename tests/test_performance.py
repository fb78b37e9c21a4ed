"""The page of figures cannot drift from the run that was kept."""

from tests.bench import page
from tests.bench.measure import Line


def test_the_page_and_its_plots_are_of_the_run_that_was_kept() -> None:
    for path, text in page.files().items():
        assert path.read_text() == text, "run: .venv/bin/python -m tests.bench page"


def test_a_goal_that_is_missed_is_said_to_be_missed() -> None:
    assert Line("a", "ours", 3.1, "ms", goal=3.0).verdict == "MISSED"
    assert Line("a", "ours", 2.9, "ms", goal=3.0).verdict == "met"
    assert Line("a", "ours", 0.7, "x", goal=0.8, at_least=True).verdict == "MISSED"
    assert Line("a", "ours", 0.7, "x", goal=0.8, at_least=True, excused="one core is full").met is None
