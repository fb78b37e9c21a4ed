"""The first stage: what a message asks for, by the tables of `rules` alone. No model, no network."""

from functools import cache
from itertools import takewhile

from nodes.jira_assistant import clause_rules, figure_rules, nothing_rules, rules
from nodes.jira_assistant.clauses import CODE, clauses, shape
from nodes.jira_assistant.contracts import Classification, Intent, Scored
from nodes.jira_assistant.rules import Rule

_LONGEST_CLAUSE = 40  # words looked at: a longer clause asserts nothing plainly, and shapes stay cheap
_MOST_CLAUSES = 12  # a message of more is a report, never a bare completion

Hit = tuple[Intent, Rule]


def classify(text: str, *, threshold: float = 0.8, margin: float = 0.1) -> Classification:
    """What `text` asks for. Abstains below `threshold`, or when the next intent is nearer than `margin`.

    The weights w of all rules that fit, of one intent, make its confidence 1 - product of (1 - w). `rule` is
    the heaviest of them. `runner_up` is the next intent of a decision, and the best guess of an abstention.
    """
    parts = clauses(text)
    hits = _as_a_whole(parts)
    decided = _decide(hits, threshold, margin)
    if decided["intent"] != "abstain" or decided["rule"] == rules.NOT_CLEAN.name:
        return decided
    return _decide([*hits, *_clause_by_clause(parts)], threshold, margin)


def _decide(hits: list[Hit], threshold: float, margin: float) -> Classification:
    doubt: dict[Intent, float] = {}
    heaviest: dict[Intent, Rule] = {}
    for intent, rule in dict.fromkeys(hits):
        doubt[intent] = doubt.get(intent, 1.0) * (1.0 - rule.weight)
        if intent not in heaviest or rule.weight > heaviest[intent].weight:
            heaviest[intent] = rule
    ranked = [
        Scored(intent=intent, confidence=round(1.0 - left, 3))
        for intent, left in sorted(doubt.items(), key=lambda item: item[1])
    ]
    if not ranked:
        return Classification(intent="abstain", confidence=0.0, stage="rules", rule=None, runner_up=None)
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    sure = best["confidence"] >= threshold
    sure = sure and (second is None or best["confidence"] - second["confidence"] >= margin)
    return Classification(
        intent=best["intent"] if sure else "abstain",
        confidence=best["confidence"],
        stage="rules",
        rule=heaviest[best["intent"]].name,
        runner_up=second if sure else best,
    )


def _as_a_whole(parts: list[str]) -> list[Hit]:
    """What the message is when each of its clauses must agree: a completion, or nothing to act on."""
    if not parts:
        return [("unclear", nothing_rules.NO_WORD)]
    if len(parts) > _MOST_CLAUSES or any(len(part) > _LONGEST_CLAUSE for part in parts):
        return []
    table = _tables()
    nothings = list(takewhile(bool, map(table.nothings.first, parts)))
    if len(parts) == 1 and not nothings:
        nothings = [table.fragments.first(parts[0])]
    if len(nothings) == len(parts) and all(nothings):
        return [("unclear", rule) for rule in nothings if rule]
    asserted = [table.assertions.first(part) for part in parts]
    if not any(asserted) and not any(map(table.bare.first, parts)):
        return []
    beside = [table.company.first(part) for part, rule in zip(parts, asserted, strict=True) if rule is None]
    said = [rule for rule in asserted if rule]
    helps: list[Hit] = [("task_completion", rule) for rule in beside if rule and rule.weight]
    if not all(beside):
        good = said or any(rule in rules.BARE for rule in beside)
        return [("task_completion", rules.NOT_CLEAN)] if good and not _doubted(parts) else []
    if said:
        return [("task_completion", min(said, key=lambda rule: rule.weight)), *helps]
    return helps if any(rule in rules.BARE for rule in beside) else []


def _doubted(parts: list[str]) -> bool:
    """Whether a clause that no shape of a completion has room for says more than nothing known."""
    table = _tables()
    unknown = [part for part in parts if not (table.assertions.first(part) or table.company.first(part))]
    return any(
        table.doubt.search(part) or any(intent != "task_update" for intent, _ in _clause(part))
        for part in unknown
    )


