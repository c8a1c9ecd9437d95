"""A boot played with the files of its volume: played as if none were known, its paths looked up, and played anew with the facts.

What is found may lead the boot to other paths, so this goes on until none is new, a bounded number of times.
"""

from hivecheck.boot.known_files import known_files, touched_paths
from hivecheck.boot.listed_programs import play_listed_programs, play_listed_services
from hivecheck.boot.replay import Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import StartLists, play_boot
from hivecheck.evidence.file_tree import FileTree
from hivecheck.evidence.inventory import Inventory, InventoryLimits, Stocktaking
from hivecheck.registry.control_sets import ControlSets

_ROUNDS = 4


def play_on_volume(
    sets: ControlSets,
    smss: Smss,
    lists: StartLists,
    played: Replay,
    volume: FileTree,
    limits: InventoryLimits = InventoryLimits(),
) -> tuple[Replay, Inventory | None]:
    """The boot with the facts of the volume, and the inventory that gave them. `played` is the boot as far as the hive tells it.

    Where the volume does not hold the Windows folder of this hive, or none of the files in question, as a collection of hives
    alone, the boot stays as it is and there is no inventory.
    """
    windows = smss.system_root[3:].strip("\\").replace("\\", "/")
    folder = volume.find(f"{windows}/System32") if windows else None
    if folder is None or not folder.is_folder:
        return played, None
    taking = Stocktaking(volume, windows, limits)
    of_hive = played
    for _ in range(_ROUNDS):
        before = taking.count
        taking.add(touched_paths(played, smss.system_root))
        if taking.count == before:
            break
        played = play_boot(sets, smss, lists, known_files(taking.inventory(), smss.system_root))
    if played.halted is not None:  # what it does not come to is looked up all the same: another day it may
        for listed in (play_listed_programs(smss), play_listed_services(smss, lists)):
            taking.add(touched_paths(listed, smss.system_root))
    return (of_hive, None) if taking.is_empty else (played, taking.finish())
