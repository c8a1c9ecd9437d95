"""`hivecheck recover` as its user meets it: what it prints, the JSON document, exit codes, hostile names, any kind of hive."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.recovery import recover
from hivecheck.registry.hive import REG_MULTI_SZ, REG_SZ
from hivecheck.registry.memory import PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.strings import encode_multi_sz, encode_sz
from tests.hive_writer import write_hive
from tests.log_writer import hvle_log, with_owner, with_sequences

Run = Callable[..., int]
RealHive = Callable[[str], Path]

SYSTEM = parse_notation(
    r"""
[Select]
Default = dword 1
[ControlSet001\Control\Session Manager]
BootExecute = multi "autocheck autochk *"
PendingFileRenameOperations = multi "\??\C:\one" "" "\??\C:\two" ""
"""
)
GONE = PlainKey("Gone", 132_000_000_000_000_000, values=(PlainValue("was", REG_SZ, encode_sz("here")),))
OLDER = encode_multi_sz((r"\??\C:\one", "")) + bytes(3)
OTHER = encode_multi_sz((r"\??\C:\gone", "", r"\??\C:\new", r"!\??\C:\old"))


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def hive(tmp_path: Path) -> Path:
    path = tmp_path / "SYSTEM"
    path.write_bytes(write_hive(SYSTEM, deleted=[("ControlSet001", GONE)], freed=[OTHER]).data)
    return path


def test_the_listing_names_lists_keys_values_and_where_they_lie(
    hivecheck: Run, hive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("recover", hive) == Exit.OK
    out, err = capsys.readouterr()
    assert err == ""
    assert "delete  \\??\\C:\\gone" in out
    assert "rename  \\??\\C:\\new  ->  \\??\\C:\\old  (replacing)" in out
    assert "this list ran at an earlier boot, or was withdrawn" in out
    assert out.index("Pending renames") < out.index("Deleted keys")
    assert "ControlSet001\\Gone" in out
    assert "was = REG_SZ here" in out
    assert f"at 0x{hive.read_bytes().index(OTHER):x}" in out


def test_the_document_gives_each_remnant_with_its_bytes(
    hivecheck: Run, hive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("recover", hive, "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    data = hive.read_bytes()
    assert document["schema"] == "hivecheck.recovered/1"
    [key] = document["keys"]
    assert (key["path"], key["parent"], key["origin"]["state"]) == ("ControlSet001\\Gone", "live", "deleted")
    [value] = document["values"]
    assert (value["key"], value["name"], value["value"], value["confidence"]) == (
        "ControlSet001\\Gone",
        "was",
        "here",
        "high",
    )
    [history] = document["session_manager"]["rename_histories"]
    [generation] = history["generations"]
    assert generation["operations"] == [
        {"action": "delete", "source": "\\??\\C:\\gone", "destination": None, "replaces": False, "marker": None},
        {
            "action": "rename",
            "source": "\\??\\C:\\new",
            "destination": "\\??\\C:\\old",
            "replaces": True,
            "marker": None,
        },
    ]
    for remnant, size_field in ((key, 4), (value, 4), (generation, 0)):
        [seen] = remnant["found"]
        assert data[seen["offset"] + size_field :].startswith(bytes.fromhex(remnant["raw"]))


def test_the_log_of_another_hive_is_not_searched(tmp_path: Path) -> None:
    ours, others = (b"".join(bytes((number,)) * 16 for number in numbers) for numbers in ((1, 2), (3, 4)))
    other = with_sequences(write_hive(SYSTEM, freed=[OTHER]).data, 8, 7)
    path = tmp_path / "SYSTEM"
    path.write_bytes(with_owner(write_hive(SYSTEM).data, "SYSTEM", ours))
    log = hvle_log([with_sequences(write_hive(SYSTEM, freed=[bytes(99)]).data, 8, 7), other], 7).data
    (tmp_path / "SYSTEM.LOG1").write_bytes(log)
    assert recover(path).session.histories
    (tmp_path / "SYSTEM.LOG1").write_bytes(with_owner(log, "SYSTEM", others))
    recovery = recover(path)
    assert (recovery.session.histories, recovery.keys, recovery.values) == ((), (), ())
    assert recovery.logs[0].fate.foreign


def test_what_damage_cut_off_stands_apart_and_the_caveat_before_it(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hive = write_hive(SYSTEM)
    (tmp_path / "SYSTEM").write_bytes(hive.patched(hive.keys["ControlSet001\\Control"] + 32, b"\xf8\xff\xff\x7f"))
    hivecheck("recover", tmp_path / "SYSTEM", "--json", "-")
    document = json.loads(capsys.readouterr().out)
    assert document["problems"][0]["code"] == "broken-references"
    assert {key["confidence"] for key in document["keys"]} == {"low"}
    assert all(key["reasons"][0].startswith("unreachable") for key in document["keys"])
    hivecheck("recover", tmp_path / "SYSTEM")
    out = capsys.readouterr().out
    assert "Deleted keys" not in out
    assert out.index("lead nowhere") < out.index("Unreachable keys: deleted or cut off from the tree by the damage")


def test_the_document_holds_what_its_page_says(hivecheck: Run, hive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "output.md").read_text(encoding="utf-8")
    part = page[page.index("`hivecheck.recovered/1`") :]
    hivecheck("recover", hive, "--json", "-")
    document = json.loads(capsys.readouterr().out)
    session = document["session_manager"]
    names = {*document, *session, *document["keys"][0], *document["values"][0], *session["rename_histories"][0]}
    names |= {*session["rename_histories"][0]["generations"][0], *document["keys"][0]["found"][0], *document["searched"][0]}
    assert sorted(name for name in names if f"`{name}`" not in part and f"`{name}`" not in page) == []


def test_the_same_input_gives_the_same_bytes(
    hivecheck: Run, hive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    texts = []
    for _ in range(2):
        hivecheck("recover", hive, "--json", "-")
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


def test_hostile_names_reach_the_terminal_as_escapes(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = encode_multi_sz(("\\??\\C:\\a\u202egpj.exe", "", "\\??\\C:\\b\u200b", ""))
    names = PlainKey("a\u202eb", values=(PlainValue("c\u2028d", REG_SZ, encode_sz("\x1b[31mred\x07")),))
    commands = encode_multi_sz(("autocheck evil\u202e",))
    path = tmp_path / "SYSTEM"
    path.write_bytes(write_hive(SYSTEM, deleted=[("Select", names)], freed=[lists, commands]).data)
    assert hivecheck("recover", path) == Exit.OK
    out = capsys.readouterr().out
    assert not {letter for letter in out if letter < " " and letter != "\n"}
    assert not {"\u202e", "\u200b", "\u2028"} & set(out)
    for escape in ("⟨U+202E⟩gpj.exe", "⟨U+200B⟩", "a⟨U+202E⟩b", "c⟨U+2028⟩d", "⟨U+001B⟩[31mred", "evil⟨U+202E⟩"):
        assert escape in out


def test_a_hive_of_another_kind_is_taken(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "NTUSER.DAT"
    path.write_bytes(write_hive(parse_notation("[Software]\n"), deleted=[("Software", GONE)]).data)
    assert hivecheck("recover", path) == Exit.OK
    assert "Software\\Gone" in capsys.readouterr().out


def test_what_is_no_hive_ends_with_4(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(b"MZ" + bytes(9000))
    assert hivecheck("recover", path) == Exit.UNREADABLE
    assert capsys.readouterr().out == ""


def test_a_truncated_hive_ends_with_5_and_gives_what_there_is(
    hivecheck: Run, hive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write_hive(SYSTEM, deleted=[("ControlSet001", GONE)], freed=[OTHER])
    hive.write_bytes(written.patched(written.keys["Select"] + 4, b"xx"))
    assert hivecheck("recover", hive) == Exit.PARTIAL
    assert "lead nowhere" in capsys.readouterr().out


def test_logs_are_searched_and_can_be_left_out(hivecheck: Run, hive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = with_sequences(write_hive(SYSTEM).data, 8, 7)
    between = with_sequences(write_hive(SYSTEM, freed=[OTHER]).data, 8, 7)
    hive.write_bytes(before)
    hive.with_name("SYSTEM.LOG1").write_bytes(hvle_log([before, between, before], 7).data)
    assert hivecheck("recover", hive, "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    [history] = document["session_manager"]["rename_histories"]
    [seen] = history["generations"][0]["found"]
    assert (seen["stage"], seen["region"]) == ("in a log", "log")
    assert [one["stage"] for one in document["searched"]] == ["as found", "logs applied"]
    assert hivecheck("recover", hive, "--logs", "none", "--json", "-") == Exit.OK
    assert json.loads(capsys.readouterr().out)["session_manager"]["rename_histories"] == []


def test_evidence_is_never_changed(hivecheck: Run, hive: Path) -> None:
    before, stamp = hive.read_bytes(), hive.stat().st_mtime_ns
    hive.chmod(0o444)
    assert hivecheck("recover", hive) == Exit.OK
    assert (hive.read_bytes(), hive.stat().st_mtime_ns) == (before, stamp)


def test_the_listing_loads_no_library(hive: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "hivecheck", "recover", str(hive)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert loaded & {"jinja2", "regipy", "Registry", "rich", "json", "construct"} == set()


def test_multi_strings_of_deleted_values_are_told(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = PlainKey("Gone", values=(PlainValue("list", REG_MULTI_SZ, encode_multi_sz(("a", "", "b"))),))
    path = tmp_path / "SYSTEM"
    path.write_bytes(write_hive(SYSTEM, deleted=[("Select", gone)]).data)
    hivecheck("recover", path)
    assert "list = REG_MULTI_SZ a |  | b" in capsys.readouterr().out


REAL = [
    # hive, keys, values, older rename lists, texts that present values may have held
    ("nt4-sp3-server", 693, 1693, 1),
    ("xp-x64", 0, 2, 0),
    ("win7-sp1-x86", 0, 0, 0),
    ("win10-1903", 1768, 3032, 6),
    ("conformance/DeletedDataHive", 1, 2, 0),
]


@pytest.mark.parametrize(("name", "keys", "values", "lists"), REAL)
def test_real_hives_are_recovered_from_in_two_seconds(
    name: str, keys: int, values: int, lists: int, real_hive: RealHive
) -> None:
    path = real_hive(name)
    started = time.process_time()
    recovery = recover(path, "none")
    assert time.process_time() - started < 2
    histories = recovery.session.histories
    assert (len(recovery.keys), len(recovery.values)) == (keys, values)
    assert sum(one.text.standing.value == "lost" for history in histories for one in history.generations) == lists
    assert recovery.is_complete


def test_the_states_and_logs_of_a_dirty_hive_are_merged(real_hive: RealHive) -> None:
    path = real_hive("win10-1709-dirty")
    if not path.with_name("win10-1709-dirty.LOG1").is_file():
        pytest.skip("the logs do not lie beside the hive")
    recovery = recover(path)
    assert (len(recovery.keys), len(recovery.values)) == (1688, 4735)
    assert len({(key.ref.path, key.raw, key.found[0].place) for key in recovery.keys}) == 1688
