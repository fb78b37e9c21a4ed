"""Reads a message into clauses of word classes, the form the rules look at.

A class is one character, so a clause is a short string and a rule is a small regular expression over it:
"Finished PAY-12, thanks!" is read as the clauses `fin key` and `thanks`. Quotations, code, links and
addresses become one opaque class each: what is quoted is never taken as said.
"""

import re
from functools import cache
from itertools import chain

from nodes.jira_assistant import lexicon, spelling
from nodes.jira_assistant.entity_words import ISSUE_KEY, NOT_A_PROJECT
from nodes.jira_assistant.language.names import FIRST_NAMES

_NOT_WORDS = "other name ing ed key quote url address mention percent whole tick query"
_MARKS = "stop comma dash open_bracket close_bracket"
_CLASSES = dict.fromkeys([*chain(*lexicon.TABLES), *_NOT_WORDS.split(), *_MARKS.split()])
CODE = {name: chr(0x4E00 + number) for number, name in enumerate(_CLASSES)}

# One scanner, the first alternative wins; a group is named after its class where it has one. Every repeat is
# bounded or stops where the next token begins, so hostile text costs linear time.
_TOKEN = re.compile(
    rf"""
    (?P<quote>^[ \t]*>[^\n]* | (?=[`"'])(?:```.*?(?:```|\Z) | `[^`\n]*` | "[^"\n]+"
        | (?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){{1,80}}'(?!\w)))
    | (?=\S)(?:  # of a space nothing else begins: saying so makes long gaps cheap
      (?P<url>(?:https?://|www\.)\S+)
    | (?P<tick>\[x\])
    | (?P<neg>\[\s?\])
    | (?P<tech>[a-z]\w{{0,30}}\(\) | [a-z]{{1,20}}_[a-z]\w{{0,30}})
    | (?P<key>(?:(?:task|ticket|issue|bug|story)\s?\#\d{{1,9}} | \#\d{{2,9}} | {ISSUE_KEY})(?![\w-])
        | (?:task|ticket|issue)\s\d{{3,6}}(?![\w.:%/-]|\s(?:of|times|out|in)\b))
    | (?P<address>[\w.+-]{{1,64}}+@[\w-]+(?:\.[\w-]+)+)
    | (?P<mention>@[\w.-]+)
    | (?P<whole>100\s?%)
    | (?P<percent>\d{{1,9}}(?:[.,]\d{{1,9}})?\s?% | \d{{1,9}}\s?(?:/|of|out\ of)\s?\d+)
    | (?P<number>v?\d[\w.:,-]*)
    | (?P<word>w/(?=\s) | [^\W\d_][^\W_]*(?:['-][^\W_]+)*)
    | (?P<be>'s\b)
    | (?P<sign>:[a-z0-9_+-]{{1,30}}:)
    | (?P<cheer>[:;=]-?[)d](?!\w)|<3)
    | (?P<stop>[.!;\n…]+)
    | (?P<query>\?+)
    | (?P<comma>[,/])
    | (?P<dash>[:|=–—→➡•-]+>?)
    | (?P<open_bracket>[(\[])
    | (?P<close_bracket>[)\]])
    | (?P<emoji>[^\s*_\#']))
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_BROWSE = re.compile(rf"/browse/{ISSUE_KEY}[^\w?&]*$")
_FINISHING = [CODE["fin"], CODE["done"], CODE["complete"]]
_DRAWL = re.compile(r"(.)\1{2,}")


@cache
def shape(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over class names, for example "^ self? be? fin with key $"."""
    coded = re.sub(r"[a-z_]+", lambda name: CODE[name[0]], pattern)
    return re.compile("".join(coded.split()))


@cache
def _vocabulary() -> tuple[dict[str, str], dict[str, list[tuple[tuple[str, ...], str]]], dict[str, str]]:
    """Words and signs to their classes, phrases by their first word (longest first), typos to their words."""
    words = {sign: CODE[name] for name, group in spelling.SIGNS.items() for sign in group.split()}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, group in chain.from_iterable(table.items() for table in lexicon.TABLES):
        for entry in group.split():
            first, *rest = entry.split("_")
            if rest:
                phrases.setdefault(first, []).append((tuple(rest), CODE[name]))
            else:
                words[entry] = CODE[name]
    for beginnings in phrases.values():
        beginnings.sort(key=lambda phrase: -len(phrase[0]))
    for entry, names in spelling.JOINED.items():
        words[entry] = "".join(CODE[name] for name in names.split())
        if entry not in spelling.NOT_WITHOUT_APOSTROPHE:
            words.setdefault(entry.replace("'", ""), words[entry])
    for name in FIRST_NAMES:
        words.setdefault(name, CODE["name"])
    known = words.keys() | phrases.keys()
    known |= {word for beginnings in phrases.values() for rest, _ in beginnings for word in rest}
    typos = {slip: word for word in spelling.OFTEN_MISTYPED.split() for slip in spelling.slips(word) - known}
    return words, phrases, typos


def _unknown(word: str, words: dict[str, str]) -> str:
    """The class of a word in no list, by its ending; "doneee" is read without its drawl."""
    if word.endswith("ing") and len(word) > 5:
        return CODE["ing"]
    if word.endswith("ed") and len(word) > 4:
        return CODE["ed"]
    if word.endswith("'s") and word[:-2] in words:
        return words[word[:-2]] + CODE["be"]  # "the ticket's done"
    if "-" in word and any(words.get(part, "") in _FINISHING for part in word.split("-")):
        return CODE["hedge"]  # "half-done", "complete-ish"
    return words.get(_DRAWL.sub(r"\1", word), CODE["other"])


def classes(text: str) -> str:
    """The classes of all tokens of a message in order, one character each."""
    words, phrases, typos = _vocabulary()
    tokens = [(found.lastgroup, found[0]) for found in _TOKEN.finditer(spelling.normalise(text))]
    spelt = [typos.get(token, token) for _, token in tokens]
    read: list[str] = []
    skip = 0
    for at, (kind, _) in enumerate(tokens):
        token = spelt[at]
        if skip:
            skip -= 1
        elif kind == "word":
            for rest, code in phrases.get(token, ()):
                if tuple(spelt[at + 1 : at + 1 + len(rest)]) == rest:
                    read.append(code)
                    skip = len(rest)
                    break
            else:
                read.append(words.get(token) or _unknown(token, words))
        elif kind == "sign" or kind == "emoji":
            read.append(words.get(token, CODE["other"]))
        elif kind == "key" and token.partition("-")[0] in NOT_A_PROJECT:
            read.append(CODE["other"])
        elif kind == "url":
            read.append(CODE["key" if _BROWSE.search(token) else "url"])
        else:
            read.append(CODE[str(kind)])
    return "".join(read)


# A list of one kind ("PAY-1, PAY-2 and PAY-3", "merged and deployed") reads as one of it, but "I think, I
# guess" is no list, nor "finished it, closed the PR".
_LIST = shape(r"([^ hedge wish adv it]) (?:[comma and]+ \1 (?!det))+")
_JOINTS = frozenset((CODE["comma"], CODE["and"]))
# "PAY-12: done" is one clause; so are "PAY-12 is merged and done" and "PAY-12 and its subtasks are closed".
_NAMED = shape(
    "(?<!close) (key status?) [comma dash stop open_bracket close_bracket]"
    "  (?=[adv whole status be self have]* [fin done complete tick])"
    " | (?<=[fin done complete]) [dash open_bracket] (?=key)"
    " | (?<=thing tofix|thing find) open_bracket (?=key close_bracket)"
)
_PLUS = shape(
    "(key) [dash be have has got adv was been]*"
    " (?:[landed tidy ship fixed] (?:[in to on]? det? [prod artifact day])? [comma and]+)+"
    " (?=be? adv* [fin done complete] (?!it|key|det|odet))"
)
# "The login page (PAY-12)" names the issue; "merged and closed PAY-12" says no less than "closed PAY-12".
_TITLED = shape("(?<=thing) open_bracket (?=key close_bracket)")
_DID_AND = shape(
    "(?<![^ stop comma cheer opener self have adv]) (?:[landed tidy ship fixed] [comma and]{1,3}){1,12}"
    " (?=adv* fin [key task det it])"
)
_OURS = shape("ours (?=[have has adv]* [fin ship] [key task det it])")
_AND_PARTS = shape(
    "name and (?=self)|(?:me and name|name and me) (?=adv* fin)|tech and (?=prod)"
    "|(?<=key) and [odet det it be adv]* tasks (?=be|has|have)|(?<=[name other]) and [name other]"
)
# A tag ("..., right?") makes a question of what it follows.
_TAG = shape(
    "(?<![comma dash]) [comma dash]+"
    " (?: tag | (?:be|did|have|has|was) neg (?:it|they|you|self) | opener )+ query"
)
_CLAUSE = shape("so? [^ so because and stop comma dash open_bracket close_bracket query]+ query* | query+")


def clauses(text: str) -> list[str]:
    """The clauses of a message, each a string of class characters. Empty where there is no word at all."""
    coded = classes(text)
    if not _JOINTS.isdisjoint(coded):
        coded = _AND_PARTS.sub("", _PLUS.sub(r"\1", _LIST.sub(r"\1", coded)))
        coded = _DID_AND.sub("", coded)
    if CODE["ours"] in coded:
        coded = _OURS.sub(CODE["self"], coded).replace(CODE["ours"], CODE["det"] + CODE["crowd"])
    if CODE["open_bracket"] in coded:
        coded = _TITLED.sub(CODE["issue"], coded)
    coded = _NAMED.sub(r"\1", coded)
    return _CLAUSE.findall(_TAG.sub(CODE["query"], coded))
