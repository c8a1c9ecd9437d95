"""The committed test hives are those the tables give, are described in the manifest, and read as their notation says."""

import re
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hivecheck import registry
from hivecheck.analysis import Options, analyze
from hivecheck.errors import EvidenceError, NotAHiveError
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.generation import generation_by_id
from hivecheck.registry.memory import plain_of
from hivecheck.registry.notation import parse_notation, write_notation
from hivecheck.registry.regf import open_hive
from hivecheck.registry.survey import survey_damage
from hivecheck.settings.machine_facts import read_machine_facts
from tests.build_test_hives import FOLDER, build_all, differences
from tests.hive_writer import sorted_plain

MANIFEST: dict[str, Any] = tomllib.loads((FOLDER / "MANIFEST.toml").read_text("utf-8"))
WHOLE: dict[str, Any] = {name: table for name, table in MANIFEST.items() if name not in ("broken", "effects")}
BROKEN: dict[str, Any] = MANIFEST["broken"]
EFFECTS: dict[str, Any] = MANIFEST["effects"]
LOG_CODES = {"dirty-hive", "log-of-another-hive", "log-refused", "log-entries-skipped", "base-block-from-log"}
READER = ("cells", "bounded_cells", "keys", "regf", "bins", "survey", "security")

hives = pytest.mark.parametrize("table", WHOLE.values(), ids=WHOLE)
with_notation = pytest.mark.parametrize("table", [*WHOLE.values(), *EFFECTS.values()], ids=[*WHOLE, *EFFECTS])


def test_the_committed_files_are_those_a_fresh_build_gives() -> None:
    assert list(differences(build_all(), FOLDER)) == []


def test_a_difference_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "stray").write_bytes(b"")
    told = list(differences({"a": b"2", "b": b""}, tmp_path))
    assert told == ["a differs from a fresh build", "b is missing", "stray is built by nobody"]


def test_the_manifest_knows_every_hive_and_its_hash() -> None:
    for table in (*WHOLE.values(), *BROKEN.values(), *EFFECTS.values()):
        assert sha256((FOLDER / table["file"]).read_bytes()).hexdigest() == table["sha256"]
    listed = {FOLDER / table["file"] for table in (*WHOLE.values(), *BROKEN.values(), *EFFECTS.values())}
    assert set(FOLDER.rglob("*.hive")) <= listed


@with_notation
def test_a_hive_reads_as_its_notation_says(table: dict[str, Any]) -> None:
    notation = (FOLDER / f"{table['file']}.txt").read_text("utf-8")
    described = parse_notation(notation)
    with open_hive(FOLDER / table["file"]) as hive:
        assert plain_of(hive.root) == sorted_plain(described.plain)
        assert hive.problems == ()
        block = hive.base_block
        assert block.checksum_ok
        assert (block.primary_sequence, block.secondary_sequence) == described.facts.sequences
        assert (block.version, block.last_written) == (described.facts.version, described.facts.saved)


@with_notation
def test_the_notation_is_spelled_as_the_writer_spells_it(table: dict[str, Any]) -> None:
    notation = (FOLDER / f"{table['file']}.txt").read_text("utf-8")
    assert sorted(value_lines(notation)) == sorted(value_lines(write_notation(parse_notation(notation))))


def value_lines(notation: str) -> Iterator[str]:
    return (line for line in notation.splitlines() if line and line[0] not in "#[" and not line.startswith("hive "))


@hives
def test_the_life_of_a_machine_is_in_order(table: dict[str, Any]) -> None:
    assert generation_by_id(table["generation"])
    hive = parse_notation((FOLDER / f"{table['file']}.txt").read_text("utf-8"))
    select = hive.root.subkey("Select")
    assert select is not None
    boot, shutdown = parse_iso_utc(table["last_boot"]), parse_iso_utc(table["last_shutdown"])
    assert hive.plain.written < boot < shutdown
    newest = max(key.written for key in all_keys(hive.root))
    assert shutdown <= newest <= shutdown + 10 * 10_000_000


@hives
def test_the_machine_is_guessed_as_the_manifest_says(table: dict[str, Any]) -> None:
    with open_hive(FOLDER / table["file"]) as hive:
        control_set = hive.root.subkey(table["boots"])
        assert control_set is not None
        facts = read_machine_facts(hive, control_set, hive.base_block.version)
        assert facts.generation.value is generation_by_id(table["generation"])
        assert facts.generation.confidence is (Confidence.MEDIUM if table["generation"] == "nt351" else Confidence.HIGH)
        assert facts.architecture.value == table["architecture"]
        assert facts.service_pack.value == table["service_pack"]
        assert facts.system_root.value == table["system_root"]
        assert facts.computer_name.value == table["computer"]
        assert facts.last_shutdown.value == parse_iso_utc(table["last_shutdown"])
        assert facts.last_boot.value is not None
        assert abs(facts.last_boot.value - parse_iso_utc(table["last_boot"])) < 10 * 10_000_000
        assert facts.boot_count.value == (table["boot_count"] or None)


def all_keys(key: Any) -> Iterator[Any]:
    yield key
    for subkey in key.subkeys():
        yield from all_keys(subkey)


@hives
def test_what_is_planted_is_there_and_commented(table: dict[str, Any]) -> None:
    assert (table["state"] == "infected") == ("planted" in table)
    hive = parse_notation((FOLDER / f"{table['file']}.txt").read_text("utf-8"))
    for planted in table.get("planted", ()):
        key = hive.root.subkey(planted["key"])
        assert key is not None
        if planted["value"]:
            assert key.value(planted["value"]) is not None


@pytest.mark.parametrize("table", BROKEN.values(), ids=BROKEN)
def test_our_reader_says_what_is_wrong_with_a_broken_hive(table: dict[str, Any]) -> None:
    path = FOLDER / table["file"]
    if "error" in table:
        kind = {"NotAHiveError": NotAHiveError, "EvidenceError": EvidenceError}[table["error"]]
        with pytest.raises(kind) as caught:
            open_hive(path)
        assert type(caught.value) is kind
        return
    with open_hive(path) as hive:
        for key in all_keys(hive.root):
            for subkey in list(key.subkeys()):
                key.subkey(subkey.name)
        survey_damage(hive)
        assert sorted({problem.code for problem in hive.problems}) == table["problems"]


@pytest.mark.parametrize("table", [table for table in BROKEN.values() if "told" in table], ids=lambda table: table["file"])
def test_what_became_of_the_log_beside_a_broken_hive_is_told(table: dict[str, Any]) -> None:
    analysis = analyze(FOLDER / table["file"], Options(verify="none"))
    about_logs = {problem.code for problem in analysis.problems} & LOG_CODES
    assert sorted(about_logs) == table["told"]


def test_every_kind_of_damage_that_a_small_hive_can_have_is_shown_by_one() -> None:
    """By the codes in the reader's own source: a new one asks for a new file."""
    folder = Path(registry.__file__).parent
    source = "".join((folder / f"{name}.py").read_text("utf-8") for name in READER)
    told = set(re.findall(r'(?:tell|_lost)\(\s*"([a-z0-9-]+)"', source))
    shown = {code for table in BROKEN.values() for code in table.get("problems", ())}
    assert {code for code in told - shown if not code.startswith("limit-")} == set()
