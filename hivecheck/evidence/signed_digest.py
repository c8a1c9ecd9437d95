"""What an embedded signature says it signs: the digest of its file, and the name of its signer. Read, not verified.

Anyone can write such a signature: it tells that the file was not changed since, and who its maker claims to be. Every length is
bounded by the element that holds it. Source: "Windows Authenticode Portable Executable Signature Format" of Microsoft (WIN_CERTIFICATE,
SpcIndirectDataContent); RFC 2315 (SignedData); RFC 5280 (certificates, names).
"""

from struct import unpack_from

from hivecheck.evidence.der import INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, SET, DerElement, contents, parts, read_element
from hivecheck.facts.fact import fact

_HEAD_BYTES = 8
_SIGNED_DATA = 2  # the type of certificate
_SIGNED_DATA_ID = bytes.fromhex("2a864886f70d010702")
_INDIRECT_DATA_ID = bytes.fromhex("2b060104018237020104")
_DIGESTS = {
    bytes.fromhex("2a864886f70d0205"): "MD5",
    bytes.fromhex("2b0e03021a"): "SHA-1",
    bytes.fromhex("608648016503040201"): "SHA-256",
    bytes.fromhex("608648016503040202"): "SHA-384",
    bytes.fromhex("608648016503040203"): "SHA-512",
}
_NAMES = {bytes.fromhex("550403"): "CN", bytes.fromhex("55040a"): "O"}
_STRINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_CONTEXT_0 = 0xA0
_FEW, _CERTIFICATES, _NAME_PARTS = 16, 64, 32
_NAME_BYTES = 512
_NAME_LETTERS = 200


@fact
class SignedDigest:
    """`algorithm` is its usual name, or `of an unknown algorithm`. `signer` is the subject of the signer's certificate, `CN=..., O=...`;
    '' where it is not in there."""

    algorithm: str
    digest: bytes
    signer: str


def read_signed_digest(data: bytes, at: int, size: int) -> SignedDigest | str:
    """What the certificate table of so many bytes at this place of the file signs; else, as a sentence goes on, what is wrong with it."""
    if size <= _HEAD_BYTES or at + size > len(data):
        return "it is empty"
    length, _, kind = unpack_from("<IHH", data, at)
    if kind != _SIGNED_DATA:
        return f"it is of type {kind}, which is no signature that Windows checks"
    if not _HEAD_BYTES < length <= size:
        return "its length is impossible"
    wrapped = parts(data, read_element(data, at + _HEAD_BYTES, at + length), 2)
    if len(wrapped) < 2 or contents(data, wrapped[0]) != _SIGNED_DATA_ID or wrapped[1].tag != _CONTEXT_0:
        return "it is no PKCS #7 signature"
    signed = parts(data, next(iter(parts(data, wrapped[1], 1)), None), _FEW)
    if [one.tag for one in signed[:3]] != [INTEGER, SET, SEQUENCE] or signed[-1].tag != SET:
        return "its signed data can't be read"
    signers = parts(data, signed[-1], 1) if len(signed) > 3 else ()
    if not signers:
        return "nobody signed it"
    found = _digest(data, signed[2])
    if found is None:
        return "it signs no program"
    algorithm, digest = found
    certificates = next((one for one in signed[3:-1] if one.tag == _CONTEXT_0), None)
    return SignedDigest(algorithm, digest, _signer(data, signers[0], certificates))


def _digest(data: bytes, content: DerElement) -> tuple[str, bytes] | None:
    """Algorithm and digest of SpcIndirectDataContent, None where the content is something else."""
    kind = parts(data, content, 2)
    if len(kind) < 2 or contents(data, kind[0]) != _INDIRECT_DATA_ID or kind[1].tag != _CONTEXT_0:
        return None
    indirect = parts(data, next(iter(parts(data, kind[1], 1)), None), 2)
    message = parts(data, indirect[1], 2) if len(indirect) == 2 else ()
    if [one.tag for one in message] != [SEQUENCE, OCTET_STRING]:
        return None
    algorithm = next(iter(parts(data, message[0], 1)), None)
    if algorithm is None or algorithm.tag != OBJECT_ID:
        return None
    return _DIGESTS.get(contents(data, algorithm)[:_NAME_BYTES], "of an unknown algorithm"), contents(data, message[1])[:64]


def _signer(data: bytes, signer: DerElement, certificates: DerElement | None) -> str:
    """The subject of the certificate whose issuer and number the signer names, '' where none is there."""
    fields = parts(data, signer, 2)
    named = parts(data, fields[1], 2) if len(fields) == 2 else ()
    if len(named) < 2:
        return ""
    issuer, number = (data[one.first : one.end] for one in named)
    for certificate in parts(data, certificates, _CERTIFICATES):
        rows = parts(data, next(iter(parts(data, certificate, 1)), None), _FEW)
        rows = rows[1:] if rows and rows[0].tag == _CONTEXT_0 else rows  # its version
        if len(rows) >= 5 and data[rows[0].first : rows[0].end] == number and data[rows[2].first : rows[2].end] == issuer:
            return _name(data, rows[4])
    return ""


def _name(data: bytes, name: DerElement) -> str:
    told: list[str] = []
    for group in parts(data, name, _NAME_PARTS):
        for pair in parts(data, group, _FEW):
            what = parts(data, pair, 2)
            if len(what) == 2 and contents(data, what[0])[:_NAME_BYTES] in _NAMES:
                raw = data[what[1].start : min(what[1].end, what[1].start + _NAME_BYTES)]
                text = raw.decode(_STRINGS.get(what[1].tag, "latin-1"), "replace")
                told.append(f"{_NAMES[contents(data, what[0])]}={text}")
    return ", ".join(told)[:_NAME_LETTERS]
