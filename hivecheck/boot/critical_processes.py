"""What the death of each process on which Windows hangs brings about, per generation.

Source: smss.md D.5 (ReactOS smss.c; Windows Internals 4 to 7; "Bug Check 0xC000021A" and "Bug Check 0xEF" of the driver
documentation). Codes that a source does not give for a generation are inferred.
"""

from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import NT31, VISTA, WIN8, WIN81, WIN2000, XP, Generation

A, B, C = Certainty.A, Certainty.B, Certainty.C
_D5 = "smss.md D.5"
_STOP = "STOP 0xC000021A"
_OBJECT = "STOP 0xF4, CRITICAL_OBJECT_TERMINATION (the code is inferred)"
_DIED = "STOP 0xEF, CRITICAL_PROCESS_DIED (the code is inferred)"


@fact
class CriticalProcess:
    """`session` says which of that name is meant, '' where there is one. `certainty` is that of the consequence."""

    name: str
    session: str
    consequence: str
    certainty: Certainty
    source: str


Row = tuple[Generation, Generation | None, CriticalProcess]


def _row(
    since: Generation, before: Generation | None, name: str, session: str, consequence: str, certainty: Certainty
) -> Row:
    return since, before, CriticalProcess(name, session, consequence, certainty, _D5)


ROWS: tuple[Row, ...] = (
    _row(NT31, XP, "smss.exe", "", "The machine stops; within its first 5 seconds SESSION5_INITIALIZATION_FAILED", C),
    _row(
        XP,
        VISTA,
        "smss.exe",
        "",
        f"{_OBJECT}; within its first 5 seconds SESSION5_INITIALIZATION_FAILED. A failed start of its own is {_STOP}, "
        "Session Manager Initialization",
        A,
    ),
    _row(VISTA, WIN8, "smss.exe", "the first", f"It is critical: {_OBJECT}. A failed start of its own is {_STOP}", B),
    _row(WIN8, None, "smss.exe", "the first", f"It is critical: {_DIED}. A failed start of its own is {_STOP}", B),
    _row(VISTA, None, "smss.exe", "those that set up a session", "They end by themselves; nothing happens", B),
    _row(NT31, WIN2000, "csrss.exe", "", f"smss stops the machine: {_STOP}, Windows SubSystem", B),
    _row(WIN2000, VISTA, "csrss.exe", "session 0", f"smss stops the machine: {_STOP}, Windows SubSystem", A),
    _row(WIN2000, VISTA, "csrss.exe", "every other", "That session ends", C),
    _row(VISTA, WIN8, "csrss.exe", "any session", f"It is critical: {_OBJECT}", B),
    _row(WIN8, None, "csrss.exe", "any session", f"It is critical: {_DIED}", B),
    _row(NT31, WIN2000, "winlogon.exe", "", f"smss stops the machine: {_STOP}, Windows Logon Process", B),
    _row(WIN2000, VISTA, "winlogon.exe", "session 0", f"smss stops the machine: {_STOP}, Windows Logon Process", A),
    _row(WIN2000, VISTA, "winlogon.exe", "every other", "That session ends", C),
    _row(VISTA, None, "winlogon.exe", "any session", "That session is logged off; the machine goes on", B),
    _row(VISTA, WIN8, "wininit.exe", "", f"It is critical: {_OBJECT}", B),
    _row(WIN8, None, "wininit.exe", "", f"It is critical: {_DIED}", B),
    _row(NT31, WIN2000, "services.exe", "", "winlogon can start no service; the machine goes on until it is restarted", C),
    _row(WIN2000, VISTA, "services.exe", "", "winlogon announces a shutdown and restarts the machine after a minute", C),
    _row(VISTA, WIN8, "services.exe", "", f"wininit watches it: the machine stops or restarts by {_OBJECT}", C),
    _row(WIN8, WIN81, "services.exe", "", f"It is critical: {_DIED}", C),
    _row(WIN81, None, "services.exe", "", f"It is critical and protected: {_DIED}", C),
    _row(NT31, WIN2000, "lsass.exe", "", "Nobody can log on any more; the machine goes on until it is restarted", C),
    _row(WIN2000, VISTA, "lsass.exe", "", "winlogon announces a shutdown and restarts the machine after a minute", B),
    _row(VISTA, None, "lsass.exe", "", "wininit announces a shutdown and restarts the machine after a minute", B),
    _row(VISTA, WIN8, "lsm.exe", "", "No session can be made any more; wininit restarts the machine", C),
)


def critical_processes(generation: Generation) -> tuple[CriticalProcess, ...]:
    """Those of one generation, in the order in which they start."""
    return tuple([row for since, before, row in ROWS if since <= generation and (before is None or generation < before)])
