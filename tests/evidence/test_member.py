"""A hive inside another file is read as one on disk is: the same analysis, the same hashes, the logs it came with."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from hivecheck.analysis import Analysis, analyze
from hivecheck.errors import EvidenceError, NotAHiveError
from hivecheck.evidence.member import Member, member_of_bytes

HIVES = Path(__file__).parents[2] / "test_hives"
ARCHIVE = Path("case.zip")


def told(analysis: Analysis) -> tuple[object, ...]:
    findings = tuple((one.rule.id, one.fingerprint, one.severity) for one in analysis.findings)
    return analysis.replay.events, findings, analysis.evidence.digests, analysis.evidence.size


def test_a_member_is_analyzed_as_the_file_is() -> None:
    path = HIVES / "infected-bootkit-win10-21h2-x64.hive"
    data = path.read_bytes()
    member = Member(ARCHIVE, f"C/Windows/System32/config/{path.name}", len(data), lambda: BytesIO(data))
    inside = analyze(member)
    assert told(inside) == told(analyze(path))
    assert inside.evidence.source == f"case.zip!C/Windows/System32/config/{path.name}"
    assert inside.evidence.name == path.name


def test_a_member_larger_than_any_hive_is_not_taken_into_memory() -> None:
    member = Member(ARCHIVE, "SYSTEM", 4 * 1024**3, lambda: pytest.fail("it was opened"))
    with pytest.raises(OSError, match="more than 1 GB"):
        member.read_bytes()
    with pytest.raises(EvidenceError, match="too large for a hive"):
        analyze(member)


def test_logs_that_came_with_a_member_are_applied(real_hive: Callable[[str], Path]) -> None:
    hive = real_hive("win10-1709-dirty")
    logs = tuple(real_hive(f"win10-1709-dirty.{ending}") for ending in ("LOG1", "LOG2"))
    members = tuple(member_of_bytes(ARCHIVE, f"config/{one.name}", one.read_bytes()) for one in (hive, *logs))
    inside = analyze(members[0], logs=members[1:])
    outside = analyze(hive, logs=logs)
    assert inside.evidence.recovered
    assert told(inside) == told(outside)
    assert [str(log.path) for log in inside.evidence.logs] == [str(member) for member in members[1:]]


def test_a_member_without_logs_takes_none_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "SYSTEM.LOG1").write_bytes(b"regf" + bytes(600))
    data = (HIVES / "win7-x86.hive").read_bytes()
    assert analyze(member_of_bytes(tmp_path / "x.zip", "SYSTEM", data)).evidence.logs == ()


def test_what_is_wrong_with_a_member_is_told_with_its_place() -> None:
    with pytest.raises(NotAHiveError) as caught:
        analyze(member_of_bytes(ARCHIVE, "SYSTEM", b"nothing of the kind" * 600))
    assert caught.value.path == "case.zip!SYSTEM"

    def refuse() -> IO[bytes]:
        raise OSError("the archive is cut off")

    with pytest.raises(EvidenceError, match="cut off"):
        analyze(Member(ARCHIVE, "SYSTEM", 9000, refuse))


@pytest.mark.parametrize(
    ("inside", "name", "stem"), [("a/b/SYSTEM.LOG1", "SYSTEM.LOG1", "SYSTEM"), (r"C:\x\.hive", ".hive", ".hive")]
)
def test_names_of_members(inside: str, name: str, stem: str) -> None:
    member = member_of_bytes(ARCHIVE, inside, b"")
    assert (member.name, member.stem) == (name, stem)
