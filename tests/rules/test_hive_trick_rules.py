r"""Tricks with the hive itself, where notation has no words for them: twins, cells of a file, what was deleted."""

from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.strings import encode_multi_sz
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.hive_state import REGF_SLACK_AND_DELETED
from hivecheck.rules.odd_names import NAME_OBFUSCATION
from hivecheck.rules.registry_links import KEY_ACL_WEAK, REG_LINK_RULE
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.system_rules import DEFENCE, HIVE_TRICKS, NETWORK
from tests.hive_writer import write_hive
from tests.rules.cases import case_of, case_of_hive, clean, lay_over

RULES = (*DEFENCE, *NETWORK, *HIVE_TRICKS)
SERVICE = r"ControlSet001\Services\Vendor"


def hits(rule: Rule, notation: str, generation: str = "win10-21h2-x64") -> list[Hit]:
    return list(rule.check(case_of(Example("", notation, generation=generation))))


def with_twin(hive: PlainKey) -> MemoryHive:
    """The machine with a second key of the same name beside its first service."""
    sets = next(key for key in hive.subkeys if key.name == "ControlSet001")
    services = next(key for key in sets.subkeys if key.name == "Services")
    twins = PlainKey("Services", subkeys=(*services.subkeys, services.subkeys[0]))
    others = tuple(key for key in sets.subkeys if key is not services)
    rest = tuple(key for key in hive.subkeys if key is not sets)
    return MemoryHive("SYSTEM", PlainKey(subkeys=(*rest, PlainKey("ControlSet001", subkeys=(*others, twins)))))


def test_key_listed_twice_under_one_name_is_told() -> None:
    (hit,) = NAME_OBFUSCATION.check(case_of_hive(with_twin(clean("xp-x86"))))
    assert "twice" in hit.message


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("WinDefend\u200b", Severity.HIGH),
        ("\u202eevil", Severity.HIGH),
        ("WinD\u0435fend", Severity.HIGH),
        ("\uff37inDefend", Severity.HIGH),
        ("svc\u0430bc", Severity.MEDIUM),
    ],
)
def test_severity_of_a_name_of_a_service(name: str, severity: Severity) -> None:
    plain = PlainKey(subkeys=(PlainKey("ControlSet001", subkeys=(PlainKey("Services", subkeys=(PlainKey(name),)),)),))
    hive = MemoryHive("SYSTEM", lay_over(clean("win10-21h2-x64"), plain))
    (hit,) = NAME_OBFUSCATION.check(case_of_hive(hive))
    assert hit.severity is severity


def test_link_anywhere_in_a_file_is_told_with_its_target() -> None:
    deep = r"[ControlSet001\Enum\a\b]" + "\n" + r'SymbolicLinkValue = link "\Registry\Machine\x"'
    written = write_hive(MemoryHive("SYSTEM", lay_over(clean("xp-x86"), parse_notation(deep).plain)))
    (hit,) = REG_LINK_RULE.check(case_of_hive(RegfHive.from_buffer("SYSTEM", written.data)))
    assert r"\Registry\Machine\x" in hit.message


def test_access_list_in_a_file_is_read() -> None:
    written = write_hive(MemoryHive("SYSTEM", clean("win10-21h2-x64")))
    read, change = (mask.to_bytes(4, "little") for mask in (0x20019, 0x2001F))
    users = b"\1\2\0\0\0\0\0\5\x20\0\0\0\x21\2\0\0"
    assert list(KEY_ACL_WEAK.check(case_of_hive(RegfHive.from_buffer("SYSTEM", written.data)))) == []
    weak = written.data.replace(read + users, change + users)
    told = list(KEY_ACL_WEAK.check(case_of_hive(RegfHive.from_buffer("SYSTEM", weak))))
    assert {hit.severity or KEY_ACL_WEAK.severity for hit in told} == {Severity.HIGH}
    assert any("Session Manager" in hit.message for hit in told)


