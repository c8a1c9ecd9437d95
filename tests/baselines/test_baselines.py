r"""The baselines: every generation has one, the compiled file says what the TOML files say, and layers are put together rightly."""

import json
import re
from pathlib import Path
from time import perf_counter

import pytest

from hivecheck.baselines.baseline import KNOWN_DLLS_KEY, Baseline, Standing
from hivecheck.baselines.compile import FOLDER, BaselineFileError, as_json, compile_baselines
from hivecheck.baselines.layer import Layer
from hivecheck.baselines.load import COMPILED, load_baseline, load_layers
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    NT31,
    VISTA,
    WIN7,
    WIN10_1709,
    WIN10_1903,
    WIN10_2004,
    WIN11,
    WIN81,
    WIN2003,
    XP,
    Generation,
)

SM = "Control\\Session Manager"
SUBSYSTEMS = SM + "\\SubSystems"
EACH = pytest.mark.parametrize("generation", GENERATIONS, ids=lambda row: row.id)


@EACH
@pytest.mark.parametrize("architecture", ["x86", "AMD64", "ARM64", "IA64", "ALPHA", ""])
def test_every_generation_has_its_own(generation: Generation, architecture: str) -> None:
    baseline = load_baseline(generation, architecture)
    assert baseline.id == generation.id
    assert not baseline.nearest
    assert baseline.architecture == architecture
    assert baseline.strings(SM, "BootExecute") == ("autocheck autochk *",)
    assert "USER32" in baseline.known_dlls
    assert set(baseline.known_dlls.values()) <= baseline.all_known_dlls


def test_generation_without_a_file_gets_the_nearest_older_one() -> None:
    unknown = changed(WIN10_1903, id="win10-unheard-of", version=(10, 0, 18999))
    baseline = load_baseline(unknown, "AMD64")
    assert (baseline.id, baseline.nearest) == ("win10-1909", True)


def test_generation_older_than_all_gets_the_oldest() -> None:
    baseline = load_baseline(changed(NT31, id="nt30", version=(3, 0, 1)), "x86")
    assert (baseline.id, baseline.nearest) == ("nt31", True)


def test_compiled_file_says_what_the_toml_files_say() -> None:
    assert (FOLDER / COMPILED).read_text("utf-8") == as_json(compile_baselines()), (
        "run python -m hivecheck.baselines.compile"
    )


def test_every_entry_has_a_source_that_says_where_it_is_from() -> None:
    for layer in load_layers():
        for key in layer.values:
            for rows in layer.rows_of(key):
                for row in rows.values():
                    assert row is None or re.match("(?:H|P|M|P/M)(?::? |$)", row.source), (layer.id, key, row)


def test_loading_takes_less_than_three_milliseconds() -> None:
    data = (FOLDER / COMPILED).read_bytes()
    assert len(data) < 300_000
    times = []
    for _ in range(5):
        start = perf_counter()
        layers = tuple(Layer(compiled) for compiled in json.loads(data))
        Baseline(WIN10_1903, "AMD64", "AMD64", False, layers, 19)
        times.append(perf_counter() - start)
    assert min(times) < 0.003


@EACH
def test_certainty_of_every_generation_is_documented(generation: Generation) -> None:
    page = (FOLDER.parents[1] / "docs" / "baselines.md").read_text("utf-8")
    [row] = [line for line in page.splitlines() if line.startswith("|") and f"`{generation.id}`" in line.split("|")[1]]
    assert row.split("|")[2].strip() == load_baseline(generation, "").certainty


def test_every_word_is_documented() -> None:
    page = (FOLDER.parents[1] / "docs" / "baselines.md").read_text("utf-8")
    assert [word.value for word in Standing if f"| `{word.value}` |" not in page] == []


# --- what Windows ships -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("generation", "architecture", "numbers", "servers"),
    [
        (NT4, "x86", "1024,3072", 3),
        (XP, "x86", "1024,3072,512", 3),
        (WIN2003, "AMD64", "1024,20480,768", 3),
        (WIN7, "x86", "1024,12288,512", 4),
        (WIN7, "AMD64", "1024,20480,768", 4),
        (WIN81, "AMD64", "1024,20480,768", 3),
        (WIN10_1903, "x86", "1024,12288,512", 3),
        (WIN10_1903, "ARM64", "1024,20480,768", 3),
    ],
)
def test_csrss_line_differs_by_generation_and_architecture(
    generation: Generation, architecture: str, numbers: str, servers: int
) -> None:
    line = load_baseline(generation, architecture).text(SUBSYSTEMS, "Windows")
    assert f"SharedSection={numbers} " in line
    assert line.count("ServerDll=") == servers
    assert ("sxssrv,4" in line) is (generation >= WIN7)


@pytest.mark.parametrize(
    ("generation", "architecture", "count"),
    [
        (NT4, "x86", 16),
        (XP, "x86", 20),
        (WIN2003, "AMD64", 22),
        (WIN7, "x86", 28),
        (WIN10_1709, "AMD64", 31),
        (WIN10_2004, "AMD64", 32),
    ],
)
def test_known_dlls_are_as_many_as_counted_in_real_hives(generation: Generation, architecture: str, count: int) -> None:
    assert len(load_baseline(generation, architecture).known_dlls) == count


