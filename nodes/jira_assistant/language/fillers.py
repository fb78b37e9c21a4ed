"""Chat noise around what is said: greetings, thanks, "so yeah", "quick update:".

Removed only at the edges of a sentence, where nothing hangs on it; most of it only beside punctuation.
"""

import re


def _any(phrases: str) -> str:
    return (
        "(?:"
        + "|".join(p.strip() for line in phrases.strip().splitlines() for p in line.split(";") if p.strip())
        + ")"
    )


_TO_ALL = "(?:team|all|everyone|everybody|folks|guys|gang|people|there|channel|friends)"
_GREETING = rf"(?:hey|heya|hi|hiya|yo)\b(?:[ ,]+{_TO_ALL}\b)?|(?:hello|(?:good )?(?:morning|afternoon)|gm)[ ,]+{_TO_ALL}\b"
_ALWAYS = _any(
    """
    so yes; so basically; so(?= (?:it|the|i|we|this|that|there)\\b); just (?:an? )?(?:quick )?update; just wanted to (?:say|let (?:you|everyone|the team) know)(?: that)?
    tl;?dr; for the record; ok(?:ay)? so; um+; uh+; oh; ah; anyways?; (?:ok|okay|yes|yeah)(?= (?:i|we|it|the|all|done|this|that)\\b)
    (?:ok|okay|yes|so|alright)(?= [a-z]{2,}ed\\b)
""".replace("tl;?dr", "tl.?dr")
)
_BEFORE_MARK = _any("""
    (?:just )?(?:an? )?(?:quick|short|small|little|brief) (?:status )?(?:update|note|one|question)(?: from me| for today)?
    (?:status|daily|standup|stand-up|progress) (?:update|report); update; note; status; standup; psa; (?:great|good) news
    hello; (?:good )?(?:morning|afternoon|evening); gm; so; alright; right; well; ok; okay; yes; hm+; wow; nice; cool
    sweet; awesome; great; perfect; finally; team; all; everyone; folks; guys; so far so good; man; mate
""")
_LEADING = re.compile(
    rf"(?:(?:{_GREETING}|{_ALWAYS})(?![\w'/-])|{_BEFORE_MARK}(?=\s*(?:[:,.!]|[–—-] |$)))[\s,.:;!–—-]*", re.I
)
_LAST = _any("""
    thank you(?: so much| all)?; thanks (?:a lot|so much|again|in advance|everyone|all|team); so yes
    i will keep you (?:all )?posted; that is (?:all|it)(?: for now| from me| for today)?
""")
_AFTER_MARK = _any(
    "thanks; cheers; ty; man; mate; guys; folks; team; everyone; all; you know; anyways?; nice; cool; great; as always; right"
)
_TRAILING = re.compile(
    rf"(?:(?:^|[\s,.!–—-]+){_LAST}|^{_AFTER_MARK}(?=[\s.!]*$)|[,.!–—-]+ *{_AFTER_MARK}| thanks| please| sorry)[\s.!]*$",
    re.I,
)
_TAIL = 80  # characters: closing noise is short


def without_fillers(sentence: str) -> str:
    """`sentence` without what is said before and after the point; "" when nothing else is left."""
    text = sentence.strip()
    for _ in range(4):
        shorter = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
        shorter = shorter[:-_TAIL] + _TRAILING.sub("", shorter[-_TAIL:])
        if shorter == text:
            break
        text = shorter
    return text if re.search(r"\w|[\U000f0000-\U0010fffd]", text) else ""
