r"""The line that starts csrss: its image, the libraries it loads into itself, its other arguments.

Every ServerDll is loaded into csrss, a process that Windows cannot do without, in every session. Source: detections.md 1.4;
baselines.md 2.6; smss.md B15.6 to B15.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.lost_values import check_no_csrss
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import SUBSYSTEMS
from hivecheck.settings.subsystems import Csrss, ServerDll, parse_csrss

_KEY = "Control\\Session Manager\\SubSystems"
_ARGUMENTS_AT_MOST = 1_000
_KNOWN = frozenset(
    {
        ("basesrv", "", 1), ("winsrv", "userserverdllinitialization", 3), ("winsrv", "conserverdllinitialization", 2),
        ("sxssrv", "", 4),
    }
)  # fmt: skip
_REACTOS = ("consrv", "conserverdllinitialization", 2)
_FIXED = {"OBJECTDIRECTORY": "\\windows", "SUBSYSTEMTYPE": "windows", "WINDOWS": "on"}
_TUNED = {"PROFILECONTROL": "off", "MAXREQUESTTHREADS": "16"}
_NUMBERS = ((1024, 1024), (512, 81920), (128, 8192))
_REPAIR = (
    "Restore the line that this Windows ships (printed in the report's order of repair) in every control set BEFORE "
    "deleting a planted file: csrss without a library that its line names stops the machine with 0xC000021A. Then collect that "
    "file from System32."
)


def _line(case: Case) -> Csrss | None:
    for line in case.settings[SUBSYSTEMS].value:
        if fold_name(line.name) == "WINDOWS" and line.text.strip():
            return parse_csrss(line.text, line.origin)
    return None


def _folded(dll: ServerDll) -> tuple[str, str, int | None]:
    return dll.dll.casefold(), dll.entry.casefold(), dll.index


def _is_reactos(case: Case) -> bool:
    return case.path(case.system_root).name == "reactos" and case.key("Control\\ReactOS") is not None


def _check_arguments(case: Case) -> Iterator[Hit]:
    line = _line(case)
    if line is None or line.origin is None:
        return
    shipped = parse_csrss(case.baseline.text(_KEY, "Windows"), None)
    expected = {_folded(dll) for dll in shipped.server_dlls}
    found = {_folded(dll) for dll in line.server_dlls}
    for dll in line.server_dlls[:_ARGUMENTS_AT_MOST]:
        if _folded(dll) not in expected:
            yield _foreign(case, line.origin, dll, bool(expected))
    for dll in shipped.server_dlls:
        if _folded(dll) not in found:
            yield Hit(
                f"The line of csrss lacks ServerDll={dll.text}, which this Windows ships there: csrss would come up without it, or "
                "not at all.",
                (line.origin,),
                f"ServerDll={dll.text}",
                severity=Severity.MEDIUM,
                confidence=Confidence.LOW if case.baseline.nearest else Confidence.HIGH,
                events=case.events.citing(line.origin),
            )
    arguments = {(fold_name(name), value.casefold()) for name, value in shipped.arguments}
    for name, value in line.arguments[:_ARGUMENTS_AT_MOST]:
        folded = fold_name(name)
        if folded == "SERVERDLL" or (folded, value.casefold()) in arguments or _is_image(name):
            continue
        weighed = _weigh_argument(folded, value)
        if weighed is not None:
            severity, what = weighed
            yield Hit(
                f"The line of csrss has {name}={value}, {what}." if value else f"The line of csrss has {name}, {what}.",
                (line.origin,),
                f"{name}={value}",
                severity=severity,
                confidence=Confidence.MEDIUM,
                events=case.events.citing(line.origin),
            )


def _foreign(case: Case, origin: Origin, dll: ServerDll, is_known: bool) -> Hit:
    """The hit for a library that this Windows does not list."""
    name = dll.dll if "." in dll.dll.rsplit("\\", 1)[-1] else dll.dll + ".dll"
    path = name if "\\" in name or "/" in name else f"{case.system_root}\\System32\\{name}"
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    does = f"csrss would load {name} from System32, if the file exists, in every session, and run it as SYSTEM."
    if _folded(dll) in _KNOWN:
        severity, confidence = Severity.MEDIUM, Confidence.MEDIUM if is_known else Confidence.LOW
        does = "It belongs to another generation of Windows: csrss would fail to find its entry, or load what is no longer needed."
    elif _folded(dll) == _REACTOS and _is_reactos(case):
        severity, does = Severity.INFO, "ReactOS, which this is, ships it."
    return Hit(
        f"The line of csrss has ServerDll={dll.text}, which this Windows does not ship. {does}",
        (origin,),
        f"ServerDll={dll.text}",
        severity=severity,
        confidence=confidence,
        events=case.events.citing(origin),
        story=(case.thread_of(case.path(path)),),
    )


def _weigh_argument(name: str, value: str) -> tuple[Severity, str] | None:
    """How bad an argument is that the shipped line does not have, and what it is; None for one within the usual."""
    if name in _FIXED:
        return None if value.casefold() == _FIXED[name] else (Severity.HIGH, f"where Windows has {_FIXED[name]}")
    if name in _TUNED:
        return None if value.casefold() == _TUNED[name] else (Severity.LOW, f"where Windows has {_TUNED[name]}")
    if name == "SHAREDSECTION":
        return (
            None
            if _is_usual_section(value)
            else (Severity.LOW, "sizes of the desktop heap that are unusual even for tuning")
        )
    if name == "REQUESTTHREADS":
        return Severity.LOW, "an argument that csrss knows and Windows does not use"
    return Severity.HIGH, "an argument that csrss does not know"


def _is_usual_section(value: str) -> bool:
    parts = value.split(",")
    if len(parts) > len(_NUMBERS):
        return False
    for part, (least, most) in zip(parts, _NUMBERS, strict=False):
        if not (part.isascii() and part.isdecimal() and len(part) < 8 and least <= int(part) <= most):
            return False
    return True


CSRSS_SERVERDLL = Rule(
    id="csrss-serverdll",
    family="subsystems",
    title="The line of csrss is not the one that Windows ships",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical for a library that no Windows lists; medium for one of another generation and for a missing one; high for changed "
        "or unknown arguments; low for tuned numbers."
    ),
    techniques=("T1547", "T1574.001", "T1112"),
    why=(
        "Every ServerDll runs inside csrss in every session. The x64 ZeroAccess put consrv in the place of winsrv this way. The "
        "machine no longer starts where the file is removed and the line is not mended."
    ),
    false_positives=(
        "ReactOS lists consrv, as betas of NT 3.1 did.",
        "Administrators tune SharedSection, the size of the desktop heap.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.4, 5.2", "baselines.md 2.6", "smss.md B15.7"),
    needs="Whether the file exists, and who signed it.",
    check=_check_arguments,
)


def _is_image(token: str) -> bool:
    return token.casefold().endswith(".exe")


def _check_image(case: Case) -> Iterator[Hit]:
    yield from check_no_csrss(case)
    line = _line(case)
    if line is None or line.origin is None:
        return
    root = case.path(case.system_root).text
    image = case.path(line.line.image)
    if image.text != f"{root}\\system32\\csrss.exe":
        yield Hit(
            f"The subsystem Windows starts {line.line.image or 'nothing'} in place of System32\\csrss.exe: smss would run it as SYSTEM "
            "in every session, and Windows does not start without it.",
            (line.origin,),
            line.line.image,
            events=case.events.citing(line.origin),
            story=(case.thread_of(image),),
        )
    for name, _ in line.arguments[:_ARGUMENTS_AT_MOST]:
        if _is_image(name):
            yield Hit(
                f"The line of csrss names a second program, {name}: what it is for is not known, and no Windows has one.",
                (line.origin,),
                name,
                confidence=Confidence.MEDIUM,
                events=case.events.citing(line.origin),
                story=(case.thread_of_image(name),),
            )


CSRSS_IMAGE = Rule(
    id="csrss-image",
    family="subsystems",
    title="Another program is started in the place of csrss, or none",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="critical for another program, or csrss without its folder; high where none would be started.",
    techniques=("T1574",),
    why=(
        "smss starts the first word of this line in each session and waits for it. Every Windows names csrss.exe in System32; a name "
        "without a folder is looked for elsewhere, too. Without the line, or a list of required subsystems that names it, the boot "
        "ends there."
    ),
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.4", "smss.md B15.6"),
    needs="Whether the file exists, and who signed it.",
    check=_check_image,
)

RULES: tuple[Rule, ...] = (CSRSS_SERVERDLL, CSRSS_IMAGE)
