"""Which parts of an open hive come from a transaction log: for walks that make no reference for each value."""

from hivecheck.facts.origin import State
from hivecheck.registry.regf import RegfHive


def log_sectors(hive: RegfHive) -> frozenset[int]:
    """The numbers of the 512-byte sectors that were taken from a log; none for a hive that was read as it lies."""
    return hive.root._tree.log_sectors


def state_in(sectors: frozenset[int], offset: int) -> State:
    """Whether the cell at this place, in bytes from the start of the file, comes from the hive file or from a log."""
    return State.LOG if offset >> 9 in sectors else State.ALLOCATED
