"""The rules that look at one clause at a time: mails, figures, questions and updates. See `rules`."""

from nodes.jira_assistant.rules import ADV, AFTER, BEFORE, FIN, HAVE, I_HAVE, IS, OBJECT, PLEASE, Rule

POLITE = "(?:opener|greet|crowd|please|mention|adv|so|cheer|thanks|ack|day)*"
CAN_YOU = "(?:can|will|modal) (?:you|anyone)"

# A mail is asked for. The whole message is then what the mail is about.
DECIDES = 0.8  # a row of this weight asks for a mail by itself; lighter ones add up with the rest
WANT = f"^ {POLITE} (?:{CAN_YOU}|self wish+|help me|wish)? (?:please|adv|to|help|me|with)*"
UP_TO = "[^ neg be was wh how what query find fin done]"
PERSON = "(?:(?:det|odet)? (?:other|name|crowd|they|anyone|artifact)|mention|address|me)"
MAILS = (
    Rule(
        "send a mail", 0.95,
        f"{WANT} (?:send|write|show) {UP_TO}{{0,6}} (?:mail|note) (?!thing|find|be|tech)",
    ),
    Rule(
        "mail somebody", 0.92,
        f"{WANT} mail (?:mention|address|name|they|anyone|crowd|det|odet|mark|will) (?!be)",
    ),
    Rule(
        "mail a name", 0.88,  # what follows shows that the unknown word is a name, not a kind of mail
        f"{WANT} mail other{{1,2}}"
        " (?:$|query|det|odet|it|in|on|to|with|self|day|future|thanks|please|ing|key|by|cheer)",
    ),
    Rule(
        "a mail to somebody", 0.88,
        f"{WANT} (?:odet other?)? mail (?:update|note|other)? (?:to|in|it|on) {PERSON}",
    ),
    Rule("write to somebody", 0.88, f"{WANT} write to {PERSON}"),
    Rule("tell by mail", 0.95, f"{WANT} (?:tell|other|name|send) {UP_TO}{{1,8}} (?:by|in) mail"),
    Rule("send it to somebody", 0.82, f"{WANT} send (?!key) {UP_TO}{{1,5}} to {PERSON}"),
    Rule("tell somebody", 0.6, f"{WANT} tell (?!me|self) {PERSON}"),
    Rule("mail, and then what", 0.6, f"^ {POLITE} mail $"),
)  # fmt: skip

# Figures about work are asked for.
TEAM = "(?:self|they|anyone|(?:det|odet)? (?:crowd|other|name))"
DID = f"(?:{FIN}|tofin|close|do|ship|got|closing|prog|landed|work)"
OF_TIME = "(?:it? period|day)"
SHOW = f"{WANT} (?:show|summary)"
FIGURES = (
    Rule(
        "how many tasks", 0.9,
        f"count (?:{FIN}|adv|tech|other|open|more|landed|held){{0,2}} (?:tasks|task) (?!be key)",
    ),
    Rule(
        "how much got done", 0.88,
        f"(?:count|howlong) (?:work|other)? (?:did|do|does|be|have|has|was) {TEAM} {DID}",
    ),
    Rule("how often we do", 0.84, f"^ {POLITE} howlong (?:do|did|be) {TEAM} ."),
    Rule("how long it takes", 0.88, f"howlong .{{0,6}} (?:me|self|det) .{{0,4}} {DID}"),
    Rule("met the figures", 0.86, f"(?:did|be|was|has|have) {TEAM} .{{0,3}} metric", "mean key odet"),
    Rule("how productive", 0.9, "(?:wh|how|be|was|have|count) .{0,4} productive"),
    Rule(
        "show the figures", 0.92,
        f"(?:{WANT}|^ {POLITE} can self) (?:show|tofin) me? .{{0,4}} metric", "mean key",
    ),
    Rule(
        "what the figures are", 0.92,
        "what (?:be|was) (?:det|crowd|average|period) .{0,3} metric", "mean key odet",
    ),
    Rule("figures and a period", 0.9, f"metric (?:in|on)* {OF_TIME}", "prog find ed landed"),
    Rule(
        "figures by name", 0.88,
        f"^ {POLITE} (?:det|crowd|period|other|average|adv|whole)* metric+"
        " (?:in|on|with|det|crowd|please|it|query|me|period|day|other|name|number|summary|tasks|key)* $",
    ),
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
    Rule("average time", 0.86, f"average .{{0,3}} (?:to|of|on) .{{0,2}} {DID}"),
    Rule(
        "tasks finished in a time", 0.86,
        f"^ {POLITE} det? (?:{FIN} tasks|tasks (?:self {HAVE}?)? (?:{FIN}|ship|prog|landed)) in* {OF_TIME}",
    ),
    Rule("who finished most", 0.86, f"^ {POLITE} wh {HAVE}? {DID} det? more"),
    Rule("more than before", 0.84, f"(?:did|have|be) {TEAM} (?:{DID} more|.{{0,2}} more .{{0,3}} {OF_TIME})"),
    Rule(
        "how a time went", 0.88,
        f"how (?:did|be|was|have) {TEAM} (?:do|prog|been)* .{{0,2}} {OF_TIME}", "fin done",
    ),
    Rule(
        "how my time went", 0.86,
        f"how (?:be|was|has|have) (?:det|crowd) .{{0,2}} (?:metric|{OF_TIME})", "mean",
    ),
    Rule("sum up a time", 0.85, f"{SHOW} of? (?:me|in|of|det|odet|summary)* {OF_TIME}|det period summary"),
    Rule("summary of mine", 0.85, "summary (?:of|on|in) .{0,3} (?:self|det|period|crowd|tasks)", "key prog"),
)  # fmt: skip

