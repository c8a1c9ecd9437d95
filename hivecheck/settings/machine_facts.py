"""What machine a hive comes from: every guess about it, made from the hive alone, and what was odd on the way.

The front door to the guesses. Nothing here judges the machine; the report and the replay read these facts.
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Hive, Key
from hivecheck.settings.guess import Guess
from hivecheck.settings.machine_identity import (
    Role,
    guess_architecture,
    guess_computer_name,
    guess_edition,
    guess_role,
    guess_service_pack,
)
from hivecheck.settings.machine_keys import MachineKeys
from hivecheck.settings.machine_times import (
    TimeZone,
    guess_boot_count,
    guess_last_boot,
    guess_last_shutdown,
    guess_time_zone,
)
from hivecheck.settings.system_root import guess_system_root
from hivecheck.settings.windows_version import guess_generation


@fact
class MachineFacts:
    """Times are FILETIME ticks (UTC). A guess that can't be made has the value None and says why."""

    generation: Guess[Generation]
    role: Guess[Role]
    edition: Guess[str]
    service_pack: Guess[int]
    architecture: Guess[str]
    computer_name: Guess[str]
    time_zone: Guess[TimeZone]
    last_shutdown: Guess[int]
    last_boot: Guess[int]
    boot_count: Guess[int]
    system_root: Guess[str]
    problems: tuple[Problem, ...]


def read_machine_facts(hive: Hive, control_set: Key | None, regf_version: tuple[int, int] | None = None) -> MachineFacts:
    """The facts of one control set and of the keys beside it. Never raises for what the hive holds.

    `regf_version` is the version of the hive's file format, (1, 5) for most; None where there is no file.
    """
    keys = MachineKeys(hive, control_set)
    generation = guess_generation(keys, regf_version)
    return MachineFacts(
        generation=generation,
        role=guess_role(keys),
        edition=guess_edition(keys),
        service_pack=guess_service_pack(keys),
        architecture=guess_architecture(keys),
        computer_name=guess_computer_name(keys),
        time_zone=guess_time_zone(keys),
        last_shutdown=guess_last_shutdown(keys),
        last_boot=guess_last_boot(keys, generation.value),
        boot_count=guess_boot_count(keys),
        system_root=guess_system_root(keys, generation.value),
        problems=keys.problems,
    )
