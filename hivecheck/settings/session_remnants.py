"""What was deleted of the Session Manager: older rename lists with their history, older boot commands, deleted values of its key.

Found by carving the whole hive, for `hivecheck recover`. The main job takes the quick look of `lost_lists`.
"""

from hivecheck.facts.fact import fact
from hivecheck.registry.carve import Carved, DeletedValue, Parent, carve_view, merge_carved
from hivecheck.registry.claim import Claims
from hivecheck.registry.claims import find_claims
from hivecheck.registry.live_names import LiveNames, LiveRecords
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


def carve_hives(views: tuple[View, ...], records: LiveRecords | None = None) -> tuple[Carved, ...]:
    """The deleted keys and values of each state of a hive; what is in use in a later state was not deleted in an earlier one.

    `records` are those of all these states, for whoever needs them again.
    """
    reaches = tuple(view.reach for view in views if view.reach is not None)
    records = records or LiveRecords.of(reaches)
    return tuple(
        carve_view(view, LiveNames(reach), reaches[number + 1 :], records.since(number))
        for number, (view, reach) in enumerate(zip(views, reaches, strict=True))
    )


def claim_hives(views: tuple[View, ...], carved: tuple[Carved, ...]) -> tuple[Claims, ...]:
    """Whose data the bytes of each state were, by the records that are left."""
    found = []
    for view, records in zip(views, carved, strict=True):
        assert view.reach is not None, "these are views of hives"
        found.append(find_claims(view, LiveNames(view.reach), records))
    return tuple(found)


def collect_session(
    stages: tuple[tuple[RegfHive, Stage], ...],
    views: tuple[View, ...],
    carved: tuple[Carved, ...],
    logs: tuple[TransactionLog, ...],
    claims: tuple[Claims, ...] = (),
) -> SessionRemnants:
    """The Session Manager's part of what was found, with the texts that no record leads to. `claims` are those of the views."""
    remnants: list[Remnants] = []
    claims = claims or claim_hives(views, carved)
    remnants += [find_remnants(view, one) for view, one in zip(views, claims, strict=True)]
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
