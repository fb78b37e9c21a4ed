"""What the checkpoint saver's bytes in Redis look like: keys, hash fields, frames and seals.

Nothing read back is trusted. A value names its own serialization and only the ones that run no code
are read; with a signing key each value is bound to its place, so that one that was altered, or moved
to another field, namespace or thread, is refused.

Threads are dealt out to 256 shards, S, by their ids. All keys of a shard share its hash tag, so that a
Cluster keeps each shard whole on one node, where one script changes a thread and the indexes together; one
server has them all. Under the prefix, T standing for the thread id:

    {S}:T:namespaces          set       "checkpoints:<ns>" and "writes:<ns>" where there are any
    {S}:T:runs                set       tags of the runs that wrote to it
    {S}:T:index:<ns>          zset      checkpoint ids, score 0: lexicographic, which is by time
    {S}:T:checkpoints:<ns>    hash      checkpoint id -> row
    {S}:T:blobs:<ns>          hash      channel, version -> value, stored once for all checkpoints
    {S}:T:writes:<ns>         hash      checkpoint id, task id, index -> write
    {S}:T:order:<ns>          zset      the fields of `writes`: those of one checkpoint are a range
    threads:{S}, run:{S}:<tag>  zsets   thread ids, the score says until when (ms since 1970, or inf)
"""

import hmac
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.types import INTERRUPT

from services.errors import StorageDamaged

_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_INERT = frozenset({"null", "bytes", "bytearray", "msgpack"})  # "json" revives objects, "pickle" runs code
_UNSIGNED, _SIGNED = b"\x00", b"\x01"
SHARDS = [f"{number:02x}" for number in range(256)]
_LENGTH = struct.Struct(">I").pack
_FIRST_INDEX = 1000  # keeps the negative indexes of special writes sortable as digits


def utf8(text: str) -> bytes:
    """Any str, also one with lone surrogates, as bytes that sort as the str does."""
    return text.encode("utf-8", "surrogatepass")


def plain(raw: bytes) -> str:
    """What `utf8` made, as a str again; raises ValueError for anything else."""
    return raw.decode("utf-8", "surrogatepass")


def tag(name: str) -> str:
    """A name that is safe inside a key; the colon keeps the hashed form apart from every plain one."""
    return name if _PLAIN.fullmatch(name) else f"sha256:{sha256(utf8(name)).hexdigest()}"


def field(*parts: str) -> bytes:
    """Parts joined by NUL, order kept: a NUL inside a part becomes 1 1, and a 1 becomes 1 2."""
    return utf8("\0".join([part.replace("\1", "\1\2").replace("\0", "\1\1") for part in parts]))


def write_field(checkpoint_id: str, task_id: str, index: int) -> bytes:
    return field(checkpoint_id, task_id, f"{index + _FIRST_INDEX:010d}")


INTERRUPT_INDEX = f"{WRITES_IDX_MAP[INTERRUPT] + _FIRST_INDEX:010d}"
"""How the field of a write ends that says that its task waits for an answer."""


def threads_key(prefix: str, shard: str) -> bytes:
    """The index of the threads of a shard."""
    return f"{prefix}:threads:{{{shard}}}".encode()


def run_key(prefix: str, shard: str, run: str = "") -> bytes:
    """The index of the threads of a shard that the run with this tag wrote to; how all of them begin."""
    return f"{prefix}:run:{{{shard}}}:{run}".encode()


def pack(*parts: bytes) -> bytes:
    """Each part after its length, four bytes, big end first: what Lua's `>I4c0` reads."""
    return b"".join([piece for part in parts for piece in (_LENGTH(len(part)), part)])


def unpack(frame: bytes) -> list[bytes]:
    """The parts of a frame; raises ValueError where it ends too early."""
    parts, at = [], 0
    while at < len(frame):
        start = at + 4
        at = start + int.from_bytes(frame[at:start], "big")
        if at > len(frame):
            raise ValueError("a frame is cut short")
        parts.append(frame[start:at])
    return parts


@lru_cache(maxsize=1024)
def _shard(thread: str) -> str:
    return SHARDS[zlib.crc32(utf8(thread)) % len(SHARDS)]


@lru_cache(maxsize=1024)
def _base(prefix: str, shard: str, thread: str) -> bytes:
    return f"{prefix}:{{{shard}}}:{tag(thread)}:".encode()


