"""The rules that look at one clause at a time: mails, questions and updates. See `rules`."""

from nodes.jira_assistant.rules import (
    ADV,
    AFTER,
    BEFORE,
    CAN_YOU,
    FIN,
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
PERSON = "(?:(?:det|odet)? (?:other|name|crowd|they|anyone|artifact|judge|adv)|mention|address|me)"
AFTER_NAME = "(?:$|query|det|odet|it|in|on|to|with|self|day|future|thanks|please|ing|key|by|cheer)"
MAILS = (
    Rule(
        "send a mail", 0.95,
        f"{WANT} (?:send|write|show) (?:(?:name|other|judge) be)? {UP_TO}{{0,6}} (?:mail|note)"
        f" (?!thing|find|be|tech)",
    ),
    Rule(
        "get a mail out", 0.85,
        f"{WANT} (?:[tofin tofix]|put) (?:det|odet) {UP_TO}{{0,3}} mail (?!thing|find|be|tech)",
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
        f"{WANT} self? (?:wish|with|help|[tofin tofix]|tell me have) (?:with|me|other)* (?:det|odet)"
        f" {UP_TO}{{0,2}} mail"
        f" (?!thing|tech)",
    ),
    Rule(
        "a mail to somebody", 0.88,
        f"{WANT} odet? (?:other|status|thanks|shrug|artifact|cheer|reach|note|rem){{0,2}} mail"
        f" (?:update|note|other|send)?"
        f" (?:please|send|(?:to|in|it|on) (?:{PERSON}|det|odet))"
        " (?!adv? (?:be|was|has|have|did|does|do|neg|fin|done|find|landed|held|prog|ed))",
    ),
    Rule("write to somebody", 0.88, f"{WANT} write to {PERSON}"),
    Rule(
        "tell by mail", 0.95,
        f"{WANT} (?:tell|reach|name|send|write|update|thanks) {UP_TO}{{1,8}} (?:by|in) odet? mail",
    ),
    Rule("tell by mail, without whom", 0.95, f"{WANT} (?:tell|reach|send|rem) (?:to|in)? by mail"),
    Rule(
        "announce by mail", 0.9,  # what it is for is a verb by its place
        f"{WANT} other (?:to|with)? (?:(?:det|odet|name|judge|crowd|they) {UP_TO}{{0,4}})? (?:by|in)"
        f" odet? mail",
    ),
    Rule(
        "make a mail of it", 0.9,
        f"{WANT} (?:other|mark|[tofin tofix]|show|send) (?:it|they) to odet? mail",
    ),
    Rule("send it to somebody", 0.82, f"{WANT} send (?!key) {UP_TO}{{1,5}} to {PERSON}"),
    Rule("tell somebody", 0.6, f"{WANT} (?:tell|reach) (?!me|self) {PERSON}"),
    Rule("please mail", 0.84, f"^ {POLITE} please {POLITE} mail $"),
    Rule(
        "a mail that thanks or asks", 0.84,
        f"^ {POLITE} odet other? mail ing (?:det|name|crowd|they|judge|anyone|mention)", "find be was",
    ),
    Rule("mail, and then what", 0.6, f"^ {POLITE} odet? other? mail $"),
    Rule("to whom, about what", 0.55, "^ (?:det|adv)? envelope"),
)  # fmt: skip

# "Can you review it?" asks for a deed: no question, and an update only beside one.
REQUESTS = (Rule("asks for a deed", 0.45, f"^ {POLITE} {CAN_YOU}", "ask whether wh how what which show"),)

# What asks, by word order, by words or by its mark. Without the mark a verb must stand before its subject.
SUBJECT = "(?:self|you|it|they|there|det|key|anyone)"
THING = "(?:tech|other|name|thing|artifact|judge|deed|stuff)"
QUESTIONS = (
    Rule(
        "asks by word order", 0.88,
        f"""^ (?:opener|greet|so|but|adv|crowd|mention|name|shrug|cheer|thanks|other other $)* (?:
            (?:be|was|has|can|will|modal) neg? {SUBJECT} .|(?:be|was|has|have) adv* (?:tasks|task)
            |does .|(?:can|modal|will) odet .|modal {THING} .
            |be (?:tech|thing|name|artifact|metric|judge|mail|deed) .
            |(?:can|modal) (?:name|other) (?:{THING}|to|on|in|det)
            |(?:did|have) neg? (?:self|you|they|key|anyone)|did neg? it|do neg? (?:self|you|they|anyone)
            |do [^ neg det it key]{{0,2}} tasks|mean (?:in|of|with)
            |(?:did|have|do) neg? (?:det|odet)? {THING}{{1,3}}
                (?:fin|done|[tofin tofix]|complete|close|landed|mail|find|found)
            |(?:be|was|does|has) {THING}{{1,3}} (?:{FIN}|rem|held|find|landed|open|off|in|[tofin tofix]|ed)
            |what (?!self|it|they|$)|(?:wh|how) (?!self|it|they|rem|ing)|which (?!be|was|has|will)
            |how (?:self|you) (?:can|modal|do|to) .|(?:howmany|count of? key) .
            |howlong (?:do|did|does|be|has|have|was|will|cond|modal|can)
            |(?:in|on|to|by|with) (?:which|what|wh) .
            |when (?:be|was|did|do|does|can|will|has|have|modal)
        )""",
    ),
    Rule(
        "asks to be told", 0.88,
        f"ask|show .{{0,2}} status|(?:show|tell me .?|{CAN_YOU} .{{1,3}}) (?:whether|wh|how|what|which)",
    ),
    Rule("tell me when", 0.82, f"^ {POLITE} (?:tell|reach|send) me other? (?:when|cond|after)"),
    Rule(
        "asks by its mark", 0.82,
        f"[^ greet ack thanks cheer query opener]{{2,}} query|(?:{FIN}|[tofin tofix]) query",
    ),
)  # fmt: skip

# "PAY-12 done? far from it": whoever answers himself has asked nothing.
ANSWERS = "^ adv? (?:neg|shrug|hedge|self wish) [^ query]{0,4} $|^ .{0,3} report neg $"

# "Finish PAY-12" may tell us to mark it or somebody to do it; only asking settles that.
ORDERS = (
    Rule(
        "an order that may mean either",
        0.55,
        f"^ {PLEASE} (?:complete|[tofin tofix]|self wish to? mark) {OBJECT} (?:to? {FIN})? {AFTER} $",
    ),
)

# Progress, findings and whatever is said of a finish without asserting it. Rows under DECIDES are hints.
FINISH = f"(?:{FIN}|[tofin tofix]|ship|close|closing|finishing|marked|marking|wrap)"
DOUBT = (  # what keeps a clause from being nearly an assertion
    "neg hedge percent cond after but whether when future will wish part report modal rem held found find"
    " around reverse quote prog keep open was to_be period url by can"
)
UPDATES = (
    Rule("finishing, with a doubt", 0.7, f"^ (?=.*[{DOUBT}]) .*? {FINISH}"),
    Rule("finishing, of no issue", 0.7, f"^ (?!.*[{DOUBT} key]) .*? {FINISH}"),
    Rule("finishing, not asserted", 0.5, f"^ (?!.*[{DOUBT}]) (?=.*key) .*? {FINISH}"),
    Rule("names an issue", 0.5, "key"),
    Rule(
        "not so, not quite, not yet", 0.67,
        "neg|hedge|percent|cond|after|around|but|whether|when|future|will|wish|part|report|modal",
    ),
    Rule("something remains", 0.72, "rem|held"),
    Rule("found", 0.6, "found"),
    Rule("does not work", 0.7, "find"),
    Rule("taken back", 0.7, "reverse"),
    Rule("keep open", 0.82, "keep .{1,4} open"),
    Rule("progress", 0.75, "prog|tidy|fixed"),
    Rule("merged or live", 0.8, "landed"),
    Rule("technical matter", 0.4, "tech|thing|artifact|prod|task|issue|tasks|metric|deed|stuff|judge"),
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
    Rule("did", 0.8, f"^ {BEFORE} {I_HAVE} (?:ed|tidy|prog|fixed) ."),
    Rule("now held up", 0.82, f"^ {BEFORE} (?:self be?)? {ADV} held .|^ {BEFORE} self be {ADV} held"),
    Rule("finished a thing", 0.82, f"^ {BEFORE} {I_HAVE} (?:fin|ship|landed) .", "key"),
    Rule("done with something", 0.82, f"^ {BEFORE} (?:self be)? {ADV} (?:fin|done) with .", "key"),
    Rule(
        "a thing is finished", 0.82,
        f"^ {BEFORE} (?:det|it|odet)? (?:{THING}|ing|mail|issue|task|tasks){{1,4}} {IS} {ADV} {FIN}", "key",
    ),
)  # fmt: skip
