"""Embedded signatures for tests, written as DER field by field: of the file or of another digest, by whoever is named.

Nothing in them was signed with a key: they are what anyone can write.
"""

from struct import pack, unpack_from

from hivecheck.evidence.pe_facts import read_pe

SHA1, SHA256, SHA512 = "2b0e03021a", "608648016503040201", "608648016503040203"
_SIGNED_DATA, _INDIRECT, _PE_DATA = "2a864886f70d010702", "2b060104018237020104", "2b06010401823702010f"


def der(tag: int, *parts: bytes) -> bytes:
    """An element with these contents."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def _id(digits: str) -> bytes:
    return der(6, bytes.fromhex(digits))


def _name(common: str, firm: str) -> bytes:
    rows = (("550403", common), ("55040a", firm))
    return der(0x30, *(der(0x31, der(0x30, _id(id), der(0x0C, text.encode()))) for id, text in rows))


def pkcs7(digest: bytes, algorithm: str = SHA256, signer: tuple[str, str] = ("Somebody", "Some Firm")) -> bytes:
    """SignedData over this digest, with a certificate of this common name and firm."""
    used = der(0x30, _id(algorithm), b"\x05\x00")
    indirect = der(0x30, der(0x30, _id(_PE_DATA), der(0x30)), der(0x30, used, der(4, digest)))
    issuer, number = _name("A root", "Roots"), der(2, b"\x07")
    body = der(0x30, der(0xA0, der(2, b"\x02")), number, used, issuer, der(0x30), _name(*signer), der(0x30))
    certificates = der(0xA0, der(0x30, body, used, der(3, b"\0")))
    signers = der(0x31, der(0x30, der(2, b"\x01"), der(0x30, issuer, number), used, used, der(4, bytes(16))))
    content = der(0x30, _id(_INDIRECT), der(0xA0, indirect))
    signed = der(0x30, der(2, b"\x01"), der(0x31, used), content, certificates, signers)
    return der(0x30, _id(_SIGNED_DATA), der(0xA0, signed))


def table(blob: bytes, kind: int = 2) -> bytes:
    """A certificate table with this in it."""
    length = 8 + len(blob)
    return pack("<IHH", length, 0x200, kind) + blob + bytes(-length % 8)


def with_table(image: bytes, certificates: bytes) -> bytes:
    """A PE32+ image with this certificate table at its end in the place of its own."""
    (header,) = unpack_from("<I", image, 0x3C)
    entry = header + 24 + 112 + 4 * 8
    at, _ = unpack_from("<II", image, entry)
    image = image[: at or len(image)]
    return image[:entry] + pack("<II", len(image), len(certificates)) + image[entry + 8 :] + certificates


def signed(image: bytes, algorithm: str = SHA256, signer: tuple[str, str] = ("Somebody", "Some Firm")) -> bytes:
    """The image with a signature that matches it."""
    facts = read_pe(with_table(image, table(bytes(8))))
    assert facts is not None
    digests = {SHA1: facts.authentihash_sha1, SHA256: facts.authentihash_sha256, SHA512: "00" * 64}
    return with_table(image, table(pkcs7(bytes.fromhex(digests[algorithm]), algorithm, signer)))
