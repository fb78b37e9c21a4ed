"""Chat noise around what is said: greetings, thanks, "so yeah", "quick update:".

Removed only at the edges of a sentence, where nothing hangs on it; most of it only beside punctuation.
"""

import re

from nodes.jira_assistant.language.tables import any_of

_ALL = "(?:team|all|everyone|everybody|folks|guys|gang|people|there|channel|friends)"
_GREETING = any_of(rf"""
    (?:hey|heya|hi|hiya|yo)\b(?:[ ,]+{_ALL}\b)?; (?:hello|(?:good )?(?:morning|afternoon)|gm)[ ,]+{_ALL}\b
""")
_NOISE = any_of(r"""
    so yes; so basically; so(?= (?:it|the|i|we|this|that|there)\b)
    (?:ok|okay|yes|so|alright)(?= [a-z]{2,}ed\b)
    (?:ok|okay|yes|yeah)(?= (?:i|we|it|the|all|done|this|that)\b); ok(?:ay)? so; um+; uh+; oh; ah; anyways?
    just (?:an? )?(?:quick )?update; just wanted to (?:say|let (?:you|everyone|the team) know)(?: that)?
    tl.?dr; for the record
""")
_OPENER = any_of(r"""
    (?:just )?(?:an? )?(?:quick|short|small|brief) (?:status )?(?:update|note|one|question)(?: from me)?
    (?:status|daily|standup|stand-up|progress) (?:update|report); update; note; status; standup; psa
    (?:great|good) news; hello; (?:good )?(?:morning|afternoon|evening); gm; so; alright; right; well; ok
    okay; yes; hm+; wow; nice; cool; sweet; awesome; great; perfect; finally; so far so good; man; mate
    team; all; everyone; folks; guys
""")
_LEADING = re.compile(
    rf"(?:(?:{_GREETING}|{_NOISE})(?![\w'/-])|{_OPENER}(?=\s*(?:[:,.!]|[–—-] |$)))[\s,.:;!–—-]*", re.I
)
_THANKS = any_of(r"""
    thank you(?: so much| all)?; thanks (?:a lot|so much|again|in advance|everyone|all|team); so yes
    i will keep you (?:all )?posted; that is (?:all|it)(?: for now| from me)?
""")
_CLOSER = any_of("""
    thanks; cheers; ty; man; mate; guys; folks; team; everyone; all; you know; anyways?; nice; cool; great
    as always; right
""")
_END = r"[\s.!]*$"
_TRAILING = re.compile(
    rf"(?:(?:^|[\s,.!–—-]+){_THANKS}|^{_CLOSER}(?={_END})|[,.!–—-]+ *{_CLOSER}| thanks| please| sorry){_END}",
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
