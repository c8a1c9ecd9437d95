"""Timesketch, l2tcsv, TLN and body files: their columns, read back as their readers read them."""

import json
from datetime import UTC, datetime

import pytest

from hivecheck.report.export_l2tcsv import COLUMNS
from hivecheck.report.export_timesketch import FIELDS
from tests.report.analyses import Analyzed
from tests.report.export.exports import TAMPERED, csv_rows, hive_rows, written

L2TCSV = "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra"


def test_timesketch_has_the_fields_that_it_requires_first(analyzed: Analyzed) -> None:
    lines = written("timesketch", analyzed(TAMPERED)).splitlines()
    assert lines
    for line in lines:
        fields = json.loads(line)
        assert list(fields)[:4] == ["message", "datetime", "timestamp_desc", "timestamp"]
        moment = datetime.fromisoformat(fields["datetime"])
        assert moment.utcoffset() == datetime.now(UTC).utcoffset()
        assert int(moment.timestamp()) == fields["timestamp"] // 1_000_000
        assert moment.microsecond == fields["timestamp"] % 1_000_000
        assert isinstance(fields["tag"], list)
        assert fields["hostname"] == "WKSTN-1"
        assert fields["data_type"].startswith("windows:registry:")
        assert None not in fields.values()


def test_timesketch_tells_the_finding_with_rule_severity_and_technique(analyzed: Analyzed) -> None:
    fields = [json.loads(line) for line in written("timesketch", analyzed(TAMPERED)).splitlines()]
    one = next(field for field in fields if field.get("rule") == "seq-knowndll-replaced-file")
    assert one["severity"] == "critical"
    assert "T1574.001" in one["technique"]
    assert one["timestamp_desc"] == "Registry Key Last Written"
    assert one["value_name"] == "PendingFileRenameOperations"
    assert one["key_last_written"] == "2018-04-06T12:26:31.1234567Z"
    assert {"finding", "critical"} <= set(one["tag"])


def test_timesketch_csv_is_the_same_as_the_json_lines(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    rows = csv_rows(written("timesketch-csv", analysis))
    lines = [json.loads(line) for line in written("timesketch", analysis).splitlines()]
    assert tuple(rows[0]) == FIELDS
    assert FIELDS[:12] == (
        "message", "datetime", "timestamp_desc", "timestamp", "data_type", "key_path", "value_name", "rule", "severity",
        "technique", "hostname", "tag",
    )  # fmt: skip
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert json.loads(row.pop("tag")) == line.pop("tag")
        assert {name: text for name, text in row.items() if text} == {name: str(value) for name, value in line.items()}


def test_l2tcsv_has_its_17_columns(analyzed: Analyzed) -> None:
    text = written("l2tcsv", analyzed(TAMPERED))
    assert text.splitlines()[0] == L2TCSV == ",".join(COLUMNS)
    for row in csv_rows(text):
        assert datetime.strptime(f"{row['date']} {row['time']}", "%m/%d/%Y %H:%M:%S").year in (2018, 2019)
        assert (row["timezone"], row["MACB"], row["source"], row["version"], row["host"]) == (
            "UTC", "M...", "REG", "2", "WKSTN-1",
        )  # fmt: skip
        assert row["type"] == "Registry Key Last Written"


def test_tln_has_five_fields_and_says_key_last_written(analyzed: Analyzed) -> None:
    lines = written("tln", analyzed(TAMPERED)).splitlines()
    assert len(lines) == len(hive_rows(analyzed(TAMPERED))[0].rows)
    for line in lines:
        time, source, host, user, description = line.split("|")
        assert int(time) > 1_500_000_000
        assert (source, host, user) == ("REG", "WKSTN-1", "")
        assert "key last written" in description.lower()


def test_a_body_file_has_eleven_fields_with_the_last_write_as_mtime(analyzed: Analyzed) -> None:
    lines = [line.split("|") for line in written("bodyfile", analyzed(TAMPERED)).splitlines()]
    assert {len(line) for line in lines} == {11}
    for md5, name, inode, *numbers in lines:
        assert (md5, numbers[:5], numbers[6:]) == ("0", ["0"] * 5, ["0", "0"])
        assert int(inode) >= 0
        assert int(numbers[5]) > 1_500_000_000
        assert name.startswith("[WKSTN-1] HKEY_LOCAL_MACHINE\\SYSTEM")
        assert "key last written" in name.lower()


@pytest.mark.parametrize("form", ["timesketch", "timesketch-csv", "l2tcsv", "tln", "bodyfile"])
def test_no_timeline_tells_of_1601_or_of_0(form: str, analyzed: Analyzed) -> None:
    text = written(form, analyzed(TAMPERED))
    assert "1601-" not in text
    assert "/1601" not in text
    assert "-116444" not in text


def test_the_flat_csv_has_findings_keys_and_the_whole_boot(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    rows = csv_rows(written("csv", analysis))
    boot = [row for row in rows if row["kind"] == "boot-event"]
    assert [int(row["event"]) for row in boot] == [event.number for event in analysis.replay.events]
    assert {row["time_utc"] for row in boot} == {""}
    told = {finding.fingerprint for finding in analysis.told_findings}
    assert {row["fingerprint"] for row in rows if row["kind"] == "finding"} == told
    assert {row["time_means"] for row in rows if row["kind"] == "key"} == {"Registry Key Last Written"}


def test_several_hives_go_into_one_timeline(analyzed: Analyzed) -> None:
    first, second = analyzed(TAMPERED), analyzed(TAMPERED.replace("WKSTN-1", "WKSTN-2"))
    hosts = {json.loads(line)["hostname"] for line in written("timesketch", first, second).splitlines()}
    assert hosts == {"WKSTN-1", "WKSTN-2"}
    assert {row["host"] for row in csv_rows(written("l2tcsv", first, second))} == hosts
