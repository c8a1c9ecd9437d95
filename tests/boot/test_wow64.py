"""32-bit services of a 64-bit Windows: what tells them, and which files they get. File System Redirector; [MS-SCMR]."""

import pytest

from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN7, WIN10_1903, WIN2003, Generation
from tests.boot.boots import citation, present
from tests.boot.service_boots import SHARED, event_of, service, start, started

RUNS = "it runs as a 32-bit program (x86), and what it opens below System32 is taken from SysWOW64"


def event(image: str, generation: Generation = WIN10_1903, architecture: str = "AMD64", **values: object) -> Event:
    return event_of(start(service("A", image=image, **values), generation, architecture=architecture), "A")  # type: ignore[arg-type]


def hosted(dll: str, generation: Generation = WIN10_1903, image: str = "SysWOW64", **values: object) -> str:
    """The DLL of a service in a svchost of this folder."""
    line = f"%SystemRoot%\\{image}\\svchost.exe -k own"
    raw = f'[A\\Parameters]\nServiceDll = expand "{dll}"'
    played = start(service("A", 2, SHARED, line, raw=raw, **values), generation, architecture="AMD64")
    path = started(played, "A").dll
    assert path is not None
    return path.tail


@pytest.mark.parametrize("number", [1, 0x14C])
def test_the_value_tells_a_32_bit_service(number: int) -> None:
    found = event("C:\\Own\\a.exe", WOW64=number)
    assert f"WOW64 is {number}: {RUNS}." in found.why
    assert ("WOW64", None) in [citation(origin) for origin in found.because]
    assert found.certainty is Certainty.B


def test_a_32_bit_service_of_arm_has_a_folder_of_its_own() -> None:
    assert (
        "32-bit program (ARM), and what it opens below System32 is taken from SysArm32."
        in event("C:\\a.exe", WOW64=0x1C4).why
    )


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("%SystemRoot%\\SysWOW64\\perfhost.exe", f"Its program is in SysWOW64: {RUNS}."),
        ("C:\\Program Files (x86)\\Own\\a.exe", f"By its folder, Program Files (x86): {RUNS}."),
        ("%ProgramFiles(x86)%\\Own\\a.exe", f"By its folder, Program Files (x86): {RUNS}."),
        ("C:\\Program Files\\Own\\a.exe", ""),
        ("%SystemRoot%\\System32\\SysWOW64\\a.exe", ""),
        ("a.exe", ""),
    ],
)
def test_the_folder_tells_it_too(image: str, told: str) -> None:
    why = event(image).why
    assert told in why
    assert ("32-bit" in why) is bool(told)


@pytest.mark.parametrize("image", ["C:\\Own\\a.exe", "%SystemRoot%\\SysWOW64\\a.exe"])
def test_a_32_bit_windows_has_no_other_services(image: str) -> None:
    assert "32-bit" not in event(image, WIN7, "x86", WOW64=1).why


@pytest.mark.parametrize("number", [0, 2, 0x8664])
def test_the_value_goes_before_the_folder(number: int) -> None:
    assert "32-bit" not in event("%SystemRoot%\\SysWOW64\\a.exe", WOW64=number).why


def test_a_value_that_is_no_number_tells_nothing() -> None:
    assert "32-bit" not in event("C:\\Own\\a.exe", WOW64="1").why


@pytest.mark.parametrize("image", ["%SystemRoot%\\System32\\a.exe", "System32\\a.exe", "C:\\windows\\SYSTEM32\\a.exe"])
def test_by_the_value_the_program_is_that_of_syswow64(image: str) -> None:
    """As mnmsrvc of XP x64, whose program is in SysWOW64 only."""
    played = start(service("A", image=image, WOW64=1), WIN2003, architecture="AMD64")
    found = event_of(played, "A")
    assert found.certainty is Certainty.C
    assert "inferred from services of XP x64" in found.why
    (process,) = [one for one in played.after.processes if one.name == "a.exe"]
    assert process.image.upper() == "\\??\\C:\\WINDOWS\\SYSWOW64\\A.EXE"


def test_without_the_value_the_program_is_that_of_system32() -> None:
    assert (
        started(start(service("A"), WIN2003, architecture="AMD64"), "A").candidates[-1].tail
        == "C:\\Windows\\System32\\A.exe"
    )


@pytest.mark.parametrize(
    ("dll", "found"),
    [
        ("%SystemRoot%\\System32\\a.dll", "C:\\Windows\\SysWOW64\\a.dll"),
        ("C:\\WINDOWS\\system32\\own\\a.dll", "C:\\Windows\\SysWOW64\\own\\a.dll"),
        ("a.dll", "C:\\Windows\\SysWOW64\\a.dll"),
        ("%SystemRoot%\\Sysnative\\a.dll", "C:\\Windows\\System32\\a.dll"),
        ("%SystemRoot%\\System32\\spool\\a.dll", "C:\\Windows\\System32\\spool\\a.dll"),
        ("%SystemRoot%\\System32\\spooler\\a.dll", "C:\\Windows\\SysWOW64\\spooler\\a.dll"),
        ("%SystemRoot%\\System32\\drivers\\etc\\a.dll", "C:\\Windows\\System32\\drivers\\etc\\a.dll"),
        ("%SystemRoot%\\System32\\drivers\\a.dll", "C:\\Windows\\SysWOW64\\drivers\\a.dll"),
        ("%SystemRoot%\\System32x\\a.dll", "C:\\Windows\\System32x\\a.dll"),
        ("D:\\Windows\\System32\\a.dll", "D:\\Windows\\System32\\a.dll"),
    ],
)
def test_a_32_bit_svchost_gets_its_dll_from_syswow64(dll: str, found: str) -> None:
    assert hosted(dll) == found


def test_a_native_svchost_gets_its_dll_from_system32() -> None:
    assert hosted("%SystemRoot%\\System32\\a.dll", image="System32") == "C:\\Windows\\System32\\a.dll"


@pytest.mark.parametrize(("generation", "folder"), [(VISTA, "SysWOW64"), (WIN7, "System32")])
def test_the_driver_store_is_left_alone_from_7_on(generation: Generation, folder: str) -> None:
    assert hosted("%SystemRoot%\\System32\\DriverStore\\a.dll", generation) == f"C:\\Windows\\{folder}\\DriverStore\\a.dll"


@pytest.mark.parametrize(("folder", "done"), [("SysWOW64", Done.YES), ("System32", Done.NO)])
def test_only_the_dll_in_syswow64_counts(folder: str, done: Done) -> None:
    raw = '[A\\Parameters]\nServiceDll = expand "%SystemRoot%\\System32\\a.dll"'
    text = service("A", 2, SHARED, "%SystemRoot%\\SysWOW64\\svchost.exe -k own", raw=raw)
    files = (present("C:\\Windows\\SysWOW64\\svchost.exe"), present(f"C:\\Windows\\{folder}\\a.dll"))
    assert event_of(start(text, WIN7, architecture="AMD64", files=files), "A").done is done


@pytest.mark.parametrize(
    "image", ["\\", "C:\\Program Files (x86)\\" + "a" * 40_000, "%SystemRoot%\\SysWOW64", "\\\\?\\", "C:", "/"]
)
def test_an_odd_image_is_taken_for_no_32_bit_program(image: str) -> None:
    assert "32-bit" not in event(image).why
    assert "32-bit" in event(image, WOW64=1).why
