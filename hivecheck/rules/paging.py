r"""What the kernel writes of its memory: paging files that are zeroed, left out, elsewhere, and what it does when the machine crashes.

Of the latter: whether memory is written, where to, and by which drivers. Source: detections.md 1.6, 1.11; baselines.md 2.3, 2.9; smss.md
B.12.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    CLEAR_PAGE_FILE_AT_SHUTDOWN,
    DOS_DEVICES,
    EXISTING_PAGE_FILES,
    MEMORY,
    PAGING_FILES,
)

_REPAIR = "Restore the value that this Windows ships (printed in the report's order of repair) in every control set."
_SWITCHES = ("TempPageFile", "PagefileOnOsVolume", "WaitForPagingFiles")
_FILES_AT_MOST = 100


def _check_clear(case: Case) -> Iterator[Hit]:
    setting = case.settings[CLEAR_PAGE_FILE_AT_SHUTDOWN]
    if setting.value != 1:
        return
    others = tuple(
        found.origin
        for key, name, number in (
            (MEMORY + "\\PrefetchParameters", "EnablePrefetcher", 0),
            ("Services\\EventLog", "Start", 4),
            ("Control\\CrashControl", "CrashDumpEnabled", 0),
        )
        if (found := cited_number(case, key, name)) is not None and found.number == number
    )
    named = " and ".join(f"{origin.key.rpartition(chr(92))[2]}\\{origin.value} is {origin.text}" for origin in others)
    yield Hit(
        "ClearPageFileAtShutdown is 1: at each shutdown the kernel zeroes the paging file, and with it what memory left there."
        + (f" Other evidence is switched off as well: {named}." if others else ""),
        (*setting.origins, *others),
        "ClearPageFileAtShutdown",
        severity=Severity.MEDIUM if others else Severity.LOW,
    )


CLEAR_PAGE_FILE = Rule(
    id="mm-clear-pagefile",
    family="memory",
    title="The paging file is zeroed at shutdown",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    severities="medium where prefetch, the event log or crash dumps are off as well, low else.",
    techniques=("T1070",),
    why="The paging file holds pieces of memory: programs, keys, texts. Zeroed, it tells nothing.",
    false_positives=("CIS, STIG and the policy 'Clear virtual memory pagefile': very common in government builds.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6",),
    check=_check_clear,
)


def _check_none(case: Case) -> Iterator[Hit]:
    setting = case.settings[PAGING_FILES]
    if not setting.is_written or any(not file.rejected for file in setting.value):
        return
    yield Hit(
        "PagingFiles asks for no paging file"
        + (" that smss accepts" if setting.value else "")
        + ": smss would make none, so that a crash leaves no full dump and memory leaves no trace on disk.",
        setting.origins,
        "PagingFiles",
        events=case.events.citing(*setting.origins),
    )


NO_PAGE_FILE = Rule(
    id="mm-no-pagefile",
    family="memory",
    title="The machine has no paging file",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    techniques=("T1562", "T1070"),
    why="Without a paging file there is neither a full crash dump nor what memory leaves behind in it.",
    false_positives=("Players of games; virtual desktops that stream their disk.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6", "smss.md B.12"),
    check=_check_none,
)


def _check_odd(case: Case) -> Iterator[Hit]:
    setting = case.settings[PAGING_FILES]
    moved = {fold_name(device.name) for device in case.settings[DOS_DEVICES].value}
    for file in setting.value[:_FILES_AT_MOST]:
        folded = file.path.casefold()
        if file.rejected:
            reason = f"smss drops it: {file.rejected}"
        elif folded[3:] != "pagefile.sys":
            reason = "it is not pagefile.sys in the root of a volume"
        elif fold_name(file.path[:2]) in moved:
            reason = "DOS Devices leads that drive somewhere else"
        else:
            continue
        yield Hit(
            f"PagingFiles has {file.text}: {reason}.",
            (file.origin,),
            file.text,
            severity=Severity.LOW if file.rejected and folded.endswith(":\\pagefile.sys") else Severity.MEDIUM,
            events=case.events.citing(file.origin),
        )
    yield from _check_existing(case)
    for name in _SWITCHES:
        switch = cited_number(case, MEMORY, name)
        if switch is not None and switch.number:
            yield Hit(f"{name} is {switch.number}.", (switch.origin,), name, severity=Severity.INFO)
    swap = cited_number(case, MEMORY, "SwapfileControl")
    if swap is not None and swap.number == 0:
        yield Hit(
            "SwapfileControl is 0: no swapfile.sys is made.", (swap.origin,), "SwapfileControl", severity=Severity.INFO
        )


def _check_existing(case: Case) -> Iterator[Hit]:
    """Whether the paging files of the last boot are those of the next."""
    files, existing = case.settings[PAGING_FILES], case.settings[EXISTING_PAGE_FILES]
    used = {case.path(one.text).text for one in existing.value[:_FILES_AT_MOST] if one.text}
    wanted = [file for file in files.value if not file.rejected]
    if not files.is_written or not used or any(file.any_drive for file in wanted):
        return
    if {case.path(file.path).text for file in wanted[:_FILES_AT_MOST]} != used:
        origins: tuple[Origin, ...] = (*files.origins, *existing.origins)
        yield Hit(
            f"PagingFiles does not name the paging files of the last boot ({', '.join(sorted(used)[:5])}): it was changed since.",
            origins,
            "ExistingPageFiles",
            severity=Severity.INFO,
        )


ODD_PAGE_FILE = Rule(
    id="mm-odd-pagefile",
    family="memory",
    title="A paging file of another name or in another place",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities=(
        "medium for another name, a folder or a redirected drive; low for a copy that smss drops; info for switches and for files "
        "that changed since the last boot."
    ),
    techniques=("T1562", "T1070"),
    why="Evidence is looked for in pagefile.sys. Under another name, or on a drive that leads elsewhere, it is missed.",
    false_positives=("Very old guides put it into a folder.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6", "smss.md B.12"),
    check=_check_odd,
)

RULES: tuple[Rule, ...] = (CLEAR_PAGE_FILE, NO_PAGE_FILE, ODD_PAGE_FILE)


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
