"""How the program ends: the exit codes in one place, and the sentence an error ends with."""

import sys
from enum import IntEnum
from pathlib import Path

from hivecheck.errors import EvidenceError, HivecheckError


class Exit(IntEnum):
    """What the process's end says to a script."""

    OK = 0  # read, whatever was found
    FAULT = 1  # a fault of hivecheck itself
    USAGE = 2  # wrong usage
    FINDINGS = 3  # findings at or above --fail-on
    UNREADABLE = 4  # an input not readable, or no SYSTEM hive
    PARTIAL = 5  # read, but not wholly
    INTERRUPTED = 130  # Ctrl-C


def exit_code(some_unreadable: bool, all_complete: bool) -> Exit:
    """The code for a run that ended by itself."""
    if some_unreadable:
        return Exit.UNREADABLE
    return Exit.OK if all_complete else Exit.PARTIAL


def tell_error(error: HivecheckError) -> None:
    """One sentence on standard error, and how to go on where we know."""
    from hivecheck.facts.visible import visible

    where = f"{visible(error.path)}: " if error.path else ""
    message = visible(error.message)
    print(f"hivecheck: {where}{message}{'' if message.endswith('.') else '.'}", file=sys.stderr)
    if error.hint:
        print(f"  {visible(error.hint)}", file=sys.stderr)


def tell_missed(named: Path, missed: str) -> bool:
    """Whether a search left parts of what was named out, which is told on standard error. `missed` says which, '' for none."""
    if missed:
        tell_error(missed_parts(named, missed))
    return bool(missed)


def missed_parts(named: Path, missed: str) -> EvidenceError:
    """That a search left parts of a folder, archive or image out; `missed` says which."""
    from hivecheck.evidence.discovery import container_word

    return EvidenceError(f"parts of this {container_word(named)} were not searched", str(named), f"Not searched: {missed}.")
