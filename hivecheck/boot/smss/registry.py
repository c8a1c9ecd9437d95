r"""smss and the registry: the other hives are loaded, then the variables that depend on this machine are written.

Source: smss.md A.1 steps 15 to 17, A.3 steps 15 and 19, B13.5, B.19 (ReactOS sminit.c SmpCreateDynamicEnvironmentVariables).
"""

from hivecheck.boot.actions import LoadHives, SetVariable, WriteValue
from hivecheck.boot.plan import Plan, Step
from hivecheck.boot.smss.reading import set_safe_mode_variable
from hivecheck.boot.smss.smss import SAFE_MODES, Smss
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
        value, doubt = "Windows_NT", ""
        if name != "OS":
            value = variable.text if variable else "as the processor says"
            doubt = "the machine boots on the same processors as before"
        yield smss.ask(Step.ENVIRONMENT, WriteValue(key, name, value), certainty, because, doubt=doubt)
        if smss.family in (Family.G3, Family.G4) and (name == "OS" or variable):
            smss.set_variable(name, value)
            yield smss.ask(Step.ENVIRONMENT, SetVariable(name, value), certainty, because, doubt=doubt)
    if smss.safe_mode is not None:
        written = WriteValue(key, "SAFEBOOT_OPTION", SAFE_MODES[smss.safe_mode])
        origin = (BuiltIn(f"safe mode ({smss.safe_mode}), chosen by the loader", "smss.md B13.6, E.3"),)
        yield smss.ask(Step.ENVIRONMENT, written, certainty, origin)


def write_boot_dir(smss: Smss, certainty: Certainty) -> Plan:
    """`BootDir` in SOFTWARE, from `Setup\\SystemPartition`; a failure is ignored."""
    partition = smss.settings[SYSTEM_PARTITION]
    if not partition.value:
        return
    written = WriteValue(BOOT_DIR_KEY, "BootDir", f"the drive of {partition.value}")
    yield smss.ask(Step.ENVIRONMENT, written, certainty, partition.origins)


__all__ = ["load_registry", "set_safe_mode_variable", "write_boot_dir", "write_dynamic_environment"]