def test_known_dlls_of_11_have_kernel32_under_another_name() -> None:
    dlls = load_baseline(WIN11, "AMD64").known_dlls
    assert dlls["*KERNEL32"] == "kernel32.dll"
    assert "KERNEL32" not in dlls
    assert {"WOW64BASE", "WOW64CON", "XTAJIT64"} <= dlls.keys()


def test_32_bit_windows_has_no_dlls_of_wow64() -> None:
    for generation in GENERATIONS:
        assert not [name for name in load_baseline(generation, "x86").known_dlls if "WOW64" in name], generation.id


def test_values_are_found_without_case_and_with_or_without_data() -> None:
    baseline = load_baseline(WIN10_1903, "AMD64")
    entry = baseline.entry("control\\session manager\\dos devices", "pipe")
    assert entry is not None
    assert (entry.name, entry.type, entry.data) == ("PIPE", "REG_SZ", "\\Device\\NamedPipe")
    assert baseline.number(SM, "ProtectionMode") == 1
    assert baseline.number(SM, "Execute") is None
    assert baseline.text("\\Setup", "CmdLine") == ""
    assert baseline.strings("Control\\Lsa", "Notification Packages") == ("scecli",)


def test_keys_of_safe_mode_are_as_many_as_counted() -> None:
    counts = {WIN2003: (45, 83), WIN10_1709: (77, 134), WIN10_1903: (82, 140), WIN10_2004: (84, 142)}
    for generation, wanted in counts.items():
        baseline = load_baseline(generation, "AMD64")
        found = tuple(len(baseline.keys(f"Control\\SafeBoot\\{name}")) for name in ("Minimal", "Network"))
        assert found == wanted, generation.id


def test_nothing_of_third_parties_is_shipped() -> None:
    baseline = load_baseline(WIN7, "x86")
    assert baseline.entry(SM + "\\Environment", "VSEDEFLOGDIR") is None
    assert "MFEHIDK" not in baseline.keys_of_all("Control\\SafeBoot\\Network")
    assert "MINIT" not in baseline.keys_of_all("Control")
    assert "MININT" not in baseline.keys_of_all("Control")


# --- the words -----------------------------------------------------------------------------------------------------------


def test_words_for_data_of_a_value() -> None:
    baseline = load_baseline(WIN10_2004, "AMD64")
    packages = ("Control\\Lsa", "Authentication Packages")
    assert baseline.standing(*packages, ("msv1_0",)) is Standing.AS_SHIPPED
    assert baseline.standing(*packages, ("MSV1_0", "")) is Standing.AS_SHIPPED
    assert baseline.standing(*packages, ("msv1_0", "SshdPinAuthLsa")) is Standing.KNOWN_VARIANT
    assert baseline.standing(*packages, ("msv1_0", "evil")) is Standing.NOT_SEEN
    assert baseline.standing(*packages, None) is Standing.MISSING
    order = ("Control\\NetworkProvider\\Order", "ProviderOrder")
    assert baseline.standing(*order, "vmhgfs,RDPNP,LanmanWorkstation,webclient") is Standing.KNOWN_THIRD_PARTY
    assert baseline.standing(*order, "LanmanWorkstation") is Standing.OTHER_GENERATION
    assert baseline.standing(KNOWN_DLLS_KEY, "lpk", "LPK.dll") is Standing.OTHER_GENERATION
    assert baseline.standing(SM, "Execute", None) is Standing.AS_SHIPPED


def test_server_line_of_autochk_is_a_known_variant_from_81_on() -> None:
    line = ("autocheck autochk /q /v *",)
    assert load_baseline(WIN81, "AMD64").standing(SM, "BootExecute", line) is Standing.KNOWN_VARIANT
    assert load_baseline(WIN7, "AMD64").standing(SM, "BootExecute", line) is Standing.NOT_SEEN


def test_generation_without_a_hive_may_have_what_the_next_one_has() -> None:
    vista = load_baseline(VISTA, "x86")
    extension = "%systemroot%\\system32\\scext.dll"
    assert vista.standing("Control", "ServiceControlManagerExtension", extension) is Standing.KNOWN_VARIANT
    assert vista.standing("Control", "ServiceControlManagerExtension", None) is Standing.AS_SHIPPED
    assert vista.certainty == "medium"
    seven = load_baseline(WIN7, "x86")
    assert seven.standing("Control", "ServiceControlManagerExtension", extension) is Standing.AS_SHIPPED


def test_variant_names_who_it_is_from() -> None:
    [variant] = load_baseline(WIN10_1903, "AMD64").variants(SM + "\\DOS Devices", "vmsmb")
    assert (variant.data, variant.who) == ("\\Device\\vmsmb", "Hyper-V and containers")
    assert variant.source.startswith("H ")


# --- the TOML files --------------------------------------------------------------------------------------------------------

