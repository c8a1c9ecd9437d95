"""What the files of a built volume change in the findings of each rule that they help to decide; without a volume, nothing."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from hivecheck.boot.actions import RunProgram
from hivecheck.boot.known_files import touched_paths
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot_on_volume import play_on_volume
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.evidence.inventory import Inventory
from hivecheck.evidence.pe_facts import read_pe
from hivecheck.evidence.signatures import Signature, SignatureState
from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.file_refinement import REFINEMENTS, rules_with_files
from hivecheck.rules.judge import judge
from hivecheck.rules.rule import Hit, Rule, Severity
from tests.evidence.pe_writer import CONSOLE, NATIVE, pe_image
from tests.evidence.signature_writer import pkcs7, signed, table, with_table
from tests.evidence.test_inventory import CATALOGS, catalog, put, whole_volume
from tests.rules.cases import case_of

CRITICAL, HIGH, MEDIUM, LOW, INFO = reversed(Severity)
SYSTEM32 = "Windows/System32"
SM = "[ControlSet001\\Control\\Session Manager]\n"
PLANTED = SM + 'BootExecute = multi "autocheck autochk *" "ntsvcfg /s"'
SIGNED = signed(pe_image(NATIVE))
BY_ID = {rule.id: rule for rule in RULES}


def on_volume(root: Path, notation: str, *without: str) -> tuple[Case, Inventory]:
    """The case of a clean Windows 10 with this laid over it, played with the files below `root`."""
    case = case_of(Example("built", notation, without=without))
    smss = Smss(case.settings, case.generation, case.system_root, case.architecture, "ControlSet001", None, True)
    case.replay, inventory = play_on_volume(case.sets, smss, case.lists, case.replay, FolderTree(root))
    assert inventory is not None
    return case, inventory


def hits(rule: str, root: Path, notation: str) -> list[Hit]:
    case, inventory = on_volume(root, notation)
    (refined,) = rules_with_files((BY_ID[rule],), inventory)
    return list(refined.check(case))


def one(found: list[Hit]) -> Hit:
    (hit,) = found
    return hit


def vouched(root: Path, *programs: bytes) -> None:
    """A catalog that lists these programs."""
    facts = [read_pe(program) for program in programs]
    put(root, f"{CATALOGS}/windows.cat", catalog("00" * 32, *(one.authentihash_sha256 for one in facts if one is not None)))


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    return fill_volume(tmp_path)


def fill_volume(root: Path) -> Path:
    """The volume of the clean Windows 10, with all files of System32 that its boot asks for; a catalog lists its autochk.exe."""
    for name in system_files():
        put(root, name, SIGNED)
    autochk = pe_image(NATIVE, body=b"autochk")
    put(whole_volume(root), f"{SYSTEM32}/autochk.exe", autochk)
    vouched(root, autochk)
    return root


@cache
def system_files() -> tuple[str, ...]:
    case = case_of(Example("clean", ""))
    paths = (path.casefold().replace("\\", "/") for path in touched_paths(case.replay, case.system_root))
    below = "windows/system32/"
    return tuple(
        {f"{SYSTEM32}/{path.removeprefix(below)}": 0 for path in paths if path.startswith(below) and path[-4:-3] == "."}
    )


def test_every_row_is_a_rule_and_stands_once() -> None:
    ids = [one.rule for one in REFINEMENTS]
    assert set(ids) <= set(BY_ID)
    assert len(ids) == len(set(ids))


def test_a_boot_program_that_is_missing_is_milder(volume: Path) -> None:
    hit = one(hits("bootexec-extra", volume, PLANTED))
    assert (hit.severity, hit.confidence) == (MEDIUM, Confidence.HIGH)
    assert "On the volume there is no Windows\\system32\\ntsvcfg.exe, nor in the 4 other places" in hit.message


def test_one_that_is_not_native_would_be_killed(volume: Path) -> None:
    put(volume, f"{SYSTEM32}/ntsvcfg.exe", pe_image(CONSOLE))
    hit = one(hits("bootexec-extra", volume, PLANTED))
    assert (hit.severity, hit.confidence) == (MEDIUM, Confidence.HIGH)
    assert "smss would create and kill it at once" in hit.message


def test_a_native_one_that_nobody_signed_is_worse_and_its_hash_is_cited(volume: Path) -> None:
    data = pe_image(NATIVE, imports=("ntdll.dll", "kernel32.dll"), version={"CompanyName": "Nobody"})
    put(volume, f"{SYSTEM32}/ntsvcfg.exe", data)
    hit = one(hits("bootexec-extra", volume, PLANTED))
    assert (hit.severity, hit.confidence) == (CRITICAL, Confidence.HIGH)
    assert sha256(data).hexdigest() in hit.message
    assert "without a signature, not in the only catalog of the volume" in hit.message
    assert "this one also imports kernel32.dll" in hit.message
    assert "its version resource says Nobody" in hit.message


def test_one_that_is_signed_or_listed_stays_as_it_was(volume: Path) -> None:
    put(volume, f"{SYSTEM32}/ntsvcfg.exe", SIGNED)
    hit = one(hits("bootexec-extra", volume, PLANTED))
    assert hit.severity is HIGH
    assert (
        "with an embedded signature (matches its file, signer not verified, says it is of CN=Somebody, O=Some Firm)"
        in hit.message
    )
    program = pe_image(NATIVE, body=b"listed")
    put(volume, f"{SYSTEM32}/ntsvcfg.exe", program)
    vouched(volume, program, pe_image(NATIVE, body=b"autochk"))
    hit = one(hits("bootexec-extra", volume, PLANTED))
    assert hit.severity is HIGH
    assert "listed in the catalog windows.cat" in hit.message


def test_a_choice_of_files_changes_nothing_about_what_it_lacks(tmp_path: Path) -> None:
    put(tmp_path, f"{SYSTEM32}/smss.exe", SIGNED)
    plain = one(list(BY_ID["bootexec-extra"].check(case_of(Example("built", PLANTED)))))
    hit = one(hits("bootexec-extra", tmp_path, PLANTED))
    assert (hit.message, hit.severity) == (plain.message, plain.severity)


@pytest.mark.parametrize("halting", ["volume", "hive"])
def test_what_is_known_of_boot_programs_stays_where_the_boot_halts_before_them(volume: Path, halting: str) -> None:
    lines = SM + 'BootExecute = multi "autocheck autochk *" "gone" "conprog" "ntsvcfg /s"'
    put(volume, f"{SYSTEM32}/ntsvcfg.exe", pe_image(NATIVE, imports=("ntdll.dll", "kernel32.dll")))
    put(volume, f"{SYSTEM32}/conprog.exe", pe_image(CONSOLE))
    put(volume, f"{SYSTEM32}/autochk.exe", pe_image(CONSOLE))
    before = {hit.message: (hit.severity, hit.confidence) for hit in hits("bootexec-extra", volume, lines)}
    if halting == "volume":
        (volume / SYSTEM32 / "drivers/ntfs.sys").unlink()
    without = ("Control\\Session Manager\\DOS Devices",) if halting == "hive" else ()
    case, inventory = on_volume(volume, lines, *without)
    assert case.replay.halted is not None
    assert not case.events.of(RunProgram)
    (rule,) = rules_with_files((BY_ID["bootexec-extra"],), inventory)
    found = list(rule.check(case))
    assert {hit.message: (hit.severity, hit.confidence) for hit in found} == before
    assert [hit.events for hit in found] == [(), (), (), ()]


CLEAN = SM + 'BootExecute = multi "autocheck autochk *"'


def test_windows_own_autochk_is_no_finding(volume: Path) -> None:
    assert hits("bootexec-extra", volume, CLEAN) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pe_image(NATIVE, body=b"another"), "nobody vouches for the file of that name"),
        (pe_image(CONSOLE), "the file of that name is no native program"),
        (bytes(4096), "the file of that name is no native program"),
    ],
)
def test_another_program_in_the_place_of_autochk(volume: Path, data: bytes, words: str) -> None:
    put(volume, f"{SYSTEM32}/autochk.exe", data)
    hit = one(hits("bootexec-extra", volume, CLEAN))
    assert hit.severity is HIGH
    assert words in hit.message
    assert [getattr(origin, "text", "") for origin in hit.because] == ["autocheck autochk *"]


OTHER = pe_image(NATIVE, body=b"another")


@pytest.mark.parametrize(
    ("data", "words", "confidence"),
    [
        (with_table(OTHER, table(b"")), "is broken: it is empty", Confidence.MEDIUM),
        (with_table(OTHER, table(b"A" * 200)), "is broken: it is no PKCS #7 signature", Confidence.MEDIUM),
        (with_table(OTHER, table(pkcs7(bytes(32)))), "is broken: the SHA-256 digest", Confidence.MEDIUM),
        (
            signed(OTHER, signer=("Microsoft Windows", "Microsoft Corporation")),
            "its signature names CN=Microsoft Windows, O=Microsoft Corporation, which was not verified",
            Confidence.LOW,
        ),
    ],
)
def test_a_signature_that_nobody_verified_does_not_make_another_autochk_windows_own(
    volume: Path, data: bytes, words: str, confidence: Confidence
) -> None:
    put(volume, f"{SYSTEM32}/autochk.exe", data)
    hit = one(hits("bootexec-extra", volume, CLEAN))
    assert words in hit.message
    assert (hit.severity, hit.confidence) == (HIGH, confidence)
    assert ".." not in hit.message


@pytest.mark.parametrize(
    ("state", "signer", "words"),
    [
        (SignatureState.UNTRUSTED, "CN=Microsoft Windows, O=Microsoft Corporation", "is untrusted: no root"),
        (SignatureState.VALID, "CN=Evil Corp", "is signed by CN=Evil Corp, not by Microsoft"),
        (SignatureState.VALID, "CN=Microsoft Windows, O=Microsoft Corporation", ""),
    ],
)
def test_only_a_verified_signature_of_microsoft_makes_an_unlisted_autochk_windows_own(
    volume: Path, state: SignatureState, signer: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(volume, f"{SYSTEM32}/autochk.exe", signed(OTHER))
    told = Signature(state, "no root" if state is SignatureState.UNTRUSTED else "", signer)
    monkeypatch.setattr("hivecheck.evidence.inventory.check_signature", lambda *_: told)
    found = hits("bootexec-extra", volume, CLEAN)
    assert [words in hit.message for hit in found] == ([True] if words else [])


def test_a_listed_autochk_is_windows_own_whatever_its_signature(volume: Path) -> None:
    data = signed(OTHER)
    put(volume, f"{SYSTEM32}/autochk.exe", data)
    vouched(volume, data)
    assert hits("bootexec-extra", volume, CLEAN) == []


def test_another_autoconv_is_told_as_another_autochk_is(volume: Path) -> None:
    put(volume, f"{SYSTEM32}/autoconv.exe", with_table(OTHER, table(b"")))
    lines = SM + 'BootExecute = multi "autocheck autochk *" "autoconv \\??\\C: /fs:ntfs"'
    told = [hit.message for hit in hits("bootexec-extra", volume, lines) if hit.severity is HIGH]
    assert len(told) == 1
    assert told[0].startswith("BootExecute lists autoconv, but the embedded signature")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, ", but the file does not exist on the volume."),
        (pe_image(CONSOLE), ", but the file is not a native program."),
        (SIGNED, "before autochk."),
    ],
)
def test_what_the_volume_decides_is_no_longer_told_as_a_condition(volume: Path, data: bytes | None, words: str) -> None:
    if data is not None:
        put(volume, f"{SYSTEM32}/ntsvcfg.exe", data)
    hit = one(hits("bootexec-extra", volume, SM + 'BootExecute = multi "ntsvcfg /s" "autocheck autochk *"'))
    assert "if the file exists" not in hit.message
    assert words in hit.message


def test_without_catalogs_an_unsigned_autochk_is_no_finding(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), f"{SYSTEM32}/autochk.exe", pe_image(NATIVE))
    assert hits("bootexec-extra", tmp_path, CLEAN) == []


SERVICE = r"""
[ControlSet001\Services\Updater]
Type = dword 16
Start = dword 2
ObjectName = sz "LocalSystem"
ImagePath = expand "C:\Users\Public\updater.exe"
"""


def test_a_service_in_a_folder_of_users_exists_or_not(volume: Path) -> None:
    plain = one(list(BY_ID["svc-path-user-writable"].check(case_of(Example("built", SERVICE)))))
    before = plain.severity or BY_ID["svc-path-user-writable"].severity
    put(volume, "Users/Public/other.txt")
    missing = one(hits("svc-path-user-writable", volume, SERVICE))
    assert missing.severity is before.raised(-1)
    assert "On the volume there is no Users\\Public\\updater.exe" in missing.message
    put(volume, "Users/Public/updater.exe", pe_image(CONSOLE))
    there = one(hits("svc-path-user-writable", volume, SERVICE))
    assert there.severity is before.raised()
    assert "Windows console program for AMD64, without a signature" in there.message


DROP = SM + r'PendingFileRenameOperations = multi "\??\C:\Users\Public\x.tmp" "\??\C:\Windows\System32\evil.dll"'


def test_a_rename_whose_source_is_not_there_is_harmless(volume: Path) -> None:
    put(volume, "Users/Public/other.txt")
    plain = one(list(BY_ID["pfro-drop-executable"].check(case_of(Example("built", DROP)))))
    hit = one(hits("pfro-drop-executable", volume, DROP))
    assert (plain.severity or BY_ID["pfro-drop-executable"].severity) > LOW
    assert (hit.severity, hit.confidence) == (LOW, Confidence.HIGH)
    assert "there is no Users\\Public\\x.tmp" in hit.message
    put(volume, "Users/Public/x.tmp", pe_image(dll=True))
    there = one(hits("pfro-drop-executable", volume, DROP))
    assert there.confidence is Confidence.HIGH
    assert "Users\\Public\\x.tmp is a file of" in there.message


KNOWN_DLL = SM + r'PendingFileRenameOperations = multi "\??\C:\ProgramData\w2.tmp" "!\??\C:\Windows\System32\ws2_32.dll"'


def test_a_sequence_whose_source_is_not_there_is_harmless_too(volume: Path) -> None:
    put(volume, "ProgramData/other.txt")
    hit = one(hits("seq-knowndll-replaced-file", volume, KNOWN_DLL))
    assert (hit.severity, hit.confidence) == (LOW, Confidence.HIGH)
    assert "there is no ProgramData\\w2.tmp: the entry does nothing" in hit.message
    put(volume, "ProgramData/w2.tmp", pe_image(dll=True))
    there = one(hits("seq-knowndll-replaced-file", volume, KNOWN_DLL))
    assert (there.severity, there.confidence) == (CRITICAL, Confidence.HIGH)
    assert "ProgramData\\w2.tmp is a file of" in there.message


CHAIN = (
    SM
    + r"""PendingFileRenameOperations = multi [
  "\??\C:\Users\x\a.tmp" "\??\C:\ProgramData\b"
  "\??\C:\ProgramData\b" "\??\C:\Windows\System32\c.dll"
]"""
)


def test_what_an_earlier_row_puts_there_need_not_be_on_the_volume(volume: Path) -> None:
    put(volume, "Users/x/a.tmp", pe_image(dll=True))
    put(volume, "ProgramData/other.txt")
    for rule in ("seq-rename-chain", "pfro-drop-executable"):
        hit = one(hits(rule, volume, CHAIN))
        assert hit.severity is not None
        assert hit.severity > LOW
        assert "Users\\x\\a.tmp is a file of" in hit.message
        assert "there is no" not in hit.message


def test_of_several_sources_the_one_that_is_missing_is_told(volume: Path) -> None:
    put(volume, f"{SYSTEM32}/sethc.exe", SIGNED)
    put(volume, "Users/Public/other.txt")
    rows = (
        SM
        + r"""PendingFileRenameOperations = multi [
      "\??\C:\Windows\System32\sethc.exe" ""
      "\??\C:\Users\Public\s.dat" "\??\C:\Windows\System32\sethc.exe"
    ]"""
    )
    hit = one(hits("seq-delete-then-replace", volume, rows + "\n[ControlSet001\\Control\\MiniNT]\nx = dword 1"))
    assert "there is no Users\\Public\\s.dat: its row does nothing" in hit.message


def test_all_rules_of_the_catalog_can_be_judged_with_files(volume: Path) -> None:
    case, inventory = on_volume(volume, PLANTED + "\n" + SERVICE)
    rules: tuple[Rule, ...] = rules_with_files(RULES, inventory)
    found = {finding.rule.id for finding in judge(case, rules).findings}
    assert {"bootexec-extra", "svc-path-user-writable"} <= found
    assert [rule.id for rule in rules] == [rule.id for rule in RULES]


SERVICES = r"""
[ControlSet001\Services\odd]
Type = dword 0x10
Start = dword 2
ErrorControl = dword 1
ImagePath = expand "C:\Users\Public\odd.exe"
[ControlSet001\Services\odddrv]
Type = dword 1
Start = dword 1
ErrorControl = dword 1
ImagePath = expand "\??\C:\ProgramData\odddrv.sys"
"""


@pytest.mark.parametrize("halting", ["volume", "hive"])
@pytest.mark.parametrize(
    ("rule", "place", "missing"),
    [
        ("svc-path-user-writable", "Users/Public/odd.exe", False),
        ("svc-path-user-writable", "Users/Public/odd.exe", True),
        ("svc-driver-odd-location", "ProgramData/odddrv.sys", False),
    ],
)
def test_what_is_known_of_services_and_drivers_stays_where_the_boot_halts_before_them(
    volume: Path, halting: str, rule: str, place: str, missing: bool
) -> None:
    if missing:
        put(volume, "Users/Public/other.txt", b"")
    else:
        put(volume, place, pe_image(NATIVE, version={"CompanyName": "Nobody"}))
    before = {hit.subject: hit for hit in hits(rule, volume, SERVICES)}
    if halting == "volume":
        (volume / SYSTEM32 / "drivers/ntfs.sys").unlink()
    without = ("Control\\Session Manager\\DOS Devices",) if halting == "hive" else ()
    case, inventory = on_volume(volume, SERVICES, *without)
    assert case.replay.halted is not None
    (refined,) = rules_with_files((BY_ID[rule],), inventory)
    found = {hit.subject: hit for hit in refined.check(case)}
    name = place.rpartition("/")[2].partition(".")[0]
    mine = next(hit for subject, hit in found.items() if name in subject)
    was = next(hit for subject, hit in before.items() if name in subject)
    assert (mine.severity, mine.confidence) == (was.severity, was.confidence)
    told = mine.message[mine.message.index("On the volume") :]
    assert told == was.message[was.message.index("On the volume") :]
    assert ("there is no" if missing else "its version resource says Nobody") in told
