"""Which hives are of one machine: by the mark of their installation, else by the computer's name. What differs is kept apart.

An older copy of another installation (Windows.old, the copy that setup made) belongs to the machine of the same name. Two
installations of one name that both stand are two machines: clones and machines set up again would else become one story.
"""

from collections.abc import Iterable

from hivecheck.compare.states import HiveStates, age_rank
from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name

_OF_EARLIER_INSTALLATIONS = frozenset({HiveKind.WINDOWS_OLD, HiveKind.REPAIR})


@fact
class MachineHives:
    """The hives of one machine. `because` says in words why they are taken for those of one."""

    hives: tuple[HiveStates, ...]
    because: str

    @property
    def computer(self) -> str:
        """The name that its newest hive tells; '' where none does."""
        ordered = sorted(self.hives, key=lambda one: (one.states[-1].ticks, age_rank(one.source.kind)))
        return next((one.computer for one in reversed(ordered) if one.computer), "")

    @property
    def marks(self) -> tuple[str, ...]:
        """Of its installations, each once."""
        return tuple(dict.fromkeys(one.mark for one in self.hives if one.mark))


def tell_machines_apart(hives: Iterable[HiveStates]) -> tuple[MachineHives, ...]:
    """The machines, in the order in which their hives were given."""
    groups: list[list[HiveStates]] = []
    by_mark: dict[str, list[HiveStates]] = {}
    rest: list[HiveStates] = []
    for one in hives:
        if not one.mark:
            rest.append(one)
        elif one.mark in by_mark:
            by_mark[one.mark].append(one)
        else:
            groups.append(by_mark.setdefault(one.mark, [one]))
    groups = _join_earlier_installations(groups)
    for one in rest:
        home = [group for group in groups if _may_be_of(one, group)]
        if len(home) == 1:
            home[0].append(one)
        else:
            groups.append([one])
    return tuple(MachineHives(tuple(group), _reason(group)) for group in groups)


def _may_be_of(one: HiveStates, group: list[HiveStates]) -> bool:
    """Whether a hive without a mark fits in: by its computer's name, else by the place where it was found; never with another drive C."""
    volumes = {other.volume for other in group if other.volume}
    if one.volume and volumes and one.volume not in volumes:
        return False
    if one.computer:
        return fold_name(one.computer) in _names(group)
    return bool(one.source.group) and any(one.source.group == other.source.group for other in group)


def _join_earlier_installations(groups: list[list[HiveStates]]) -> list[list[HiveStates]]:
    kept: list[list[HiveStates]] = []
    earlier = [group for group in groups if all(one.source.kind in _OF_EARLIER_INSTALLATIONS for one in group)]
    standing = [group for group in groups if group not in earlier]
    for group in groups:
        homes = [home for home in standing if _names(home) & _names(group)] if group in earlier else []
        if len(homes) == 1:
            homes[0].extend(group)
        else:
            kept.append(group)
    return kept


def _names(group: list[HiveStates]) -> set[str]:
    return {fold_name(one.computer) for one in group if one.computer}


def _reason(group: list[HiveStates]) -> str:
    if len(group) == 1:
        return "no other hive is of this machine"
    marks = {one.mark for one in group}
    if len(marks) == 1 and "" not in marks:
        renamed = len(_names(group)) > 1
        return f"their installation has one boot key{', though the computer was renamed' if renamed else ''}"
    if "" in marks and not all(one.computer for one in group):
        return "they were found in the place of one machine; not all of them have a boot key or a name to compare"
    if "" in marks:
        return "they tell the same computer name; not all of them have a boot key to compare"
    return "they tell the same computer name; the boot keys are those of several installations, of which only one stands"
