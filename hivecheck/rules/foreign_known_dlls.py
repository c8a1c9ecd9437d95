r"""KnownDLLs that no Windows lists: foreign files, other files under known labels, another folder. Source: detections.md 1.3.

The name of the mapping is the data of the value, not its label. Source: smss.md B.8.
"""

from collections.abc import Iterator

from hivecheck.baselines.baseline import KNOWN_DLLS_KEY, Standing
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN10_1709
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import DLL_DIRECTORIES, DLL_DIRECTORY, DLL_DIRECTORY_32, KNOWN_DLLS
from hivecheck.settings.object_names import NamedText

_SECURITY = frozenset(
    {
        "amsi.dll", "wintrust.dll", "crypt32.dll", "dbghelp.dll", "dbgcore.dll", "bcrypt.dll", "bcryptprimitives.dll",
        "ncrypt.dll", "cryptbase.dll", "cryptsp.dll", "rsaenh.dll", "wldp.dll", "mpoav.dll", "mpclient.dll", "secur32.dll",
        "sspicli.dll", "wevtapi.dll", "samlib.dll", "msasn1.dll", "cryptnet.dll",
    }
)  # fmt: skip
REPAIR = (
    "Restore the KnownDLLs that this Windows ships (printed in the report's order of repair) in every control set and "
    "verify hash and signature of the DLLs in System32 before the next boot; collect what was planted first."
)


def thread_of_dll(case: Case, file: str) -> str:
    """What ties findings of one DLL of System32 together."""
    return case.thread_of(case.path(f"{case.system_root}\\System32\\{file}"))


def _is_renamed(case: Case, known: NamedText) -> bool:
    """Whether a label that some Windows ships holds the name of another file."""
    if case.baseline.standing(KNOWN_DLLS_KEY, known.name, known.text) is not Standing.NOT_SEEN:
        return False
    entry = case.baseline.entry(KNOWN_DLLS_KEY, known.name)
    if entry is not None:
        return not entry.any_data
    file = known.name.casefold() + ".dll"
    return file in case.baseline.all_known_dlls and file != known.text.casefold()


def _check_added(case: Case) -> Iterator[Hit]:
    union = case.baseline.all_known_dlls
    if not union:
        return
    own = frozenset(case.baseline.known_dlls.values())
    for known in case.settings[KNOWN_DLLS].value:
        file = known.text.casefold()
        if file in own or not file or fold_name(known.name) in DLL_DIRECTORIES or _is_renamed(case, known):
            continue
        name = file.replace("/", "\\").rsplit("\\", 1)[-1]
        confidence = Confidence.HIGH
        if file in union:
            severity, does = (
                Severity.LOW,
                "A Windows of another generation ships it there, so that an upgrade may have left it.",
            )
            confidence = Confidence.LOW
        else:
            does = (
                "smss would map it from System32 if the file exists, and every program that imports this name would get that file "
                "instead of its own."
            )
            severity = Severity.HIGH
            if name in _SECURITY:
                severity, does = Severity.CRITICAL, f"{does} Programs rely on it for security."
            elif name != file or ".." in file:
                severity, does = (
                    Severity.CRITICAL,
                    f"{does} Its data holds a path, which leads out of the folder of KnownDLLs.",
                )
        yield Hit(
            f"KnownDLLs has {known.name} = {known.text}, which this Windows does not ship. {does}",
            (known.origin,),
            known.text,
            severity=severity,
            confidence=confidence,
            events=case.events.citing(known.origin),
            story=(thread_of_dll(case, name),),
        )


KNOWNDLL_ADDED = Rule(
    id="knowndll-added",
    family="known DLLs",
    title="A foreign DLL is listed in KnownDLLs",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "critical for DLLs of security and cryptography and for data with a path; low for a DLL that another generation ships."
    ),
    techniques=("T1574.001",),
    why=(
        "A KnownDLL beats the copy that a program brings along: whoever puts a file into System32 and its name into the list has "
        "code in every program that imports it."
    ),
    false_positives=("Rarely, a manufacturer's image.", "What is left of an older Windows after an upgrade is told as low."),
    remedy=REPAIR,
    sources=("detections.md 1.3", "baselines.md 2.4", "smss.md B8.1"),
    needs="Whether the file exists, and who signed it.",
    check=_check_added,
)


