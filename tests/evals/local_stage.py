"""Would a small local classifier between the rules and the model earn its place? `make eval` does not run it.

`python -m tests.evals local_stage`, with the extra `local-stage` installed. Character n-grams and a logistic
regression, trained on the development set; near-duplicates share a group and no group is on both sides of a
fold. It never decides a completion. Kept would be a stage that spares at least 15 of 100 messages the model
at no loss of precision: see docs/evals.md for the answer.
"""

import pickle
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

from tests.evals.figures import Figure
from tests.evals.routing import DEV_SET, HELD_OUT, Labelled, Score, load, score
from tests.evals.thresholds import decided

_ALIKE = 0.6  # of the character trigrams shared, by Jaccard
_FOLDS = 5
_DEFAULT = 0.8  # CONFIDENCE_THRESHOLD


def _pipeline() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(grams, LogisticRegression(C=20, max_iter=500))


def _label(message: Labelled) -> str:
    return next(label for label in message.accept if label != "abstain")


def _groups(texts: list[str]) -> list[int]:
    """The same number for texts that are alike, directly or over others."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import CountVectorizer

    grams = CountVectorizer(analyzer="char_wb", ngram_range=(3, 3), binary=True).fit_transform(texts)
    shared = (grams @ grams.T).tocoo()
    size = grams.sum(axis=1).A1
    alike = shared.data / (size[shared.row] + size[shared.col] - shared.data) >= _ALIKE
    graph = coo_matrix((alike[alike], (shared.row[alike], shared.col[alike])), shape=shared.shape)
    return [int(group) for group in connected_components(graph, directed=False)[1]]


Guess = tuple[str, float]


def _guesses(model: Any, texts: list[str]) -> list[Guess]:
    rows = model.predict_proba(texts)
    return [(str(model.classes_[row.argmax()]), float(row.max())) for row in rows]


def _crossed(messages: list[Labelled]) -> list[Guess]:
    """Of each message what a model says that has seen none like it."""
    from sklearn.model_selection import GroupKFold

    texts, labels = [said.text for said in messages], [_label(said) for said in messages]
    found: list[Guess] = [("", 0.0)] * len(messages)
    groups = _groups(texts)
    sys.stdout.write(f"{len(set(groups))} groups of messages that are alike\n")
    for train, test in GroupKFold(_FOLDS).split(texts, labels, groups):
        model = _pipeline().fit([texts[at] for at in train], [labels[at] for at in train])
        for at, guess in zip(test, _guesses(model, [texts[at] for at in test]), strict=True):
            found[at] = guess
    return found


def _helps(rules: Score, guesses: Sequence[Guess], threshold: float) -> tuple[int, int]:
    """How many of those on which the rules abstain it decides, and how many of those rightly."""
    taken = [
        guess in said.accept
        for (said, took), (guess, sure) in zip(rules.taken, guesses, strict=True)
        if took["intent"] == "abstain" and guess != "task_completion" and sure >= threshold
    ]
    return len(taken), sum(taken)


def _fitted(rules: Score, guesses: Sequence[Guess]) -> float:
    """The lowest threshold at which it is right as often as the rules are; 1.0 where there is none."""
    count, right = decided(rules)
    for threshold in (hundredths / 100 for hundredths in range(50, 100)):
        more, good = _helps(rules, guesses, threshold)
        if more and good / more >= right / count:
            return threshold
    return 1.0


def main() -> Iterable[Figure]:
    """Prints only: an experiment has nothing that may become worse."""
    say = sys.stdout.write
    messages, held = load(DEV_SET), load(HELD_OUT)
    model = _pipeline().fit([said.text for said in messages], [_label(said) for said in messages])
    sets = {
        "development": (score(messages), _crossed(messages)),
        "held out": (score(held), _guesses(model, [said.text for said in held])),
    }
    threshold = _fitted(*sets["development"])
    say(f"threshold fitted on development: {threshold:.2f}\n")
    for name, (rules, guesses) in sets.items():
        n, (count, right) = len(rules.taken), decided(rules)
        alone = sum(guess in said.accept for (said, _), (guess, _) in zip(rules.taken, guesses, strict=True))
        wrong = sum(
            guess == "task_completion" and guess not in said.accept
            for (said, _), (guess, _) in zip(rules.taken, guesses, strict=True)
        )
        more, good = _helps(rules, guesses, threshold)
        some, hits = _helps(rules, guesses, _DEFAULT)
        say(f"{name}: alone it would be right on {alone / n:.1%} and complete {wrong} of {n} by mistake;\n")
        say(f"  the rules decide {count / n:.1%}, {right / count:.1%} of it rightly;\n")
        say(f"  with it {(count + more) / n:.1%}, {(right + good) / (count + more):.1%} of it rightly;\n")
        say(f"  at {_DEFAULT} it would decide {some} of the {n - count} that are left, {hits} rightly\n")
    took = []
    for said in held:
        began = time.perf_counter()
        model.predict_proba([said.text])
        took.append((time.perf_counter() - began) * 1000)
    say(
        f"{sorted(took)[len(took) // 2]:.2f} ms a message (median), {len(pickle.dumps(model)) / 1e6:.1f} MB\n"
    )
    return ()
