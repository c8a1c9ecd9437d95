"""Before smss: the loader picks the control set, the drivers are loaded, the kernel starts smss.

Source: smss.md A.0, E.1, E2.1, B.19 (ReactOS FreeLoader, ntoskrnl/config/cmboot.c, ntoskrnl/ex/init.c).
"""

from hivecheck.boot.actions import StartProcess, WriteValue
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN8, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from hivecheck.registry.control_sets import ControlSets, control_set_name, no_boot_sentence

SMSS = NtPath("\\SystemRoot\\System32\\smss.exe")


def plan_loader(sets: ControlSets, generation: Generation, drivers: Plan | tuple[()] = ()) -> Plan:
    """The choice of the control set, the drivers, what the kernel writes, the start of smss. Halts where the loader finds no set.

    `drivers` is the plan of the boot-start and system-start ones.
    """
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    if sets.number is None:
        choice = WriteValue("Select", "Current", "")
        reason = sets.fault
        yield Request(Step.LOAD_CONTROL_SET, loader, choice, Certainty.A, sets.because, withheld=reason)
        yield Halt(no_boot_sentence(sets.fault, sets.unreadable), Certainty.C, sets.because)
        return
    yield from _write_choice(sets, sets.number, generation, loader)
    yield from drivers
    control = f"{control_set_name(sets.number)}\\Control"
    written = BuiltIn("the kernel tells here how it was started", "smss.md B.19")
    for name, value in (("SystemStartOptions", "the options of this boot"), ("SystemBootDevice", "the volume of this boot")):
        yield Request(Step.LOAD_CONTROL_SET, "System", WriteValue(control, name, value), Certainty.A, (written,))
    started = StartProcess("smss.exe", "", None, (SMSS,))
    because = (BuiltIn("the first user process is \\SystemRoot\\System32\\smss.exe", "smss.md A0.7, A0.8"),)
    done = yield Request(Step.READ_SETTINGS, "System", started, Certainty.A, because)
    if done is Done.NO:
        yield Halt("smss.exe can't be started (SESSION3_INITIALIZATION_FAILED).", Certainty.A, because)


def _write_choice(sets: ControlSets, number: int, generation: Generation, loader: str) -> Plan:
    """`Current` becomes the chosen set; with the last known good one, the former default has failed."""
    values = {value.name: value for value in sets.select}
    current, default = values["Current"], values["Default"]
    withheld = ""
    if current.number is None:
        withheld = f"Select\\Current {current.fault}: only a REG_DWORD that is there is overwritten"
    note = f"The boot uses {control_set_name(number)}."
    choice = WriteValue("Select", "Current", str(number))
    yield Request(Step.LOAD_CONTROL_SET, loader, choice, Certainty.A, sets.because, withheld, note)
    if sets.why == "Select\\LastKnownGood" and default.number is not None and default.number != number:
        mark = Certainty.A if generation < WIN8 else Certainty.C  # retired since
        for name, value in (("Default", number), ("Failed", default.number)):
            because = sets.because if name == "Default" or default.ref is None else (default.ref,)
            yield Request(Step.LOAD_CONTROL_SET, loader, WriteValue("Select", name, str(value)), mark, because)
