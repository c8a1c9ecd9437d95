"""What is told of machines whose difference is known: exactly what was planted, as suspicious; an ordinary update, as none."""

from pathlib import Path

import pytest

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff
from hivecheck.registry.notation import parse_notation
from tests.compare.twins import after_update, before_update, clean_twin, compare_files, write
from tests.hive_writer import build_hive
from tests.infected_findings import FINDINGS
from tests.infected_hives import Infected, infected_hives

_TEMP = r"\??\C:\Windows\Temp"
# Of each infected machine, every change of the settings that is told as suspicious; of what was planted none is missing.
SUSPICIOUS: dict[str, set[tuple[str, str]]] = {
    "infected-bootkit-win10-21h2-x64": {
        ("added", "BootExecute/autocheck autoche *"),
        ("removed", "BootExecute/autocheck autochk *"),
        ("added", "ExcludeFromKnownDlls/msctf.dll"),
        ("added", "PendingFileRenameOperations"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\System32\drivers\WdFilter.sys"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\System32\drivers\CrowdStrike\csagent.sys"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\SysmonDrv.sys"),
        ("added", r"PendingFileRenameOperations/\??\C:\ProgramData\Comms\w2.tmp"),
        ("added", r"PendingFileRenameOperations/\??\C:\ProgramData\Comms"),
        ("added", "Services/rpcnetp"),
    },
    "infected-consrv-win7-x64": {("changed", "SubSystems/Windows"), ("removed", "Services/WinDefend")},
    "infected-second-set-xp-x86": {
        ("changed", "Select/Default"),
        ("added", "BootExecute/ntsvcfg /s"),
        ("changed", "DOS Devices/UNC"),
        ("changed", "KnownDLLs/DllDirectory"),
        ("added", "Services/mupmon"),
    },
    "infected-minint-win10-1903-x64": {
        ("added", "MiniNT"),
        ("added", "PendingFileRenameOperations"),
        (
            "added",
            r"PendingFileRenameOperations/\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2001.7-0\MsMpEng.exe",
        ),
        ("added", r"PendingFileRenameOperations/\??\C:\Users\Public\Libraries\u.dat"),
        ("added", r"PendingFileRenameOperations/\??\C:\Users\Public\Libraries\u.dat:s"),
        ("added", "PendingFileRenameOperations/(empty)"),
        ("added", "PendingFileRenameOperations2"),
        ("added", rf"PendingFileRenameOperations2/{_TEMP}\upd1F.tmp"),
    },
}
# What else differs, and is not called suspicious: what was there for other reasons.
CALM: dict[str, set[tuple[str, str]]] = {
    "infected-bootkit-win10-21h2-x64": set(),
    "infected-consrv-win7-x64": set(),
    "infected-second-set-xp-x86": {("changed", "Select/LastKnownGood")},
}


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    folder = tmp_path_factory.mktemp("update")
    return compare_files(write(folder, "before", before_update()), write(folder, "after", after_update()))


def named(changes: tuple[Change, ...]) -> set[tuple[str, str]]:
    return {(change.change.value, change.what) for change in changes}


def of_verdict(changes: tuple[Change, ...], *verdicts: Verdict) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.verdict in verdicts)


@pytest.mark.parametrize("infected", list(infected_hives()), ids=lambda one: one.machine.file)
def test_what_was_planted_is_told_as_suspicious_and_nothing_else_is(infected: Infected, tmp_path: Path) -> None:
    diff = compare_files(write(tmp_path, "before", clean_twin(infected)), write(tmp_path, "after", infected.hive))
    name = infected.machine.file
    suspicious = of_verdict(diff.settings, Verdict.SUSPICIOUS)
    assert named(suspicious) == SUSPICIOUS[name]
    rest = named(diff.settings) - named(suspicious)
    if name in CALM:
        assert rest == CALM[name]
    else:  # the installers' own rows of a list that has piled up
        assert all(what.startswith("PendingFileRenameOperations/") for _, what in rest)
        assert all(one.verdict is Verdict.SERVICING for one in diff.settings if one not in suspicious)
    for change in suspicious:
        assert change.findings or "was written" in change.why or "it is about the files of" in change.why, change.what


