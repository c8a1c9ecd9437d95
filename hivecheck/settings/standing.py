"""The lists of the Session Manager as they stand, to hold against those that are no more."""

from collections.abc import Iterator

from hivecheck.registry.control_sets import control_set_number
from hivecheck.registry.hive import REG_MULTI_SZ, Hive, Key
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.views import Stage
from hivecheck.settings.remnants import LostText, Standing, standing_text

SESSION_MANAGER = "Control\\Session Manager"


def session_stages(hive: RegfHive, unrecovered: RegfHive | None) -> tuple[tuple[RegfHive, Stage], ...]:
    """The states of a hive to search: as found and, where logs were applied, after them."""
    if unrecovered is None:
        return ((hive, Stage.AS_FOUND),)
    return ((unrecovered, Stage.AS_FOUND), (hive, Stage.RECOVERED))


def _session_managers(hive: Hive) -> Iterator[Key]:
    for key in hive.root.subkeys():
        if control_set_number(key.name) is not None:
            found = key.subkey(SESSION_MANAGER)
            if found is not None:
                yield found


def standing_texts(stages: tuple[tuple[RegfHive, Stage], ...], names: frozenset[str]) -> tuple[LostText, ...]:
    """The lists of these names as they stand, in the hive file first and then with its logs applied."""
    found: list[LostText] = []
    for hive, stage in stages:
        standing = Standing.PRESENT if hive is stages[-1][0] else Standing.UNRECOVERED
        for key in _session_managers(hive):
            values = (raw for raw in key.values() if raw.name.upper() in names and raw.type == REG_MULTI_SZ)
            found += [standing_text(raw, stage, standing) for raw in values]
    return tuple(found)