# "Can you review it?" asks for a deed: no question, and an update only beside one.
REQUESTS = (Rule("asks for a deed", 0.45, f"^ {POLITE} {CAN_YOU}", "ask whether wh how what which show"),)

# What asks, by word order, by words or by its mark. Without the mark a verb must stand before its subject.
SUBJECT = "(?:self|you|it|they|there|det|key|anyone)"
THING = "(?:tech|other|name|thing|artifact)"
QUESTIONS = (
    Rule(
        "asks by word order", 0.88,
        f"""^ (?:opener|greet|so|adv|crowd|mention|name)* (?:
            (?:be|was|does|has|can|will|modal) neg? {SUBJECT} .|(?:be|was|has|have) adv* (?:tasks|task)
            |(?:did|have) neg? (?:self|you|they|key|anyone)|did neg? it|do neg? (?:self|you|they|anyone)
            |(?:did|have|do) neg? (?:det|odet)? {THING}{{1,3}} (?:fin|done|tofin|complete|close|landed)
            |(?:be|was|does|has) {THING}{{1,3}} (?:{FIN}|rem|held|find|landed|open|off|in|tofin|ed)
            |what (?!self|it|they|$)|(?:wh|how) (?!self|it|they|rem|ing)|which (?!be|was|has|will)
            |when (?:be|was|did|do|does|can|will|has|have|modal)
        )""",
    ),
    Rule(
        "asks to be told", 0.88,
        f"ask|show .{{0,2}} status|(?:show|{CAN_YOU} .{{1,3}}) (?:whether|wh|how|what|which)",
    ),
    Rule(
        "asks by its mark", 0.82,
        f"[^ greet ack thanks cheer query opener]{{2,}} query|(?:{FIN}|tofin) query",
    ),
)  # fmt: skip

# "Finish PAY-12" may tell us to mark it or somebody to do it; only asking settles that.
ORDERS = (
    Rule(
        "an order that may mean either",
        0.55,
        f"^ {PLEASE} (?:complete|tofin|self wish to? mark) {OBJECT} (?:to? {FIN})? {AFTER} $",
    ),
)

# Progress, findings and whatever is said of a finish without asserting it.
UPDATES = (
    Rule("finishing, not asserted", 0.7, "fin|done|complete|tofin|ship|close|closing|marked|marking|wrap"),
    Rule("names an issue", 0.55, "key"),
    Rule(
        "not so, not quite, not yet",
        0.67,
        "neg|hedge|percent|cond|whether|when|future|will|wish|part|report|modal",
    ),
    Rule("something remains", 0.72, "rem|held"),
    Rule("found", 0.6, "found"),
    Rule("does not work", 0.7, "find"),
    Rule("taken back", 0.7, "reverse"),
    Rule("keep open", 0.82, "keep .{1,4} open"),
    Rule("progress", 0.75, "prog"),
    Rule("merged or live", 0.8, "landed"),
    Rule("technical matter", 0.4, "tech|thing|artifact|prod|task|issue|tasks|metric"),
    Rule("quotes", 0.6, "quote"),
    Rule("what is quoted is so", 0.6, "quote (?:be|was|has|does)|be quote"),
    Rule("links and numbers", 0.4, "url|number"),
    Rule("mail that is or has", 0.5, "mail (?:be|was|has|have|does|do|landed|thing)"),
    Rule("mail came or went", 0.75, "(?:got|prog) .{0,3} mail"),
    Rule("state of something", 0.67, f"(?:{THING}|key) {IS} (?:off|held|ed|open|ing)"),
    Rule("now doing", 0.8, f"^ {BEFORE} (?:self be?)? {ADV} ing"),
    Rule("did", 0.8, f"^ {BEFORE} {I_HAVE} ed"),
    Rule("now held up", 0.82, f"^ {BEFORE} (?:self be?)? {ADV} held .|^ {BEFORE} self be {ADV} held"),
    Rule("finished a thing", 0.82, f"^ {BEFORE} {I_HAVE} (?:fin|ship|landed) ."),
    Rule("done with something", 0.82, f"^ {BEFORE} (?:self be)? {ADV} (?:fin|done) with ."),
    Rule(
        "a thing is finished",
        0.82,
        f"^ {BEFORE} (?:det|it|odet)? (?:{THING}|ing|mail){{1,4}} {IS} {ADV} {FIN}",
    ),
)