def test_every_known_dll_follows_the_folder_of_all_of_them(tmp_path: Path) -> None:
    [infected] = [one for one in infected_hives() if "second-set" in one.machine.file]
    diff = compare_files(write(tmp_path, "before", clean_twin(infected)), write(tmp_path, "after", infected.hive))
    mapped = {change.what: change for change in diff.effects if change.what.startswith(r"names/\KnownDlls")}
    assert mapped[r"names/\KnownDlls\ntdll.dll"].why.startswith("follows from KnownDLLs/DllDirectory")
    assert {change.verdict for change in mapped.values()} == {Verdict.SUSPICIOUS}


@pytest.mark.parametrize("infected", list(infected_hives()), ids=lambda one: one.machine.file)
def test_every_detection_of_what_was_planted_is_a_new_finding(infected: Infected, tmp_path: Path) -> None:
    diff = compare_files(write(tmp_path, "before", clean_twin(infected)), write(tmp_path, "after", infected.hive))
    found = {one.rule for one in FINDINGS[infected.machine.file]}
    detections = {rule for planted in infected.planted for rule in planted.detections} & found
    assert detections
    assert detections <= {one["rule"] for one in diff.findings.new}


def test_the_boot_of_a_bootkit_is_told_by_what_it_does(tmp_path: Path) -> None:
    [bootkit] = [one for one in infected_hives() if "bootkit" in one.machine.file]
    diff = compare_files(write(tmp_path, "before", clean_twin(bootkit)), write(tmp_path, "after", bootkit.hive))
    told = {change.text for change in of_verdict(diff.effects, Verdict.SUSPICIOUS)}
    assert r"would delete \??\C:\Windows\SysmonDrv.sys, before: would leave it as it is" in told
    assert "would run BootExecute/autoche, before: would not" in told
    assert "would start the service rpcnetp, before: would not" in told
    assert r"would no longer create \KnownDlls\MSCTF.dll" in told


def test_an_ordinary_update_is_told_in_full(update: Diff) -> None:
    assert named(update.settings) == {
        ("added", "PendingFileRenameOperations"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\System32\drivers\SET5C40.tmp"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\System32\SET1F2A.tmp"),
        ("added", r"PendingFileRenameOperations/\??\C:\Config.Msi\a014fa5.rbf"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\WinSxS\Temp\PendingDeletes\$$DeleteMe.mscms.dll.01d0"),
        ("added", r"PendingFileRenameOperations/\??\C:\Windows\Temp\nsx1A04.tmp"),
        (
            "added",
            r"SetupExecute/C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml",
        ),
        ("changed", "Environment/NUMBER_OF_PROCESSORS"),
        ("changed", "PrefetchParameters/BootId"),
        ("changed", "Services/viewerupdate/image"),
    }


def test_nothing_of_an_ordinary_update_is_suspicious(update: Diff) -> None:
    assert not of_verdict((*update.settings, *update.effects), Verdict.SUSPICIOUS)
    assert not of_verdict(update.settings, Verdict.UNEXPLAINED)


def test_an_update_is_told_by_whose_work_it_is(update: Diff) -> None:
    verdicts = {change.what: change.verdict for change in update.settings}
    assert verdicts["PendingFileRenameOperations"] is Verdict.SERVICING
    assert verdicts["Environment/NUMBER_OF_PROCESSORS"] is Verdict.MACHINE_STATE
    assert verdicts["PrefetchParameters/BootId"] is Verdict.MACHINE_STATE
    assert verdicts["Services/viewerupdate/image"] is Verdict.SERVICING


def test_undone_the_update_is_told_the_other_way_round(tmp_path: Path) -> None:
    diff = compare_files(write(tmp_path, "one", after_update()), write(tmp_path, "other", before_update()))
    kinds = {change.what: change.change for change in diff.settings}
    assert kinds["PendingFileRenameOperations"] is ChangeKind.REMOVED
    assert not of_verdict(diff.settings, Verdict.SUSPICIOUS)


def test_a_hive_against_itself_does_not_differ_at_any_height(tmp_path: Path) -> None:
    for infected in infected_hives():
        one = write(tmp_path, infected.machine.file, infected.hive)
        other = write(tmp_path, f"copy of {infected.machine.file}", infected.hive)
        diff = compare_files(one, other)
        assert diff.is_empty, named((*diff.settings, *diff.effects))
        assert diff.findings.still


def test_another_layout_of_cells_makes_no_difference(tmp_path: Path) -> None:
    hive = parse_notation(after_update().render(), "SYSTEM")
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(build_hive(hive))
    other.write_bytes(build_hive(hive, list_kind="li", freed=[b"x" * 64] * 40, trailing=[b"y" * 256]))
    assert one.read_bytes() != other.read_bytes()
    assert compare_files(one, other).is_empty
