"""The rules that look at one clause at a time: mails, figures, questions and updates. See `rules`."""

from nodes.jira_assistant.rules import (
    ADV,
    AFTER,
    BEFORE,
    CAN_YOU,
    FIN,
    HAVE,
    I_HAVE,
    IS,
    OBJECT,
    PLEASE,
    Rule,
)

POLITE = "(?:opener|greet|crowd|please|mention|adv|so|cheer|thanks|ack|day)*"

# A mail is asked for. The whole message is then what the mail is about.
DECIDES = 0.8  # a row of this weight asks for a mail or figures by itself; lighter ones add up with the rest
UP_TO = "[^ neg be was wh how what query find fin done]"
LEAD = (  # "would you be so kind to", "would be great if you could help me to", "I want to", "we should"
    f"(?:{CAN_YOU} {UP_TO}{{0,3}}?|modal to_be .{{0,3}}? (?:whether you (?:can|modal))?|can self"
    "|self? modal? (?:wish|reach|ask|whether|you can|to)+|self modal|help me|opener)"
)
WANT = f"^ {POLITE} {LEAD}{{0,3}} (?:please|adv|to|help|me|with|so)*"
PERSON = "(?:(?:det|odet)? (?:other|name|crowd|they|anyone|artifact|judge)|mention|address|me)"
AFTER_NAME = "(?:$|query|det|odet|it|in|on|to|with|self|day|future|thanks|please|ing|key|by|cheer)"
MAILS = (
    Rule(
        "send a mail", 0.95,
        f"{WANT} (?:send|write|show) {UP_TO}{{0,6}} (?:mail|note) (?!thing|find|be|tech)",
    ),
    Rule(
        "get a mail out", 0.85,
        f"{WANT} (?:tofin|put) (?:det|odet) {UP_TO}{{0,3}} mail (?!thing|find|be|tech)",
    ),
    Rule(
        "mail somebody", 0.92,
        f"{WANT} mail (?:mention|address|name|they|anyone|crowd|judge|det|odet|mark|will|artifact $) (?!be)",
    ),
    Rule(
        "mail a name", 0.88,  # what follows shows that the unknown word is a name, not a kind of mail
        f"{WANT} mail other{{1,2}} {AFTER_NAME}",
    ),
    Rule(
        "wants a mail", 0.88,
        f"{WANT} self? (?:wish|with|help|tofin) (?:with|me|other)* (?:det|odet) {UP_TO}{{0,2}} mail"
        f" (?!thing|tech)",
    ),
    Rule(
        "a mail to somebody", 0.88,
        f"{WANT} (?:odet|det)? (?:other|thanks|shrug|artifact|cheer|reach|note){{0,2}} mail"
        f" (?:update|note|other|send)?"
        f" (?:please|send|(?:to|in|it|on) (?:{PERSON}|det|odet))"
        " (?!adv? (?:be|was|has|have|did|does|do|neg|fin|done|find|landed|held|prog|ed))",
    ),
    Rule("write to somebody", 0.88, f"{WANT} write to {PERSON}"),
    Rule(
        "tell by mail", 0.95,
        f"{WANT} (?:tell|reach|name|send|write|update|thanks) {UP_TO}{{1,8}} (?:by|in) mail",
    ),
    Rule("tell by mail, without whom", 0.95, f"{WANT} (?:tell|reach|send|rem) (?:to|in)? by mail"),
    Rule(
        "announce by mail", 0.9,  # what it is for is a verb by its place
        f"{WANT} other (?:(?:det|odet|name|judge|crowd|they) {UP_TO}{{0,4}})? by mail",
    ),
    Rule("send it to somebody", 0.82, f"{WANT} send (?!key) {UP_TO}{{1,5}} to {PERSON}"),
    Rule("tell somebody", 0.6, f"{WANT} (?:tell|reach) (?!me|self) {PERSON}"),
    Rule("mail, and then what", 0.6, f"^ {POLITE} mail $"),
)  # fmt: skip

