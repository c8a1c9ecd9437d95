"""The tables of docs/boot.md, worked out from the code: python -m tests.boot_page writes them into the page.

The steps of smss come from its order tuples, the marks of everything else from the boots of the clean hives in test_hives/,
the sentences and processes from their tables. A table stands below the line `<!-- name -->`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from hivecheck.analysis import Options, analyze
from hivecheck.boot import smss
from hivecheck.boot.critical_processes import critical_processes
from hivecheck.boot.run_time import PORTS, PROTECTION, SESSIONS
from hivecheck.boot.shutdown import AFTER_SERVICES, BEFORE_SERVICES
from hivecheck.boot.smss import ORDERS, order_of
from hivecheck.boot.statement import StaticRow
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1903,
    WIN11,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "boot.md"
COLUMNS: tuple[tuple[str, Generation, str], ...] = (
    ("NT 3.x", NT351, "nt351-x86"),
    ("NT 4", NT4, "nt4-x86"),
    ("2000", WIN2000, "win2000-x86"),
    ("XP", XP, "xp-x86"),
    ("2003", WIN2003, "xp-x64"),
    ("Vista", VISTA, "vista-x86"),
    ("7", WIN7, "win7-x64"),
    ("8", WIN8, "win8-x64"),
    ("8.1", WIN81, "win81-x64"),
    ("10", WIN10_1903, "win10-1903-x64"),
    ("11", WIN11, "win11-22h2-x64"),
)
_OLD_TABLE = re.compile(r"\A(\|.*\n)*")
_PARTS = {
    "load-control-set": "loader: the control set",
    "boot-drivers": "drivers of boot and system start",
    "read-settings": "smss starts and reads",
    "object-directories": "object directories",
    "dos-devices": "DOS Devices",
    "boot-execute": "BootExecute",
    "load-registry": "the other hives",
    "platform-binary": "platform binary (WPBT)",
    "known-dlls": "KnownDLLs",
    "paging-files": "paging files",
    "environment": "environment written back",
    "subsystems": "win32k, csrss",
    "sessions": "sessions",
    "initial-command": "wininit, winlogon",
    "services": "services.exe and the auto-start services",
    "lsa": "lsass and its packages",
    "logon": "setup, logon screen, what a logon starts",
}


def tables() -> dict[str, list[str]]:
    """The lines of each table by its name."""
    return {
        "steps of smss": list(_steps()),
        "parts of the boot": list(_parts()),
        "at run time": list(_sentences((*PORTS, *SESSIONS, *PROTECTION))),
        "what ends it": list(_processes()),
        "shutdown": list(_sentences((*BEFORE_SERVICES, *AFTER_SERVICES))),
    }


def _table(first: str, rows: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(name for name, _, _ in COLUMNS)} |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def _by_column(cell: Callable[[Generation], str]) -> Iterator[str]:
    return (cell(generation) for _, generation, _ in COLUMNS)


def _steps() -> Iterator[str]:
    """Every step of every order tuple, its place and its mark."""
    names = {step: name.replace("_", " ") for name, step in vars(smss).items() if callable(step)}
    steps = dict.fromkeys(step for _, order, _ in reversed(ORDERS) for step, _ in order)
    places = {
        generation: {step: f"{place} {mark.value}" for place, (step, mark) in enumerate(order_of(generation)[0], 1)}
        for _, generation, _ in COLUMNS
    }
    rows = ((names[step], [places[generation].get(step, "-") for _, generation, _ in COLUMNS]) for step in steps)
    return _table("step", rows)


def _parts() -> Iterator[str]:
    """For each step of the boot the marks that events of a clean machine have."""
    rows = ((words, [_marks(hive, step) for _, _, hive in COLUMNS]) for step, words in _PARTS.items())
    return _table("part", rows)


def _marks(hive: str, step: str) -> str:
    return dict(_marks_of(hive)).get(step, "-")


@cache
def _marks_of(hive: str) -> tuple[tuple[str, str], ...]:
    marks: dict[str, set[str]] = {}
    for event in analyze(ROOT / "test_hives" / f"{hive}.hive", Options(verify="none")).replay.events:
        marks.setdefault(event.step.value, set()).add(event.certainty.value)
    return tuple((step, " ".join(sorted(found))) for step, found in marks.items())


def _sentences(rows: tuple[StaticRow, ...]) -> Iterator[str]:
    def cells(row: StaticRow) -> Iterator[str]:
        return _by_column(lambda generation: row.certainty.value if row.holds_for(generation) else "-")

    return _table("statement", ((row.text.replace("\\", "\\\\"), cells(row)) for row in rows))


def _processes() -> Iterator[str]:
    told = dict.fromkeys((one.name, one.session) for _, generation, _ in COLUMNS for one in critical_processes(generation))

    def cell(name: str, session: str, generation: Generation) -> str:
        found: list[Certainty] = [
            one.certainty for one in critical_processes(generation) if (one.name, one.session) == (name, session)
        ]
        return found[0].value if found else "-"

    return _table(
        "death of",
        (
            (f"{name}, {session}" if session else name, [cell(name, session, generation) for _, generation, _ in COLUMNS])
            for name, session in told
        ),
    )


def with_tables(page: str) -> str:
    """The page with every table as it should be."""
    for name, lines in tables().items():
        start = f"<!-- {name} -->\n"
        before, _, after = page.partition(start)
        page = before + start + "\n".join(lines) + "\n" + _OLD_TABLE.sub("", after, count=1)
    return page


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
