r"""Times that can't be. Source: detections.md 4.B, 4.C 28 to 31.

A key's time dates the key, not one of its values, and Windows writes many keys all the time: nothing here is above medium.
A time of zero is none. Another one that is no moment (in 1601, beyond 9999) is told as odd, and set against no clock.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import TICKS_PER_SECOND, is_moment, is_odd_time, iso_utc
from hivecheck.facts.generation import VISTA, WIN8
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.registry.hive import Key, fold_name
from hivecheck.rules import control_set_rules
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

_SM = "Control\\Session Manager"
_PREFETCH = _SM + "\\Memory Management\\PrefetchParameters"
TOLERANCE = 2 * TICKS_PER_SECOND
_BOOT_WINDOW = 600 * TICKS_PER_SECOND
_DAY = 24 * 3600 * TICKS_PER_SECOND
_BASE_TIME_UNIT = 10_240_000  # ticks: 1.024 s
_BASE_TIME_START = 126_227_808_000_000_000  # ticks of 2001-01-01
_WRITTEN_LATE = frozenset({"APPCOMPATCACHE", "APPCOMPATIBILITY", "POWER", "CONFIGURATION MANAGER", "EXECUTIVE", "KERNEL"})
_WRITTEN_EARLY = frozenset({"VGA", "VGASAVE"})  # by the display driver of a boot that may end before any other key is saved
_MADE_BY_SETUP = (
    "FileRenameOperations", "WPA", "NamespaceSeparation", "I/O System", "Quota System", "AppPatches", "DOS Devices",
    "ApiSetSchemaExtensions", "Configuration Manager", "KnownDLLs", "SubSystems",
)  # fmt: skip
_NO_MOMENT = "No Windows ran then: the time was set by a tool, or is damaged, and nothing is dated by it."
_LEFT_ALONE = ("KnownDLLs", "DOS Devices", "SubSystems")


def _boot_keys(case: Case) -> Iterator[Key]:
    """Session Manager and its keys, Setup, and every service's key: what somebody who prepares a boot would write."""
    for path in (_SM, "\\Setup"):
        key = case.key(path)
        if key is not None:
            yield key
    for key in case.subkeys(_SM):
        if fold_name(key.name) not in _WRITTEN_LATE:
            yield key


def _check_after_shutdown(case: Case) -> Iterator[Hit]:
    shutdown, boot = case.facts.last_shutdown.value, case.facts.last_boot.value
    if not shutdown or not boot or boot >= shutdown:
        return  # it has run since, or was taken while it ran
    late: list[tuple[int, KeyRef, str]] = [
        (key.written, key.ref, key.path) for key in _boot_keys(case) if _is_after(key.written, shutdown)
    ]
    services = case.lists.services.services
    refs = (service.ref for service in services if fold_name(service.name) not in _WRITTEN_EARLY)
    late += [(ref.written, ref, ref.path) for ref in refs if _is_after(ref.written, shutdown)]
    if not late:
        return
    late.sort(key=lambda one: one[0], reverse=True)
    written, ref, path = late[0]
    more = f" So were {len(late) - 1} more." if len(late) > 1 else ""
    text = (
        f"{path} was written at {shown_time(written)}, after the last shutdown ({shown_time(shutdown)}), and no boot is known since: "
        f"it was written from another system, a recovery environment or by a tool.{more}"
    )
    because: tuple[Origin, ...] = tuple(one[1] for one in late[:10])
    yield Hit(text, because or (ref,), path)


def _is_after(written: int, shutdown: int) -> bool:
    return is_moment(written) and written > shutdown + TOLERANCE


def _check_boot_clock(case: Case) -> Iterator[Hit]:
    key, base = case.key(_PREFETCH), case.number(_PREFETCH, "BaseTime")
    raw = case.value(_PREFETCH, "BaseTime")
    if key is None or base is None or raw is None or not is_moment(key.written):
        return
    told = _BASE_TIME_START + base * _BASE_TIME_UNIT
    apart = abs(told - key.written)
    if apart > 60 * TICKS_PER_SECOND:
        text = (
            f"BaseTime tells a boot at {shown_time(told)}, the key that holds it was written at {shown_time(key.written)}. The kernel "
            "writes both within a second: the clock was set, or one of them was changed."
        )
        yield Hit(text, (raw.ref,), "PrefetchParameters\\BaseTime")
    elif case.evidence.saved and told > case.evidence.saved + _DAY:
        text = f"BaseTime tells a boot at {shown_time(told)}, later than the hive was ever written ({shown_time(case.evidence.saved)})."
        yield Hit(text, (raw.ref,), "PrefetchParameters\\BaseTime after the hive")


