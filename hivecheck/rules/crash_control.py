r"""What the kernel does when the machine crashes: whether memory is written, where to, and by which drivers.

Source: detections.md 1.11; baselines.md 2.9.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity

_CRASH = "Control\\CrashControl"
_PLACES = (
    ("DumpFile", "%SystemRoot%\\MEMORY.DMP"),
    ("MinidumpDir", "%SystemRoot%\\Minidump"),
    ("DedicatedDumpFile", ""),
)
_DUMP_FILTER = "dumpfve.sys"
_ENCRYPTION = {
    "veracrypt.sys": "VeraCrypt",
    "truecrypt.sys": "TrueCrypt",
    "dcrypt.sys": "DiskCryptor",
    "pgpwded.sys": "Symantec Encryption",
}


def _check(case: Case) -> Iterator[Hit]:
    dump = cited_number(case, _CRASH, "CrashDumpEnabled")
    if dump is not None and dump.number == 0:
        shipped = case.baseline.number(_CRASH, "CrashDumpEnabled")
        as_shipped = f" (as shipped {shipped})" if shipped else ""
        text = f"CrashDumpEnabled is 0{as_shipped}: a crash would leave no image of the memory."
        yield Hit(text, (dump.origin,), "CrashDumpEnabled", Severity.MEDIUM)
    yield from _judge_places(case)
    yield from _judge_filters(case)
    reboot = cited_number(case, _CRASH, "AutoReboot")
    if reboot is not None and reboot.number == 0:
        text = "AutoReboot is 0: after a crash the machine stays at the blue screen."
        yield Hit(text, (reboot.origin,), "AutoReboot", Severity.INFO)
    keep = cited_number(case, _CRASH, "AlwaysKeepMemoryDump")
    if keep is not None and keep.number and dump is not None and dump.number == 1:
        text = (
            "A crash would write the whole memory, and the file is always kept, as those do who want to acquire the memory."
        )
        yield Hit(text, (dump.origin, keep.origin), "AlwaysKeepMemoryDump", Severity.INFO)


def _judge_places(case: Case) -> Iterator[Hit]:
    for name, shipped in _PLACES:
        place = cited_text(case, _CRASH, name)
        if place is None or not place.text:
            continue
        path = case.path(place.text)
        if shipped and path.text == case.path(shipped).text:
            continue
        odd = path.is_user_writable or (path.is_odd and not (path.drive and path.text.isascii()))
        if not shipped and not odd:
            continue  # a dump file of its own is a common setting of servers
        usual = f" in place of {shipped}" if shipped else ""
        text = f"{name} is {place.text}{usual}: the image of the memory would be written there."
        yield Hit(text, (place.origin,), name, Severity.MEDIUM if odd else Severity.LOW, story=(case.thread_of(path),))


def _judge_filters(case: Case) -> Iterator[Hit]:
    if case.generation < VISTA:
        return
    for filter_driver in case.strings(_CRASH, "DumpFilters"):
        path = case.path(filter_driver.text)
        if filter_driver.text.strip().casefold() == _DUMP_FILTER:
            continue
        name = path.name
        vendor = _ENCRYPTION.get(name, "")
        known = bool(vendor) and case.lists.services.named(name.removesuffix(".sys")) is not None
        told = f" It belongs to {vendor}, which is installed here." if known else ""
        text = (
            f"DumpFilters names {filter_driver.text}: the kernel would load it, if the file exists and is signed, into the stack "
            f"that writes crash dumps and the hibernation file.{told}"
        )
        yield Hit(
            text,
            (filter_driver.origin,),
            "DumpFilters\\" + name,
            Severity.LOW if known else Severity.HIGH,
            story=(case.thread_of(case.path(f"%SystemRoot%\\System32\\drivers\\{name}")),),
        )


CRASH_CONTROL = Rule(
    id="crash-control",
    family="defence",
    title="Crashes leave no trace, or another driver writes them",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562", "T1070"),
    why=(
        "A wiper or a faulty rootkit switches crash dumps off so that nothing is left to look at. DumpFilters are drivers that the "
        "kernel loads below the file system when it writes a dump or hibernates, a place nobody looks at."
    ),
    false_positives=(
        "Virtual desktops and small system drives with crash dumps off.",
        "Disk encryption of other vendors in DumpFilters; a dump on another drive of a server.",
    ),
    remedy=(
        "Restore CrashDumpEnabled and DumpFilters as shipped in every control set before the file of a foreign filter is taken away."
    ),
    sources=("detections.md 1.11", "baselines.md 2.9"),
    severities="high for a foreign dump filter, medium for dumps that are off or written into a folder of users, else low or info",
    check=_check,
)
