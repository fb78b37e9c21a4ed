"""Whether a draft says the opposite of its message: a "not" lost or added, a problem gone or made up.

Only what is plain is reported. A word counts when every time it is used in the one text it is negated and
every time in the other it is not; words that mean "not yet" on either side make it a matter of wording.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal

from nodes.jira_assistant.contracts import Finding
from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs
from nodes.jira_assistant.language.hidden import PAUSE
from nodes.jira_assistant.language.spans import mask
from nodes.jira_assistant.language.tables import any_of, word_set
from nodes.jira_assistant.language.tidy import plain_words

Sign = Literal["yes", "no", "open"]
_YES: set[Sign] = {"yes"}
_NO: set[Sign] = {"no"}

_NEGATORS = word_set("""
    not no never without cannot neither nor none nobody nothing hardly unable impossible
""")
_NOT_YET = word_set("""
    need needs needed pending remain remains remaining outstanding todo incomplete yet left open
    unfinished almost nearly if unless until once when before should will would might may could must
    want wants trying hope plan to planned partially partly
""")
_REACH = 4  # words that a negation covers
_CLAUSE_END = re.compile(
    rf"[.!?;,:\n{PAUSE}]|\s[-–—]\s|\b(?:but|and|so|because|although|though|while|if|whether|that|which|why|since|until)\b",
    re.I,
)
_TOO_COMMON = word_set("""
    be have do get go need want make take see keep come use try work look know think say put set run
    show add
""")
_PROBLEMS = word_set("blocked failed failing fails broken crashed crashing crashes")
_ANY_TROUBLE = any_of(r"""
    not; no; never; cannot; unable; without; block\w*; fail\w*; br[eo]k\w*; crash\w*; errors?; erroring
    issues?; problems?; bugs?; bugg?y; wait\w*; depend\w*; stuck; delay\w*; outages?; down; downtime
    unavailable; incorrect\w*; prevent\w*; defects?; imped\w*; hold\w*; stall\w*; unreachable; wrong\w*
    bad; red; flak\w*; hang\w*; hung; dead; died; leak\w*; timed? ?out\w*; timeouts?; exceptions?
    throw\w*; threw; unreliable; unstable; degrad\w*; malfunction\w*; regress\w*; missing; invalid
    inconsistent; poor; slow\w*; lost; refus\w*; reject\w*; [45]\d\d; need\w*; until; still; hit
    hitting; trouble; struggl\w*; violat\w*; corrupt\w*; fall\w*; conflict\w*; unresponsive; malformed
    blew; blow\w*; rais(?:es|ed|ing); screwed; messed; unresolved; pend\w*
""")
_TROUBLE = re.compile(rf"\b{_ANY_TROUBLE}\b", re.I)
_NO_DENIAL = "worries|problem|rush|matter|doubt|one|way"
_NEGATION = re.compile(
    rf"\b(?:not(?! only)|never|cannot|without|nobody|neither|no(?! (?:{_NO_DENIAL})))\b(?!,)"
)
_DENIAL = re.compile(
    rf"\b(?:not(?! only)|never|cannot|without|nobody|nothing|neither|nor|no(?! (?:{_NO_DENIAL})))\b(?!,)"
)
_LESS_THAN_YES = any_of(r"""
    remain\w*; left; yet; open; unfinished; undone; un\w{4,}; in(?:complete|sufficient|active); almost
    nearly; only; except\w*; instead; lack\w*; outside; continu\w*; ongoing; (?:in )?progress
    under ?way; later; postpon\w*; cancel\w*; skip\w*; avoid\w*; stop\w*; remov\w*; drop\w*; declin\w*
    disabl\w*; deny|denied; revert\w*; undo\w*; neither; none; nobody; nothing; nowhere; hardly; barely
    few; little; less; free of; rather than; partial\w*; partly; mostly; half; until; unless; if; would
    should; could; might; may; avoid; doubt\w*; far; away; absent; absence; zero; keep\w*; leave
    mistake\w*; accident\w*; premature\w*; re-?open\w*; too
