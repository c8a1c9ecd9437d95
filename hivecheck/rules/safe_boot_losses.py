r"""Names taken out of the lists of safe mode below `SafeBoot`, and lists that are gone.

Source: detections.md 1.7; smss.md E.3; baselines.md 2.11.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.generation import WIN2000
from hivecheck.facts.origin import KeyRef
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.safe_boot_names import ESSENTIAL, MODES, SAME_HOUR
from hivecheck.settings.catalog import SAFE_BOOT, SM

_SHARE = 0.8  # of the shipped names, below which a list counts as thinned out


def _is_whole(case: Case) -> bool:
    return case.key(SM) is not None and case.key("Services") is not None


def _check_removed(case: Case) -> Iterator[Hit]:
    control = case.key("Control")
    if case.generation < WIN2000 or control is None or not control.subkeys_whole or not _is_whole(case):
        return  # a piece of a hive, or a damaged one, does not tell what was taken out
    key = case.key(SAFE_BOOT)
    if key is None:
        message = "The key SafeBoot is missing: safe mode would start nothing, and the machine stop with 0x7B when it is asked for."
        yield Hit(message, (control.ref,), SAFE_BOOT, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
        return
    if not key.subkeys_whole:
        return
    for mode in MODES:
        path = f"{SAFE_BOOT}\\{mode}"
        listed = case.key(path)
        if listed is None:
            message = f"The key SafeBoot\\{mode} is missing: this safe mode would start no driver and no service."
            yield Hit(message, (key.ref,), path, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
            continue
        if not listed.subkeys_whole:
            continue
        names = {child.name.casefold() for child in case.subkeys(path)}
        missing = [name for folded, name in ESSENTIAL.items() if folded not in names]
        if missing:
            message = f"SafeBoot\\{mode} lacks {', '.join(missing)}, which every Windows lists: this safe mode would not come up whole."
            yield Hit(message, (listed.ref,), path, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
            continue
        yield from _check_share(case, mode, listed.ref, names)


def _check_share(case: Case, mode: str, ref: KeyRef, names: set[str]) -> Iterator[Hit]:
    """What is left of the list as shipped, where that is known; and Defender's own entry, where the others are there."""
    shipped = {name.casefold() for name in case.baseline.keys(f"{SAFE_BOOT}\\{mode}")}
    if len(shipped) <= len(ESSENTIAL):
        return
    left = len(shipped & names)
    if left < _SHARE * len(shipped) and _touched(case, mode):
        message = (
            f"SafeBoot\\{mode} holds {left} of the {len(shipped)} names this Windows ships, and the list was changed after Windows "
            "had written it: safe mode would come up, but with less than it should."
        )
        yield Hit(message, (ref,), f"{SAFE_BOOT}\\{mode}", Severity.HIGH, Confidence.MEDIUM, story=("safe mode",))
    elif _lacks_defender(case, mode, names, shipped):
        message = f"SafeBoot\\{mode} lacks WinDefend, whose service is there: Defender would not start in this safe mode."
        yield Hit(
            message, (ref,), f"{SAFE_BOOT}\\{mode}\\WinDefend", Severity.MEDIUM, Confidence.MEDIUM, story=("safe mode",)
        )


def lacks_defender(case: Case, mode: str) -> KeyRef | None:
    """The list of a safe mode that Defender's entry was taken out of; None where it is there, or never was.

    It was there if another control set still lists it, or if Windows ships it and the rest of what Windows ships is there.
    """
    listed = case.key(f"{SAFE_BOOT}\\{mode}")
    names = {child.name.casefold() for child in case.subkeys(f"{SAFE_BOOT}\\{mode}")}
    if listed is None or "windefend" in names or not listed.subkeys_whole:
        return None
    shipped = {name.casefold() for name in case.baseline.keys(f"{SAFE_BOOT}\\{mode}")}
    return listed.ref if _lacks_defender(case, mode, names, shipped) else None


def _lacks_defender(case: Case, mode: str, names: set[str], shipped: set[str]) -> bool:
    if "windefend" in names or not case.has_service("windefend"):
        return False
    whole = len(shipped & names) >= _SHARE * len(shipped)
    if "windefend" in shipped and (whole or _touched(case, mode)):
        return True
    return any(other.key.subkey(f"{SAFE_BOOT}\\{mode}\\WinDefend") is not None for other in case.other_sets)


def _touched(case: Case, mode: str) -> bool:
    """Whether a list was changed after Windows wrote it: a key that is taken out leaves its time on the key above."""
    listed, base = case.key(f"{SAFE_BOOT}\\{mode}"), case.key(f"{SAFE_BOOT}\\{mode}\\Base")
    if listed is None or base is None or not (is_moment(listed.written) and is_moment(base.written)):
        return False
    return listed.written > base.written + SAME_HOUR


SAFEBOOT_REMOVED = Rule(
    id="safeboot-removed",
    family="setup",
    title="Safe mode was taken apart",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.009", "T1490"),
    why=(
        "Malware deletes the lists of safe mode so that nobody can start the machine without it (Bagle did). Windows then starts "
        "none of the drivers it needs and stops with 0x7B."
    ),
    false_positives=("NT 4 knows no safe mode and is not looked at.", "Images for appliances, trimmed by their maker."),
    remedy="Restore the keys below SafeBoot from a machine of the same Windows, in every control set.",
    sources=("detections.md 1.7", "baselines.md 2.11"),
    check=_check_removed,
    severities=(
        "high where a list or a name that safe mode cannot do without is missing, or less than four fifths of the shipped names are "
        "left in a list that was changed later; medium where Defender's own entry is missing."
    ),
)
