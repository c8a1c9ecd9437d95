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


class Outcome:
    """What a run could not read on its way: inputs and hives (`unread`), and parts of folders, archives and images (`missed`)."""

    def __init__(self) -> None:
        self.unread: list[HivecheckError] = []
        self.missed: list[HivecheckError] = []

    def tell_unread(self, error: HivecheckError) -> None:
        """Says on standard error that an input or a hive can't be read, and remembers it. How to go on is said once of several alike."""
        tell_error(error, with_hint=all(error.hint != one.hint for one in self.unread))
        self.unread.append(error)

    def tell_missed(self, named: Path, missed: tuple[str, ...], damaged: tuple[str, ...] = ()) -> None:
        """Says on standard error which parts of what was named were left out, and remembers them.

        `damaged` are those of them that tell of a SYSTEM hive which a machine boots from: that is a hive that can't be read.
        """
        if not missed:
            return
        tell_missed(named, missed)
        (self.unread if damaged else self.missed).append(_missed_parts(named, missed))

    def code(self, all_complete: bool) -> Exit:
        """The code for a run that ended by itself; `all_complete`: every hive that was read was read wholly."""
        if self.unread:
            return Exit.UNREADABLE
        return Exit.OK if all_complete and not self.missed else Exit.PARTIAL


def tell_error(error: HivecheckError, *, with_hint: bool = True) -> None:
    """One sentence on standard error, and how to go on where we know."""
    from hivecheck.facts.visible import visible

    where = f"{visible(error.path)}: " if error.path else ""
    message = visible(error.message)
    print(f"hivecheck: {where}{message}{'' if message.endswith('.') else '.'}", file=sys.stderr)
    if error.hint and with_hint:
        print(f"  {visible(error.hint)}", file=sys.stderr)


def tell_missed(named: Path, missed: tuple[str, ...]) -> None:
    """Says on standard error which parts a search left out: the first ten by name, a line each, and how many more there are."""
    from hivecheck.evidence.discovery import MISSED_TOLD
    from hivecheck.facts.visible import visible

    if len(missed) <= 1:
        if missed:
            tell_error(_missed_parts(named, missed))
        return
    print(f"hivecheck: {visible(str(named))}: {len(missed):,} {_word(named)} were not searched:", file=sys.stderr)
    for words in missed[:MISSED_TOLD]:
        print(f"  {visible(words)}", file=sys.stderr)
    if len(missed) > MISSED_TOLD:
        print(f"  and {len(missed) - MISSED_TOLD:,} more", file=sys.stderr)


def _missed_parts(named: Path, missed: tuple[str, ...]) -> EvidenceError:
    from hivecheck.evidence.discovery import words_of

    return EvidenceError(f"{_word(named)} were not searched", str(named), f"Not searched: {words_of(missed)}.")


def _word(named: Path) -> str:
    from hivecheck.evidence.discovery import container_word

    return f"parts of this {container_word(named)}"