@dataclass(frozen=True, slots=True)
class Place:
    """One namespace of one thread."""

    prefix: str
    thread: str
    namespace: str = ""

    @property
    def shard(self) -> str:
        return _shard(self.thread)

    @property
    def base(self) -> bytes:
        return _base(self.prefix, self.shard, self.thread)

    @property
    def shared(self) -> list[bytes]:
        """The keys every script is given: namespaces and runs of the thread, and the index of threads."""
        return [self.base + b"namespaces", self.base + b"runs", threads_key(self.prefix, self.shard)]

    def listed(self, kind: str) -> bytes:
        """How the list of namespaces says that this one has checkpoints or writes."""
        return f"{kind}:".encode() + utf8(self.namespace)

    def key(self, kind: str) -> bytes:
        return self.base + self.listed(kind)

    def within(self, namespace: bytes) -> "Place":
        """Another namespace of the same thread, named as Redis has it."""
        return replace(self, namespace=plain(namespace))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside it, a value that is well-formed and of another shape than ours is damage."""
        try:
            yield
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self.damaged(f"a value is malformed ({type(error).__name__}: {error})") from error

    def damaged(self, what: str) -> StorageDamaged:
        thread = self.thread if len(self.thread) <= 80 else f"{self.thread[:80]}..."
        return StorageDamaged(
            f"The stored state of thread {thread!r}, namespace {self.namespace!r}, cannot be read: {what}. "
            "Restore it from a backup, or delete the thread to start anew."
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """What stands before every value: a byte that says whether a signature of 32 bytes follows."""

    key: bytes | None = None

    def close(self, place: Place, name: bytes, body: bytes) -> bytes:
        if self.key is None:
            return _UNSIGNED + body
        return _SIGNED + self._signature(self.key, place, name, body) + body

    def open(self, place: Place, kind: str, name: bytes, sealed: bytes) -> bytes:
        """The body; raises StorageDamaged where the signature is missing, wrong or cannot be checked."""
        if self.key is None:
            if sealed[:1] != _UNSIGNED:
                raise place.damaged(f"a value of its {kind} is signed, and no signing key is configured")
            return sealed[1:]
        signature, body = sealed[1:33], sealed[33:]
        if sealed[:1] != _SIGNED or not hmac.compare_digest(
            signature, self._signature(self.key, place, name, body)
        ):
            raise place.damaged(f"a value of its {kind} was altered, or signed with another key")
        return body

    @staticmethod
    def _signature(key: bytes, place: Place, name: bytes, body: bytes) -> bytes:
        # Names of checkpoints, blobs and writes have one, two and three parts: they tell the hash, too.
        where = (place.prefix.encode(), utf8(place.thread), utf8(place.namespace), name)
        return hmac.digest(key, pack(*where, body), "sha256")


def dump(serde: SerializerProtocol, value: Any) -> bytes:
    kind, data = serde.dumps_typed(value)
    return pack(kind.encode(), data)


def load(serde: SerializerProtocol, place: Place, frame: bytes) -> Any:
    """The value of a frame that `dump` made; raises StorageDamaged for anything else."""
    try:
        kind, data = unpack(frame)
        name = kind.decode()
        if name.partition("+")[0] not in _INERT:  # what follows the plus is a cipher
            raise ValueError(f"values stored as {name!r} are not read, they could run code")
        return serde.loads_typed((name, data))
    except Exception as error:  # whatever a deserializer makes of altered bytes, it means the same
        raise place.damaged(f"a value does not decode ({type(error).__name__}: {error})") from error


@dataclass(frozen=True, slots=True)
class Row:
    """One checkpoint without its values. The first four parts are read by the scripts, too."""

    run: str  # the tag of the run that wrote it, or empty
    parent: str  # a checkpoint id, or empty
    blobs: list[bytes]  # the fields of its values: every channel at its version
    deltas: list[bytes]  # beginnings of those fields whose value may have to be rebuilt from ancestors
    id: str
    stored: list[bytes]  # channels that had a value: a blob that is missing here is damage
    checkpoint: bytes
    metadata: bytes

    def pack(self) -> bytes:
        names = (self.run.encode(), utf8(self.parent), pack(*self.blobs), pack(*self.deltas))
        return pack(*names, utf8(self.id), pack(*self.stored), self.checkpoint, self.metadata)

    @classmethod
    def unpack(cls, frame: bytes) -> "Row":
        """Raises ValueError for anything but what `pack` made."""
        run, parent, blobs, deltas, id_, stored, checkpoint, metadata = unpack(frame)
        lists = (unpack(blobs), unpack(deltas))
        return cls(run.decode(), plain(parent), *lists, plain(id_), unpack(stored), checkpoint, metadata)
