"""Secrets that only a name beside them betrays: `password is hunter2`, `API_KEY=...`, `Authorization: ...`.

Names, separators and values follow what people write in chat, shells, JSON, YAML, XML, CSV and code. What
stands beside the name is judged by its shape in `sensitive_values`.
"""

import re
from collections.abc import Iterator

from services.sensitive_rules import Hit, Kind
from services.sensitive_values import Named, Value, ordinary, verdict

# Looked for in lower case without IGNORECASE, which would make the search ten times slower.
NAME = re.compile(
    r"passwor[dt]|passwd|passphrase|passcode|pass|pwd|psw|pw|credentials?|creds?|kennwort|senha"
    r"|contrase[nñ]a|[пП]ароль|密码|key|token|secret|authorization|auth|bearer|cookie|pat"
)
# Names in code that are other words in a sentence.
_NOT_SPOKEN = re.compile(r"pass|creds?|auth.*|bearer|cookie|pat")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_OF_API = re.compile(
    r"""(?ix) (?: api | access | account | app | auth | client | consumer | database | db | deploy
    | encryption | license | master | priv(?:ate)? | secret | service | shared | signing | storage
    | subscription | webhook ) [ _.-]? $"""
)
# Words before a name that make it the name of something else: nextPageToken, primary_key, cache-key.
_ANOTHER = re.compile(
    r"""(?x) (?: ^ | [^A-Za-z] | (?<=[a-z])(?=[A-Z]) ) (?i: next | page | continuation | cursor | sync
    | pub(?:lic)? | cache | primary | foreign | partition | sort | idempotency | issue | project | object
    | bucket | routing | dedup | row | range | index | group | unique | shard | hot | config ) [ _.-]? $"""
)
# Words after it that do the same: token_count, password_reset_url, secret_id.
_ATTRIBUTE = re.compile(
    r"""(?ix) age | algorithm | at | attempts | budget | class | count | created | days | enabled | endpoint
    | expires | expiry | field | file | format | hash | header | hint | ids? | in | input | issuer | label
    | len(?:gth)? | limit | link | max | min | mode | name | out | page | path | per | policy | prefix | ref
    | required | reset | rotation | rules | s | size | status | store | strength | support | ttl | type
    | updated | ur[il] | usage | used | validation | validator | version"""
)

_ASSIGNMENT = re.compile(
    r"""(?ix) (?P<suffix> [\w.-]{0,24}+ ) (?: \[\] | \\?["'`] | [\])] ){0,4}+
    (?: [,\s]{1,12}+ ["']?value["']? \s? (?=[=:]) )?                     # name: X, value: secret
    (?: [ \t:]{1,3} (?:string|str|text|SecretStr)\b (?=[ \t]{0,3}=) )?  # a type before the value
    (?P<space> [ \t]{0,10}+ )
    (?P<op> (?: :{0,3}={1,3}>? | [?+.]= | -?> | :{1,2} | \|{1,2} | , )?+ (?:[ ][|>]-?(?=\s))? )
    (?P<gap> \s{0,12}+ ) (?: [@bruf]{0,2} \\? (?P<quote>["'`]) )?
    (?P<scheme> (?:basic|bearer|token|bot|apikey|key) \s{1,3}+ )? """
)
_SENTENCE = re.compile(
    r"""(?ix) (?: (?: [ ](?:for|of|on|to|in|at|from) (?:[ ][\w.@/-]{1,30}){1,5}? )?
          (?: [ ](?:is|was|are)[ ] (?:(?:now|still|again)[ ])? (?:(?:set|reset|changed)[ ]to[ ])?
            | [ ](?:(?:has|have|got|was|is)[ ](?:been[ ])?)? (?:set|reset|changed|updated)[ ](?:back[ ])?to[ ]
            | (?P<to>[ ](?:to|[-–—→])[ ]) | [ ]?[:=][ ]? )
        | (?P<bare>[ ]) ) (?P<quote>["'`])? (?=[^(\[{/]) """
)
# A comma, semicolon or ampersand ends a value unless it goes on: `a=1, b=2`, `?token=x&page=2`.
_BARE = re.compile(
    r"""[^\s"'`<,;&]{0,300}+(?:(?:[,;](?=[^\s"'`<])|&(?![\w.-]{1,40}=))[^\s"'`<,;&]{0,300}+){0,10}+"""
)
_REST = re.compile(r"[^\s\"'`<]*")
_LONG = 4000  # characters: what is longer is looked at no further until it is known to be a secret
_ELEMENT = re.compile(r"<[\w:.-]*$")
_FLAG = re.compile(r"(?:^|\s)--?[\w-]*$")
_FOUND: dict[Named, tuple[Kind, str]] = {
    "password": ("password", "password"),
    "api_key": ("api_key", "API key"),
    "token": ("token", "token or secret"),
    "key": ("api_key", "value of a key"),
}

