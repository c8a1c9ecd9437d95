"""What was deleted of the Session Manager: older rename lists with their history, older boot commands, deleted values of its key.

Found by carving the whole hive, for `hivecheck recover`. The main job takes the quick look of `lost_lists`.
"""

from hivecheck.facts.fact import fact
from hivecheck.registry.carve import Carved, DeletedValue, Parent, carve_view, merge_carved
from hivecheck.registry.claims import find_claims
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
)
from hivecheck.settings.rename_history import RenameHistory, order_generations
from hivecheck.settings.standing import standing_texts

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