def _check_siblings(case: Case) -> Iterator[Hit]:
    key = case.key(_SM)
    if key is None or case.generation < VISTA:
        return
    times = {fold_name(child.name): child.written for child in key.subkeys()}
    boot = case.facts.last_boot.value or 0
    for name in _LEFT_ALONE:
        if name == "SubSystems" and case.generation < WIN8:
            continue  # stamped at each boot up to 7
        child = key.subkey(name)
        if child is None or not is_moment(child.written):
            continue
        others = [time for other in _MADE_BY_SETUP if is_moment(time := times.get(fold_name(other), 0)) and other != name]
        if len(others) < 3 or abs(child.written - boot) < _BOOT_WINDOW:
            continue
        setup = case.key("\\Select")
        newest = max([*others, setup.written if setup is not None and is_moment(setup.written) else 0])
        if child.written > newest + _DAY and child.written > (case.installed or 0) + _DAY:
            text = (
                f"{name} was last written at {shown_time(child.written)}, days after everything else that setup makes beside it "
                f"(the newest at {shown_time(newest)}). Windows writes this key when it is installed or upgraded only."
            )
            yield Hit(text, (child.ref,), name)


def _check_round(case: Case) -> Iterator[Hit]:
    watched = [key for key in _boot_keys(case) if key.written]
    paths = ("Control\\Lsa", "Control\\SafeBoot", _PREFETCH)
    watched += [key for path in paths if (key := case.key(path)) is not None and key.written]
    yield from _odd_times(case, watched)
    if case.generation < VISTA:
        return  # the clock of older Windows is so coarse that whole seconds happen
    for key in watched:
        if is_moment(key.written) and key.written % TICKS_PER_SECOND == 0:
            text = (
                f"{key.path} was last written at {shown_time(key.written)}, a whole second to the last of seven digits. Windows' own "
                "times do not fall so (one in ten million): the time was set by a tool."
            )
            yield Hit(text, (key.ref,), key.path)


def _odd_times(case: Case, watched: list[Key]) -> Iterator[Hit]:
    """Each watched key whose time is stored but no moment, and of the keys of services the first ten, as one."""
    for key in watched:
        if is_odd_time(key.written):
            yield Hit(f"{key.path} has the time {shown_time(key.written)}. {_NO_MOMENT}", (key.ref,), key.path)
    odd = [service.ref for service in case.lists.services.services if is_odd_time(service.ref.written)]
    if odd:
        others = len(odd) - 1
        more = (
            f" So {'has the key of 1 more service' if others == 1 else f'have the keys of {others:,} more services'}."
            if others
            else ""
        )
        text = f"{odd[0].path} has the time {shown_time(odd[0].written)}. {_NO_MOMENT}{more}"
        yield Hit(text, tuple(odd[:10]), odd[0].path)


def shown_time(ticks: int) -> str:
    """A time as findings tell it: `2023-06-20 10:00:00`, UTC."""
    return iso_utc(ticks).replace("T", " ")[:19]


RULES: tuple[Rule, ...] = (
    *control_set_rules.RULES,
    Rule(
        id="time-future-of-shutdown",
        family="times",
        title="A key of the boot was written after the last shutdown",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        techniques=("T1112", "T1070.006"),
        why=(
            "A machine that has not run since its shutdown writes nothing. A key of the Session Manager, Setup or a service that "
            "is newer was written offline."
        ),
        false_positives=("A crash after the boot that followed, before anything else was written.", "A wrong clock."),
        remedy="Ask who had the disk after the shutdown; compare with a backup or a shadow copy.",
        sources=("detections.md 4.C 28",),
        check=_check_after_shutdown,
    ),
    Rule(
        id="time-before-boot-clock",
        family="times",
        title="The boot clock and the time of its key disagree",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        techniques=("T1070.006",),
        why="The kernel writes BaseTime, the time of the boot, into PrefetchParameters at each boot; on real machines the key's own time is within a second of it.",
        false_positives=("A clock that was set during the boot, a virtual machine resumed from a snapshot.",),
        remedy="Date the boot from event logs and other files; do not rely on the hive's times alone.",
        sources=("detections.md 4.C 29", "baselines.md 2.3"),
        check=_check_boot_clock,
    ),
    Rule(
        id="time-sibling-out-of-order",
        family="times",
        title="A key that only setup writes is newer than its siblings",
        severity=Severity.MEDIUM,
        confidence=Confidence.LOW,
        techniques=("T1112",),
        why="KnownDLLs, DOS Devices and, from 8 on, SubSystems carry the time of the installation or upgrade; any later write is a change by somebody.",
        false_positives=("An upgrade, a feature that adds a device name, a tuning tool.",),
        remedy="Compare the key's values with the baseline of this Windows.",
        sources=("detections.md 4.C 30", "smss.md B.20"),
        check=_check_siblings,
    ),
    Rule(
        id="time-round",
        family="times",
        title="A key's time is one that Windows does not give",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        techniques=("T1070.006",),
        why=(
            "Windows stamps keys in units of 100 ns; tools that set a time often leave the fraction at zero, or give a key a time in "
            "1601, the year that times count from. A time of zero is none at all, and not told here."
        ),
        false_positives=("Hives written by deployment tools.",),
        remedy="Treat the times of this hive with care; date the change by other evidence.",
        sources=("detections.md 4.C 31",),
        check=_check_round,
    ),
)
