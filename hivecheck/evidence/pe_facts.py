"""What a program file says of itself: the headers of a PE image, its imports, its version strings, its Authentihash.

Only the fields that decide what the boot does with it, and who made it, are read: each from checked places and bounded in number,
so that a hostile file costs no more than a plain one. No certificate is judged. Source: "PE Format" and "Windows Authenticode
Portable Executable Signature Format" of Microsoft; ecosystem.md 3.
"""

from hashlib import sha1, sha256
from struct import unpack_from

from hivecheck.evidence.pe_version import read_version_strings
from hivecheck.facts.fact import fact

NATIVE = 1
SUBSYSTEMS = {
    0: "unknown", 1: "native", 2: "Windows GUI", 3: "Windows console", 5: "OS/2 console", 7: "POSIX console", 8: "Windows 9x driver",
    9: "Windows CE", 10: "EFI application", 11: "EFI boot driver", 12: "EFI runtime driver", 13: "EFI ROM", 14: "Xbox",
    16: "boot application",
}  # fmt: skip
MACHINES = {
    0x014C: "x86", 0x0166: "MIPS", 0x0184: "Alpha", 0x01C0: "ARM", 0x01C4: "ARM", 0x01F0: "PowerPC", 0x0200: "IA64",
    0x0284: "Alpha64", 0x8664: "AMD64", 0xAA64: "ARM64", 0x0EBC: "EFI byte code",
}  # fmt: skip
_PE32, _PE32_PLUS = 0x10B, 0x20B
_DLL = 0x2000
_IMPORT, _RESOURCE, _SECURITY = 1, 2, 4  # of the data directories
_SECTIONS = 96
_IMPORTS = 512
_NAME_BYTES = 256
_RAW_ALIGNMENT = 0x200  # the loader rounds down where a section begins in the file
_VERSION = 16  # the type of a version resource
_RESOURCE_ENTRIES = 4096


@fact
class PeFacts:
    """`stamp` is the TimeDateStamp in seconds since 1970 as it stands, which need not be a time. `imports` are DLL names.

    `signature_bytes` is the size of the embedded signature, 0 for none, which begins at `signature_at`; what is in it is not looked at. `authentihash_sha1` and
    `_sha256` are what a signature or a catalog signs. `faults` say what could not be read of it.
    """

    machine: str
    subsystem: int
    is_dll: bool
    stamp: int
    imports: tuple[str, ...]
    version: tuple[tuple[str, str], ...]
    signature_bytes: int
    authentihash_sha1: str
    authentihash_sha256: str
    faults: tuple[str, ...] = ()
    signature_at: int = 0

    @property
    def is_native(self) -> bool:
        return self.subsystem == NATIVE

    @property
    def subsystem_words(self) -> str:
        return SUBSYSTEMS.get(self.subsystem, f"subsystem {self.subsystem}")

    def version_string(self, name: str) -> str:
        """One of the version strings (`CompanyName`), '' where there is none."""
        return next((text for key, text in self.version if key.casefold() == name.casefold()), "")


@fact
class _Section:
    address: int
    size: int
    raw: int


@fact
class _Image:
    """Where things lie in the file. `directories` are addresses and sizes."""

    data: bytes
    headers_size: int
    checksum: int
    security: int
    directories: tuple[tuple[int, int], ...]
    sections: tuple[_Section, ...]

    def place(self, address: int) -> int | None:
        """The place in the file of a relative virtual address, None where no section holds it."""
        if 0 <= address < min(self.headers_size, len(self.data)):
            return address
        for section in self.sections:
            if section.address <= address < section.address + section.size:
                place = section.raw + address - section.address
                return place if place < len(self.data) else None
        return None

    def directory(self, number: int) -> tuple[int, int]:
        return self.directories[number] if number < len(self.directories) else (0, 0)


def read_pe(data: bytes) -> PeFacts | None:
    """The facts of a PE image; None where the bytes are none that a loader would take for one."""
    image_at = _find_header(data)
    if image_at is None:
        return None
    machine, count, stamp, _, _, optional_size, flags = unpack_from("<HHIIIHH", data, image_at + 4)
    optional = image_at + 24
    if optional + 72 > len(data):
        return None
    (magic,) = unpack_from("<H", data, optional)
    if magic not in (_PE32, _PE32_PLUS):
        return None
    faults: list[str] = []
    image = _read_image(data, optional, magic, optional + optional_size, count, faults)
    (subsystem,) = unpack_from("<H", data, optional + 68)
    at, size = image.directory(_SECURITY)
    if size and at + size > len(data):
        faults.append("its embedded signature lies beyond the end of the file")
        size = 0
    hashes = _authentihashes(image, at if size else 0, size)
    return PeFacts(
        MACHINES.get(machine, f"machine {machine:#06x}"),
        subsystem,
        bool(flags & _DLL),
        stamp,
        _read_imports(image, faults),
        _read_version(image),
        size,
        *hashes,
        tuple(faults),
        at if size else 0,
    )