OLD = """
certainty = "high"
[[values]]
key = 'Control\\A'
source = "H here"
sz.kept = "one"
sz.changed = "one"
sz.gone = "one"
multi.list = ["a", "b"]
[[values]]
key = 'Control\\A'
source = "H here"
architectures = ["AMD64"]
sz.sixtyfour = "one"
[[keys]]
key = 'Control\\A'
source = "H here"
names = ["K1", "K2"]
"""
NEW = """
extends = "nt31"
certainty = "high"
[[without]]
key = 'Control\\A'
names = ["gone", "sixtyfour"]
[[values]]
key = 'Control\\A'
source = "P there"
optional = true
expand.changed = "two"
any.each = "dword"
[[keys]]
key = 'Control\\A'
source = "P there"
names = ["K3"]
without = ["K1"]
"""


def compiled(folder: Path, **files: str) -> tuple[Layer, ...]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return tuple(Layer(layer) for layer in json.loads(as_json(compile_baselines(folder))))


def test_newer_file_extends_the_older(tmp_path: Path) -> None:
    layers = compiled(tmp_path, nt31=OLD, nt35=NEW)
    old = Baseline(NT31, "AMD64", "AMD64", False, layers, 1)
    new = Baseline(NT31, "AMD64", "AMD64", False, layers, 2)
    assert sorted(old.entries("control\\a")) == ["CHANGED", "GONE", "KEPT", "LIST", "SIXTYFOUR"]
    assert sorted(new.entries("control\\a")) == ["CHANGED", "EACH", "KEPT", "LIST"]
    assert (new.text("Control\\A", "kept"), new.text("Control\\A", "changed")) == ("one", "two")
    entry = new.entry("Control\\A", "changed")
    assert entry is not None
    assert (entry.type, entry.source, entry.optional, entry.since) == ("REG_EXPAND_SZ", "P there", True, "nt35")
    assert new.standing("Control\\A", "each", 77) is Standing.AS_SHIPPED
    assert new.standing("Control\\A", "changed", None) is Standing.AS_SHIPPED
    assert new.standing("Control\\A", "gone", "one") is Standing.OTHER_GENERATION
    assert old.standing("Control\\A", "changed", "two") is Standing.OTHER_GENERATION
    assert new.keys("Control\\A") == {"K2", "K3"}
    assert new.keys_of_all("Control\\A") == {"K1", "K2", "K3"}
    assert "SIXTYFOUR" not in Baseline(NT31, "x86", "x86", False, layers, 1).entries("Control\\A")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("certainty = ", "nt31.toml: Invalid value"),
        ("", "nt31.toml: certainty: None is none of high, medium, low"),
        ('certainty = "high"\nextends = "nt4"', "nt31.toml: extends must be ''"),
        ('certainty = "high"\nvalue = 1', "nt31.toml: the file: unknown value"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsz.a = "x"', "nt31.toml: A: has no source"),
        ('certainty = "high"\n[[values]]\nsource = "A"\nsz.a = "x"', "nt31.toml: a block of values: has no key"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"', "nt31.toml: A: gives no value"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"\ndword.a = "1"', "nt31.toml: A\\a: '1' is no dword"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"\nbinary.a = "zz"', "nt31.toml: A\\a: 'zz' is no binary"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"\nmulti.a = [1]', "nt31.toml: A\\a: [1] is no multi"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"\ntext.a = "1"', "nt31.toml: A: unknown text"),
        ('certainty = "high"\n[[values]]\nkey = "A"\nsource = "H"\nsz.a = "1"\nsz.A = "2"\nexpand.a = "3"', "gives A twice"),
        ('certainty = "high"\n[[without]]\nkey = "A"\nnames = ["b"]', "nt31.toml: A: no older generation ships B"),
        (
            'certainty = "high"\n[[variants]]\nkey = "A"\nname = "b"\nstanding = "fine"\nwho = "x"\nsource = "H"',
            "nt31.toml: A: 'fine' is none of known variant, known third-party",
        ),
        (
            'certainty = "high"\n[[variants]]\nkey = "A"\nname = "b"\nstanding = "known variant"\nsource = "H"',
            "nt31.toml: A: a variant says who it is from",
        ),
        ('certainty = "high"\n[[keys]]\nkey = "A"\nsource = "H"', "nt31.toml: A: names no key"),
        ('certainty = "high"\nvalues = 1', "nt31.toml: values: must be an array of tables"),
    ],
)
def test_broken_file_is_refused_with_its_name_and_what_is_wrong(tmp_path: Path, broken: str, message: str) -> None:
    with pytest.raises(BaselineFileError) as caught:
        compiled(tmp_path, nt31=broken)
    assert message in str(caught.value)


def test_file_of_no_generation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaselineFileError, match="there is no generation 'win12'"):
        compiled(tmp_path, win12='certainty = "low"')


def test_file_that_skips_a_generation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaselineFileError, match=r"nt35\.toml: extends must be 'nt31'"):
        compiled(tmp_path, nt31='certainty = "low"', nt35='certainty = "low"')
