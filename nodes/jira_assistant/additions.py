"""Whether a draft mostly says what nobody said.

Small models answer with fluent small talk ("I'm glad you took the initiative ...") that holds no number, key
or name: nothing the facts guard knows. What gives it away is that nearly all of its words are new.
"""

import re
from collections.abc import Sequence

from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.language.tongue import is_foreign
from nodes.jira_assistant.language.wording import PROFESSIONAL

MANY_NEW, MOSTLY_NEW = 4, 0.7
"""How many words must be new, and what share of all. Small talk of a model with 135 million parameters had
shares of 0.8 and more; free rewordings by people, in professional words, of 0.6 at most."""
_STEM = 4
"""Letters by which words are told apart, so that "tested", "testing" and "tests" are one."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = word_set("""
    about after again against almost along already also although among another around because been before
    being below between both cannot could does doing down during each either else even every from further
    have having here hers himself however into itself just least less like made make many more most much must
    near need needs neither next none once only onto other others over same shall should since some still
    such than that their them then there these they this those though through today together tomorrow toward
    under until unless upon very were what when where whether which while will with within without would
    yesterday your
""")


def mostly_new(draft: str, sources: Sequence[str]) -> list[str]:
    """The new words of a draft where they are many and most; else none.

    `sources`: the message and whatever else may be said. Of a message in another language nothing is known.
    """
    if is_foreign(sources[0]):
        return []
    words, new = _words(draft), new_words(draft, sources)
    return new if len(new) >= MANY_NEW and len(new) >= MOSTLY_NEW * len(words) else []


def new_words(draft: str, sources: Sequence[str]) -> list[str]:
    """Words of a draft that no source holds in any form, without the ones that say nothing."""
    said = {word[:_STEM] for source in sources for word in _WORD.findall(source.lower())}
    return [word for word in _words(draft) if word[:_STEM] not in said and word not in PROFESSIONAL]


def _words(draft: str) -> list[str]:
    return list(dict.fromkeys(word for word in _WORD.findall(draft.lower()) if word not in _COMMON))
