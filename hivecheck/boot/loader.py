"""Before smss: the loader picks the control set, the kernel starts smss.

Source: smss.md A.0, E.1 (ReactOS FreeLoader, ntoskrnl/config/cmboot.c, ntoskrnl/ex/init.c).
"""

from hivecheck.boot.actions import StartProcess, WriteValue
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from hivecheck.registry.control_sets import ControlSets

SMSS = NtPath("\\SystemRoot\\System32\\smss.exe")


def plan_loader(sets: ControlSets, generation: Generation) -> Plan:
    """The choice of the control set, then the start of smss. Halts where the loader finds no set."""
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    if sets.number is None:
        choice = WriteValue("Select", "Current", "")
        reason = sets.fault
        yield Request(Step.LOAD_CONTROL_SET, loader, choice, Certainty.A, sets.because, withheld=reason)
        yield Halt(f"This machine would not boot, because {sets.fault}.", Certainty.C, sets.because)
        return
    choice = WriteValue("Select", "Current", str(sets.number))
    note = f"The boot uses ControlSet{sets.number:03d}."
    yield Request(Step.LOAD_CONTROL_SET, loader, choice, Certainty.A, sets.because, note=note)
    started = StartProcess("smss.exe", "", None, (SMSS,))
    because = (BuiltIn("the first user process is \\SystemRoot\\System32\\smss.exe", "smss.md A0.7, A0.8"),)
    done = yield Request(Step.READ_SETTINGS, "System", started, Certainty.A, because)
    if done is Done.NO:
        yield Halt("smss.exe can't be started (SESSION3_INITIALIZATION_FAILED).", Certainty.A, because)