Reading = tuple[int, int, bool]  # start and end of the secret, certain


def _named(word: str, before: str, after: str) -> Named | None:
    """What `word` names between what stands before and after it."""
    name = word.lower()
    inside = before[-1:].isalnum()  # compass, dispatch
    if name == "key":
        if _OF_API.search(before):
            return "api_key"
        return "key" if (inside or before[-1:] in ("_", "-", ".")) and not _ANOTHER.search(before) else None
    if name == "pass":
        if before[-1:] in ("_", "-") or (after == "=" and not inside):
            return "password"
        # "pass: 12 of 12" and "PASS: test.exp" are results
        return "token" if after == ":" and not inside and word != "PASS" else None
    if name in ("token", "secret", "authorization", "bearer", "cookie", "auth", "pat"):
        short = name in ("auth", "pat") and inside
        return None if short or _ANOTHER.search(before) else "token"
    return None if inside and name in ("pw", "psw", "cred", "creds") else "password"


def _value(text: str, start: int, quote: str | None) -> str:
    """What stands at `start`: up to the closing quote, or else as far as a value without quotes goes."""
    if quote:
        end = text.find(quote, start, start + _LONG)
        while end > start and text[end - 1] == "\\" != text[start - 2 : start - 1]:  # "a\"b", not \"a\"
            end = text.find(quote, end + 1, start + _LONG)
        if end >= 0 and "\n" not in text[start:end]:
            return text[start:end].removesuffix("\\")
    found = _BARE.match(text, start)
    return found[0] if found else ""


def _assigned(text: str, name: re.Match[str], before: str, named: Named) -> Reading | None:
    found = _ASSIGNMENT.match(text, name.end())
    if found is None:
        return None
    op, gap, quote, suffix = found["op"], found["gap"], found["quote"], found["suffix"]
    flag = not op and found["space"] and _FLAG.search(before)
    if not (op or flag or quote) or (op == ">" and not _ELEMENT.search(before)) or (op == "," and gap):
        return None
    goes_on = suffix[:1].isalpha() and suffix[0].islower() == text[name.end() - 1].islower()  # tokenizer
    if (goes_on and not (quote and named in ("password", "api_key"))) or any(
        _ATTRIBUTE.fullmatch(word) for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", suffix)
    ):
        return None
    start = found.end()
    shown = _value(text, start, quote)
    end = start + len(shown)
    tight = "=" in op and not gap
    value = Value(shown, quote is not None, "=" in op or op == ">", tight, text[end : end + 1] in ("", "\n"))
    if found["scheme"] and named == "token":
        return None if ordinary(value) or len(shown) < 8 or shown.islower() else (start, end, True)
    certain = verdict(named, value)
    loose = op in (",", "|", "||", "") or ("\n" in gap and op in (":", "="))
    return None if certain is None or (loose and not certain) else (start, end, certain)


def _said(text: str, name: re.Match[str], before: str, named: Named) -> Reading | None:
    spoken = named != "key" and before[-1:] != "_" and not _NOT_SPOKEN.fullmatch(name[0])
    found = _SENTENCE.match(text, name.end()) if spoken else None
    if found is None:
        return None
    shown = _value(text, found.end(), found["quote"])
    start, end = found.end(), found.end() + len(shown)
    last = not (found["bare"] or found["to"]) and text[end : end + 1] in ("", "\n")
    certain = verdict(named, Value(shown, found["quote"] is not None, False, False, last))
    return None if certain is None else (start, end, certain)


def find_assigned(text: str) -> Iterator[Hit]:
    """Every value that its name makes a secret; hits may overlap."""
    covered = 0
    for name in NAME.finditer(text.translate(_LOWER)):
        if name.start() < covered:
            continue
        before = text[max(0, name.start() - 30) : name.start()]
        named = _named(text[name.start() : name.end()], before, text[name.end() : name.end() + 1])
        if named is None:
            continue
        for reading in (_assigned(text, name, before, named), _said(text, name, before, named)):
            if reading is not None:
                start, end, certain = reading
                rest = _REST.match(text, end) if end - start >= 300 else None
                covered = rest.end() if rest else end
                kind, label = _FOUND[named]
                yield Hit(kind, start, covered, certain, label)
