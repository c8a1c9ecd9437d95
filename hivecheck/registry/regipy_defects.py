"""What regipy is known to get wrong, each defect recognised by what it would exactly give.

regipy has no access to raw data, so what it decoded is judged. Must not import the library: `readers` does. A judgement is
AGREES, UNEXPLAINED or the name of a known defect. Source: regipy 6.5.0, registry.py (read_value, iter_values), utils.py.
"""

from datetime import datetime, timedelta

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.hive import (
    REG_BINARY,
    REG_DWORD,
    REG_EXPAND_SZ,
    REG_MULTI_SZ,
    REG_NONE,
    REG_QWORD,
    REG_RESOURCE_LIST,
    REG_RESOURCE_REQUIREMENTS_LIST,
    REG_SZ,
)
from hivecheck.registry.known_defects import AGREES, EPOCH, UNEXPLAINED, StoredValue, judge_microseconds
from hivecheck.registry.strings import decode_multi_sz

_SEGMENT_BYTES = 16344


def judge_time(ticks: int, theirs: datetime) -> str:
    try:
        floated = (EPOCH + timedelta(microseconds=ticks / 10) - EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        floated = 0
    return judge_microseconds(ticks, theirs, floated, "regipy-float-time")


def judge_key_name(ours: str, theirs: str | None) -> str:
    if ours == theirs:
        return AGREES
    if all(letter < "\u0100" for letter in ours) and "".join(x if x < "\x80" else "\ufffd" for x in ours) == theirs:
        return "regipy-ascii-names"
    replaced = ours.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "regipy-surrogates-replaced" if replaced == theirs else UNEXPLAINED


def judge_value_name(ours: str, theirs: str | None) -> str:
    if not ours and theirs == "(default)":
        return "regipy-default-value-name"
    return judge_key_name(ours, theirs)


def judge_type(ours: int, theirs: int) -> str:
    if ours == theirs:
        return AGREES
    return "regipy-devprop-type" if ours > 0xFFFF0000 and ours & 0xFFFF == theirs else UNEXPLAINED


def judge_data(stored: StoredValue, theirs: object) -> str:
    """Compares what regipy decoded with our bytes, decoded by these rules: text is UTF-16 without its final NULs, a list is
    what `strings` makes of it, a number is all its bytes, anything else is its bytes."""
    data = stored.value.data
    type = stored.value.type & 0xFFFF if stored.value.type > 0xFFFF0000 else stored.value.type
    if type == REG_MULTI_SZ:
        return _judge_list(data, theirs)
    if type in (REG_SZ, REG_EXPAND_SZ):
        if theirs == _text(data):
            return AGREES
        return "regipy-broken-text" if theirs == _regipy_text(data) else UNEXPLAINED
    if type in (REG_DWORD, REG_QWORD):
        length = 4 if type == REG_DWORD else 8
        if len(data) == length and theirs == int.from_bytes(data, "little"):
            return AGREES
        shown = stored.word if stored.resident else int.from_bytes(data[:length], "little")
        return "regipy-numbers-by-type" if theirs == shown else UNEXPLAINED
    if type == 0x10 and isinstance(theirs, datetime) and len(data) >= 8:
        return judge_time(int.from_bytes(data[:8], "little"), theirs)
    if theirs == data:
        return AGREES
    if type in (REG_NONE, REG_BINARY):
        return UNEXPLAINED
    return _judge_raw_read(stored, theirs, type in (REG_RESOURCE_LIST, REG_RESOURCE_REQUIREMENTS_LIST))


def _judge_raw_read(stored: StoredValue, theirs: object, bytes_only: bool) -> str:
    """The types regipy reads without a look at how their data are stored, and mostly as text."""
    read = stored.slice(BINS_START + 4 + stored.word, stored.size)
    shown = read if bytes_only else _regipy_text(read)
    if theirs != shown:
        return UNEXPLAINED
    if stored.resident:
        return "regipy-resident-reads-on"
    if stored.size > _SEGMENT_BYTES and read[:2] == b"db" and read != stored.value.data:
        return "regipy-big-data-record"
    return "regipy-binary-as-text"


def _judge_list(data: bytes, theirs: object) -> str:
    strings = decode_multi_sz(data).strings
    if theirs == list(strings):
        return AGREES
    if theirs == [string for string in strings if string]:
        return "regipy-drops-empty-strings"
    return "regipy-drops-unterminated-string" if theirs == _regipy_list(data) else UNEXPLAINED


def _regipy_list(data: bytes) -> list[str]:
    """The strings that end in a NUL, up to the first that is no UTF-16, without the empty ones."""
    strings: list[str] = []
    start = 0
    for place in range(0, len(data) - 1, 2):
        if data[place : place + 2] == b"\0\0":
            try:
                strings.append(data[start:place].decode("utf-16-le"))
            except UnicodeDecodeError:
                break
            start = place + 2
    return [string for string in strings if string]


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-16-le").rstrip("\0")
    except UnicodeDecodeError:
        return None


def _regipy_text(data: bytes) -> str | bytes:
    text = _text(data)
    if text is not None:
        return text
    try:
        return data.decode().rstrip("\0")
    except UnicodeDecodeError:
        return data
