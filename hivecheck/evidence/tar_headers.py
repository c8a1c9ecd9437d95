"""The headers of tar archives, one after another, with bounds on what each may claim: files, sparse files, links.

Sources: POSIX.1-2017 pax (ustar and extended headers), GNU tar manual (long names, base-256 numbers).
"""

from collections.abc import Iterator

from hivecheck.evidence.archives import ArchiveLink
from hivecheck.evidence.limits import Budget, LimitReachedError
from hivecheck.evidence.tar_sparse import SparseMap, Stream, map_of_header, map_of_pax
from hivecheck.facts.fact import fact

BLOCK = 512
_NAME_BYTES_AT_MOST = 1024 * 1024
_PIECE_BYTES = 1024 * 1024
_UNIX_EPOCH_TICKS = 116_444_736_000_000_000
_SECOND_TICKS = 10_000_000
_LATEST_SECONDS = 1 << 38
_NO_FILES = {b"1": "a hard link", b"2": "a link", b"3": "a device", b"4": "a device", b"6": "a pipe"}


@fact
class TarFile:
    """A regular file of a tar archive: where its bytes begin in the unpacked archive, and how many of them it holds there.

    `size` is that of the file. Of a sparse one, `sparse` says which parts are held.
    """

    name: str
    start: int
    stored: int
    size: int
    modified: int
    sparse: SparseMap | None = None


@fact
class _Told:
    """What the headers before a member's own say of it. `size` is -1 where they don't."""

    name: str = ""
    target: str = ""
    size: int = -1
    pax: tuple[tuple[str, str], ...] = ()


def listed_files(stream: Stream, budget: Budget, links: list[ArchiveLink]) -> Iterator[TarFile]:
    """The regular files, each before its bytes are passed over: the reader of this may have read all of them, or none.

    `links` takes the links, devices and pipes. Raises OSError where a header is damaged.
    """
    told, place = _Told(), 0
    for count in range(budget.limits.members * 2):
        if count >= budget.limits.members:
            raise LimitReachedError(f"it has more than {budget.limits.members:,} members")
        stream.seek(place)
        header = stream.read(BLOCK)
        if not header or header == bytes(BLOCK):
            return
        if not is_header(header):
            raise OSError(f"there is no header of a member at byte {place:,}")
        size, kind = _number(header[124:136]), header[156:157]
        place += BLOCK
        if kind in (b"L", b"K", b"x", b"g"):
            if size > _NAME_BYTES_AT_MOST:
                raise LimitReachedError(f"the name of a member claims {size:,} bytes")
            told = _with(told, kind, b"".join(exactly(stream, size)))
            place += _padded(size)
            continue
        size = told.size if told.size >= 0 else size
        name = told.name or _header_name(header)
        if kind in (b"0", b"\0", b"7"):
            sparse = map_of_pax(dict(told.pax), stream, size) if told.pax else None
            yield _file(name, place, size, header, sparse)
        elif kind == b"S":
            sparse, read = map_of_header(header, stream, _number, size)
            place += read
            yield _file(name, place, size, header, sparse)
        elif kind in _NO_FILES:
            links.append(ArchiveLink(name, told.target or _text(header[157:257].split(b"\0")[0]), _NO_FILES[kind]))
        if kind not in (b"1", b"2", b"3", b"4", b"5", b"6"):
            place += _padded(size)
        told = _Told()


def _file(name: str, place: int, stored: int, header: bytes, sparse: SparseMap | None) -> TarFile:
    if sparse is None:
        return TarFile(name, place, stored, stored, _modified(header))
    taken = sparse.list_bytes
    return TarFile(name, place + taken, stored - taken, sparse.size, _modified(header), sparse)


def _with(told: _Told, kind: bytes, data: bytes) -> _Told:
    if kind == b"L":
        return _Told(_text(data.rstrip(b"\0")), told.target, told.size, told.pax)
    if kind == b"K":
        return _Told(told.name, _text(data.rstrip(b"\0")), told.size, told.pax)
    if kind == b"g":
        return told  # what holds for all members is neither a name nor a size
    pax = _pax(data)
    size = int(pax["size"]) if pax.get("size", "").isdecimal() and len(pax["size"]) < 20 else -1
    name = pax.get("GNU.sparse.name") or pax.get("path", told.name)
    sparse = tuple((key, value) for key, value in pax.items() if key.startswith("GNU.sparse."))
    return _Told(name, pax.get("linkpath", told.target), size, sparse)


def is_header(block: bytes) -> bool:
    """Whether the checksum of a tar header is right, which also archives from before `ustar` have."""
    if len(block) < BLOCK or not block[0]:
        return False
    try:
        told = int(block[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return told == sum(block) - sum(block[148:156]) + 8 * 32


def _number(field: bytes) -> int:
    """Octal digits, or base 256 where the first bit is set. Raises OSError where it is neither, or negative."""
    if field[0] & 0x80:
        return int.from_bytes(bytes((field[0] & 0x7F,)) + field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        raise OSError("the size of a member is no number") from None


def _header_name(header: bytes) -> str:
    name, prefix = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    is_posix = header[257:263] == b"ustar\0"
    return _text(prefix + b"/" + name if prefix and is_posix else name)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _pax(told: bytes) -> dict[str, str]:
    """The keywords of an extended header: `LENGTH KEYWORD=VALUE\\n` each; what is malformed ends the list."""
    found: dict[str, str] = {}
    parts: list[str] = []  # of a sparse file in the oldest form, which repeats two keywords
    while told:
        length, blank, _ = told.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 7 or not int(length):
            break
        keyword, _, value = told[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        found[_text(keyword)] = _text(value)
        if keyword in (b"GNU.sparse.offset", b"GNU.sparse.numbytes"):
            parts.append(_text(value))
        told = told[int(length) :]
    return found | ({"GNU.sparse.map": ",".join(parts)} if parts else {})


def _modified(header: bytes) -> int:
    try:
        seconds = _number(header[136:148])
    except OSError:
        return 0
    return seconds * _SECOND_TICKS + _UNIX_EPOCH_TICKS if 0 < seconds < _LATEST_SECONDS else 0


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def exactly(stream: Stream, size: int, first: bytes = b"") -> Iterator[bytes]:
    """So many bytes in pieces, `first` those that were read already. Raises OSError where the archive ends before."""
    if first:
        yield first
    left = size - len(first)
    while left > 0:
        piece = stream.read(min(left, _PIECE_BYTES))
        if not piece:
            raise OSError("the archive is cut off")
        left -= len(piece)
        yield piece
