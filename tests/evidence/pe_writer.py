"""Tiny PE images for tests, written field by field: one section, with imports, a version resource and a signature where asked for."""

from struct import pack

_BASE, _SECTION_AT, _SECTION_RVA = 0x80, 0x400, 0x1000
NATIVE, CONSOLE = 1, 3


def pe_image(
    subsystem: int = NATIVE,
    *,
    machine: int = 0x8664,
    imports: tuple[str, ...] = ("ntdll.dll",),
    version: dict[str, str] | None = None,
    signature: bytes = b"",
    stamp: int = 0x5F000000,
    dll: bool = False,
    body: bytes = b"",
) -> bytes:
    """The bytes of a PE32+ image (PE32 for `machine` 0x14c). `body` makes it another file, and another hash."""
    content = bytearray()
    import_rva = _SECTION_RVA if imports else 0
    content += _imports(imports)
    resource_rva = 0
    if version:
        content += bytes(-len(content) % 4)
        resource_rva = _SECTION_RVA + len(content)
        content += _resources(resource_rva, _version(version))
    content += body
    content += bytes(-len(content) % 0x200)
    is_32 = machine == 0x14C
    signature_at = _SECTION_AT + len(content) if signature else 0
    directories = [(0, 0), (import_rva, 40), (resource_rva, 1), (0, 0), (signature_at, len(signature))] + [(0, 0)] * 11
    optional = pack("<HBBIIII", 0x10B if is_32 else 0x20B, 14, 0, 0, len(content), 0, 0x1000) + pack("<I", 0x1000)
    optional += pack("<II", 0, 0x400000) if is_32 else pack("<Q", 0x140000000)
    optional += pack("<IIHHHHHHIIII", 0x1000, 0x200, 10, 0, 10, 0, 10, 0, 0, 0x3000, _SECTION_AT, 0xABCD)
    optional += pack("<HH", subsystem, 0) + pack("<IIII" if is_32 else "<QQQQ", 0, 0, 0, 0) + pack("<II", 0, 16)
    optional += b"".join(pack("<II", *one) for one in directories)
    header = pack("<HHIIIHH", machine, 1, stamp, 0, 0, len(optional), 0x22 | (0x2000 if dll else 0))
    section = b".rdata\0\0" + pack(
        "<IIIIIIHHI", len(content), _SECTION_RVA, len(content), _SECTION_AT, 0, 0, 0, 0, 0x40000040
    )
    head = b"MZ" + bytes(0x3A) + pack("<I", _BASE)
    head += bytes(_BASE - len(head)) + b"PE\0\0" + header + optional + section
    return head + bytes(_SECTION_AT - len(head)) + bytes(content) + signature


def _imports(names: tuple[str, ...]) -> bytes:
    table_size = 20 * (len(names) + 1)
    texts = bytearray()
    table = b""
    for name in names:
        table += pack("<IIIII", _SECTION_RVA, 0, 0, _SECTION_RVA + table_size + len(texts), _SECTION_RVA)
        texts += name.encode("latin-1") + b"\0"
    return table + bytes(20) + bytes(texts) if names else b""


def _resources(rva: int, leaf: bytes) -> bytes:
    def table(id: int, offset: int) -> bytes:
        return pack("<IIHHHH", 0, 0, 0, 0, 0, 1) + pack("<II", id, offset)

    folder = 0x80000000
    return (
        table(16, folder | 24) + table(1, folder | 48) + table(0x409, 72) + pack("<IIII", rva + 88, len(leaf), 0, 0) + leaf
    )


def _version(strings: dict[str, str]) -> bytes:
    table = _block("040904b0", b"", b"".join(_block(name, _wide(text), b"") for name, text in strings.items()))
    return _block("VS_VERSION_INFO", bytes(52), _block("StringFileInfo", b"", table))


def _wide(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le", "surrogatepass")


def _block(name: str, value: bytes, children: bytes) -> bytes:
    head = bytes(6) + _wide(name)
    head += bytes(-len(head) % 4) + value
    if children:
        head += bytes(-len(head) % 4) + children
    head = pack("<HHH", len(head), len(value), 1) + head[6:]
    return head + bytes(-len(head) % 4)