def _find_header(data: bytes) -> int | None:
    """Where `PE` stands, with the whole file header behind it."""
    if len(data) < 64 or data[:2] != b"MZ":
        return None
    (at,) = unpack_from("<I", data, 0x3C)
    return at if at + 24 <= len(data) and data[at : at + 4] == b"PE\0\0" else None


def _read_image(data: bytes, optional: int, magic: int, table: int, count: int, faults: list[str]) -> _Image:
    first = optional + (96 if magic == _PE32 else 112)
    directories: list[tuple[int, int]] = []
    if first <= len(data):
        (many,) = unpack_from("<I", data, first - 4)
        for number in range(min(many, 16)):
            if first + number * 8 + 8 > len(data):
                faults.append("its data directories are cut off")
                break
            address, size = unpack_from("<II", data, first + number * 8)
            directories.append((address, size))
    sections: list[_Section] = []
    for number in range(min(count, _SECTIONS)):
        if table + number * 40 + 40 > len(data):
            faults.append("its section table is cut off")
            break
        virtual_size, address, raw_size, raw = unpack_from("<IIII", data, table + number * 40 + 8)
        sections.append(_Section(address, max(virtual_size, raw_size), raw - raw % _RAW_ALIGNMENT))
    if count > _SECTIONS:
        faults.append(f"of its {count} sections the first {_SECTIONS} were read")
    (headers_size,) = unpack_from("<I", data, optional + 60)
    return _Image(data, headers_size, optional + 64, first + _SECURITY * 8, tuple(directories), tuple(sections))


def _authentihashes(image: _Image, signature_at: int, signature_size: int) -> tuple[str, str]:
    """SHA-1 and SHA-256 of all but the checksum, the entry of the signature, and the signature itself."""
    data = memoryview(image.data)
    holes = [(image.checksum, 4)]
    if len(image.directories) > _SECURITY:
        holes.append((image.security, 8))
    if signature_size:
        holes.append((signature_at, signature_size))
    digests = (sha1(usedforsecurity=False), sha256())
    at = 0
    for start, size in sorted(holes):
        for digest in digests:
            digest.update(data[at : max(at, start)])
        at = max(at, start + size)
    for digest in digests:
        digest.update(data[at:])
    return digests[0].hexdigest(), digests[1].hexdigest()


def _read_imports(image: _Image, faults: list[str]) -> tuple[str, ...]:
    """The names of the DLLs that the loader maps with it, each once, in order."""
    address, _ = image.directory(_IMPORT)
    if not address:
        return ()
    place = image.place(address)
    names: dict[str, None] = {}
    for number in range(_IMPORTS + 1):
        at = place + number * 20 if place is not None else len(image.data)
        if at + 20 > len(image.data):
            faults.append("its import table lies beyond the end of the file")
            break
        if number == _IMPORTS:
            faults.append(f"of its import table the first {_IMPORTS} entries were read")
            break
        lookup, _, _, name_address, thunk = unpack_from("<IIIII", image.data, at)
        if not name_address or not (lookup or thunk):
            break
        name_at = image.place(name_address)
        if name_at is None:
            faults.append("the name of an imported DLL lies beyond the end of the file")
            continue
        text = image.data[name_at : name_at + _NAME_BYTES].partition(b"\0")[0]
        names.setdefault(text.decode("latin-1"))
    return tuple(names)


def _read_version(image: _Image) -> tuple[tuple[str, str], ...]:
    """The strings of its first version resource; none where there is none, or none that can be read."""
    root_address, _ = image.directory(_RESOURCE)
    root = image.place(root_address) if root_address else None
    if root is None:
        return ()
    by_type = _resource_entry(image.data, root, root, _VERSION)
    by_name = _resource_entry(image.data, root, by_type, None) if by_type else None
    leaf = _resource_entry(image.data, root, by_name, None) if by_name else None
    if leaf is None or leaf + 8 > len(image.data):
        return ()
    address, size = unpack_from("<II", image.data, leaf)
    place = image.place(address)
    return read_version_strings(image.data, place, size) if place is not None else ()


def _resource_entry(data: bytes, root: int, table: int, wanted: int | None) -> int | None:
    """Where an entry of a resource table leads: the one of this id, or the first; None where there is none."""
    if table + 16 > len(data):
        return None
    named, numbered = unpack_from("<HH", data, table + 12)
    for number in range(min(named + numbered, _RESOURCE_ENTRIES)):
        at = table + 16 + number * 8
        if at + 8 > len(data):
            return None
        id, offset = unpack_from("<II", data, at)
        if wanted in (None, id):
            return int(root + (offset & 0x7FFFFFFF))
    return None
