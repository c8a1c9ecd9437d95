"""What was deleted of the Session Manager: older rename lists with their history, older boot commands, deleted values of its key.

Found by carving the whole hive, for `hivecheck recover`. The main job takes the quick look of `lost_lists`.
"""

from collections.abc import Iterator

from hivecheck.facts.fact import fact
from hivecheck.registry.carve import Carved, DeletedValue, Parent, carve_view, merge_carved
from hivecheck.registry.claims import find_claims
from hivecheck.registry.control_sets import control_set_number
from hivecheck.registry.hive import REG_MULTI_SZ, Hive, Key
from hivecheck.registry.live_names import LiveNames
from hivecheck.registry.log_entries import TransactionLog
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.views import Stage, View
from hivecheck.settings.remnants import (
    COMMAND_NAMES,
    RENAME_NAMES,
    LostText,
    Remnants,
    Standing,
    find_remnants,
    find_remnants_in_log,
    merge_texts,
    standing_text,
)
from hivecheck.settings.rename_history import RenameHistory, order_generations

SESSION_MANAGER = "Control\\Session Manager"
_OTHER_NAMES = frozenset({"EXCLUDEFROMKNOWNDLLS", "ALLOWPROTECTEDRENAMES", "S0INITIALCOMMAND", "PLATFORMEXECUTE"})
_TELLING_NAMES = COMMAND_NAMES | RENAME_NAMES | _OTHER_NAMES


@fact
class SessionRemnants:
    """`histories`: rename lists in order. `commands`: lists of boot commands that are no more. `values`: deleted values of the
    Session Manager's keys, or of its names where the key is not known.
    """

    histories: tuple[RenameHistory, ...]
    commands: tuple[LostText, ...]
    values: tuple[DeletedValue, ...]


def session_stages(hive: RegfHive, unrecovered: RegfHive | None) -> tuple[tuple[RegfHive, Stage], ...]:
    """The states of a hive to search: as found and, where logs were applied, after them."""
    if unrecovered is None:
        return ((hive, Stage.AS_FOUND),)
    return ((unrecovered, Stage.AS_FOUND), (hive, Stage.RECOVERED))


def carve_hives(views: tuple[View, ...]) -> tuple[Carved, ...]:
    """The deleted keys and values of each state of a hive; what is in use in a later state was not deleted in an earlier one."""
    reaches = [view.reach for view in views]
    found = []
    for number, view in enumerate(views):
        assert view.reach is not None, "these are views of hives"
        later = tuple(reach for reach in reaches[number + 1 :] if reach is not None)
        found.append(carve_view(view, LiveNames(view.reach), later))
    return tuple(found)


def collect_session(
    stages: tuple[tuple[RegfHive, Stage], ...],
    views: tuple[View, ...],
    carved: tuple[Carved, ...],
    logs: tuple[TransactionLog, ...],
) -> SessionRemnants:
    """The Session Manager's part of what was found, with the texts that no record leads to."""
    remnants: list[Remnants] = []
    for view, found in zip(views, carved, strict=True):
        assert view.reach is not None, "these are views of hives"
        remnants.append(find_remnants(view, find_claims(view, LiveNames(view.reach), found)))
    remnants += [find_remnants_in_log(log) for log in logs]
    renames = merge_texts([one.renames for one in remnants], standing_texts(stages, RENAME_NAMES))
    commands = merge_texts([one.commands for one in remnants], standing_texts(stages, COMMAND_NAMES))
    values = merge_carved(carved).values
    return SessionRemnants(
        order_generations(renames),
        tuple(text for text in commands if text.standing is Standing.LOST),
        tuple(value for value in values if _is_of_session_manager(value)),
    )


def _is_of_session_manager(value: DeletedValue) -> bool:
    if "\\SESSION MANAGER\\" in f"\\{value.ref.key.upper()}\\":
        return True
    return value.owner is Parent.REUSED and value.name.upper() in _TELLING_NAMES


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
