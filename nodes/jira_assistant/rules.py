"""The rules: tables of data. To teach the assistant a way of speaking, add a word in `lexicon` or a row here.

A shape is a regular expression over word classes (see `lexicon`), tried on each clause of a message. In a
table the first row that fits a clause gives its weight to the intent; of UPDATES all rows that fit do. The
weights of one intent add up as 1 - (1 - a)(1 - b)... over the message. Groups are written `(?:...)`.

A completion is decided on the whole message. An assertion is a clause that is nothing else, from its first
word to its last, and every clause beside it must be harmless company. So there is no list of vetoes to keep
complete: negations, hedges, conditions, dates to come, remainders, quotations, questions, unknown words and
other languages have no place in those shapes, whoever thinks of them.

What a completion names is an issue key or the task itself ("the ticket"), never a thing: "the login page is
done" may be one step of the issue, so it is an update, which changes nothing without a review.

Here is what makes a completion of a whole message; `nothing_rules` holds what makes it say nothing, and
`clause_rules` what a clause decides by itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `unless`: any of these classes in the clause silences the row."""

    name: str
    weight: float  # 0..1; alone it decides only at or over the confidence threshold
    shape: str
    unless: str = ""


# Parts of shapes.
_LASTED = "period long tasks day"
_AND_MORE = f"[{_LASTED} me self adv det odet it number more in]"
TOOK = (
    f"(?:took (?={_AND_MORE}{{0,8}}?[{_LASTED}]) {_AND_MORE}{{1,8}} (?:in self was? (?:wish|future|hedge))?)"
)
EFFORT = (  # not "after the release": that is to come
    "(?:after (?:number|adv? odet? long|odet period of work) (?:adv* (?:long|period))*"
    " (?:adv* with det? (?:artifact|tech))?)"  # an adv at its end is left to what follows: two ways are slow
)
BEFORE = (
    "(?:so|but|thanks (?:to|on) (?:name|other|crowd|det judge)|greet crowd?|(?:self be?)? opener it?"
    "|update|thanks|cheer|ack|adv|whole|day|mention|tick"
    f"|{EFFORT}|it? {TOOK} but)*"
)
AFTER = (
    "(?:adv|whole|number? day|cheer|thanks (?:to (?:name|crowd|det (?:crowd|judge)))?"
    "|please|opener|crowd|mention|tick|(?:on|in|to)? prod|tick landed+"
    "|by me|with (?:name|crowd|det judge)|(?:on to|in|off to) adv* det? idle"
    f"|{EFFORT}|{TOOK})*"
)
THEN = (
    "(?:on me|adv|cheer|thanks|please|opener|crowd|mention)*"  # after an order: it is for now, not for a day
)
ADV = "(?:adv|whole)*"
FIN = "(?:fin|done|complete)"
HAVE = "(?:have|has)"
# Not "done with this": that is how one speaks of what one is fed up with.
TASK = (
    "(?:(?:det|it) (?:tech|thing)? task|task"
    "|(?:det|it)? [number adv]? (?:task|tasks|issue)+ key|adv? det? key (?:task|issue|work)?"
    "|det thing{0,2} find key|det? thing{1,2} (?:tofix|issue|task) key"
    "|det deed key|det key (?:deed|other{0,3} stuff))"  # "the PAY-12 rounding thing", not "the PAY-12 api"
)
OBJECT = f"(?:{ADV} (?:of|det? work [on in of]?)? {TASK})"
I_HAVE = f"(?:(?:self {HAVE}?|have)? {ADV})"
IS = f"(?:be|(?:be|{HAVE} {ADV}) been|{HAVE})?"  # not "was": it may have changed; not "is being"
PLEASE = f"{BEFORE} (?:please to?|you can)* {BEFORE}"  # not "can you": that is left to be asked about

MARKED = f"to? det? {FIN} board?"

