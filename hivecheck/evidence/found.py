"""What a search of the evidence found: the hives, the machine each is of, and copies told once."""

from hivecheck.evidence.copies import Copy, copies_of
from hivecheck.evidence.file_tree import FileTree
from hivecheck.evidence.layouts import MAIN_KINDS, HiveKind, HivePlace
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import changed, fact


@fact
class FoundHive:
    """A SYSTEM hive with what lies around it. `places` are all where the same bytes lie, its own first.

    `logs` and `software_logs` are those beside the hive and beside its SOFTWARE hive. `group` names the machine and drive it is of,
    equal for all states of one installation. `volume` are the files of its volume, None where its place does not tell which.
    `instead_of` says of an older state what is wrong with the hive that the machine boots from, '' where nothing is.
    """

    path: EvidencePath
    kind: HiveKind
    logs: tuple[EvidencePath, ...]
    software: EvidencePath | None
    software_logs: tuple[EvidencePath, ...]
    places: tuple[str, ...]
    host_hint: str
    group: str
    volume: FileTree | None
    instead_of: str = ""


@fact
class Found:
    """The hives in the order of their places; `missed` says what was not searched, in words for people.

    `damaged` are those of `missed` that tell of a SYSTEM hive which a machine boots from and which can't be read.
    """

    hives: tuple[FoundHive, ...]
    missed: tuple[str, ...]
    damaged: tuple[str, ...] = ()

    @property
    def main(self) -> tuple[FoundHive, ...]:
        """Those that are analyzed unless all are asked for: the hives machines boot from, else all states of a machine there are."""
        with_main = {one.group for one in self.hives if one.kind in MAIN_KINDS}
        return tuple(one for one in self.hives if one.kind in MAIN_KINDS or one.group not in with_main)


def with_groups(
    found: list[tuple[FoundHive, HivePlace, str]], damaged: list[tuple[str, HivePlace, str]] | None = None
) -> list[FoundHive]:
    """The hives with the machine and drive each is of: a shadow copy that names no drive goes to the only one of its collection.

    `damaged` are the hives that could not be read, each as a sentence, its place, and what holds it.
    """
    drives: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for one, place, top in found:
        if one.kind in MAIN_KINDS:
            drives.setdefault((top, place.collection), set()).add(place.drive)
    lost: dict[str, str] = {}
    for words, place, top in damaged or ():
        if place.kind in MAIN_KINDS:
            drives.setdefault((top, place.collection), set()).add(place.drive)
            lost.setdefault(_group(top, place, place.drive), words)
    grouped: list[FoundHive] = []
    for one, place, top in found:
        known = drives.get((top, place.collection), set())
        drive = place.drive if place.drive in known or len(known) != 1 else next(iter(known))
        group = _group(top, place, drive)
        words = lost.get(group, "") if one.kind not in MAIN_KINDS else ""
        grouped.append(changed(one, group=group, instead_of=words))
    return grouped


def _group(top: str, place: HivePlace, drive: str) -> str:
    return "/".join((top, *place.collection, drive)).rstrip("/")


def told_once(hives: list[FoundHive]) -> tuple[FoundHive, ...]:
    """Hives of the same bytes and logs once, as the one of which most is at hand; the older states beside a copy are of its machine too."""
    copies = [Copy(at, one.path, one.kind, one.logs, one.software, one.volume) for at, one in enumerate(hives)]
    told: list[FoundHive] = []
    machines: dict[str, str] = {}
    for alike in copies_of(copies):
        same = [hives[copy.number] for copy in alike]
        first = same[0]
        with_software = next((one for one in same if one.software is not None), first)
        places = tuple(place for one in same for place in one.places)
        told.append(
            changed(first, places=places, software=with_software.software, software_logs=with_software.software_logs)
        )
        if first.kind in MAIN_KINDS:
            machines |= {one.group: first.group for one in same[1:] if one.kind in MAIN_KINDS and one.group != first.group}
    with_main = {one.group for one in told if one.kind in MAIN_KINDS}
    told = [
        changed(one, group=machines[one.group]) if one.group in machines and one.group not in with_main else one
        for one in told
    ]
    return tuple(sorted(told, key=lambda hive: str(hive.path)))
