r"""smss and the registry: the other hives are loaded, then the variables that depend on this machine are written.

Source: smss.md A.1 steps 15 to 17, A.3 steps 15 and 19, B13.5, B.19 (ReactOS sminit.c SmpCreateDynamicEnvironmentVariables).
"""

import re

from hivecheck.boot.actions import LoadHives, SetVariable, WriteValue
from hivecheck.boot.plan import Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import Family
from hivecheck.facts.origin import BuiltIn
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import ENVIRONMENT, SYSTEM_PARTITION

_DYNAMIC = (
    "OS",
    "PROCESSOR_ARCHITECTURE",
    "PROCESSOR_LEVEL",
    "PROCESSOR_IDENTIFIER",
    "PROCESSOR_REVISION",
    "NUMBER_OF_PROCESSORS",
)
_PLAUSIBLE = {  # what smss may have written at an earlier boot; anything else was put there, and does not survive this one
    "PROCESSOR_ARCHITECTURE": re.compile("x86|AMD64|IA64|ARM|ARM64", re.IGNORECASE),
    "PROCESSOR_LEVEL": re.compile("[0-9]{1,10}"),
    "PROCESSOR_IDENTIFIER": re.compile(".+"),
    "PROCESSOR_REVISION": re.compile("[0-9A-Fa-f]{1,8}"),
    "NUMBER_OF_PROCESSORS": re.compile("[0-9]{1,10}"),
}
_UNKNOWN = "as the processor says"
BOOT_DIR_KEY = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup"


def load_registry(smss: Smss, certainty: Certainty) -> Plan:
    """SOFTWARE, SAM, SECURITY and DEFAULT; registry writes made before this lie in memory only."""
    because = (BuiltIn("NtInitializeRegistry", "smss.md A.1 step 15, A1.d"),)
    yield smss.ask(Step.LOAD_REGISTRY, LoadHives(("SOFTWARE", "SAM", "SECURITY", "DEFAULT")), certainty, because)


def write_dynamic_environment(smss: Smss, certainty: Certainty) -> Plan:
    """The variables that describe this machine, written at every boot. What was planted in them does not survive it.

    Up to 2003 they do not reach smss's own environment any more: its children see those of the boot before.
    """
    key = smss.session_manager_key + "\\Environment"
    stored = {fold_name(variable.name): variable for variable in smss.settings[ENVIRONMENT].value}
    for name in _DYNAMIC:
        variable = stored.get(name)
        because = (BuiltIn(f"{name} is written at every boot", "smss.md B13.5"), *((variable.origin,) if variable else ()))
        value, doubt = _predict(smss, name, variable.text if variable else None)
        yield smss.ask(Step.ENVIRONMENT, WriteValue(key, name, value), certainty, because, doubt=doubt)
        if smss.family in (Family.G3, Family.G4) and value != _UNKNOWN:
            smss.set_variable(name, value)
            yield smss.ask(Step.ENVIRONMENT, SetVariable(name, value), certainty, because, doubt=doubt)
    safe_mode = smss.safe_mode_variable
    if safe_mode is not None:
        value, mark, origins, doubt = safe_mode
        written = WriteValue(key, "SAFEBOOT_OPTION", value)
        yield smss.ask(Step.ENVIRONMENT, written, certainty & mark, origins, doubt=doubt)


def _predict(smss: Smss, name: str, stored: str | None) -> tuple[str, str]:
    """What a variable will be, and what that assumes. Of the processor the hive tells only what it was at the last boot."""
    if name == "OS":
        return "Windows_NT", ""
    same = "the machine boots on the same processors as before"
    if name == "PROCESSOR_ARCHITECTURE" and smss.architecture:
        return smss.architecture, same
    return (stored if stored is not None and _PLAUSIBLE[name].fullmatch(stored) else _UNKNOWN), same


def write_boot_dir(smss: Smss, certainty: Certainty) -> Plan:
    """`BootDir` in SOFTWARE, from `Setup\\SystemPartition`; a failure is ignored."""
    partition = smss.settings[SYSTEM_PARTITION]
    if not partition.value:
        return
    written = WriteValue(BOOT_DIR_KEY, "BootDir", f"the drive of {partition.value}")
    yield smss.ask(Step.ENVIRONMENT, written, certainty, partition.origins)
