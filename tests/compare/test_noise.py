"""The classes of noise: what they cover and what they never do, whatever key it lies in."""

import pytest

from hivecheck.compare.change import Verdict
from hivecheck.compare.noise import NoiseFileError, load_noise, parse_noise
from hivecheck.compare.whole_hive import compare_hives
from hivecheck.compare.whole_hive_changes import key_changes
from hivecheck.registry.hive import fold_name
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from tests.hive_writer import write_hive

TIME, LATER = "2018-04-06T12:26:31.1234567Z", "2018-04-06T12:26:32Z"
CLASS = 'id = "i"\ntitle = "t"\nwhy = "w"\nsource = "s"\n'
RULES = load_noise()


def class_of(path: str, value: str | None = None) -> str | None:
    standing = RULES.root
    for name in path.split("\\"):
        standing = RULES.below(standing, fold_name(name))
    found = standing.of_key if value is None else RULES.of_value(standing, value)
    return found.id if found else None


def verdicts(before: str, after: str) -> list[tuple[str, str | None, Verdict]]:
    one, other = (RegfHive.from_buffer("H", write_hive(hive_of(text)).data) for text in (before, after))
    return [(change.what, change.value, change.verdict) for change in key_changes(compare_hives(one, other))]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (r"ControlSet001\Enum\PCI\VEN_1\2", "ConfigFlags", "device-enumeration"),
        (r"controlset002\ENUM", None, "device-enumeration"),
        (r"ControlSet001\Services\bam\State\UserSettings\S-1-5-18", r"\Device\x.exe", "activity-moderators"),
        (r"ControlSet001\Services\Tcpip6\Parameters\Interfaces\{1}", "Dhcpv6InformationObtainedTime", "address-lease"),
        (r"ControlSet001\Control\Session Manager\Power", "HiberWriteRate", "power-counters"),
        (r"ControlSet001\Control\Session Manager\AppCompatCache", "AppCompatCache", "application-compatibility"),
        (r"ControlSet001\Control\TimeZoneInformation", "ActiveTimeBias", "time-zone-bias"),
        (r"ControlSet001\Services\x\Performance", "First Counter", "performance-counters"),
        ("Select", "LastKnownGood", "last-known-good"),
        ("WPA\\x", None, "activation"),
    ],
)
def test_what_a_machine_writes_by_running_has_its_class(path: str, value: str | None, expected: str) -> None:
    assert class_of(path, value) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (r"ControlSet001\Enum\PCI\VEN_1\2", "UpperFilters"),
        (r"ControlSet001\Enum\ROOT\LEGACY_X\0000", "service"),
        (r"ControlSet001\Services\x\Performance", "Library"),
        (r"ControlSet001\Services\Tcpip\Parameters\Interfaces\{1}", "NameServer"),
        (r"ControlSet001\Services\bam", "Start"),
        (r"ControlSet001\Control\Session Manager\Power", "HiberbootEnabled"),
        (r"ControlSet001\Control\Session Manager", "PendingFileRenameOperations"),
        (r"ControlSet001\Control\Session Manager", "BootExecute"),
        (r"ControlSet001\Control\TimeZoneInformation", "TimeZoneKeyName"),
        (r"ControlSet001\Services\Enum", "ImagePath"),
        ("Select", "Default"),
        ("Select", None),
        ("Enum", None),
        (r"x\ControlSet001\Enum", None),
    ],
)
def test_what_decides_a_boot_or_lies_elsewhere_is_no_noise(path: str, value: str | None) -> None:
    assert class_of(path, value) is None


def test_noise_keeps_its_place_in_the_changes_with_its_verdict() -> None:
    key, select = r"ControlSet001\Control\Session Manager\Power", "Select"
    before = f"[{key}] {TIME}\nHiberWriteRate = dword 1\n[{select}] {TIME}\nDefault = dword 1"
    after = f"[{key}] {LATER}\nHiberWriteRate = dword 2\n[{select}] {TIME}\nDefault = dword 2\n[DriverDatabase] {TIME}"
    assert verdicts(before, after) == [
        (key, None, Verdict.MACHINE_STATE),
        (key, "HiberWriteRate", Verdict.MACHINE_STATE),
        ("DriverDatabase", None, Verdict.SERVICING),
        (select, "Default", Verdict.UNEXPLAINED),
    ]


