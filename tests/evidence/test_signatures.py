"""What is told of an embedded signature: by signify where it can be loaded, else that it was not checked, and why."""

import builtins
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hivecheck.evidence import signatures
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.evidence.inventory import Stocktaking
from hivecheck.evidence.signatures import Signature, SignatureState, check_signature
from hivecheck.report.files_json import file_json
from tests.evidence.pe_writer import NATIVE, pe_image

SIGNED = pe_image(NATIVE, signature=b"8 bytes.")
Fake = Callable[..., None]


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
    assert check_signature(SIGNED, 8) == Signature(SignatureState.NOT_CHECKED, why)
    assert check_signature(SIGNED, 8).words == f"not checked: {why}"


@pytest.mark.parametrize(
    ("result", "error", "state", "words"),
    [
        ("OK", None, SignatureState.VALID, "valid, of CN=Somebody, O=Some Firm"),
        ("INVALID_DIGEST", ValueError("The digest differs."), SignatureState.BROKEN, "broken, of CN=Somebody, O=Some Firm: The digest differs"),
        ("CERTIFICATE_ERROR", None, SignatureState.UNTRUSTED, "untrusted, of CN=Somebody, O=Some Firm: certificate error"),
        ("PARSE_ERROR", None, SignatureState.NOT_CHECKED, "not checked, of CN=Somebody, O=Some Firm: parse error"),
    ],
)  # fmt: skip
def test_each_result_has_its_words(
    result: str, error: Exception | None, state: SignatureState, words: str, signify: Fake
) -> None:
    signify(result, error)
    found = check_signature(SIGNED, 8)
    assert (found.state, found.words) == (state, words)


@pytest.mark.parametrize("fault", [ValueError("bad"), RecursionError(), KeyError("x")])
def test_what_harms_the_verifier_is_not_checked(fault: Exception, signify: Fake) -> None:
    signify("OK", fails=fault)
    assert check_signature(SIGNED, 8).state is SignatureState.NOT_CHECKED


def test_a_huge_signature_is_not_handed_over(signify: Fake) -> None:
    signify("OK")
    assert check_signature(b"", 5 * 1024 * 1024).why == "it is larger than 4,194,304 bytes"


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
