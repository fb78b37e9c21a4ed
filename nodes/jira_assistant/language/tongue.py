"""Whether a text is in another language than English, where the rules must do the least."""

import re

from nodes.jira_assistant.language.tables import word_set

_ENGLISH = word_set("""
    the and is are was were to of on in for with not it this that we i you have has had be been will need
    still but now at from my by can fixed done tests working
""")
_OTHERS = tuple(
    frozenset(words.split())
    for words in (
        "der die das und ist nicht ich wir mit auf für ein eine noch auch aber habe wurde bei zur sind",
        "le la les et est je nous pas une des dans pour avec sur mais du sont été encore que qui ce cette au",
        "el la los las y es no se que una por para con pero del está están ya aún hemos tengo muy",
        "il lo gli e è non che una per con ma del della sono ancora ho abbiamo questo",
        "o os as e é não que uma para com mas do da está ainda foi tenho estou",
        "de het een en is niet ik wij met op voor maar nog ook aan zijn heb bij naar",
        "i w na nie jest się z do że ale już jeszcze mam są przez",
        "och är inte jag vi med på för en ett men har ännu att det som",
    )
)


def is_foreign(text: str) -> bool:
    """True when words of one other language clearly outweigh English ones, or most letters are not Latin."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c > "\u024f" for c in letters) > len(letters) / 2:
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _ENGLISH for word in words)
    return any((n := sum(word in other for word in words)) >= 2 and n > english for other in _OTHERS)
