r"""MountedDevices: which volume a drive letter leads to.

Source: detections.md 1.7; real hives of XP x64, 7 and 10 for the forms of the data.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

_MOUNTED = "\\MountedDevices"
_LETTER = "\\dosdevices\\"
_MANY_DEVICES = 10_000
_DISK_BYTES = 12  # signature and offset; a GPT partition has 24, anything else is a device's name


def _check_mounted(case: Case) -> Iterator[Hit]:
    key = case.key(_MOUNTED)
    if key is None:
        return
    drive = case.system_root[:2].casefold()
    letters: dict[bytes, list[tuple[str, Origin]]] = {}
    for raw in islice(key.values(), _MANY_DEVICES):
        folded = raw.name.casefold()
        if folded.startswith(_LETTER) and raw.data:
            letter = folded.removeprefix(_LETTER)
            letters.setdefault(raw.data, []).append((letter, raw.ref))
            if letter == drive and not _is_disk(raw.data):
                yield Hit(
                    f"MountedDevices gives the letter {letter.upper()} of the Windows volume to a removable, optical or other "
                    "named device: every path on it would lead there, unless the letter is given anew at boot.",
                    (raw.ref,),
                    f"MountedDevices {letter}",
                    confidence=Confidence.LOW,
                )
    for data, same in letters.items():
        if len(same) > 1 and len(data) >= _DISK_BYTES:
            names = ", ".join(letter.upper() for letter, _ in same[:6])
            worse = any(letter == drive for letter, _ in same)
            yield Hit(
                f"MountedDevices gives the letters {names} to one and the same volume, which Windows never writes: a letter was "
                "redirected" + (", that of the Windows volume among them." if worse else "."),
                tuple(ref for _, ref in same[:6]),
                f"MountedDevices {names}",
                confidence=Confidence.MEDIUM,
            )


def _is_disk(data: bytes) -> bool:
    return len(data) == _DISK_BYTES or data.startswith(b"DMIO:ID:")


MOUNTED_DEVICES_SWAP = Rule(
    id="mounted-devices-swap",
    family="setup",
    title="A drive letter leads to another volume",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1574",),
    why=(
        "MountedDevices ties drive letters to volumes. Who swaps them makes every path that begins with the letter, those of "
        "services and renames included, lead to another volume."
    ),
    false_positives=("Cloned disks, several Windows on one machine.",),
    remedy="Delete the value \\DosDevices\\X: that is wrong; Windows gives the letter anew at the next boot.",
    sources=("detections.md 1.7",),
    check=_check_mounted,
    needs="The volumes of the machine, to tell which of two letters is the right one.",
)
