"""The known defects of the libraries that give a second and a third opinion, by name.

The exact tests that recognise them are in `python_registry_defects` and `regipy_defects`: a difference that one of them
explains to the last byte is a defect of the library; anything else is a disagreement. Must not import the libraries.
Measured with python-registry 1.3.1 and regipy 6.5.0 on nine real hives.
"""

from datetime import UTC, datetime, timedelta
from struct import unpack_from

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.cells import RESIDENT
from hivecheck.registry.hive import RawValue

KNOWN_DEFECTS: dict[str, str] = {
    "python-registry-time-rounding": "rounds a key's time to a microsecond, half to even",
    "python-registry-type-mask": "keeps the low 12 bits of a value's type",
    "python-registry-resident-raw-data": "gives data that stand in the value itself in a wrong length or from elsewhere",
    "python-registry-fixed-size-raw-data": "gives numbers by the size of their type, not by their stored size",
    "python-registry-windows-1252-names": "reads one-byte names as Windows-1252; they are Latin-1",
    "python-registry-strict-names": "refuses a name with a lone surrogate or without a letter in Windows-1252",
    "regipy-root-is-first-cell": "takes the first cell of the first bin for the root and waits for ever if it is free",
    "regipy-float-time": "computes a key's time in floating point: up to a microsecond off",
    "regipy-default-value-name": "calls the unnamed value '(default)', as a value of that name",
    "regipy-ascii-names": "reads one-byte names as ASCII; other letters are lost",
    "regipy-surrogates-replaced": "replaces lone surrogates in names",
    "regipy-devprop-type": "keeps the low 16 bits of a type above 0xffff0000",
    "regipy-skips-type-200000": "leaves out values of type 0x00200000",
    "regipy-drops-empty-strings": "drops the empty strings of a list; in pending renames they mean 'delete'",
    "regipy-drops-unterminated-string": "drops a last string that no NUL ends, and all from one that is no UTF-16",
    "regipy-broken-text": "reads text that is no UTF-16 as UTF-8",
    "regipy-numbers-by-type": "gives numbers by the size of their type, not by their stored size",
    "regipy-binary-as-text": "reads binary data of the types it doesn't know as text",
    "regipy-resident-reads-on": "gives the rest of the hive for data that stand in the value itself",
    "regipy-big-data-record": "gives the big data record instead of the data",
}

AGREES = ""
UNEXPLAINED = "?"  # a judgement is one of these two, or the name of the defect that explains a difference

EPOCH = datetime(1601, 1, 1)


@fact
class StoredValue:
    """A value of ours with what its node says, for tests that need to know how its data are stored."""

    value: RawValue
    buffer: Buffer
    size: int  # as stored, with the bit for resident data
    word: int  # the data's place or, resident, the data

    @property
    def resident(self) -> bool:
        return self.size >= RESIDENT

    @property
    def word_place(self) -> int:
        return (self.value.ref.offset or 0) + 12

    def slice(self, place: int, length: int) -> bytes:
        return bytes(self.buffer[place : place + length])


def stored_value(value: RawValue, buffer: Buffer) -> StoredValue:
    """The value with the size and the word its node holds, read anew from the file."""
    size, word = unpack_from("<II", buffer, (value.ref.offset or 0) + 8)
    return StoredValue(value, buffer, size, word)


def judge_microseconds(ticks: int, theirs: datetime, expected_microseconds: int, defect: str) -> str:
    """Whether a library's time is exact, or what its defect would make of the ticks."""
    found = (theirs.astimezone(UTC).replace(tzinfo=None) if theirs.tzinfo else theirs) - EPOCH
    microseconds = found // timedelta(microseconds=1)
    if microseconds * 10 == ticks:
        return AGREES
    return defect if microseconds == expected_microseconds else UNEXPLAINED