""")
_MITIGATED = re.compile(rf"\b{_LESS_THAN_YES}\b|[❌✗✘✖🚫⛔👎⏳⌛🚧]", re.I)


def changed_polarity(message: str, draft: str) -> list[Finding]:
    """At most one finding of code fact_negation: the first thing that the draft turns round."""
    said, written = _plain(message), _plain(draft)
    before, after = _signs(said), _signs(written)
    for stem, signs in before.items():
        if signs == _NO and after.get(stem) == _YES:
            return [_finding(f"The message says that something is not so ({stem!r}), the draft that it is.")]
        if signs == _YES and after.get(stem) == _NO:
            return [_finding(f"The message says that something is so ({stem!r}), the draft that it is not.")]
    if (problem := _problem(said, before)) and not _TROUBLE.search(written):
        return [_finding(f"The message says {problem!r}; the draft mentions no problem.")]
    if (problem := _problem(written, after)) and not _TROUBLE.search(said):
        return [_finding(f"The draft says {problem!r}; the message mentions no problem.")]
    if _NEGATION.search(said) and not _is_negative(written):
        return [_finding("The message denies something; the draft only affirms.")]
    if _NEGATION.search(written) and not _is_negative(said):
        return [_finding("The draft denies something; the message only affirms.")]
    if _denials_lost(said, written):
        return [_finding("The message denies more than the draft does.", "warning")]
    return []


def _denials_lost(said: str, written: str) -> bool:
    """Whether a "not" is gone and no other word came that says less than yes. Likely, never proved: two
    denials may have become one ("neither is")."""
    lost = len(_DENIAL.findall(said)) - len(_DENIAL.findall(written))
    if lost <= 0:
        return False
    instead = Counter(_TROUBLE.findall(written)) + Counter(_MITIGATED.findall(written))
    return lost > (instead - Counter(_TROUBLE.findall(said)) - Counter(_MITIGATED.findall(said))).total()


def _is_negative(text: str) -> bool:
    """Whether anything in `text` says less than yes, in any of many words."""
    return bool(_TROUBLE.search(text) or _MITIGATED.search(text))


def _problem(text: str, signs: Mapping[str, set[Sign]]) -> str | None:
    """The first word in `text` that asserts a problem."""
    for found in re.finditer(r"[a-z]+", text):
        word: str = found[0]
        if word in _PROBLEMS and signs.get(_stem(word)) == _YES:
            return word
    return None


def _plain(text: str) -> str:
    return plain_words(mask(text.replace("’", "'")).text).lower()


def _signs(text: str) -> dict[str, set[Sign]]:
    signs: dict[str, set[Sign]] = defaultdict(set)
    for clause in _CLAUSE_END.split(text):
        for stem, sign in _of_clause(re.findall(r"[a-z]+(?:-[a-z]+)*", clause)):
            signs[stem].add(sign)
    return signs


def _of_clause(words: list[str]) -> Iterator[tuple[str, Sign]]:
    open_ = not _NOT_YET.isdisjoint(words)
    last_not = -_REACH - 1
    for at, word in enumerate(words):
        if word in _NEGATORS and words[at + 1 : at + 2] != ["only"]:
            last_not = at
        elif (stem := _stem(word)) and stem not in _TOO_COMMON:
            yield (
                stem,
                "open" if open_ else _sign(word, at - last_not, words[last_not] if last_not >= 0 else ""),
            )


def _sign(word: str, distance: int, negator: str) -> Sign:
    if distance > _REACH:
        return "yes"
    if lex.is_work_noun(word) and distance > 1 and not (negator in ("no", "without") and distance == 2):
        return "open"  # "cannot deploy today pipeline is down": a noun further on is not what is negated
    return "no"


def _stem(word: str) -> str:
    """The dictionary form of a verb, state or noun of work; "" for any other word."""
    for forms in (verbs.PAST, verbs.GERUND, verbs.THIRD, _PARTICIPLES):
        if word in forms:
            return forms[word]
    if word in verbs.VERBS or word in lex.PREDICATES:
        return word
    return lex.singular(word) if lex.is_work_noun(word) else ""


_PARTICIPLES = {participle: verb for verb, participle in verbs.PARTICIPLE.items()}


def _finding(message: str, severity: Literal["error", "warning"] = "error") -> Finding:
    return Finding(
        code="fact_negation",
        severity=severity,
        span=None,
        message=message,
        fix="Say it as the message does, neither more positive nor more negative.",
    )