# The message says that a named task is finished, or tells us to mark it so.
ASSERTIONS = (
    Rule(
        "finished it",
        0.97,
        f"{BEFORE} (?:{I_HAVE} (?:fin|done)|self did tofin"
        f"|{I_HAVE} managed {ADV} (?:tofin|close|complete)) {OBJECT} {AFTER}",
    ),
    Rule(
        "finished it round lunch", 0.9, f"{BEFORE} {I_HAVE} (?:fin {OBJECT}|got {OBJECT} fin) around {AFTER}"
    ),
    Rule(
        "done with it",
        0.97,
        f"{BEFORE} (?:self (?:be|{HAVE})?)? {ADV} got? (?:fin|done) {ADV} with {OBJECT} {AFTER}",
    ),
    Rule(
        "the task is done",
        0.97,
        f"{BEFORE} (?:it be)? {OBJECT} (?:it|tick)? {IS} {ADV} {FIN} {AFTER}",
    ),
    Rule("the task was closed on a day", 0.9, f"{BEFORE} {OBJECT} was {ADV} fin number? day {AFTER}"),
    Rule("it took long, but", 0.9, f"{BEFORE} {OBJECT} {TOOK} but it be {ADV} {FIN} {AFTER}"),
    Rule("the task got done", 0.85, f"{BEFORE} {OBJECT} got {ADV} {FIN} {AFTER}"),
    Rule("the task I finished", 0.9, f"{BEFORE} {OBJECT} self (?:{HAVE}|be)? {ADV} {FIN} {AFTER}"),
    Rule(
        "task done, by key",
        0.95,
        f"{BEFORE} (?:(?:det|it)? (?:task|issue)|it|adv+ det? number? tasks?) {IS} {ADV} {FIN} key {AFTER}",
    ),
    Rule("got it done", 0.93, f"{BEFORE} {I_HAVE} got {OBJECT} {ADV} (?:{FIN}|ship) {AFTER}"),
    Rule("delivered it", 0.9, f"{BEFORE} {I_HAVE} ship {OBJECT} {AFTER}"),
    Rule("the task is delivered", 0.9, f"{BEFORE} (?:it be)? {OBJECT} tick? {IS} {ADV} ship it? {AFTER}"),
    Rule(
        "put it to bed",
        0.9,
        f"{BEFORE} {I_HAVE} put {OBJECT} bed {AFTER}|{BEFORE} {OBJECT} be? put bed {AFTER}",
    ),
    Rule(
        "wrapped it up", 0.9, f"{BEFORE} {I_HAVE} (?:ship|fin|knocked) {OBJECT} off {AFTER}"
    ),  # not "put off"
    Rule(
        "a wrap on it",
        0.88,
        f"{BEFORE} it was it (?:on|with) {OBJECT} {ADV} {FIN} {AFTER}"
        f"|{BEFORE} it be odet wrap (?:on|with) {OBJECT} {AFTER}",
    ),
    Rule("ticked it", 0.85, f"{OBJECT} tick+ {AFTER}|tick+ {OBJECT} {AFTER}"),
    Rule(
        "mark it done",
        0.92,
        f"{PLEASE} (?:mark|update|put) {OBJECT} status? (?:to|in)? det? {FIN} board? {THEN}",
    ),
    Rule("close it", 0.88, f"{PLEASE} close {OBJECT} {THEN}"),
    Rule("closing it", 0.82, f"{BEFORE} (?:self be)? {ADV} closing {OBJECT} {AFTER}"),
    Rule("it moved to done", 0.88, f"{BEFORE} {OBJECT} (?:be|{HAVE} been?)? {ADV} marked {MARKED} {AFTER}"),
    Rule("set its status", 0.9, f"{PLEASE} (?:mark|update) det? status (?:of|on) {OBJECT} to {FIN} {THEN}"),
    Rule(
        "marked it done",
        0.9,
        f"{BEFORE} (?:{I_HAVE} marked|self {HAVE}? {ADV} mark) {OBJECT} to? det? {FIN} board? {AFTER}",
    ),
    Rule("marking it done", 0.9, f"{BEFORE} (?:self be)? {ADV} marking {OBJECT} to? {FIN} {AFTER}"),
    Rule("its status is done", 0.9, f"(?:det? status of {OBJECT}|{OBJECT} status) {IS} {ADV} {FIN} {AFTER}"),
)

# "Done!" and "it's done" name nothing that these rules can see: too little alone, no harm beside an
# assertion. With one of COMPANY that has a weight they are enough.
WHO = "(?:det? (?:judge|artifact)|name|crowd|they)"
CAN_YOU = "(?:can|will|modal) (?:you|anyone)"
OF_BARE = (
    "fin done complete fixed clean was close closing mark put update closable landed"  # each row has one
)
BARE = (
    Rule("done, of something", 0.6, f"{BEFORE} (?:self be|det issue {IS})? {ADV} issue? {FIN} {AFTER}"),
    Rule("it is done", 0.68, f"{BEFORE} it (?:be|{HAVE} been) {ADV} {FIN} {AFTER}"),
    Rule("finished that", 0.68, f"{BEFORE} {I_HAVE} (?:fin it|got it {ADV} {FIN}) {AFTER}"),
    Rule("fixed it", 0.7, f"{BEFORE} (?:{I_HAVE} fixed {OBJECT}|{OBJECT} {IS} {ADV} fixed) {AFTER}"),
    Rule(
        "nothing remains of it", 0.7, f"{BEFORE} (?:there be)? clean (?:adv|on|in|with|to)* {OBJECT} {AFTER}"
    ),
    Rule("that was it", 0.6, f"{BEFORE} it was it (?:on|with) {OBJECT} {AFTER} {FIN}? {AFTER}"),
    Rule(
        "can you close the task",
        0.72,
        f"{BEFORE} {CAN_YOU} {PLEASE} (?:close|closing|(?:mark|put|update) {OBJECT} status? in?"
        f" {MARKED}) {OBJECT}? {THEN} query*",
    ),
    Rule(
        "it can go",
        0.82,
        f"{BEFORE} {OBJECT} can {ADV} (?:to_be (?:fin|marked {MARKED})|{MARKED}) {AFTER}"
        f"|{BEFORE} {OBJECT} {IS} {ADV} closable {AFTER}",
    ),
    Rule("accepted", 0.7, f"{BEFORE} (?:{WHO}) {HAVE}? {ADV} landed (?:on|in)? {OBJECT} {AFTER}"),
    Rule("all work is done", 0.6, f"{BEFORE} {ADV} det? work {IS} {ADV} {FIN} {AFTER}"),
)

