"""The rules for figures about work, one clause at a time. See `rules`."""

from nodes.jira_assistant.clause_rules import POLITE, WANT
from nodes.jira_assistant.rules import ADV, FIN, HAVE, Rule

# Figures about work are asked for.
TEAM = "(?:self|they|anyone|(?:det|odet)? (?:crowd|other|name))"
DID = f"(?:{FIN}|fixed|[tofin tofix]|close|do|ship|got|finishing|prog|landed|work|tidy|took)"
OF_TIME = "(?:it? period|day)"
COUNT = "(?:count|howmany)"
SHOW = f"{WANT} (?:show|summary)"
OF_WORK = f"(?:{FIN}|ed|adv|tech|other|open|more|landed|held){{0,4}} (?:to (?:{FIN}|open))? (?:tasks|task)"
OF_FIGURES = (  # each row has room for one of these at least
    "count howmany howlong metric productive tasks task period day average more summary what which show send"
    " tofin tofix"
)
WHOM = (
    "(?:me|self|name"
    "|(?:det|odet)? [part tech other thing artifact]? crowd [part tech other thing name number]?)"
)
THEN = "[in on of det adv period day number please thanks query]*"
KIND = "(?:det|crowd|self|adv|ed|fin|done|ship|tasks|landed|open|tofix){1,4}"
FIGURES = (
    Rule(
        "how many tasks", 0.9,
        f"{COUNT} (?:of? det)? {OF_WORK} (?!does|(?:be|was) rem? in? (?:key|odet)|.? in odet"
        f" period|(?:self|you|they|odet .)? (?:can|modal))",
        "mean",
    ),
    Rule(
        "tasks, by whom or when", 0.86,
        f"^ {POLITE} (?:whole|adv|other|det)? {OF_WORK} (?:be|was|self {HAVE}?)? {DID} (?:by me|by"
        f" self|by name|by? in* det* {OF_TIME}|in odet)",
        "key neg",
    ),
    Rule(
        "tasks by whom", 0.86,
        f"^ {POLITE} (?:whole|adv|other|count|summary|of|det)* {OF_WORK} (?:{DID}|ed) by {WHOM}"
        f" {THEN} $", "key neg",
    ),
    Rule(
        "one against the other", 0.86,
        f"^ {POLITE} (?=.*tasks) {KIND} versus {KIND} {THEN} $", "key neg",
    ),
    Rule(
        "figures of a team", 0.88,
        f"^ {POLITE} (?:adv|average|other|det|show|me)* metric+ [of on in by] {WHOM} {THEN} $",
    ),
    Rule(
        "how much got done", 0.88,
        f"(?:{COUNT}|howlong) (?:work|other)? (?:did|do|does|be|have|has|was) {TEAM} (?:{DID}|other"
        f" (?:on|in|by) (?:tasks|task|key|{OF_TIME}))",
        "modal can",
    ),
    Rule("how often we do", 0.84, f"^ {POLITE} howlong (?:do|did|be) {TEAM} ."),
    Rule("how long it takes", 0.88, f"howlong .{{0,6}} (?:me|self|det) .{{0,4}} {DID}", "key"),
    Rule("met the figures", 0.86, f"(?:did|be|was|has|have) {TEAM} .{{0,3}} metric", "mean key odet"),
    Rule("how productive", 0.9, "(?:wh|how|be|was|have|howmany) .{0,4} productive"),
    Rule(
        "show the figures", 0.92,
        f"(?:{WANT}|^ {POLITE} can self) (?:show|[tofin tofix]|send) me? .{{0,4}} (?:metric|productive)",
        "mean key",
    ),
    Rule(
        "wants the figures", 0.9,
        f"^ {POLITE} self? modal? wish+ (?:to|show)* (?:det|odet|period|crowd|other)* metric",
        "mean key find",
    ),
    Rule(
        "what the figures are", 0.92,
        "what (?:be|was) (?:det|crowd|average|period) .{0,3} metric", "mean key odet",
    ),
    Rule("figures and a period", 0.9, f"metric (?:in|on|thing)* {OF_TIME}", "prog find ed landed"),
    Rule(
        "figures by name", 0.88,
        f"^ {POLITE} (?:show me?)? (?:det|crowd|period|other|average|adv|whole)* "
        "(?:metric|summary of metric)+"
        " (?:in|on|with|det|crowd|please|it|query|me|self|period|day|other|name|number|adv|summary"
        "|tasks|key|thing|of|more)* $",
    ),
    Rule("a trend", 0.86, f"^ {POLITE} .{{0,3}} metric other (?:in|on) .", "find ed landed prog be was"),
    Rule(
        "what was finished", 0.88,
        f"^ {POLITE} (?:what|which) tasks? (?:{HAVE}|did|do|be)? {TEAM} {ADV} {DID}", "key",
    ),
    Rule(
        "what tasks were finished", 0.86,
        f"^ {POLITE} (?:what|which) tasks (?:was|{HAVE} been) {ADV} {DID}", "key",
    ),
    Rule("list what was finished", 0.88, f"{SHOW} .{{0,4}} (?:self|tasks|it) .{{0,2}} {DID}"),
    Rule("list finished tasks", 0.86, f"{WANT} show me? (?:det|crowd)* {FIN} tasks"),
    Rule(
        "what a time brought", 0.89,
        f"^ {POLITE} what (?:have|did|has|be) {TEAM} .{{1,4}} {OF_TIME}",
        "key mean",
    ),
    Rule(
        "a report of what was done", 0.88,
        f"^ {POLITE} (?:thing|other|summary|count) (?:of|on) (?:det|crowd|adv)* {FIN} tasks",
    ),
    Rule("sum up what was done", 0.88, f"{SHOW} (?:me|of)? det (?:{FIN}|adv)* work"),
    Rule("how our figures are", 0.89, "how (?:do|did|be) det .{0,2} metric", "mean"),
    Rule("how they did", 0.89, f"how (?:det crowd|self|name) (?:prog|other|ed|did) .{{0,2}} {OF_TIME}"),
    Rule("average of ours", 0.86, f"average .{{1,6}} (?:det|crowd) tasks"
        f"|average .{{1,4}} (?:on|of|in) tasks {OF_TIME}"),
    Rule("how long ours take", 0.89, "howlong (?:do|did) (?:det|crowd)+ other? tasks"),
    Rule("average time", 0.86, f"average .{{0,3}} (?:to|of|on) .{{0,2}} {DID}"),
    Rule(
        "tasks finished in a time", 0.86,
        f"^ {POLITE} (?:det|number)? (?:{FIN} tasks|tasks (?:self {HAVE}?)? (?:{FIN}|ship|prog|landed))"
        f" [in on]* det? {OF_TIME}",
    ),
    Rule("who finished most", 0.86, f"^ {POLITE} wh {HAVE}? {DID} det? more"),
    Rule(
        "more than before", 0.84,
        f"(?:did|have|be|was) (?:{TEAM}|det metric) (?:{DID} more|.{{0,2}} more .{{0,3}} {OF_TIME})",
        "wh",
    ),
    Rule(
        "how a time went", 0.88,
        f"how (?:did|be|was|have) {TEAM} (?:do|prog|been)* .{{0,2}} {OF_TIME}", "fin done",
    ),
    Rule(
        "how my time went", 0.86,
        f"how (?:did|be|was|has|have) (?:det|crowd) .{{0,2}} (?:metric|{OF_TIME})", "mean",
    ),
    Rule("a time in numbers", 0.86, f"(?:what|how) did det {OF_TIME} .{{0,3}} metric"),
    Rule(
        "sum up a time", 0.85,
        f"{SHOW} of? (?:me|in|of|det|odet|summary)* {OF_TIME}|(?:det period|period number) summary",
    ),
    Rule(
        "summary of mine", 0.85,
        "summary (?:of|on|in) .{0,3} (?:self|det|period|crowd|tasks|metric)",
        "key prog",
    ),
)  # fmt: skip
