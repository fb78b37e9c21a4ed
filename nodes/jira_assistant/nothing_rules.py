"""The rules for messages in which nobody asks for anything or reports anything. See `rules`."""

from nodes.jira_assistant.rules import ADV, AFTER, BEFORE, FIN, Rule

# Every clause is one of these: there is nothing to report, to ask or to do.
SOCIAL = "(?:opener|there|greet|thanks|cheer|ack|shrug|adv|day|please|mention|you|query|me|so|it|crowd|tick)"
NO_WORD = Rule("no word at all", 0.9, "")
NOTHINGS = (
    Rule("a lone key", 0.9, "on? key+ query*"),
    Rule("only marks", 0.9, "query+"),
    Rule("are you there", 0.86, "(?:be? you there?|anyone there) query*"),
    Rule("small talk", 0.88, f"{SOCIAL}* (?:ack|shrug|greet|thanks|cheer|opener|adv) {SOCIAL}*"),
    Rule(
        "greets or praises somebody", 0.85,
        "(?:greet|thanks|ack|cheer) (?:other|name|crowd|on|in|det|idle|work|cheer|artifact){1,3}",
    ),
    Rule("until then", 0.86, f"{SOCIAL}* ack (?:on|in)? (?:future|name|other|period) {SOCIAL}*"),
    Rule("thanks a bunch", 0.86, f"{SOCIAL}* thanks odet other"),
    Rule(
        "off work", 0.84,
        f"{BEFORE} (?:self be?)? .{{0,2}} {FIN} .{{0,4}} idle [^ thing tech artifact work]{{0,3}}",
        unless="key",
    ),
    Rule("over, but no work", 0.84, f"(?:det|odet|it)? idle be {ADV} {FIN} {AFTER}"),
    Rule("fed up", 0.84, "(?:self be)? so (?:fin|done) .{0,5}|self be adv* (?:fin|done) (?:with|in) it"),
)  # fmt: skip
FRAGMENTS = (  # of a message of one clause only: elsewhere they are part of a list of what was done
    Rule("one word", 0.82, "[^ fin done complete ship landed prog held metric ask] query*"),
    Rule(
        "a fragment",
        0.82,
        "(?:det|odet|it|on|neg)? (?:other|name|tech|thing|issue|task|number|artifact|help|url|thanks){1,2}",
    ),
)
