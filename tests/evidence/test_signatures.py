"""What is told of an embedded signature: by signify where it can be loaded, else that it was not checked, and why."""

import builtins
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hivecheck.evidence import signatures
from hivecheck.evidence.der import read_element
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.evidence.inventory import Stocktaking
from hivecheck.evidence.pe_facts import PeFacts, read_pe
from hivecheck.evidence.signatures import Signature, SignatureState, check_signature
from hivecheck.facts.fact import changed
from hivecheck.report.files_json import file_json
from tests.evidence.pe_writer import NATIVE, pe_image
from tests.evidence.signature_writer import SHA1, SHA256, SHA512, der, pkcs7, signed, table, with_table

SIGNED = signed(pe_image(NATIVE))
OF = "CN=Somebody, O=Some Firm"
Fake = Callable[..., None]


def facts(image: bytes) -> PeFacts:
    found = read_pe(image)
    assert found is not None
    return found


def check(image: bytes) -> Signature:
    return check_signature(image, facts(image))


@pytest.fixture(autouse=True)
def loaded_anew() -> Iterator[None]:
    signatures._signify.cache_clear()
    yield
    signatures._signify.cache_clear()


@pytest.fixture
def signify(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """A function that puts a module in the place of signify, which verifies to a result of this name."""

    def install(result: str, error: Exception | None = None, fails: Exception | None = None) -> None:
        subject = SimpleNamespace(dn="CN=Somebody, O=Some Firm")
        certificate = SimpleNamespace(serial_number=7, issuer="root", subject=subject)
        signer = SimpleNamespace(serial_number=7, issuer="root")

        class AuthenticodeFile:
            embedded_signatures = (SimpleNamespace(signer_info=signer, certificates=(certificate,)),)

            @classmethod
            def from_stream(cls, stream: Any, _: str) -> "AuthenticodeFile":
                assert stream.read() == SIGNED
                if fails is not None:
                    raise fails
                return cls()

            def explain_verify(self) -> tuple[Any, Exception | None]:
                return SimpleNamespace(name=result), error

        module = ModuleType("signify.authenticode")
        module.AuthenticodeFile = AuthenticodeFile  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "signify", ModuleType("signify"))
        monkeypatch.setitem(sys.modules, "signify.authenticode", module)

    return install