# Figures about work are asked for.
TEAM = "(?:self|they|anyone|(?:det|odet)? (?:crowd|other|name))"
DID = f"(?:{FIN}|tofin|close|do|ship|got|finishing|prog|landed|work|tidy|took)"
OF_TIME = "(?:it? period|day)"
COUNT = "(?:count|howmany)"
SHOW = f"{WANT} (?:show|summary)"
OF_WORK = f"(?:{FIN}|adv|tech|other|open|more|landed|held){{0,2}} (?:to (?:{FIN}|open))? (?:tasks|task)"
OF_FIGURES = (  # each row has room for one of these at least
    "count howmany howlong metric productive tasks task period day average more summary what which show send"
    " tofin"
)
FIGURES = (
    Rule("how many tasks", 0.9, f"{COUNT} {OF_WORK} (?!be key)", "can modal mean"),
    Rule(
        "tasks, by whom or when", 0.86,
        f"^ {POLITE} (?:whole|adv|other|det)? {OF_WORK} (?:be|was|self {HAVE}?)? {DID} (?:by me|by"
        f" self|by name|by? in* det* {OF_TIME}|in odet)",
        "key neg",
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
        f"(?:{WANT}|^ {POLITE} can self) (?:show|tofin|send) me? .{{0,4}} (?:metric|productive)", "mean key",
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
        " (?:in|on|with|det|crowd|please|it|query|me|self|period|day|other|name|number|summary"
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
    Rule("sum up what was done", 0.88, f"{SHOW} (?:me|of)? det (?:{FIN}|adv)* work"),
    Rule("how long ours take", 0.89, "howlong (?:do|did) (?:det|crowd)+ other? tasks"),
    Rule("average time", 0.86, f"average .{{0,3}} (?:to|of|on) .{{0,2}} {DID}"),
    Rule(
        "tasks finished in a time", 0.86,
        f"^ {POLITE} (?:det|number)? (?:{FIN} tasks|tasks (?:self {HAVE}?)? (?:{FIN}|ship|prog|landed))"
        f" in* det? {OF_TIME}",
    ),
    Rule("who finished most", 0.86, f"^ {POLITE} wh {HAVE}? {DID} det? more"),
    Rule(
        "more than before", 0.84,
        f"(?:did|have|be|was) {TEAM} (?:{DID} more|.{{0,2}} more .{{0,3}} {OF_TIME})",
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
    Rule("sum up a time", 0.85, f"{SHOW} of? (?:me|in|of|det|odet|summary)* {OF_TIME}|det period summary"),
    Rule(
        "summary of mine", 0.85,
        "summary (?:of|on|in) .{0,3} (?:self|det|period|crowd|tasks|metric)",
        "key prog",
    ),
)  # fmt: skip

# "Can you review it?" asks for a deed: no question, and an update only beside one.
REQUESTS = (Rule("asks for a deed", 0.45, f"^ {POLITE} {CAN_YOU}", "ask whether wh how what which show"),)

# What asks, by word order, by words or by its mark. Without the mark a verb must stand before its subject.
SUBJECT = "(?:self|you|it|they|there|det|key|anyone)"
THING = "(?:tech|other|name|thing|artifact|judge|deed)"
QUESTIONS = (
    Rule(
        "asks by word order", 0.88,
        f"""^ (?:opener|greet|so|adv|crowd|mention|name|shrug|cheer|thanks|other other $)* (?:
            (?:be|was|has|can|will|modal) neg? {SUBJECT} .|(?:be|was|has|have) adv* (?:tasks|task)
            |does .|modal (?:odet|{THING}) .|(?:can|modal) (?:name|other) (?:{THING}|to|on|in|det)
            |(?:did|have) neg? (?:self|you|they|key|anyone)|did neg? it|do neg? (?:self|you|they|anyone)
            |do [^ neg det it key]{{0,2}} tasks|mean (?:in|of|with)
            |(?:did|have|do) neg? (?:det|odet)? {THING}{{1,3}} (?:fin|done|tofin|complete|close|landed|mail)
            |(?:be|was|does|has) {THING}{{1,3}} (?:{FIN}|rem|held|find|landed|open|off|in|tofin|ed)
            |what (?!self|it|they|$)|(?:wh|how) (?!self|it|they|rem|ing)|which (?!be|was|has|will)
            |how (?:self|you) (?:can|modal|do|to) .|(?:howmany|count of? key) .
            |howlong (?:do|did|does|be|has|have|was|will|cond|modal|can)
            |(?:in|on|to|by|with) (?:which|what|wh) .
            |when (?:be|was|did|do|does|can|will|has|have|modal)
        )""",
    ),
    Rule(
        "asks to be told", 0.88,
        f"ask|show .{{0,2}} status|(?:show|{CAN_YOU} .{{1,3}}) (?:whether|wh|how|what|which)",
    ),
    Rule("tell me when", 0.82, f"^ {POLITE} (?:tell|reach|send) me other? (?:when|cond|after)"),
    Rule(
        "asks by its mark", 0.82,
        f"[^ greet ack thanks cheer query opener]{{2,}} query|(?:{FIN}|tofin) query",
    ),
)  # fmt: skip

# "PAY-12 done? far from it": whoever answers himself has asked nothing.
ANSWERS = "^ adv? (?:neg|shrug|hedge|self wish) [^ query]{0,4} $"

# "Finish PAY-12" may tell us to mark it or somebody to do it; only asking settles that.
ORDERS = (
    Rule(
        "an order that may mean either",
        0.55,
        f"^ {PLEASE} (?:complete|tofin|self wish to? mark) {OBJECT} (?:to? {FIN})? {AFTER} $",
    ),
)

# Progress, findings and whatever is said of a finish without asserting it. Rows under DECIDES are hints.
FINISH = f"(?:{FIN}|tofin|ship|close|closing|finishing|marked|marking|wrap)"
DOUBT = (  # what keeps a clause from being nearly an assertion
    "neg hedge percent cond after but whether when future will wish part report modal rem held found find"
    " reverse quote prog keep open was to_be period url by can"
)
UPDATES = (
    Rule("finishing, with a doubt", 0.7, f"^ (?=.*[{DOUBT}]) .*? {FINISH}"),
    Rule("finishing, of no issue", 0.7, f"^ (?!.*[{DOUBT} key]) .*? {FINISH}"),
    Rule("finishing, not asserted", 0.5, f"^ (?!.*[{DOUBT}]) (?=.*key) .*? {FINISH}"),
    Rule("names an issue", 0.5, "key"),
    Rule(
        "not so, not quite, not yet", 0.67,
        "neg|hedge|percent|cond|after|but|whether|when|future|will|wish|part|report|modal",
    ),
    Rule("something remains", 0.72, "rem|held"),
    Rule("found", 0.6, "found"),
    Rule("does not work", 0.7, "find"),
    Rule("taken back", 0.7, "reverse"),
    Rule("keep open", 0.82, "keep .{1,4} open"),
    Rule("progress", 0.75, "prog|tidy"),
    Rule("merged or live", 0.8, "landed"),
    Rule("technical matter", 0.4, "tech|thing|artifact|prod|task|issue|tasks|metric|deed|judge"),
    Rule("quotes", 0.6, "quote"),
    Rule("what is quoted is so", 0.6, "quote (?:be|was|has|does)|be quote"),
    Rule("links and numbers", 0.4, "url|number"),
    Rule(
        "a statement of some length", 0.45,
        "^ (?=.*[tech thing artifact deed judge number ed ing]) [^ query]{5}",
    ),
    Rule("mail that is or has", 0.5, "mail (?:be|was|has|have|does|do|landed|thing)"),
    Rule("mail came or went", 0.75, "(?:got|prog) .{0,3} mail|mail thing{1,2} be"),
    Rule("state of something", 0.67, f"(?:{THING}|key) {IS} (?:off|held|ed|open|ing|more)"),
    Rule("now doing", 0.8, f"^ {BEFORE} (?:self be?)? {ADV} (?:ing|finishing)"),
    Rule("did", 0.8, f"^ {BEFORE} {I_HAVE} (?:ed|tidy|prog) ."),
    Rule("now held up", 0.82, f"^ {BEFORE} (?:self be?)? {ADV} held .|^ {BEFORE} self be {ADV} held"),
    Rule("finished a thing", 0.82, f"^ {BEFORE} {I_HAVE} (?:fin|ship|landed) .", "key"),
    Rule("done with something", 0.82, f"^ {BEFORE} (?:self be)? {ADV} (?:fin|done) with .", "key"),
    Rule(
        "a thing is finished", 0.82,
        f"^ {BEFORE} (?:det|it|odet)? (?:{THING}|ing|mail|issue|task|tasks){{1,4}} {IS} {ADV} {FIN}", "key",
    ),
)  # fmt: skip
