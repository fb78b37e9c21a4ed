"""What a draft lost of a message and what it made up, judged by other means than the checks of the product.

The checks read facts with patterns; here texts are split into words and looked at one by one, so that a hole
in the patterns shows. It sees less on purpose: keys, numbers, times, links, addresses, days, code and names.
"""

import re
from collections.abc import Iterable, Iterator


def word_set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SPACED = str.maketrans(dict.fromkeys("\t\n()[]{}<>,;\"'`=|*•–—…→?!", " "))
_DAYS = word_set("""
    monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight yesterday january
    february march april june july august september october november december
""")
_SAME = {
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmrrw": "tomorrow", "2morrow": "tomorrow", "2mrw": "tomorrow",
    "yday": "yesterday", "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday",
    "thu": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "k8s": "kubernetes", "jan": "january", "feb": "february",
    "mar": "march", "apr": "april", "jun": "june", "jul": "july", "aug": "august", "sep": "september",
    "sept": "september", "oct": "october", "nov": "november", "dec": "december",
}  # fmt: skip
_OF_MAILS = word_set("""
    dear hi hello best kind regards sincerely thanks thank to cc subject i email manager team all
""")
_SAYS_DONE = re.compile(
    r"done|finish|complet|closed?|resolv|ship|wrap|deliver|✅|100 ?%|merged|all set", re.I
)
_CLAIMS_DONE = re.compile(r"(?<!not )\b(?:completed|finished|done|accomplished)\b", re.I)
_DENIALS = re.compile(
    r"\b(?:not|no|never|nobody|nothing|neither|nor|cannot|without|(?:do|ca|wo|is|does|did|have|has|could)nt)\b"
    r"|n['’]t\b",
    re.I,
)
_CASUAL = word_set("""
    gonna wanna gotta kinda sorta dude bro lol lmao omg wtf yeah yep nope ya u ur pls plz thx btw tbh imo
    stuff awesome cool crap damn folks
""")


def words(text: str) -> list[str]:
    """Lower case, without the punctuation around them, each in its usual spelling."""
    split = (word.strip(".:-/_~#").lower() for word in text.translate(_SPACED).split())
    return [_SAME.get(word, word) for word in split if word]


def facts(text: str) -> list[str]:
    """The words of `text` that a draft must hold: with a digit, of an address or link, and days."""
    found = [
        word
        for word in words(text)
        if any(map(str.isdigit, word)) or "@" in word or "://" in word or word in _DAYS
    ]
    return list(dict.fromkeys(found))


def lost(facts_of: Iterable[str], draft: str) -> list[str]:
    """Those facts of which no spelling (`a|b`) stands in the draft as whole words."""
    text = " ".join(words(draft))
    return [fact for fact in facts_of if not any(_stands(spelling, text) for spelling in fact.split("|"))]


def _stands(spelling: str, text: str) -> bool:
    wanted = " ".join(words(spelling))
    return re.search(rf"(?<![\w]){re.escape(wanted)}(?![\w])", text) is not None


def invented(draft: str, sources: Iterable[str]) -> list[str]:
    """Facts and names of the draft that are in none of the sources; a bracketed placeholder is no fact."""
    text = re.sub(r"\[[^\[\]\n]*\]", " ", draft)
    said = " ".join(words(" ".join(sources)))
    made_up = [*facts(text), *(name.lower() for name in names(text))]
    return [fact for fact in dict.fromkeys(made_up) if not _stands(fact, said)]


def names(text: str) -> Iterator[str]:
    """Words with a capital that begin no sentence."""
    begins = True
    for word in re.findall(r"[^\W\d_][\w'-]*|[.:!?\n•]|[^\s\w]", text):
        if word[0].isalpha():
            if word[:1].isupper() and not begins and word.lower() not in _OF_MAILS:
                yield word.removesuffix("'s")
            begins = False
        elif word in ".:!?\n•-":
            begins = True


def claims_completion(draft: str, message: str) -> bool:
    """Whether it says that work is complete, of a message without any word of that."""
    return bool(_CLAIMS_DONE.search(draft)) and not _SAYS_DONE.search(message)


def denials(text: str) -> int:
    return len(_DENIALS.findall(text))


def casual(draft: str) -> list[str]:
    return [word for word in words(draft) if word in _CASUAL]
