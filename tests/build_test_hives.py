"""Builds all of `test_hives/`: python -m tests.build_test_hives, or --check to compare with what lies there.

Nothing in that folder is edited by hand: its hives are written out here from tables, as notation and as bytes, and described
in MANIFEST.toml. The same tables give the same bytes on every run.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from hivecheck.registry.notation import parse_notation
from tests.broken_hives import Broken, broken_hives
from tests.effect_hives import EffectHive, effect_hives
from tests.hive_control import compose_hive
from tests.hive_machines import MACHINES, Machine
from tests.hive_writer import build_hive
from tests.infected_findings import FINDINGS
from tests.infected_hives import Infected, infected_hives

Fields = dict[str, str | int | tuple[str, ...]]

FOLDER = Path(__file__).parent.parent / "test_hives"
MADE_UP = "Made up; written by tests/build_test_hives.py."
CLEAN_SHOWS = "A clean machine after a clean shutdown."
NT351_SHOWS = f"{CLEAN_SHOWS} The version of the format and much else of 3.51 are unverified: no such hive was at hand."
HEAD = """\
# The test hives, a table each. Built by `python -m tests.build_test_hives`; do not edit.
#
# All machines are made up. `boots` is the control set that boots next. Beside each NAME.hive lies NAME.hive.txt, the same in
# hive notation (docs/notation.md), with comments. `planted` says what was tampered with; `detections` are the rules that
# must speak up for it. `findings` are all that the rules find on an infected machine, worst story first, with what they cite. In broken/, `error` and `problems` are what hivecheck's own reader has to say of
# the file: the exception that ends it, or the codes of the problems that a survey of the whole hive and a look-up of each key meet.
# Where a log lies beside it (.LOG1), `told` are the codes by which an analysis tells what became of the log.
# In effects/, each hive shows how one event of a boot changes what another finds, or (`halts`) why a boot would not come up.
"""


def build_all() -> dict[str, bytes]:
    """Every file of the folder by its name, with its contents."""
    files: dict[str, bytes] = {}
    tables: list[str] = [HEAD]
    for machine in MACHINES:
        shows = NT351_SHOWS if machine.file == "nt351-x86" else CLEAN_SHOWS
        notation = compose_hive(machine, f"{machine.windows}, {machine.name}.\n{shows}\n{MADE_UP}").render()
        tables.append(_add_hive(files, machine, notation, "clean", shows, "ControlSet001"))
    for infected in infected_hives():
        shows = infected.shows.replace("\n", " ")
        table = _add_hive(files, infected.machine, infected.hive.render(), "infected", shows, infected.boots)
        tables.append(table + "".join(_planted_tables(infected)) + "".join(_finding_tables(infected.machine.file)))
    tables += [_add_effect(files, effect) for effect in effect_hives()]
    for broken in broken_hives():
        files[f"broken/{broken.file}"] = broken.data
        tables.append(_broken_table(broken))
    files["MANIFEST.toml"] = "\n".join(tables).encode()
    return files


def _add_hive(files: dict[str, bytes], machine: Machine, notation: str, state: str, shows: str, boots: str) -> str:
    """Put the notation and the bytes of a hive among the files; gives its table."""
    data = build_hive(parse_notation(notation, machine.file))
    files[f"{machine.file}.hive.txt"] = notation.encode()
    files[f"{machine.file}.hive"] = data
    fields: Fields = {
        "file": f"{machine.file}.hive",
        "sha256": sha256(data).hexdigest(),
        "state": state,
        "shows": shows,
        "windows": machine.windows,
        "generation": machine.generation.id,
        "architecture": machine.architecture,
        "service_pack": machine.service_pack,
        "system_root": machine.system_root,
        "computer": machine.name,
        "time_zone": machine.zone.key,
        "boots": boots,
        "last_boot": machine.boot,
        "last_shutdown": machine.shutdown,
        "boot_count": machine.boots,
    }
    return _table(f"[{machine.file}]", fields)


def _planted_tables(infected: Infected) -> Iterator[str]:
    for planted in infected.planted:
        fields: Fields = {"key": planted.key, "value": planted.value, "what": planted.what, "detections": planted.detections}
        yield "\n" + _table(f"[[{infected.machine.file}.planted]]", fields)


def _finding_tables(file: str) -> Iterator[str]:
    for one in FINDINGS[file]:
        fields: Fields = {"rule": one.rule, "severity": one.severity, "cites": one.cites}
        yield "\n" + _table(f"[[{file}.findings]]", fields)


def _add_effect(files: dict[str, bytes], effect: EffectHive) -> str:
    notation = effect.render()
    data = build_hive(parse_notation(notation, effect.file))
    files[f"effects/{effect.file}.hive.txt"] = notation.encode()
    files[f"effects/{effect.file}.hive"] = data
    fields: Fields = {
        "file": f"effects/{effect.file}.hive",
        "sha256": sha256(data).hexdigest(),
        "state": "effect",
        "shows": effect.shows,
        "generation": effect.machine.generation.id,
        "halts": effect.halts,
    }
    return _table(f"[effects.{json.dumps(effect.file)}]", fields)


def _broken_table(broken: Broken) -> str:
    fields: Fields = {
        "file": f"broken/{broken.file}",
        "sha256": sha256(broken.data).hexdigest(),
        "state": "broken",
        "shows": broken.shows,
    }
    fields |= {"error": broken.error} if broken.error else {"problems": broken.problems}
    fields |= {"told": broken.told} if broken.told else {}
    return _table(f"[broken.{json.dumps(broken.file)}]", fields)


def _table(name: str, fields: Fields) -> str:
    lines = [f"{field} = {json.dumps(value, ensure_ascii=False)}" for field, value in fields.items()]
    return "\n".join([name, *lines]) + "\n"


def differences(files: Mapping[str, bytes], folder: Path) -> Iterator[str]:
    """What a fresh build would change in the folder, a line each."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, data in files.items():
        if name not in present:
            yield f"{name} is missing"
        elif (folder / name).read_bytes() != data:
            yield f"{name} differs from a fresh build"
    for name in sorted(present - files.keys()):
        if not name.startswith((".", "images/")):  # those are built by build_test_images
            yield f"{name} is built by nobody"


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the test hives.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a file is not as it would be built"
    )
    files = build_all()
    if parser.parse_args().check:
        found = list(differences(files, FOLDER))
        print(*found, sep="\n", file=sys.stderr)
        return 1 if found else 0
    for name, data in files.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