def test_counts_of_a_class_are_those_of_its_changes() -> None:
    before = hive_of(f"[ControlSet001\\Enum\\A] {TIME}\nx = dword 1")
    after = hive_of(
        f'[ControlSet001\\Enum\\A] {LATER}\nx = dword 2\n[ControlSet001\\Enum\\B] {TIME}\ny = dword 1\nService = sz "x"'
    )
    one, other = (RegfHive.from_buffer("H", write_hive(hive).data) for hive in (before, after))
    diff = compare_hives(one, other)
    [(noise, counts)] = diff.noise
    assert noise.id == "device-enumeration"
    assert (counts.keys_added, counts.keys_changed, counts.values_added, counts.values_changed) == (1, 1, 1, 1)
    quiet = list(key_changes(diff, with_noise=False))
    assert [(change.what, change.value) for change in quiet] == [(r"ControlSet001\Enum\B", "Service")]


def test_the_first_class_of_the_file_that_covers_a_change_takes_it() -> None:
    rules = parse_noise(
        f"[[class]]\n{CLASS.replace('i', '1', 1)}keys = ['a\\b']\n[[class]]\n{CLASS}keys = [\"a\"]".replace(
            '1d = "i"', 'id = "first"'
        )
    )
    standing = rules.below(rules.below(rules.root, "A"), "B")
    assert standing.of_key is not None
    assert standing.of_key.id == "first"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[class]]\nid = 'x'", "class x: title"),
        (f"[[class]]\n{CLASS}", "class i: keys"),
        (f"[[class]]\n{CLASS}keys = 'a'", "class i: keys"),
        (f"[[class]]\n{CLASS}keys = ['a']\nvalues = []", "class i: values"),
        (f"[[class]]\n{CLASS}keys = ['a']\nkey = ['b']", "nothing is called key"),
        (f"[[class]]\n{CLASS}keys = ['a']\nverdict = 'fine'", "fine"),
        (f"[[class]]\n{CLASS}keys = ['a']\n[[class]]\n{CLASS}keys = ['a']", "two noise classes are called i"),
        ("[[class", "no TOML"),
    ],
)
def test_a_class_that_says_nothing_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(NoiseFileError, match=named):
        parse_noise(text)


def test_every_class_says_why_and_who_says_so() -> None:
    assert all(one.why and one.source and one.title for one in RULES.classes)
    assert len({one.title for one in RULES.classes}) == len(RULES.classes)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (r"ControlSet001\Services\Tcpip\Parameters\Interfaces\{1}", 'DhcpNameServer = sz "6.6.6.7"'),
        (r"DriverDatabase\DriverPackages\evil.inf_amd64", 'InfName = sz "evil.inf"'),
        (r"ControlSet001\Enum\ACPI\1\Device Parameters", 'EvilDll = sz "x.dll"'),
        (r"ControlSet001\Services\bam\State\UserSettings\S-1-5-18", r'"\\Device\\HarddiskVolume2\\x.exe" = binary 01'),
        (r"WPA\x", r"y = binary 43 00 3a 00 5c 00"),
    ],
)
def test_a_path_a_program_or_an_address_is_never_noise(path: str, value: str) -> None:
    found = verdicts("", f"[{path}] {TIME}\n{value}")
    assert [verdict for _, name, verdict in found if name is not None] == [Verdict.UNEXPLAINED]


def test_numbers_are_still_noise_and_so_are_paths_where_all_is_paths() -> None:
    [*_, number] = verdicts("", f"[WPA\\x] {TIME}\ny = binary 01 02")
    [*_, cache] = verdicts(
        "", f'[ControlSet001\\Control\\Session Manager\\AppCompatCache] {TIME}\nAppCompatCache = sz "C:\\\\x.exe"'
    )
    assert (number[2], cache[2]) == (Verdict.MACHINE_STATE, Verdict.MACHINE_STATE)


def test_a_path_that_went_is_told_of_a_value_that_stays() -> None:
    key = rf"[ControlSet001\Enum\ACPI\1] {TIME}"
    [one] = verdicts(f'{key}\nx = sz "a.dll"', f'{key}\nx = sz ""')
    assert one[2] is Verdict.UNEXPLAINED
