"""Whether the signature in a program file is valid, asked of signify (extra `pe`), where that can be loaded.

It verifies offline: the digest, the signature, and the chain to the roots that Windows trusts, at the time that a counter-signature
tells; whether a certificate was revoked is not asked. Where it is not installed, or finds no library for cryptography that it knows
(oscrypto 1.3.0 takes none of OpenSSL 3.0.10 and later), only the digest that the signature signs is held against the file: it matches
or is broken, and why no more is known is told. Source: ecosystem.md 3.
"""

from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Any

from hivecheck.evidence.pe_facts import PeFacts
from hivecheck.evidence.signed_digest import read_signed_digest
from hivecheck.facts.fact import changed, fact

INSTALL_HINT = "pip install 'hivecheck[pe]'"
_SIGNATURE_BYTES_AT_MOST = 4 * 1024 * 1024
_NAME_LETTERS = 200
_REASON_LETTERS = 300
_BROKEN = frozenset({"INVALID_DIGEST", "INCONSISTENT_DIGEST_ALGORITHM", "INVALID_ADDITIONAL_HASH", "VERIFY_ERROR"})


class SignatureState(StrEnum):
    """What is known of an embedded signature. A broken one is not of these bytes, or none; an untrusted one is of them, but of a signer
    without a root; of one that only matches its file the signer is a claim that anyone can make."""

    VALID = "valid"
    MATCHES = "matches"
    BROKEN = "broken"
    UNTRUSTED = "untrusted"
    NOT_CHECKED = "not checked"


@fact
class Signature:
    """`why` is '' for a valid one. `signer` is the name in the signer's certificate as it stands there, '' where it is not known."""

    state: SignatureState
    why: str = ""
    signer: str = ""

    @property
    def words(self) -> str:
        """`valid, of CN=...`, `broken: ...`: as the end of a sentence. But for a valid one, the names in it are the file's own claims."""
        return f"{self.short_words}{f': {self.why}' if self.why else ''}"

    @property
    def short_words(self) -> str:
        """The same without why no more is known."""
        says = ", says it is of" if self.state is not SignatureState.VALID else ", of"
        of = f"{says} {self.signer}" if self.signer else ""
        state = "matches its file, signer not verified" if self.state is SignatureState.MATCHES else self.state.value
        return f"{state}{of}"


def check_signature(data: bytes, program: PeFacts) -> Signature:
    """What is known of the signature that this PE image carries."""
    if program.signature_bytes > _SIGNATURE_BYTES_AT_MOST:
        return Signature(SignatureState.NOT_CHECKED, f"it is larger than {_SIGNATURE_BYTES_AT_MOST:,} bytes")
    matched = _match(data, program)
    opener, why = _signify()
    if opener is None:
        return matched if matched.state is SignatureState.BROKEN else changed(matched, why=matched.why or why)
    try:
        file = opener.from_stream(BytesIO(data), "file")
        result, error = file.explain_verify()
    except Exception as fault:  # noqa: BLE001 - it reads what an attacker made
        return changed(matched, why=matched.why or _reason(fault, "it can't be read"))
    signer = _signer(file) or matched.signer
    name = getattr(result, "name", "")
    if name == "OK":
        return Signature(SignatureState.VALID, "", signer)
    told = _reason(error, name.lower().replace("_", " "))
    if name in _BROKEN:
        return Signature(SignatureState.BROKEN, told, signer)
    if name in ("CERTIFICATE_ERROR", "COUNTERSIGNER_ERROR"):
        return Signature(SignatureState.UNTRUSTED, told, signer)
    return changed(matched, why=matched.why or told, signer=signer)


def _match(data: bytes, program: PeFacts) -> Signature:
    """Whether what the signature signs is the digest of this file. Says nothing of why the signer is not verified."""
    found = read_signed_digest(data, program.signature_at, program.signature_bytes)
    if isinstance(found, str):
        return Signature(SignatureState.BROKEN, found)
    digests = {"SHA-1": program.authentihash_sha1, "SHA-256": program.authentihash_sha256}
    if found.algorithm not in digests:
        why = f"the digest that it signs is {found.algorithm}, which is not computed here"
        return Signature(SignatureState.NOT_CHECKED, why, found.signer)
    if found.digest.hex() != digests[found.algorithm]:
        return Signature(
            SignatureState.BROKEN, f"the {found.algorithm} digest that it signs is not that of the file", found.signer
        )
    return Signature(SignatureState.MATCHES, "", found.signer)


@cache
def _signify() -> tuple[Any, str]:
    """What opens signed files, or None and why there is nothing."""
    try:
        from signify.authenticode import AuthenticodeFile
    except ImportError:
        return None, f"that needs the extra `pe` ({INSTALL_HINT})"
    except Exception as error:  # noqa: BLE001 - oscrypto's LibraryNotFoundError, and whatever else loading it meets
        return None, f"signify can't be loaded here ({_reason(error, type(error).__name__)})"
    return AuthenticodeFile, ""


def _signer(file: Any) -> str:
    """The subject of the first signer's certificate."""
    try:
        signature = next(iter(file.embedded_signatures))
        signer = signature.signer_info
        for certificate in signature.certificates:
            if certificate.serial_number == signer.serial_number and certificate.issuer == signer.issuer:
                return str(certificate.subject.dn)[:_NAME_LETTERS]
    except Exception:  # noqa: BLE001 - a name more is not worth a failure
        return ""
    return ""


def _reason(error: object, otherwise: str) -> str:
    told = str(error) if error is not None else ""
    return " ".join((told or otherwise).split()).rstrip(".")[:_REASON_LETTERS]
