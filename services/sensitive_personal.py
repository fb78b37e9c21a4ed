"""Personal numbers and addresses in free text: cards, bank accounts, social security, telephones, e-mail.

Check digits and the IBAN registry are python-stdnum's. A telephone number has no check digit, so it must
either be written as one (+46 8 928 571 38, 905-674-3793) or stand beside a word that says so.
"""

import re
from collections.abc import Collection, Iterator

from stdnum import iban, luhn

from services.sensitive_rules import Hit

_MARK = r"[ .\-\u00a0\u2007\u202f\u2010-\u2015]"  # what people put between groups of digits

_EMAIL = re.compile(
    r"(?<![\w.+-])(?!git@)[\w+-][\w.+'-]{0,250}+@([\w-]{1,63}(?:\.[\w-]{1,63}){0,7}\.[^\W\d_]{2,24})(?![\w@])"
)
# What looks like an address and is none: logo@2x.png, java.util.HashMap@1b6d3586.get.
_NO_EMAIL = re.compile(
    r"(?i).*\.(?:css|gif|html|jpe?g|js|json|lock|mdx?|mjs|pdf|png|py|svg|ts|txt|webp|xml|ya?ml|zip)"
    r"|.*\..*@[0-9a-f]{6,8}\.\w+"
)

# Never issued: areas 000, 666 and 900 to 999, group 00, serial 0000 (Social Security Administration).
_SSN = re.compile(
    r"(?<![\w.-])(?!000|666|9)\d{3}(?P<mark>[-\u2010-\u2015])(?!00)\d\d(?P=mark)(?!0000)\d{4}(?![\w-])"
    r"|(?i:\bssn|\bsocial security)\b[^\d\n]{0,20}+"
    r"(?P<said>(?!000|666|9)\d{3} ?(?!00)\d\d ?(?!0000)\d{4})(?!\d)",
    re.ASCII,
)

# Four groups of four, not out of a table of numbers; four, six and four or five; or without marks.
_CARD = re.compile(
    rf"""(?x) (?<![\w.,-]) (?<!\d{{4}}[ -]) (?= (
        \d{{4}} (?P<mark>{_MARK}) \d{{4}} (?P=mark) \d{{4}} (?P=mark) \d{{4}} (?! (?:[ -]\d{{4}}){{2}} )
      | \d{{4}} {_MARK} \d{{6}} {_MARK} \d{{4,5}} | \d{{12,19}} ) (?! [\w-] | [.,]\d ) )""",
    re.ASCII,
)
# Issuer ranges and lengths as the networks publish them (ISO/IEC 7812).
_NETWORKS = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|(?:1800|2131)\d{11}|62\d{14}"
)
# Numbers of these lengths are also those of orders and traces: a word must say that it is a card.
_NETWORKS_SAID = re.compile(r"4\d{12}|4\d{18}|35\d{14}|(?:5[06-9]|6\d)\d{10,17}")
_CARD_WORD = re.compile(r"(?i)\b(?:cards?|cc|visa|maestro|mastercard|debit|credit|pan)\b[^\d\n]{0,30}$")

_IBAN = re.compile(
    r"\b(?:(?P<solid>[A-Z]{2}\d\d[A-Z0-9]{11,30})|[A-Z]{2}\d\d(?P<mark>[ \u00a0-])[A-Z0-9]{4}"
    r"(?:(?P=mark)[A-Z0-9]{4}(?![A-Z0-9])){1,6}+(?:(?P=mark)[A-Z0-9]{1,3}(?![A-Z0-9]))?)\b",
    re.ASCII,
)

