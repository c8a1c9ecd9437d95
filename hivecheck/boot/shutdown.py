"""How the machine goes down, in order, and what this hive sets for it. smss takes no part in it.

Source: smss.md D.6 (Windows Internals 5 and 6, "Shutdown"); B12.18 (ClearPageFileAtShutdown); A1.d and B.20 for what reaches the disk.
"""

from hivecheck.boot.statement import Statement, StaticRow, statements_of, told_number
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT31, VISTA, WIN8, WIN2000, Generation
from hivecheck.settings.catalog import (
    CLEAR_PAGE_FILE_AT_SHUTDOWN,
    PRESHUTDOWN_ORDER,
    WAIT_TO_KILL_SERVICE_TIMEOUT,
    Settings,
)

A, B, C = Certainty.A, Certainty.B, Certainty.C
_D6 = "smss.md D.6"
_SHOWN_SERVICES = 20
_DEFAULT_WAIT = 20_000  # milliseconds
_DEFAULT_WAIT_SINCE_8 = 5_000

BEFORE_SERVICES: tuple[StaticRow, ...] = (
    StaticRow(
        NT31, None, "A program asks for the shutdown (ExitWindowsEx); csrss of its session hands it to winlogon.", B, _D6
    ),
    StaticRow(
        NT31,
        None,
        "csrss ends the programs of the session, those with the highest shutdown level first, each asked.",
        B,
        _D6,
    ),
    StaticRow(VISTA, None, "The other sessions are logged off, each with its csrss and winlogon; session 0 stays.", C, _D6),
    StaticRow(
        VISTA, None, "wininit takes over; services that asked for it are told before all others (preshutdown).", B, _D6
    ),
)
AFTER_SERVICES: tuple[StaticRow, ...] = (
    StaticRow(
        NT31,
        VISTA,
        "smss, csrss, winlogon, services and lsass still run when winlogon calls the kernel (NtShutdownSystem).",
        B,
        _D6,
    ),
    StaticRow(
        VISTA,
        None,
        "smss, csrss, wininit, services and lsass still run when wininit calls the kernel (NtShutdownSystem).",
        B,
        _D6,
    ),
    StaticRow(NT31, None, "smss takes no part in the shutdown.", B, _D6),
    StaticRow(NT31, WIN2000, "Drivers are told, the hives are written out, the file systems are flushed.", C, _D6),
    StaticRow(
        WIN2000,
        None,
        "Drivers are told (IRP_MJ_SHUTDOWN), the hives are written out, the file systems are flushed, the power goes off.",
        B,
        _D6,
    ),
)


def shutdown_order(generation: Generation, settings: Settings) -> tuple[Statement, ...]:
    """The steps in order, with what this hive sets in its place."""
    order = [*statements_of(BEFORE_SERVICES, generation)]
    order += _preshutdown(generation, settings)
    order.append(_services(generation, settings))
    order += statements_of(AFTER_SERVICES, generation)
    order.append(_page_files(settings))
    return tuple(order)


def _preshutdown(generation: Generation, settings: Settings) -> list[Statement]:
    names = settings[PRESHUTDOWN_ORDER]
    if generation < VISTA or not names.value:
        return []
    told = ", ".join(name.text for name in names.value[:_SHOWN_SERVICES])
    more = len(names.value) - _SHOWN_SERVICES
    text = f"PreshutdownOrder names the order of these: {told}" + (f" and {more} more." if more > 0 else ".")
    return [Statement(text, B, _D6, names.origins)]


def _services(generation: Generation, settings: Settings) -> Statement:
    wait = settings[WAIT_TO_KILL_SERVICE_TIMEOUT]
    text = wait.value.strip()
    if text.isascii() and text.isdigit():
        told = f"WaitToKillServiceTimeout gives services {text} ms to stop; those that still run are left to the kernel."
        return Statement(told, B, _D6, wait.origins)
    default = _DEFAULT_WAIT_SINCE_8 if generation >= WIN8 else _DEFAULT_WAIT
    why = "is not a number" if wait.is_written else "is not set"
    return Statement(
        f"services.exe stops the services; WaitToKillServiceTimeout {why}, so they have {default} ms.",
        C,
        _D6,
        wait.origins,
    )


def _page_files(settings: Settings) -> Statement:
    clears = settings[CLEAR_PAGE_FILE_AT_SHUTDOWN]
    meaning = {
        0: "the paging files keep what they hold.",
        1: "the kernel fills the paging files with zeros, which takes its time and destroys evidence.",
    }
    told = told_number(
        clears, meaning, "the kernel takes any number but 0 for a yes.", "the paging files keep what they hold."
    )
    return Statement(told, B if clears.value in (0, 1, None) else C, "smss.md B12.18", clears.origins)
