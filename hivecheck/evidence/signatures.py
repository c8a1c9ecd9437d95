"""Whether the signature in a program file is valid, asked of signify (extra `pe`), where that can be loaded.

It verifies offline: the digest, the signature, and the chain to the roots that Windows trusts, at the time that a counter-signature
tells; whether a certificate was revoked is not asked. Where it is not installed, or finds no library for cryptography that it knows
(oscrypto 1.3.0 takes none of OpenSSL 3.0.10 and later), a signature is "not checked", and why is told. Source: ecosystem.md 3.
"""

from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Any

from hivecheck.facts.fact import fact

INSTALL_HINT = "pip install 'hivecheck[pe]'"
_SIGNATURE_BYTES_AT_MOST = 4 * 1024 * 1024
_NAME_LETTERS = 200
_REASON_LETTERS = 300
_BROKEN = frozenset({"INVALID_DIGEST", "INCONSISTENT_DIGEST_ALGORITHM", "INVALID_ADDITIONAL_HASH", "VERIFY_ERROR"})


class SignatureState(StrEnum):
    """What is known of an embedded signature. A broken one is not of these bytes; an untrusted one is, but of a signer without a root."""

    VALID = "valid"
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
        """`valid, of CN=...`, `not checked: ...`: as the end of a sentence. The names in it are the file's own claims."""
        of = f", of {self.signer}" if self.signer else ""
        return f"{self.state.value}{of}{f': {self.why}' if self.why else ''}"


def check_signature(data: bytes, signature_bytes: int) -> Signature:
    """What is known of the signature of so many bytes in this PE image."""
    if signature_bytes > _SIGNATURE_BYTES_AT_MOST:
        return Signature(SignatureState.NOT_CHECKED, f"it is larger than {_SIGNATURE_BYTES_AT_MOST:,} bytes")
    opener, why = _signify()
    if opener is None:
        return Signature(SignatureState.NOT_CHECKED, why)
    try:
        file = opener.from_stream(BytesIO(data), "file")
        result, error = file.explain_verify()
    except Exception as fault:  # noqa: BLE001 - it reads what an attacker made
        return Signature(SignatureState.NOT_CHECKED, _reason(fault, "it can't be read"))
    signer = _signer(file)
    name = getattr(result, "name", "")
    if name == "OK":
        return Signature(SignatureState.VALID, "", signer)
    told = _reason(error, name.lower().replace("_", " "))
    if name in _BROKEN:
        return Signature(SignatureState.BROKEN, told, signer)
    is_read = name in ("CERTIFICATE_ERROR", "COUNTERSIGNER_ERROR")
    return Signature(SignatureState.UNTRUSTED if is_read else SignatureState.NOT_CHECKED, told, signer)


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