def _check_renamed(case: Case) -> Iterator[Hit]:
    for known in case.settings[KNOWN_DLLS].value:
        if not _is_renamed(case, known):
            continue
        shipped = case.baseline.known_dlls.get(fold_name(known.name), known.name.casefold() + ".dll")
        told = known.text or "nothing"
        yield Hit(
            f"KnownDLLs has {known.name} = {told} in place of {shipped}. smss would map {told} under its own name, if the file "
            f"exists, and {shipped} would no longer be a KnownDLL.",
            (known.origin,),
            known.name,
            events=case.events.citing(known.origin),
            story=(thread_of_dll(case, shipped), thread_of_dll(case, known.text.casefold())),
        )


KNOWNDLL_RENAMED = Rule(
    id="knowndll-renamed-data",
    family="known DLLs",
    title="A KnownDLL names another file than it should",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574.001",),
    why=(
        "The mapping takes its name from the data. With other data the real DLL is searched for in the program's folder first, "
        "and the other file becomes a KnownDLL, while the list still looks whole."
    ),
    false_positives=("None known.",),
    remedy=REPAIR,
    sources=("detections.md 1.3", "smss.md B8.1"),
    needs="Whether the file exists, and who signed it.",
    check=_check_renamed,
)


def _check_directory(case: Case) -> Iterator[Hit]:
    guessed = case.facts.system_root.confidence is not Confidence.HIGH
    for row, folder in ((DLL_DIRECTORY, "system32"), (DLL_DIRECTORY_32, "syswow64")):
        setting = case.settings[row]
        if not setting.is_written:
            continue
        path = case.path(setting.value)
        text = path.text.rstrip("\\")
        if text == f"{case.path(case.system_root).text}\\{folder}":
            continue
        severity, confidence = Severity.CRITICAL, Confidence.HIGH
        if case.generation >= WIN10_1709:
            confidence = Confidence.LOW  # a value put back there: whether it is honoured is not known
        if guessed and path.below_drive.rstrip("\\") in (f"\\windows\\{folder}", f"\\winnt\\{folder}"):
            severity, confidence = Severity.MEDIUM, Confidence.LOW
        honoured = " (whether smss of 1709 and later still reads it is not known)" if case.generation >= WIN10_1709 else ""
        yield Hit(
            f"{row.name.rpartition('/')[2]} is {setting.value or 'empty'}. smss would map every KnownDLL from that folder{honoured}, "
            "so that every process would run what lies there.",
            setting.origins,
            row.name,
            severity=severity,
            confidence=confidence,
            events=case.events.citing(*setting.origins),
            story=(case.thread_of(path),),
        )


KNOWNDLL_DIRECTORY = Rule(
    id="knowndll-dir",
    family="known DLLs",
    title="KnownDLLs are mapped from another folder",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="medium only where the folder looks right but the hive does not say for sure where Windows is.",
    techniques=("T1574.001",),
    why=(
        "DllDirectory is where smss opens every KnownDLL. Another folder puts every system DLL of every process into the hands of "
        "whoever can write there."
    ),
    false_positives=("None known.",),
    remedy=(
        "Set DllDirectory to %SystemRoot%\\system32 and, on 64-bit Windows only, DllDirectory32 to %SystemRoot%\\syswow64, or delete what is there on 10 1709 and "
        "later, in every control set; then collect the other folder."
    ),
    sources=("detections.md 1.3", "smss.md B8.2, B8.3"),
    needs="What lies in the folder.",
    check=_check_directory,
)

RULES: tuple[Rule, ...] = (KNOWNDLL_ADDED, KNOWNDLL_RENAMED, KNOWNDLL_DIRECTORY)
