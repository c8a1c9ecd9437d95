r"""Cases for rules: a clean machine of the test hives, with a piece of notation laid over it, read and played as the front door does.

    findings(Example("...", r"...", cites=("evil",)), rule)

A value given overrides the machine's own; `without` takes keys or values out again. A path in `without` is below the control
set (`Control\Session Manager`), a value follows after two backslashes (`Control\Session Manager\\BootExecute`).
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hivecheck.baselines.load import load_baseline
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import WIN10_2004
from hivecheck.facts.origin import State, ValueRef
from hivecheck.registry.control_sets import control_set_name, read_control_sets
from hivecheck.registry.hive import Hive, RawValue, fold_name
from hivecheck.registry.memory import MemoryHive, PlainKey
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.region import RegionKind
from hivecheck.registry.strings import encode_multi_sz
from hivecheck.registry.views import Sighting, Stage
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import CaseEvidence
from hivecheck.rules.examples.example import Example
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.machine_facts import read_machine_facts
from hivecheck.settings.remnants import LostText
from hivecheck.settings.software import read_software

HIVES = Path(__file__).resolve().parents[2] / "test_hives"


def case_of(example: Example) -> Case:
    """The case of an example."""
    hive = hive_of(example)
    if example.software:
        return case_of_hive(hive, software=software_of(example.software))
    if example.lost or example.access:
        access = tuple((path, bytes.fromhex(digits)) for path, digits in example.access)
        lost = LostLists((), (lost_commands(*example.lost),)) if example.lost else None
        return case_of_hive(hive, evidence=CaseEvidence(lost=lost, descriptors=access))
    if not example.logged:
        return case_of_hive(hive)
    logged = parse_notation(_lines(example.logged)).plain
    recovered = MemoryHive("SYSTEM", lay_over(hive.plain, logged))
    changes = tuple(
        LogChange("SYSTEM.LOG1", 1, path, value.name, _value(hive, path, value.name), _value(recovered, path, value.name))
        for path, key in _keys_of(logged, "")
        for value in key.values
    )
    return case_of_hive(recovered, evidence=CaseEvidence(0, True, changes))


def software_of(notation: str) -> MemoryHive:
    """The SOFTWARE hive of an example."""
    return MemoryHive("SOFTWARE", parse_notation(_lines(notation)).plain)


def lost_commands(*lines: str) -> LostText:
    """A deleted BootExecute of these lines, found in a free cell."""
    ref = ValueRef("SYSTEM", "?", "BootExecute", 0, 0x2000, state=State.DELETED)
    raw = encode_multi_sz(lines)
    seen = (Sighting("SYSTEM", Stage.AS_FOUND, RegionKind.FREE, 0x2000, 0x2000),)
    return LostText(ref, True, lines, True, "", len(raw), Confidence.HIGH, ("a deleted value",), raw, seen)


def hive_of(example: Example) -> MemoryHive:
    """The clean machine with the example laid over it."""
    plain = lay_over(clean(example.generation), parse_notation(_lines(example.notation)).plain)
    for path in example.without:
        key, _, value = path.partition("\\\\")
        names = [*f"ControlSet001\\{key}".split("\\")] if not key.startswith("\\") else key[1:].split("\\")
        plain = _taken_out(plain, names, value if "\\\\" in path else None)
    return MemoryHive("SYSTEM", plain)


def _lines(notation: str) -> str:
    """The notation without the indentation of the source it stands in."""
    return "\n".join(line.strip() for line in notation.splitlines())


def _keys_of(key: PlainKey, path: str) -> Iterator[tuple[str, PlainKey]]:
    yield path, key
    for child in key.subkeys:
        yield from _keys_of(child, f"{path}\\{child.name}".lstrip("\\"))


def _value(hive: MemoryHive, path: str, name: str) -> RawValue | None:
    key = hive.root.subkey(path)
    return key.value(name) if key is not None else None


@cache
def clean(machine: str) -> PlainKey:
    """A clean machine of the test hives, by its id in the manifest."""
    return parse_notation((HIVES / f"{machine}.hive.txt").read_text("utf-8")).plain


def case_of_hive(
    hive: Hive, choice: str = "default", evidence: CaseEvidence | None = None, software: Hive | None = None
) -> Case:
    """The case of any hive, put together as the front door does it, with a SOFTWARE hive where one is given."""
    sets = read_control_sets(hive, choice)
    control_set = hive.root.subkey(control_set_name(sets.number)) if sets.number is not None else None
    described = control_set or next((hive.root.subkey(control_set_name(number)) for number in sets.present), None)
    facts = read_machine_facts(hive, described)
    generation = facts.generation.value or WIN10_2004
    settings = read_settings(hive, control_set)
    lists = read_start_lists(control_set, hive.root, generation)
    root = facts.system_root.value or "C:\\Windows"
    assumed = facts.system_root.confidence is not Confidence.HIGH
    architecture = facts.architecture.value or ""
    name = control_set.name if control_set is not None else ""
    told = read_software(software, generation) if software is not None else None
    smss = Smss(settings, generation, root, architecture, name, None, assumed, software=told)
    baseline = load_baseline(generation, architecture)
    played = play_boot(sets, smss, lists)
    given = evidence or CaseEvidence()
    return Case(hive, sets, control_set, facts, generation, settings, lists, told, played, baseline, given)


def lay_over(base: PlainKey, over: PlainKey) -> PlainKey:
    """The tree of `base` with the values and keys of `over` in it; a value or key of the same name takes its place, or merges."""
    values = {fold_name(value.name): value for value in base.values}
    values.update((fold_name(value.name), value) for value in over.values)
    subkeys = {fold_name(key.name): key for key in base.subkeys}
    for key in over.subkeys:
        name = fold_name(key.name)
        subkeys[name] = lay_over(subkeys[name], key) if name in subkeys else key
    written = over.written or base.written
    return changed(base, written=written, values=tuple(values.values()), subkeys=tuple(subkeys.values()))


def _taken_out(key: PlainKey, names: list[str], value: str | None) -> PlainKey:
    """The tree without the key of this path, or without one value of it. Raises ValueError for what is not there."""
    if not names:
        left = tuple(one for one in key.values if fold_name(one.name) != fold_name(value or ""))
        if len(left) == len(key.values):
            raise ValueError(f"no value {value!r} in {key.name}")
        return changed(key, values=left)
    at = [fold_name(one.name) for one in key.subkeys].index(fold_name(names[0]))
    if len(names) == 1 and value is None:
        return changed(key, subkeys=key.subkeys[:at] + key.subkeys[at + 1 :])
    inner = _taken_out(key.subkeys[at], names[1:], value)
    return changed(key, subkeys=(*key.subkeys[:at], inner, *key.subkeys[at + 1 :]))
