"""How far the files of the volume are known, in one or two sentences, for every report."""

from hivecheck.evidence.inventory import Inventory
from hivecheck.report.view import counted


def volume_words(inventory: Inventory) -> str:
    """What was looked up where, what absence means there, and whether catalogs were at hand. Not yet made visible."""
    present = len(inventory.present)
    told = f"{len(inventory.files):,} paths of the boot were looked up on {inventory.volume}; {present:,} are there."
    if inventory.whole:
        told += " What is not found in a folder that was collected does not exist."
    else:
        told += " It is not a whole volume: what is not found may still exist."
    if inventory.catalogs_read:
        catalogs = counted(inventory.catalogs_read, "catalog")
        told += f" {catalogs} {'was' if inventory.catalogs_read == 1 else 'were'} searched for what carries no verified signature."
    else:
        told += " No catalogs were searched."
    return told