def _clause_by_clause(parts: list[str]) -> list[Hit]:
    """What each clause says by itself, unless one clause settles what all the others are there for.

    A mail that is asked for makes the rest its content, figures asked for make it their reason; beside a
    question that comes last mere hints of an update are what leads to it.
    """
    table = _tables()
    each = [_clause(part[:_LONGEST_CLAUSE]) for part in parts]
    hits = [hit for found in each for hit in found]
    for asked in ("email_request", "productivity_query"):
        wanted = [hit for hit in hits if hit[0] == asked]
        if any(rule.weight >= clause_rules.DECIDES for _, rule in wanted):
            return wanted
    if len(parts) > 1 and table.answers.search(parts[-1]):
        return [hit for hit in hits if hit[0] != "general_question"]
    if each and any(intent == "general_question" for intent, _ in each[-1]):
        return [hit for hit in hits if hit[0] != "task_update" or hit[1].weight >= clause_rules.DECIDES]
    return hits


def _clause(part: str) -> list[Hit]:
    table = _tables()
    if mail := table.mails.first(part):
        return [("email_request", mail)]
    if figures := table.figures.first(part):
        return [("productivity_query", figures)]
    if request := table.requests.first(part):
        return [("task_update", request)]
    if question := table.questions.first(part):
        return [("general_question", question)]
    if CODE["query"] in part:
        return []
    if table.orders.first(part):
        return [("task_update", clause_rules.ORDERS[0])]
    return [("task_update", rule) for rule, pattern in table.updates if pattern.search(part)]


class _Table:
    """Rows of rules as one pattern, so that the first row that fits a clause costs one search.

    `among`: classes of which a clause must hold one. `whole`: rows fit from the first word to the last, so a
    clause with a class that no row mentions needs no search.
    """

    def __init__(self, rows: tuple[Rule, ...], *, among: str = "", whole: bool = False) -> None:
        self.rows = rows
        self.pattern = shape("|".join(f"({_row(row, whole)})" for row in rows))
        self.among = frozenset(shape(among).pattern)
        shapes = " ".join(row.shape for row in rows)
        wild = not whole or "." in shapes or "[^" in shapes
        self.mentioned = frozenset(CODE.values()) if wild else frozenset(self.pattern.pattern)

    def first(self, clause: str) -> Rule | None:
        if (self.among and self.among.isdisjoint(clause)) or not self.mentioned.issuperset(clause):
            return None
        found = self.pattern.search(clause)
        return self.rows[found.lastindex - 1] if found and found.lastindex else None


def _row(rule: Rule, whole: bool) -> str:
    veto = f"(?!.*[{rule.unless}])" if rule.unless else ""
    if whole:
        return f"^ {veto} (?:{rule.shape}) $"
    anywhere = "" if rule.shape.startswith("^") else ".*?"
    return f"^ {veto} {anywhere} (?:{rule.shape})"


class _Tables:
    def __init__(self) -> None:
        self.doubt = shape(f"[{clause_rules.DOUBT} ask query key please more]|^ ing")
        self.answers = shape(clause_rules.ANSWERS)
        self.nothings = _Table(nothing_rules.NOTHINGS, whole=True)
        self.fragments = _Table(nothing_rules.FRAGMENTS, whole=True)
        self.assertions = _Table(rules.ASSERTIONS, among="key task", whole=True)
        self.bare = _Table(rules.BARE, among=rules.OF_BARE, whole=True)
        self.company = _Table((*rules.BARE, *rules.COMPANY), whole=True)
        self.mails = _Table(clause_rules.MAILS, among="mail envelope note send write tell reach")
        self.figures = _Table(figure_rules.FIGURES, among=figure_rules.OF_FIGURES)
        self.requests = _Table(clause_rules.REQUESTS)
        self.questions = _Table(clause_rules.QUESTIONS)
        self.orders = _Table(clause_rules.ORDERS)
        self.updates = [(row, shape(row.shape)) for row in clause_rules.UPDATES]


@cache
def _tables() -> _Tables:
    """All shapes, compiled on first use: importing this module costs nothing."""
    return _Tables()