CLOSE = (
    f"(?:close (?:{OBJECT}|it)?|update det? (?:status|board)"
    f"|(?:mark|put|update) (?:{OBJECT}|it) status? in? {MARKED})"
)
BEEN = f"(?:be|was|got|{HAVE} been?|was been)?"
WHAT = (
    f"(?:det? [tofin tofix] (?:[on of] {OBJECT})?"
    f"|{ADV} det? {ADV} (?:artifact|tech|tasks|deed|stuff|judge)+ (?:(?:on|of) {OBJECT})?"
    "|det? artifact key|name|crowd|adv|it|they|self)"
)
GOOD = "(?:(?:landed|tidy|ship|happy)+|fin det? artifact|(?<=artifact|be|was) fin|on prod|in prod)"
WHERE = (
    f"(?:(?:in|to|on|by|with)+ {ADV} (?:det? prod|det? artifact|{WHO}|number)"
    "|(?:by|with) other)*"  # who did it has some name; where it went must be known, it may be a test system
)
# Clauses that may stand beside an assertion and take nothing from it. By themselves they assert nothing;
# those with a weight help "it's done" along, for they say what is to be closed.
COMPANY = (
    Rule("small talk beside it", 0, f"{BEFORE} please? {AFTER}"),
    Rule("a greeting by name", 0, "(?:greet|thanks) (?:name|crowd)"),
    Rule("a heading", 0, "status"),
    Rule("done with it too", 0, f"self be {ADV} (?:fin|done) with it"),
    Rule("so close it", 0.45, f"so? {PLEASE} {CLOSE} {THEN}"),
    Rule("can you close it", 0.6, f"{BEFORE} {CAN_YOU} {PLEASE} {CLOSE} {THEN} query*"),
    Rule(
        "it can be closed", 0.6,
        f"it can {ADV} (?:to_be (?:fin|marked {MARKED})|{MARKED}) {AFTER}"
        f"|(?:it be)? {ADV} closable {AFTER}",
    ),
    Rule(
        "merged, tests pass, QA is happy", 0.35,
        f"{BEFORE} (?:{WHAT} {BEEN})? {ADV} {GOOD} (?:it|det? artifact+|det? deed)? landed? {WHERE} {AFTER}",
    ),
    Rule("its tests pass", 0.45, f"{BEFORE} {WHAT} {BEEN} {ADV} {GOOD} [on in of] {OBJECT} {AFTER}"),
    Rule("what it is about works", 0, f"{BEFORE} det other be? {ADV} landed+ {AFTER}"),
    Rule("on to lunch", 0, f"{BEFORE} (?:on to|in|off to) adv* det? idle {AFTER}"),
    Rule(
        "the task is merged", 0.45,
        f"{BEFORE} {OBJECT} tofix? {BEEN} {ADV} landed+ (?:det? artifact)? {WHERE} {AFTER}",
    ),
    Rule("what it is about, in front", 0.55, f"{BEFORE} (?:with|on|in) {OBJECT} {AFTER}"),
    Rule(
        "he says it works", 0,
        f"det? judge (?:report|landed) it? {ADV} (?:be|was)? (?:landed|happy)+ {AFTER}",
    ),
    Rule("its parts too", 0, f"det? adv tasks of {OBJECT} be {ADV} {FIN} {AFTER}"),
    Rule("closing it too", 0.36, f"so? (?:self be)? {ADV} closing it? {AFTER}"),
    Rule(
        "nothing remains", 0,
        f"{BEFORE} (?:there be)? (?:clean|neg open? more? (?:find|tasks)+ found?) {AFTER}",
    ),
    Rule(
        "thanks for something", 0,
        f"{BEFORE} thanks crowd? (?:to|on) [self you me it on det odet other name ing help work crowd judge"
        f" artifact tech adv cheer]{{1,5}}",
    ),
    Rule("how long it took", 0, f"it? {TOOK} {AFTER}"),
    Rule(
        "what it is about", 0,
        "(?:det (?:other|tech|thing|artifact){0,3}|(?:tech|thing){1,3}) (?:deed|stuff)",
    ),
)  # fmt: skip

# Said well, beside what no rule knows: too good for an update, not clean enough to act on.
NOT_CLEAN = Rule("asserted, beside what no rule knows", 0.75, "")