_GROUPS = rf"(?:\(?\d{{2,8}}+\)?(?:{_MARK}{{1,2}}+\(?\d{{2,8}}+\)?|(?<=\))\d{{2,8}}+){{1,5}}+|\d{{7,12}}+)"
_EXTENSION = r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6}\b)?(?!\d|[./]\d|[^\W\d_])"
_WRITTEN = re.compile(
    rf"""(?ix) (?<![\w.+/~-]) (?:
        \+ (?: [1-9]\d{{9,14}}+ | [1-9]\d{{0,5}}+ {_MARK}? (?: [()]?{_MARK}?[()]?\d ){{6,13}}+ )
      | (?: (?:\+?1|001) {_MARK}? )? (?: \([2-9]\d\d\)[ ]? | [2-9]\d\d[-.] ) \d{{3}} [-.] \d{{4}} )
    {_EXTENSION}""",
    re.ASCII,
)
_BESIDE = re.compile(
    rf"""(?ix) \b (?:
        (?: phone | mobile | cell(?:phone)? | fax | tel(?:ephone|\.)? | desk | landline | whatsapp | hotline )
        (?:[ ](?:number|no\.?))? (?:[ ]is)? [ ]?[:=]?[ ]{{0,3}}+
      | (?P<verb> (?: call(?:ed|ing)? | reach | ring | text | answering ) [ ]
          (?:(?:me|us|him|her|them|you)[ ](?:back[ ])?)? (?:at|on) | messages?[ ]to | registered ) [ ] )
    (?P<number> {_GROUPS} {_EXTENSION} )""",
    re.ASCII,
)
_TOLD_AFTER = re.compile(
    rf"(?<![\w.+/~-])(?P<number>{_GROUPS})"
    r"(?=[ ,;\\-]{0,3}(?i:office|fax|mobile|home|work|cell)\b(?! [a-z]))",
    re.ASCII,
)
# Dates and IP addresses.
_NO_PHONE = re.compile(
    r"(?:.*[+ ])?\d{4}-\d\d-\d\d.*|\d{1,3}(?:\.\d{1,3}){3}|(?:19|20)\d\d[ .-]?\d\d[ .-]?\d\d"
)


def _emails(text: str, allowed: Collection[str]) -> Iterator[Hit]:
    for found in _EMAIL.finditer(text):
        labels = found[1].lower().split(".")
        theirs = any(".".join(labels[i:]) in allowed for i in range(len(labels)))
        if not theirs and not _NO_EMAIL.fullmatch(found[0]):
            yield Hit("email", *found.span(), True, "e-mail address")


def _cards(text: str) -> Iterator[Hit]:
    for found in _CARD.finditer(text):
        number = re.sub(r"\D", "", found[1])
        said = _CARD_WORD.search(text, max(0, found.start() - 50), found.start())
        known = _NETWORKS.fullmatch(number) or (said and _NETWORKS_SAID.fullmatch(number))
        if known and luhn.is_valid(number):
            yield Hit("card", *found.span(1), True, "payment card number")


def _ibans(text: str) -> Iterator[Hit]:
    for found in _IBAN.finditer(text):
        shown = found[0]
        while len(shown) >= 15:
            if iban.is_valid(shown):
                yield Hit("iban", found.start(), found.start() + len(shown), True, "bank account number")
                break
            shown = "" if found["solid"] else shown[:-1].rpartition(found["mark"])[0]


def _phones(text: str) -> Iterator[Hit]:
    for pattern, group in ((_WRITTEN, 0), (_BESIDE, "number"), (_TOLD_AFTER, "number")):
        for found in pattern.finditer(text):
            shown = found[group]
            digits = sum(c.isdigit() for c in shown)
            count = shown.isdigit() and pattern is _BESIDE and found["verb"]  # text me at 12345678
            if 7 <= digits <= 21 and not count and not _NO_PHONE.fullmatch(shown):
                yield Hit("phone", *found.span(group), pattern is _WRITTEN, "telephone number")


def find_personal(text: str, allowed_domains: Collection[str]) -> Iterator[Hit]:
    """Every personal number and address; `allowed_domains` in lower case; hits may overlap."""
    yield from _emails(text, allowed_domains)
    for found in _SSN.finditer(text):
        group = "said" if found["said"] else 0
        yield Hit("ssn", *found.span(group), True, "social security number")
    yield from _cards(text)
    yield from _ibans(text)
    yield from _phones(text)