def fail_to_import(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    plain = builtins.__import__

    def load(name: str, *more: Any) -> Any:
        if name.startswith("signify"):
            raise error
        return plain(name, *more)

    monkeypatch.setattr(builtins, "__import__", load)


class LibraryNotFoundError(Exception):
    """As oscrypto raises it."""


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ImportError("No module named 'signify'"), "that needs the extra `pe` (pip install 'hivecheck[pe]')"),
        (
            LibraryNotFoundError("Error detecting the version of libcrypto"),
            "signify can't be loaded here (Error detecting the version of libcrypto)",
        ),
    ],
)
def test_what_can_not_be_checked_is_said_with_the_reason(
    error: Exception, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_import(monkeypatch, error)
    assert check(SIGNED) == Signature(SignatureState.MATCHES, why, OF)
    assert check(SIGNED).words == f"matches its file, signer not verified, says it is of {OF}: {why}"


@pytest.mark.parametrize(
    ("result", "error", "state", "words"),
    [
        ("OK", None, SignatureState.VALID, "valid, of CN=Somebody, O=Some Firm"),
        ("INVALID_DIGEST", ValueError("The digest differs."), SignatureState.BROKEN, "broken, says it is of CN=Somebody, O=Some Firm: The digest differs"),
        ("CERTIFICATE_ERROR", None, SignatureState.UNTRUSTED, "untrusted, says it is of CN=Somebody, O=Some Firm: certificate error"),
        ("PARSE_ERROR", None, SignatureState.MATCHES, f"matches its file, signer not verified, says it is of {OF}: parse error"),
    ],
)  # fmt: skip
def test_each_result_has_its_words(
    result: str, error: Exception | None, state: SignatureState, words: str, signify: Fake
) -> None:
    signify(result, error)
    found = check(SIGNED)
    assert (found.state, found.words) == (state, words)


@pytest.mark.parametrize("fault", [ValueError("bad"), RecursionError(), KeyError("x")])
def test_what_harms_the_verifier_is_not_verified(fault: Exception, signify: Fake) -> None:
    signify("OK", fails=fault)
    assert check(SIGNED).state is SignatureState.MATCHES


def test_a_huge_signature_is_not_handed_over(signify: Fake) -> None:
    signify("OK")
    assert (
        check_signature(b"", changed(facts(SIGNED), signature_bytes=5 * 1024 * 1024)).why
        == "it is larger than 4,194,304 bytes"
    )


def test_a_broken_signature_counts_as_none_in_the_facts_of_a_file(tmp_path: Path, signify: Fake) -> None:
    (tmp_path / "Windows").mkdir()
    (tmp_path / "Windows" / "x.exe").write_bytes(SIGNED)
    (tmp_path / "Windows" / "y.exe").write_bytes(pe_image(NATIVE))
    for result, is_signed in (("INVALID_DIGEST", False), ("OK", True)):
        signatures._signify.cache_clear()
        signify(result)
        taking = Stocktaking(FolderTree(tmp_path), "Windows")
        taking.add(["Windows/x.exe", "Windows/y.exe"])
        signed, plain = taking.finish().present
        assert (signed.is_signed, plain.is_signed, plain.signature) == (is_signed, False, None)
        told = file_json(signed)["program"]["signature"]
        assert told == {
            "state": "valid" if is_signed else "broken",
            "why": None if is_signed else "invalid digest",
            "signer": "CN=Somebody, O=Some Firm",
        }
        assert file_json(plain)["program"]["signature"] is None


@pytest.mark.parametrize("algorithm", [SHA1, SHA256])
def test_a_signature_of_the_file_itself_matches_and_names_its_signer_as_a_claim(algorithm: str) -> None:
    found = check(signed(pe_image(NATIVE), algorithm, ("Microsoft Windows", "Microsoft Corporation")))
    assert (found.state, found.signer) == (SignatureState.MATCHES, "CN=Microsoft Windows, O=Microsoft Corporation")


def test_a_digest_that_is_not_computed_is_not_checked() -> None:
    found = check(signed(pe_image(NATIVE), SHA512))
    assert (found.state, found.why) == (
        SignatureState.NOT_CHECKED,
        "the digest that it signs is SHA-512, which is not computed here",
    )


@pytest.mark.parametrize(
    ("certificates", "why"),
    [
        (table(b""), "it is empty"),
        (table(b"A" * 200), "it is no PKCS #7 signature"),
        (table(b"\x30\x82\x01\x00" + bytes(256)), "it is no PKCS #7 signature"),
        (table(b"\x30" * 4000), "it is no PKCS #7 signature"),
        (table(pkcs7(bytes(32)), kind=1), "it is of type 1, which is no signature that Windows checks"),
        (b"\xff" * 4 + table(pkcs7(bytes(32)))[4:], "its length is impossible"),
        (table(pkcs7(bytes(32))), "the SHA-256 digest that it signs is not that of the file"),
        (table(pkcs7(b"")), "the SHA-256 digest that it signs is not that of the file"),
        (table(pkcs7(bytes(32))[:-1]), "it is no PKCS #7 signature"),
    ],
)
def test_what_signs_nothing_of_the_file_is_broken_and_counts_as_none(certificates: bytes, why: str) -> None:
    found = check(with_table(pe_image(NATIVE), certificates))
    assert (found.state, found.why) == (SignatureState.BROKEN, why)


def test_no_byte_of_a_signature_can_harm_its_reader() -> None:
    at = facts(SIGNED).signature_at
    for place in range(at, len(SIGNED)):
        for byte in (0x00, 0x80, 0x84, 0xFF):
            data = SIGNED[:place] + bytes([byte]) + SIGNED[place + 1 :]
            assert check(data).state in (SignatureState.MATCHES, SignatureState.BROKEN, SignatureState.NOT_CHECKED)


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x80", b"\x30\x85\0\0\0\0\0", b"\x3f\x01\0", b"\x30\x02\0"])
def test_der_that_is_cut_or_has_no_definite_length_gives_no_element(data: bytes) -> None:
    assert read_element(data, 0, len(data)) is None


def test_der_gives_the_place_of_an_element_of_any_length() -> None:
    for size in (0, 127, 128, 70_000):
        found = read_element(data := der(4, bytes(size)), 0, len(data))
        assert found is not None
        assert (found.end - found.start, found.end) == (size, len(data))
