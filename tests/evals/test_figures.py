"""What a quality figure must do before anybody may trust that it did not become worse."""

from pathlib import Path

import pytest

from tests.evals.figures import Figure, bootstrap, load, mean, never, report, share, wilson, write
from tests.evals.routing import load as labelled
from tests.evals.routing import score
from tests.evals.thresholds import fitted


def committed(figure: Figure, path: Path) -> dict[str, dict[str, float]]:
    write([figure], {}, path)
    return load(path)


def test_an_interval_holds_the_share_and_shrinks_with_more_cases() -> None:
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)
    assert wilson(800, 1000) == pytest.approx((0.774, 0.824), abs=0.001)
    assert wilson(0, 50) == pytest.approx((0.0, 0.0713), abs=0.001)
    assert wilson(50, 50)[1] == 1.0


def test_a_bootstrap_gives_the_same_interval_every_time() -> None:
    values = [0.1, 0.4, 0.5, 0.9] * 10
    assert bootstrap(values) == bootstrap(values)
    assert bootstrap(values)[0] < 0.475 < bootstrap(values)[1]


@pytest.mark.parametrize(("right", "said"), [(80, "same"), (81, "better"), (79, "WORSE")])
def test_a_share_is_compared_with_the_committed_one(tmp_path: Path, right: int, said: str) -> None:
    before = committed(share("s", 80, 100), tmp_path / "r.json")
    assert share("s", right, 100).verdict(before) == said


def test_a_drop_within_the_tolerance_is_no_regression(tmp_path: Path) -> None:
    before = committed(share("s", 8000, 10_000), tmp_path / "r.json")
    assert share("s", 7990, 10_000).verdict(before) == "about the same"


def test_where_less_is_better_more_is_worse(tmp_path: Path) -> None:
    before = committed(share("s", 5, 100, better="lower"), tmp_path / "r.json")
    assert share("s", 6, 100, better="lower").verdict(before) == "WORSE"
    assert share("s", 4, 100, better="lower").verdict(before) == "better"


def test_a_model_that_answers_differently_may_differ_within_its_interval(tmp_path: Path) -> None:
    before = committed(share("s", 80, 100), tmp_path / "r.json")
    assert share("s", 75, 100).verdict(before, noisy=True) == "about the same"
    assert share("s", 60, 100).verdict(before, noisy=True) == "WORSE"


def test_what_must_never_happen_fails_even_where_it_was_committed(tmp_path: Path) -> None:
    once = never("lost", 1, 100)
    before = committed(once, tmp_path / "r.json")
    assert once.verdict(before) == "BROKEN"
    assert not report([once], before)


def test_a_missed_goal_is_said_and_fails_nothing(tmp_path: Path) -> None:
    low = share("s", 80, 100, goal=0.9)
    before = committed(low, tmp_path / "r.json")
    assert low.verdict(before) == "same, goal missed"
    assert report([low], before)


def test_a_figure_that_is_measured_no_more_fails_a_whole_run(tmp_path: Path) -> None:
    before = committed(share("s", 80, 100), tmp_path / "r.json")
    other = [mean("m", [1.0, 2.0], tolerance=0.1)]
    assert not report(other, before)
    assert report(other, before, complete=False)


def test_writing_some_sections_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    write([share("a", 1, 2), share("b", 1, 2)], {}, path)
    write([share("b", 2, 2)], load(path), path)
    assert {name: kept["value"] for name, kept in load(path).items()} == {"a": 0.5, "b": 1.0}


def test_a_threshold_is_fitted_that_completes_nothing_by_mistake() -> None:
    messages = labelled()
    best = fitted({at: score(messages, threshold=at) for at in (0.6, 0.8, 0.9)})
    assert best == [0.8]
