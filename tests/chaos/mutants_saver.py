"""Bugs a checkpoint saver may have, each as the one change of text that makes it."""

from tests.chaos.mutation import Mutant

_READS, _CHANGES = "services/checkpoint_reads.py", "services/checkpoint_changes.py"
_CODEC, _SCRIPTS = "services/checkpoint_codec.py", "services/checkpoint_scripts.py"
_REMOVAL = "services/checkpoint_removal.py"

MUTANTS = [
    Mutant(
        "an outage reads as a new thread",
        "a paused conversation is then overwritten",
        _READS,
        "        found = yield from self._read(self._place(config), wanted=",
        "        try:\n"
        "            yield from self._read(self._place(config), count=1)\n"
        "        except Exception:\n"
        "            return None\n"
        "        found = yield from self._read(self._place(config), wanted=",
    ),
    Mutant(
        "damage is passed over",
        "what is left of a thread looks like an older state",
        _READS,
        "        if answer[0]:\n            raise",
        "        if answer[0] and not place.thread:\n            raise",
    ),
    Mutant(
        "a lost value is left out",
        "a node goes on without what an earlier one found",
        _READS,
        "elif utf8(channel) in row.stored:",
        "elif not channel:",
    ),
    Mutant(
        "any checkpoint under any id",
        "a moved row shows the state of another moment",
        _READS,
        "if field(row.id) != id_:",
        "if not id_:",
    ),
    Mutant(
        "writes in the order of Redis",
        "reducers see what tasks wrote in another order than they ran",
        _READS,
        "sorted(found, key=lambda one: one[0])",
        "sorted(found, key=lambda one: str(one[1][0])[::-1])",
    ),
    Mutant(
        "the last write of a task wins",
        "a task that is run again changes what others have already read",
        _CHANGES,
        '"HSETNX" if index >= 0 else "HSET"',
        '"HSET"',
    ),
    Mutant(
        "the first interrupt stays",
        "a second question, an error or a resume of a task is never stored",
        _CHANGES,
        '"HSETNX" if index >= 0 else "HSET"',
        '"HSETNX"',
    ),
    Mutant(
        "a copy keeps the name of its source",
        "a copied thread is found as another one",
        _CHANGES,
        'metadata["thread_id"] = new.thread',
        'metadata["thread_id"] = old.thread',
    ),
    Mutant(
        "a copy mixes into a thread that exists",
        "two histories become one",
        _CHANGES,
        'if (yield from self._client.command("EXISTS", target.shared[0])):',
        'if not namespaces and (yield from self._client.command("EXISTS", target.shared[0])):',
    ),
    Mutant(
        "a run that was put is not noted",
        "rolling a run back leaves its checkpoints",
        _CHANGES,
        "[row.run] if row.run else []",
        "[]",
    ),
    Mutant(
        "namespaces share their keys",
        "a subgraph reads the state of its parent",
        _CODEC,
        'return f"{kind}:".encode() + utf8(self.namespace)',
        'return f"{kind}:".encode()',
    ),
    Mutant(
        "thread ids go into keys as they are",
        "two ids can name one key, and one id may break out of its hash tag",
        _CODEC,
        "return name if _PLAIN.fullmatch(name) else",
        "return name if name else",
    ),
    Mutant(
        "parts of a field are not escaped",
        "a channel with a NUL in its name is taken for another",
        _CODEC,
        r'part.replace("\1", "\1\2").replace("\0", "\1\1")',
        "part",
    ),
    Mutant(
        "a signature is of the value alone",
        "a value that was moved to another thread is believed",
        _CODEC,
        "pack(*where, body)",
        "pack(body)",
    ),
    Mutant(
        "signatures are not compared",
        "an altered value is believed",
        _CODEC,
        "if sealed[:1] != _SIGNED or not hmac",
        "if sealed[:1] != _SIGNED and not hmac",
    ),
    Mutant(
        "any serialization is read",
        "a stored value runs code",
        _CODEC,
        '"bytearray", "msgpack"})',
        '"bytearray", "msgpack", "json", "pickle"})',
    ),
    Mutant(
        "an open approval expires",
        "what waits for a human is gone when they come",
        _SCRIPTS,
        "local keep = TTL == 0 or approval_open()",
        "local keep = TTL == 0",
    ),
    Mutant(
        "one key does not expire",
        "the rest of each thread stays for ever",
        _SCRIPTS,
        "keys[#keys + 1] = key(kind, ns) end",
        "keys[#keys + 1] = key(kind == 'blobs' and 'index' or kind, ns) end",
    ),
    Mutant(
        "a read takes in later writes",
        "an old checkpoint shows what belongs to a newer one",
        _SCRIPTS,
        r"'(' .. id .. '\1')",
        "'+')",
    ),
    Mutant(
        "sizes are not compared",
        "a thread that lost a key reads as one that never had it",
        _SCRIPTS,
        "if size ~= call('ZCARD', key(order, ns)) or listed ~= (size > 0) then",
        "if listed ~= (size > 0) then",
    ),
    Mutant(
        "a thread that is gone is new",
        "after a loss of all its keys a conversation starts anew without a word",
        _SCRIPTS,
        "if lasts and (lasts == 'inf' or tonumber(lasts) > NOW) then",
        "if lasts and lasts == '' then",
    ),
    Mutant(
        "the oldest is the newest",
        "pruning drops the present and keeps the past",
        _SCRIPTS,
        "'ZRANGE', key('index', ns), -1, -1)",
        "'ZRANGE', key('index', ns), 0, 0)",
    ),
    Mutant(
        "pruning drops shared values",
        "the newest checkpoint loses values that older ones had too",
        _REMOVAL,
        "if not used[field] then call",
        "if true then call",
    ),
    Mutant(
        "deleting leaves writes",
        "what somebody asked to be forgotten is still there",
        _REMOVAL,
        "for _, kind in ipairs(KINDS) do call('UNLINK'",
        "for _, kind in ipairs({'index', 'checkpoints', 'blobs', 'order'}) do call('UNLINK'",
    ),
    Mutant(
        "a write does not renew",
        "a conversation that goes on expires in the middle",
        _SCRIPTS,
        "lifetime(runs)\nreturn {false}",
        "return {false}",
    ),
]
