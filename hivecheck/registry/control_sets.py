"""Which control set the next boot loads, by the key `Select`, and whether that key's own values disagree.

The next boot uses `Default`, not `Current`: the loader reads Default and then writes the number into Current. Everything
that would keep the loader from finding a set is an answer here ("would not boot, because ..."), never an exception.
Source: smss.md E.1, E.2 (ReactOS FreeLoader, ntoskrnl/config/cmboot.c; KB102984).
"""

from collections.abc import Iterator

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_DWORD, Hive, Key, type_name
from hivecheck.registry.strings import decode_dword

SELECT_NAMES = ("Current", "Default", "Failed", "LastKnownGood")
CHOICES = {"default": "Default", "current": "Current", "last-known-good": "LastKnownGood"}


@fact
class SelectValue:
    """One value of `Select`. `number` is None where it is missing or no REG_DWORD; `fault` then says which."""

    name: str
    number: int | None
    ref: ValueRef | None
    fault: str = ""


@fact
class ControlSets:
    """`number` is the set to analyse, None where none can be loaded; `fault` then says why the machine would not boot.

    `unreadable` is True where the fault is the hive's as we have it, not the machine's: nothing is known of its boot then.
    """

    select: tuple[SelectValue, ...]
    present: tuple[int, ...]
    number: int | None
    why: str
    fault: str
    unreadable: bool
    because: tuple[Origin, ...]
    problems: tuple[Problem, ...]

    def select_number(self, name: str) -> int | None:
        """What `Select` says under this name (`Current`, `Default`, ...), None where it says nothing."""
        return next((value.number for value in self.select if value.name == name), None)


def control_set_name(number: int) -> str:
    """`ControlSet001` for 1: at least three decimal digits."""
    return f"ControlSet{number:03d}"


def control_set_number(name: str) -> int | None:
    """1 for `ControlSet001`, in any case; None for any other name."""
    digits = name[10:]
    if name[:10].upper() != "CONTROLSET" or len(digits) < 3 or not (digits.isascii() and digits.isdecimal()):
        return None
    return int(digits) if len(digits) < 10 and control_set_name(int(digits)).upper() == name.upper() else None


def is_system_hive(hive: Hive) -> bool:
    """Whether the root has `Select` or a control set: true for every SYSTEM hive, even a damaged one."""
    return hive.root.subkey("Select") is not None or any(True for _ in _sets(hive))


def _sets(hive: Hive) -> Iterator[tuple[int, Key]]:
    for key in hive.root.subkeys():
        number = control_set_number(key.name)
        if number is not None:
            yield number, key


def read_control_sets(hive: Hive, choice: str = "default") -> ControlSets:
    """The set to analyse. `choice`: default, current, last-known-good, or a number as text.

    Raises ValueError for a choice that is none of these.
    """
    present = tuple(sorted(number for number, _ in _sets(hive)))
    select_key = hive.root.subkey("Select")
    select = tuple(_read_select_value(select_key, name) for name in SELECT_NAMES)
    problems = list(_disagreements(hive, select_key, select, present))
    by_name = {value.name: value for value in select}
    unreadable = False

    if choice in CHOICES:
        chosen = by_name[CHOICES[choice]]
        number, why = chosen.number, f"Select\\{chosen.name}"
        because: tuple[Origin, ...] = (chosen.ref,) if chosen.ref else (select_key.ref if select_key else hive.root.ref,)
        fault = "" if select_key else "the key Select is missing: the loader finds no control set"
        if not fault and number is None:
            fault = f"Select\\{chosen.name} {chosen.fault}: the loader finds no control set"
        if fault and _is_hurt(hive, select_key):
            unreadable, fault = True, f"Select\\{CHOICES[choice]} can't be read: the hive is damaged or cut there"
    elif choice.isascii() and choice.isdecimal():
        number, why, fault = int(choice), "--control-set", ""
        because = (hive.root.ref,)
    else:
        raise ValueError(f"no such control set: {choice!r}")
    if not fault and number not in present:
        missing = control_set_name(number or 0)
        fault = f"{why} names {missing}, which does not exist"
        if not hive.root.subkeys_whole:
            unreadable, fault = True, f"{missing}, which {why} names, can't be read: the hive is damaged or cut there"
    if fault:
        problems.append(Problem("no-control-set", no_boot_sentence(fault, unreadable), because, unreadable))
        number = None
    return ControlSets(select, present, number, why, fault, unreadable, because, tuple(problems))


def no_boot_sentence(fault: str, unreadable: bool) -> str:
    """What it means that no control set can be chosen: a machine that would not boot, or a hive that does not let us tell."""
    if unreadable:
        return f"Which control set boots can't be told, because {fault}. --control-set chooses one."
    return f"This machine would not boot, because {fault}."


def _is_hurt(hive: Hive, select_key: Key | None) -> bool:
    return not (hive.root.subkeys_whole if select_key is None else select_key.values_whole)


def _read_select_value(select_key: Key | None, name: str) -> SelectValue:
    raw = select_key.value(name) if select_key else None
    if raw is None:
        return SelectValue(name, None, None, "is missing")
    number = decode_dword(raw.data) if raw.type == REG_DWORD else None
    if number is None:
        return SelectValue(
            name, None, raw.ref, f"is {type_name(raw.type)} of {len(raw.data)} bytes, not a REG_DWORD of 4 bytes"
        )
    return SelectValue(name, number, raw.ref.citing(str(number)))


def _disagreements(
    hive: Hive, select_key: Key | None, select: tuple[SelectValue, ...], present: tuple[int, ...]
) -> Iterator[Problem]:
    if select_key is None and not hive.root.subkeys_whole:
        text = "The key Select can't be read: the root of the hive is damaged or cut."
        yield Problem("select-unreadable", text, (hive.root.ref,), loses_data=True)
        return
    if select_key is None:
        yield Problem("select-missing", "The key Select is missing from the root of the hive.", (hive.root.ref,))
        return
    by_name = {value.name: value for value in select}
    for value in select:
        refs: tuple[Origin, ...] = (value.ref,) if value.ref else (select_key.ref,)
        if value.number is None and value.ref is None and not select_key.values_whole:
            text = f"Select\\{value.name} can't be read: the hive is damaged or cut there."
            yield Problem("select-unreadable", text, refs, loses_data=True)
        elif value.number is None:
            yield Problem("select-value-unusable", f"Select\\{value.name} {value.fault}.", refs)
        elif value.number and value.number not in present:
            text = f"Select\\{value.name} names {control_set_name(value.number)}, which does not exist."
            yield Problem("control-set-missing", text, refs)
    current, default = by_name["Current"], by_name["Default"]
    if current.number and default.number is not None and current.number != default.number:
        yield Problem(
            "control-set-switch",
            f"The next boot loads {control_set_name(default.number)} (Default), "
            f"but the last one ran {control_set_name(current.number)} (Current).",
            tuple(ref for ref in (default.ref, current.ref) if ref),
        )
    failed = by_name["Failed"]
    if failed.number:
        yield Problem(
            "control-set-failed",
            f"{control_set_name(failed.number)} was given up: the machine was started with the last known good set.",
            (failed.ref,) if failed.ref else (),
        )
    leaked = hive.root.subkey("CurrentControlSet")
    if leaked is not None:
        ref: KeyRef = leaked.ref
        yield Problem(
            "current-control-set-stored",
            "A key named CurrentControlSet is stored in the hive. It is a link made anew at each boot, which hides this one.",
            (ref,),
        )
