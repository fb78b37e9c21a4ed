"""Long texts as people paste them: handwritten ones in this folder, and machines' output from a seed.

Everybody in them is invented. They were written before the compression was measured on them, and what it does
badly stays in: the figures are only worth something if nothing was left out.
"""

import random
from pathlib import Path

from tests.evals.long_texts import logs, talks

FOLDER = Path(__file__).parent
SEEDS = range(3)
GENERATED = {
    "application log": logs.application,
    "access log": logs.access,
    "JSON log": logs.json_lines,
    "CI log": logs.build,
    "Java trace": logs.java_trace,
    "Python trace": logs.python_trace,
    "issue thread": talks.issue_thread,
    "mail chain": talks.mail_chain,
    "source code": talks.code,
}


def load() -> list[tuple[str, str]]:
    """Kind and text of each; handwritten prose is of the kind "handwritten"."""
    texts = [("handwritten", path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))]
    for kind, write in GENERATED.items():
        texts += [(kind, write(random.Random(seed))) for seed in SEEDS]
    return texts
