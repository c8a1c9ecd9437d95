"""STIX: read back by the library of OASIS, its patterns parsed by its own grammar."""

import json
from typing import Any

import pytest
import stix2
from stix2.pattern_visitor import create_pattern_object

from hivecheck.report.export_stix import finding_pattern, stix_bundle
from hivecheck.report.export_stix_ids import pattern_text, uuid5
from tests.report.analyses import BOOTABLE, Analyzed
from tests.report.export.exports import GENERATED, HOSTILE, TAMPERED, written

Json = Any
KEY = r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\Session Manager"


def objects(text: str, kind: str) -> list[Json]:
    return [one for one in json.loads(text)["objects"] if one["type"] == kind]


@pytest.mark.parametrize("text", ["", TAMPERED, HOSTILE], ids=["clean", "tampered", "hostile"])
def test_a_bundle_is_read_by_the_stix2_library(text: str, analyzed: Analyzed) -> None:
    bundle = stix2.parse(written("stix", analyzed(text)), version="2.1")
    kinds = {one.type for one in bundle.objects}
    assert {"identity", "observed-data", "file", "report"} <= kinds
    known = {one.id for one in bundle.objects}
    assert len(known) == len(bundle.objects)
    for one in bundle.objects:
        refs = [*getattr(one, "object_refs", []), *(getattr(one, name, None) for name in ("source_ref", "target_ref"))]
        assert {ref for ref in refs if ref} <= known
        if one.type == "indicator":
            create_pattern_object(one.pattern, version="2.1")


def test_a_key_has_its_values_with_data_and_type(analyzed: Analyzed) -> None:
    found = [one for one in objects(written("stix", analyzed(TAMPERED)), "windows-registry-key") if one["key"] == KEY]
    values = {value["name"]: value for one in found for value in one["values"]}
    assert values["PendingFileRenameOperations"]["data_type"] == "REG_MULTI_SZ"
    assert values["PendingFileRenameOperations"]["data"].splitlines() == [
        r"\??\C:\Windows\Temp\k.dll",
        r"!\??\C:\Windows\System32\kernel32.dll",
    ]
    assert {one["modified_time"] for one in found} == {"2018-04-06T12:26:31.123456Z"}


def test_observables_have_the_identifiers_of_the_standard(analyzed: Analyzed) -> None:
    for kind, made in (("windows-registry-key", stix2.v21.WindowsRegistryKey), ("file", stix2.v21.File)):
        found = objects(written("stix", analyzed(TAMPERED)), kind)
        assert found
        for one in found:
            fields = {name: value for name, value in one.items() if name not in ("id", "type", "spec_version")}
            assert made(**fields).id == one["id"]


def test_the_files_of_a_rename_are_observed_with_their_folders(analyzed: Analyzed) -> None:
    text = written("stix", analyzed(TAMPERED))
    folders = {one["id"]: one["path"] for one in objects(text, "directory")}
    files = {(folders[one["parent_directory_ref"]], one["name"]) for one in objects(text, "file") if "hashes" not in one}
    assert {("C:\\Windows\\Temp", "k.dll"), ("C:\\Windows\\System32", "kernel32.dll")} <= files


def test_an_indicator_indicates_the_techniques_of_its_rule(analyzed: Analyzed) -> None:
    text = written("stix", analyzed(TAMPERED))
    [indicator] = [one for one in objects(text, "indicator") if one["name"].startswith("seq-knowndll-replaced-file")]
    assert indicator["pattern_type"] == "stix"
    names = {one["id"]: one["external_references"][0] for one in objects(text, "attack-pattern")}
    told = [one for one in objects(text, "relationship") if one["source_ref"] == indicator["id"]]
    references = [names[one["target_ref"]] for one in told if one["relationship_type"] == "indicates"]
    assert {
        "source_name": "mitre-attack", "external_id": "T1574.001", "url": "https://attack.mitre.org/techniques/T1574/001/",
    } in references  # fmt: skip


def test_a_pattern_asks_for_the_set_by_number_and_for_the_current_one(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    [finding] = [one for one in analysis.findings if one.rule.id == "seq-knowndll-replaced-file"]
    pattern = finding_pattern(finding, analysis)
    assert r"'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Control\\Session Manager'" in pattern
    assert r"'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager'" in pattern
    assert r"LIKE '%\\??\\C:\\Windows\\Temp\\k.dll%'" in pattern


def test_a_quote_in_a_pattern_is_escaped() -> None:
    assert pattern_text("it's \\ here") == r"'it\'s \\ here'"
    create_pattern_object(f"[file:name = {pattern_text(chr(92) + chr(39))}]", version="2.1")


def test_the_same_hive_gives_the_same_identifiers_at_another_time(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    first, second = (stix_bundle([analysis], time)["objects"] for time in (GENERATED, "2027-01-01T00:00:00Z"))
    kinds = ("report",)
    assert [one["id"] for one in first if one["type"] not in kinds] == [
        one["id"] for one in second if one["type"] not in kinds
    ]


def test_a_text_with_hidden_characters_is_in_no_pattern(analyzed: Analyzed) -> None:
    for one in objects(written("stix", analyzed(HOSTILE)), "indicator"):
        assert "⟨U+202E⟩" not in one["pattern"]


def test_two_machines_with_one_key_and_two_times_stay_apart(analyzed: Analyzed) -> None:
    other = BOOTABLE.replace("2018-04-06T12:26:31.1234567Z", "2020-01-01T00:00:00Z")
    text = written("stix", analyzed(TAMPERED), analyzed(TAMPERED.replace("WKSTN-1", "WKSTN-2"), base=other))
    times = {one["modified_time"] for one in objects(text, "windows-registry-key") if one["key"] == KEY}
    assert times >= {"2018-04-06T12:26:31.123456Z", "2020-01-01T00:00:00.000000Z"}
    ids = [one["id"] for one in json.loads(text)["objects"]]
    assert len(ids) == len(set(ids))


def test_a_uuid_is_that_of_the_rfc() -> None:
    assert uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2"