def test_service_keys_with_one_weak_list_are_told_together() -> None:
    written = write_hive(MemoryHive("SYSTEM", clean("win10-21h2-x64")))
    users = b"\1\2\0\0\0\0\0\5\x20\0\0\0\x21\2\0\0"
    weak = written.data.replace(b"\x19\0\2\0" + users, b"\x1f\0\2\0" + users)
    told = [
        hit for hit in KEY_ACL_WEAK.check(case_of_hive(RegfHive.from_buffer("SYSTEM", weak))) if "service key" in hit.message
    ]
    assert len(told) == 1


def test_deleted_boot_command_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    freed = encode_multi_sz(("autocheck autochk *", "autocheck evil64 *"))
    path.write_bytes(write_hive(MemoryHive("SYSTEM", clean("xp-x86")), freed=(freed,)).data)
    found = [one for one in analyze(path, Options()).findings if one.rule.id == REGF_SLACK_AND_DELETED.id]
    assert [one.severity for one in found] == [Severity.MEDIUM]
    assert "evil64" in found[0].message


HOSTILE = (
    b"", b"\0", b"\0\0", b"\xff", b"\0\xd8\0\0", b"a\0\0\0\0\0", b"\0" * 9, "a|b=c|=|".encode("utf-16-le"), b"\1\0\4\x80" + b"\xff" * 20,
)  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: data[:4].hex())
@pytest.mark.parametrize("type", [0, 1, 2, 3, 4, 6, 7, 11, 0xFFFF0001])
def test_absurd_data_in_every_value_that_is_read_raise_nothing(type: int, data: bytes) -> None:
    machine = clean("win10-21h2-x64")
    for rule in RULES:
        for example in EXAMPLES[rule.id].fires_on:
            machine = lay_over(machine, parse_notation("\n".join(map(str.strip, example.notation.splitlines()))).plain)
    absurd = MemoryHive("SYSTEM", _spoilt(machine, type, data))
    case = case_of_hive(absurd)
    for rule in RULES:
        list(rule.check(case))


def _spoilt(key: PlainKey, type: int, data: bytes) -> PlainKey:
    """The tree with other data in all values but those that say which control set boots."""
    values = key.values if key.name == "Select" else tuple(PlainValue(one.name, type, data) for one in key.values)
    return PlainKey(key.name, key.written, key.class_name, values, tuple(_spoilt(one, type, data) for one in key.subkeys))


def test_hive_without_a_control_set_raises_nothing() -> None:
    case = case_of_hive(MemoryHive("SYSTEM", PlainKey()))
    assert [hit for rule in RULES for hit in rule.check(case)] == []


def test_old_windows_lets_everybody_make_service_keys() -> None:
    access = ((SERVICE, EXAMPLES[KEY_ACL_WEAK.id].fires_on[1].access[0][1]),)
    for machine, count in (("nt4-x86", 0), ("win2000-x86", 1)):
        example = Example("", f"[{SERVICE}]", generation=machine, access=access)
        assert len(list(KEY_ACL_WEAK.check(case_of(example)))) == count


@pytest.mark.parametrize(
    ("source", "severity"), [(r"C:\Windows\SETED.tmp", Severity.INFO), (r"C:\Users\Public\e.tmp", Severity.MEDIUM)]
)
def test_severity_of_a_deleted_rename_follows_what_it_did(tmp_path: Path, source: str, severity: Severity) -> None:
    path = tmp_path / "SYSTEM"
    freed = encode_multi_sz((rf"\??\{source}", r"!\??\C:\Windows\explorer.exe", r"\??\C:\Windows\Temp\a.tmp", ""))
    path.write_bytes(write_hive(MemoryHive("SYSTEM", clean("xp-x86")), freed=(freed,)).data)
    found = [one for one in analyze(path, Options()).findings if one.rule.id == REGF_SLACK_AND_DELETED.id]
    assert [one.severity for one in found] == [severity]
