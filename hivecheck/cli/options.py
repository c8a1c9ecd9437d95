"""The options that several commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hivecheck.facts.case_notes import CaseNotes


class SafeMode(StrEnum):
    """The safe boots a loader offers."""

    MINIMAL = "minimal"
    NETWORK = "network"
    DSREPAIR = "dsrepair"


class Verification(StrEnum):
    """Which other readers are asked."""

    NONE = "none"
    SECOND = "second"
    ALL = "all"


class Severity(StrEnum):
    """How grave a finding is, the mildest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


NO_SOFTWARE = Path("none")  # what --software says to do without the one that is found


def _version(value: bool) -> None:
    if value:
        from hivecheck import __version__

        typer.echo(f"hivecheck {__version__}")
        raise typer.Exit


Evidence = Annotated[
    Path,
    typer.Argument(
        metavar="EVIDENCE", help="A SYSTEM hive, or a folder, archive or disk image that holds some.", show_default=False
    ),
]
EvidenceList = Annotated[
    list[Path],
    typer.Argument(metavar="EVIDENCE...", help="SYSTEM hives, or folders, archives and disk images.", show_default=False),
]
Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE|-", help="Write the result as JSON; - is standard output.")
]
ControlSet = Annotated[
    str,
    typer.Option("--control-set", metavar="default|current|last-known-good|N", help="The control set to boot."),
]
SafeModeOption = Annotated[SafeMode | None, typer.Option("--safe-mode", help="Replay a safe boot.")]
Verify = Annotated[
    Verification,
    typer.Option(
        "--verify", help="Compare with python-registry (second), or with regipy as well, and survey the whole hive (all)."
    ),
]
Logs = Annotated[
    list[str] | None,
    typer.Option(
        "--logs",
        metavar="auto|none|FILE",
        help="Transaction logs: those beside the hive (auto), none, or these files (repeatable).",
        show_default="auto",
    ),
]
SoftwareHive = Annotated[
    Path | None,
    typer.Option(
        "--software",
        metavar="HIVE|none",
        help="The SOFTWARE hive of the same machine: exact version, winlogon, svchost groups, debuggers of programs.",
        show_default="the one beside a hive that was found in a folder, archive or image",
    ),
]
AllHives = Annotated[
    bool,
    typer.Option("--all-hives", help="Read older states of a machine as well: RegBack, Windows.old, shadow copies, repair."),
]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="KEY",
        help="Opens BitLocker volumes of an image: a password, a recovery key or a key file (repeatable).",
        show_default=False,
    ),
]
ProfileFile = Annotated[
    Path | None,
    typer.Option(
        "--profile",
        metavar="FILE",
        help="A TOML file of findings that are expected here, each with a reason; they are listed apart.",
        show_default=False,
    ),
]
MinSeverity = Annotated[
    Severity, typer.Option("--min-severity", help="Tell findings from this severity on, and only count milder ones.")
]
FailOn = Annotated[
    Severity | None,
    typer.Option(
        "--fail-on",
        help="End with exit code 3 where a finding that is not expected is as grave as this.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No summary, only what was asked for by option, and errors.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (as with the variable NO_COLOR).")]
Force = Annotated[bool, typer.Option("--force", help="Let --output overwrite files.")]
CaseId = Annotated[str, typer.Option("--case-id", metavar="TEXT", help="The case, as the reports are to name it.")]
Examiner = Annotated[str, typer.Option("--examiner", metavar="TEXT", help="Who examines, as the reports are to name them.")]
EvidenceId = Annotated[
    str, typer.Option("--evidence-id", metavar="TEXT", help="The piece of evidence, as the reports are to name it.")
]
Notes = Annotated[str, typer.Option("--notes", metavar="TEXT", help="Remarks that the reports are to repeat.")]
Version = Annotated[bool, typer.Option("--version", help="Print the version and end.", callback=_version, is_eager=True)]


def chosen_logs(values: list[str] | None) -> str | tuple[Path, ...]:
    """What --logs says: auto, none, or files. Raises UsageError where files are mixed with a word."""
    from hivecheck.errors import UsageError

    words = {"auto", "none"} & set(values or ())
    if not values:
        return "auto"
    if words:
        if len(values) > 1:
            raise UsageError("--logs takes auto, none, or files, not both")
        return values[0]
    return tuple(Path(value) for value in values)


def case_notes(case_id: str, examiner: str, evidence_id: str, notes: str) -> "CaseNotes":
    """What the reports repeat of the case, with the command line as it was typed, quoted for a shell of this system.

    What follows `--key` is left out: whoever reads a report must not be able to open the volume.
    """
    import shlex
    import sys

    from hivecheck.facts.case_notes import CaseNotes

    typed = ["hivecheck"]
    for place, one in enumerate(sys.argv[1:]):
        is_key = place > 0 and sys.argv[place] == "--key"
        typed.append("..." if is_key else "--key=..." if one.startswith("--key=") else one)
    on_windows = sys.platform == "win32"
    command = " ".join([f'"{one}"' if " " in one or not one else one for one in typed]) if on_windows else shlex.join(typed)
    return CaseNotes(case_id, examiner, evidence_id, notes, command)
