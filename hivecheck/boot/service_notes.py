"""What a report says beside a service: why it starts here, what its failure means, what runs when it fails, its protection."""

from collections.abc import Iterable

from hivecheck.boot.service_accounts import is_own_account
from hivecheck.boot.service_order import DELAYED, EARLY, PlannedStart
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.generation import WIN8, WIN81, Generation
from hivecheck.settings.services import CRITICAL, DEMAND_START, ERROR_CONTROL_NAMES, SEVERE, Service
from hivecheck.settings.successor_rows import AUTO_START_DELAY

_USUAL_DELAY = 120  # seconds
_PROTECTION = {1: "Windows", 2: "Windows light", 3: "antimalware light"}


def sentences(notes: Iterable[str]) -> str:
    """The notes as sentences after each other; '' for none."""
    return " ".join(note if note.endswith(".") else note + "." for note in notes)


def turn_notes(start: PlannedStart, smss: Smss) -> list[str]:
    """Why a service starts here where Start alone does not tell it."""
    service, notes = start.service, []
    if service.start == DEMAND_START and start.wanted_by:
        driver = ", unless Plug and Play has loaded it by now" if service.is_driver else ""
        notes.append(f"It starts on demand only; {start.wanted_by} depends on it{driver}")
    elif start.wanted_by:
        notes.append(f"It starts before its own turn: {start.wanted_by} depends on it")
    elif start.when == EARLY:
        notes.append("EarlyStartServices has it start before all groups")
    if start.when == DELAYED and not start.wanted_by:
        seconds = smss.settings[AUTO_START_DELAY].value
        told = _USUAL_DELAY if seconds is None else seconds
        notes.append(f"It is delayed: it starts about {told} seconds after the others")
        if service.group:
            notes.append(f"Its group {service.group} does not count then")
    elif service.delayed and start.wanted_by:
        notes.append("It would be delayed otherwise")
    if service.has_triggers and service.start != DEMAND_START:
        notes.append("It has triggers as well, but starts by itself")
    return notes


def failure_notes(service: Service, smss: Smss) -> list[str]:
    """What it means when it does not start, and what is run when it ends by accident."""
    notes = []
    level = service.error_control
    if level is not None and SEVERE <= level <= CRITICAL:
        notes.append(
            f"Its ErrorControl is {ERROR_CONTROL_NAMES[level]}: if it fails to start, {_consequence(level, smss.generation)}"
        )
    if service.failure_command:
        notes.append(f"When it ends by accident, services.exe may run: {service.failure_command}")
    elif service.stored_failure_command.strip():
        told = f"FailureCommand is set, but no action of FailureActions runs it: {service.stored_failure_command}"
        notes.append(told)
    return notes


def account_notes(service: Service) -> list[str]:
    """The account it runs as, where that is none of Windows' own three."""
    return [] if is_own_account(service.account) else [f"It runs as the account {service.account}"]


def _consequence(level: int, generation: Generation) -> str:
    """What Windows does when a service of this ErrorControl, severe or critical, does not start."""
    if generation < WIN8:
        last = "this start goes on" if level == SEVERE else "the boot ends"
        return f"the machine restarts with the last known good configuration; if that is the one in use, {last}"
    otherwise = "the boot goes on and logs it" if level == SEVERE else "the boot ends"
    return f"{otherwise}, unless last known good was switched on"


def protection_notes(service: Service, smss: Smss) -> list[str]:
    """The level of a protected process, known since 8.1."""
    level = service.launch_protected
    if not level or smss.generation < WIN81:
        return []
    return [f"Its process is protected (LaunchProtected {level}: {_PROTECTION.get(level, 'unknown level')})"]
