"""Whether a SOFTWARE hive is that of the same machine as a SYSTEM hive: what both tell, compared.

Neither hive holds a number of the machine that the other has too. What is compared is the Windows, where it is, what it was
installed as, its processor and the computer's name as the task scheduler last saw it: a difference is a strong sign, that
they agree proves nothing. Source: baselines.md 2.0.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN10_1903, WIN10_1909
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.machine_identity import NETBIOS_LETTERS, Role
from hivecheck.settings.software import Software
from hivecheck.settings.software_rows import BUILD_LAB, INSTALLATION_TYPE, OLD_NAME, SYSTEM_ROOT

_TWINS = (WIN10_1903, WIN10_1909)
_PROCESSORS = ((".X86FRE.", "x86"), (".AMD64FRE.", "AMD64"), (".ARM64FRE.", "ARM64"), (".IA64FRE.", "IA64"))
Difference = tuple[str, tuple[Origin, ...]]


def compare_machines(software: Software, facts: MachineFacts) -> tuple[Problem, ...]:
    """One problem that names all differences; none where nothing differs. Guesses that are not sure are not compared."""
    found = [*_different_windows(software, facts), *_different_machine(software, facts)]
    if not found:
        return ()
    told = "; ".join(text for text, _ in found)
    because = tuple(dict.fromkeys(origin for _, origins in found for origin in origins))
    text = f"The SOFTWARE hive seems to be that of another machine, or of another time: {told}."
    return (Problem("software-of-another-machine", text, because),)


def is_other_windows(software: Software, facts: MachineFacts) -> bool:
    """Whether the hives name different Windows, as far as SYSTEM is sure of its own."""
    return any(_different_windows(software, facts))


def _different_windows(software: Software, facts: MachineFacts) -> Iterator[Difference]:
    guess, named = facts.generation, software.generation
    if named is None or named.value is None or guess.value is None or guess.confidence is Confidence.LOW:
        return
    if guess.confidence is not Confidence.HIGH and named.value.family is guess.value.family:
        return  # SYSTEM is sure of the family of Windows alone
    if named.value != guess.value and not (named.value in _TWINS and guess.value in _TWINS):
        yield f"it is of {named.value.name}, SYSTEM of {guess.value.name}", (*named.because, *guess.because[:1])


def _different_machine(software: Software, facts: MachineFacts) -> Iterator[Difference]:
    name, old = facts.computer_name, software[OLD_NAME]
    if name.value and old.value and fold_name(name.value)[:NETBIOS_LETTERS] != fold_name(old.value)[:NETBIOS_LETTERS]:
        yield f"it names the computer {old.value}, SYSTEM {name.value}", (*old.origins, *name.because)
    root, here = facts.system_root, software[SYSTEM_ROOT]
    if (
        root.value
        and here.value
        and root.confidence is Confidence.HIGH
        and fold_name(root.value) != fold_name(here.value.rstrip("\\"))
    ):
        yield f"it has Windows in {here.value}, SYSTEM in {root.value}", (*here.origins, *root.because[:1])
    role, kind = facts.role, software[INSTALLATION_TYPE]
    is_client = {"CLIENT": True, "SERVER": False, "SERVER CORE": False}.get(kind.value.upper())
    if role.value is not None and is_client is not None and (role.value is Role.WORKSTATION) is not is_client:
        yield f"it is of a {kind.value.lower()}, SYSTEM of a {role.value.value}", (*kind.origins, *role.because)
    lab, architecture = software[BUILD_LAB], facts.architecture
    named = next((processor for word, processor in _PROCESSORS if word in lab.value.upper()), None)
    if named is not None and architecture.confidence is Confidence.HIGH and architecture.value not in (None, named):
        yield f"it is of {named}, SYSTEM of {architecture.value}", (*lab.origins, *architecture.because[:1])
