"""Whether the value beside the name of a secret looks like one, or like a word, a placeholder, code, a date.

Entropy is only ever a suspicion here: hashes, ids and keys of caches have as much of it as secrets have.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Named = Literal["password", "api_key", "token", "key"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value and how it stands there."""

    text: str
    quoted: bool
    assigned: bool  # after `=`
    tight: bool  # straight after `=`, as in shells and addresses
    last: bool  # nothing follows on its line

    @property
    def core(self) -> str:
        """What is judged: enough of it, without the punctuation of the sentence."""
        head = self.text[:80].strip()
        if self.quoted:
            return head
        return re.sub(r"^(\w*)\).*", r"\1", head).rstrip(".,;:!?)|")  # `is_null=True).count()`


_PLACEHOLDER = re.compile(
    r"""(?ix) \$\w+ | \$?\{\{?[^{}]*\}?\} | \$\([^()]*\)? | \$\{.* | %\w+%? | %\(\w+\)s? | <[^<>]*>?
    | .*\{[a-z_][\w.]{2,}(?:\[[^\[\]{}]*\]|[^{}\[\]>]|(?<=:)>)*\}.*
    | .*\(\?[:=!<P].* | \*{3,}.* | \.{3,} | (?P<one>[x_?•-])(?P=one){2,}
    | \[[\w .:-]*\]? | \#\{.* | :\w+ | @\w+@
    | [a-z_-]*(?:your|example|placeholder|change-?me|insert|redacted|removed|fake|dummy)[a-z_-]*"""
)
# Issue keys, versions, dates, times, amounts, addresses, ARNs, digests, files, names of methods.
_THING = re.compile(
    r"""(?ix) (?-i:[A-Z][A-Z0-9]{1,9})-\d{1,6} | v?\d+(?:\.\d+)+\S{0,20} | \d{4}-\d\d-\d\d\S*
    | \d{1,2}:\d\d\S* | \d{1,5}(?:%|[a-z]{1,2}|min|mins|hours?|days?|chars?|bytes?|bits?|times?)
    | [a-z]+://\S* | [a-z]:\\\S* | [\w.+-]+@[\w-]+\.[\w.]+ | arn:\S* | sha\d+:\S*
    | \S*\.(?: cc? | cpp | css? | go | h | html? | java | js(?:on)? | kt | md | php | po | py | rb | rs | sh
        | sql | tf | tsx? | txt | xml | ya?ml ) (?: :\S* )?
    | (?:md|sha|aes|rsa|hs|rs|oauth|saml|base|utf|bcrypt|argon|pbkdf|ipv|http|tls|log4)-?\w{1,5}"""
)
_WORD = re.compile(
    r"""(?ix) admin | agreed | any | arg | authentication | authorization | auto | basic | bearer | blank
    | boolean | broken | bytes | case | char | cleartext | code | correct | credentials | default | done
    | email | empty | error | external | false | field | fine | fixed | fresh | good | hidden | incorrect
    | inherit | input | invalid | issue | json | known | link | local | login | long | mandatory | manual
    | mismatch | missing | must | never | none | null | number | object | okay | only | page | pending | plain
    | plaintext | policy | present | random | readonly | ready | reset | reuse | rotation | safe | same
    | secure | short | string | strong | stub | temporary | test | text | todo | true | type | undefined
    | unknown | update | user | username | valid | value | weak | works | wrong
    | .*(?:ed|ing|able|ible|tion|ment|ally|less|ful) | .*(?:pass(?:word|wd)|secret|token|credential).*"""
)
_CODE = re.compile(
    r"""(?x) (?:[A-Za-z_]\w*(?:\.|->|::|\?\.))* [A-Za-z_]\w* [\[(] [^{}$\#!@]*
    | (?: self | this | cls | settings | config | env | process | os | app | ctx | context | request | req
        | args | opts | options | props | state | user | data | params | form | body | secrets | vars?
        | local | module ) (?:\.\w+)+"""
)
_DIGIT, _LETTER, _MARKS = re.compile(r"\d"), re.compile(r"[^\W\d_]"), re.compile(r"[^\w\s\-.,:/']")
_LETTERS = re.compile(r"[^\W\d_]+(?:[-_'. ][^\W\d_]+)*\.?")
_NAMES = re.compile(r"(?:[A-Za-z]{1,24}\d{0,3}|\d*)(?:[-_./:](?:[A-Za-z]{1,24}\d{0,3}|\d*))*")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _entropy(text: str) -> float:
    """Shannon's, in bits a character: about 3.5 to 5.5 for random keys, less for words."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _jumbled(text: str) -> bool:
    """Whether its runs of one kind of character are short: about 2 in random text, 4 in camelCase."""
    pieces = _PIECE.findall(text)
    return sum(map(len, pieces)) < 3 * len(pieces)


def _random(text: str) -> bool:
    """Whether a machine made it: letters and digits mixed otherwise than in names of things."""
    if not (_DIGIT.search(text) and _LETTER.search(text)):
        return False
    return _NAMES.fullmatch(text) is None or (text.isalnum() and _jumbled(text))


def _rich(text: str) -> bool:
    """Whether it has the punctuation of something made up, not of a sentence or a name."""
    return len(set(_MARKS.findall(text))) >= 3


def _password(value: Value, core: str) -> bool | None:
    if " " in core:
        return False if value.quoted and value.assigned else None
    if len(core) < 4 or core.startswith(("-", "/", ">", "(")):
        return True if _rich(core) else None
    if not _LETTERS.fullmatch(core):
        return True if any(c.isalnum() for c in core) else None
    if _WORD.fullmatch(core) or "_" in core or ("-" in core and not value.quoted):
        return None
    return False if value.quoted or (len(core) >= 6 and (value.tight or value.last)) else None


def _machine_made(value: Value, core: str) -> bool | None:
    if len(core) < 8 or " " in core:
        return None
    if _UUID.fullmatch(core):
        return False
    if _random(core):
        return len(core) >= 16
    if _rich(core):
        return True
    if core.isdigit():
        return False if len(core) >= 15 and (value.assigned or value.quoted) else None
    letters = re.sub("[-_]", "", core)
    return False if letters.isalpha() and len(letters) >= 14 and _jumbled(letters) else None


def ordinary(value: Value) -> bool:
    """A placeholder, a thing with digits in it that is no secret, a path, or code."""
    core = value.core
    return (
        not core
        or any(pattern.fullmatch(core) for pattern in (_PLACEHOLDER, _THING))
        or (core.startswith(("/", "./", "~/", "../")) and not _jumbled(core))
        or (not value.quoted and _CODE.fullmatch(core) is not None)
    )


def verdict(named: Named, value: Value) -> bool | None:
    """Certain (True), suspected (False) or no secret (None), beside a name of the kind `named`."""
    core = value.core
    if named == "password":
        certain = _password(value, core)
    elif named == "key":  # half of all keys are no secrets, so never more than a suspicion
        certain = False if len(core) >= 20 and _random(core) and _entropy(core) >= 2.8 else None
    else:
        certain = _machine_made(value, core)
    return None if certain is None or ordinary(value) else certain
