r"""DLLs of the print spooler, which loads them as SYSTEM at boot: monitors, processors, providers.

Source: detections.md 1.10, 5.1; baselines.md 2.10.
"""

from collections.abc import Callable, Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import Key
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, dll_path, has_folder
from hivecheck.rules.rule import Hit, Rule, Severity

_REPAIR = f"{BACK_UP}Stop the spooler, delete the key of the entry in every control set, then collect and delete the DLL."
_MONITORS = frozenset(
    (
        "localmon.dll", "localspl.dll", "pjlmon.dll", "cnbjmon.dll", "tcpmon.dll", "usbmon.dll", "fxsmon.dll", "wsdmon.dll",
        "appmon.dll", "ippmon.dll", "apmon.dll",
    )
)  # fmt: skip
_PROCESSORS = frozenset(("winprint.dll", "localspl.dll"))
_Vendors = tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
# Who installs what: how the names of their monitors (in System32) and of their processors (in System32\spool\prtprocs) begin, folded.
_MONITOR, _PROCESSOR = 1, 2
_SEEN: _Vendors = (
    ("ThinPrint for VMware", ("tpvmmon.dll",), ("tpwinprn.dll",)),
    ("CutePDF", ("cpwmon",), ()),
    ("RealVNC", ("vncpm.dll",), ()),
    ("HP", (), ("hpzppwn7.dll",)),
)
_SAID: _Vendors = (
    (
        "HP",
        ("hpmon", "hptcpmon", "hpmlm", "hpzlnt", "hp1100lm", "hpinksts"),
        ("hpzpp", "hpcpp", "hpfpp", "hpipp", "hp1100pp"),
    ),
    ("Canon", ("cnmlm", "cnmn6ppm"), ("cnmpp", "cnmpd", "cnwfdp", "cnxp0pp")),
    ("OneNote", ("msonpmon",), ("msonpppr",)),
    ("Office 2003", ("mdimon",), ("mdippr",)),
    ("Konica Minolta", ("koaxpj", "koayjj", "koaysj", "koaytj"), ("koaxpj", "koayjj", "koaysj", "koaytj")),
    ("Lexmark", ("lexlmpm", "lmad4n", "lmad5n"), ("lmad4n", "lmad5n")),
    ("Samsung", ("ssl1clm", "sdb4mlm", "us015lm"), ("ssl1cpc", "sdb4mpc", "us015pc")),
    ("Xerox", ("x5lrs",), ("x5print",)),
    ("Dell", (), ("dellopd", "dkadtp")),
    ("Epson", ("eplm",), ()),
    ("PDFCreator", ("pdfcmon",), ()),
    ("RedMon", ("redmon",), ()),
    ("Adobe", ("adobepdf",), ()),
    ("Windows 2000", ("msfaxmon",), ()),
    ("Windows NT 4", ("decpsmon",), ()),
    ("Windows", ("lprmon", "sfmmon"), ()),
    ("Nitro", ("nitrolocalmon",), ()),
    ("PrimoPDF", ("primomonnt",), ()),
    ("doPDF", ("dopdfmn",), ()),
)
_PROVIDERS_SAID: _Vendors = (("Windows' own Client Service for NetWare (NT 4 to XP)", ("nwprovau",), ()),)
_PLACES_AT_MOST = 1_000
_TAKEN_IN = frozenset((".mof", ".config", ".inf", ".ps1", ".cmd", ".bat", ".vbs"))
_PROVIDERS = frozenset(("inetpp.dll", "win32spl.dll"))


def _nobody(case: Case, key: Key) -> str:
    del case, key
    return ""


def _user_of_monitor(case: Case, key: Key) -> str:
    from hivecheck.rules.print_use import user_of_monitor  # few machines have an unknown one

    return user_of_monitor(case, key)


def _user_of_processor(case: Case, key: Key) -> str:
    from hivecheck.rules.print_use import user_of_processor

    return user_of_processor(case, key)


def _judge(
    case: Case,
    key: Key,
    value: str,
    what: str,
    shipped: frozenset[str],
    seen: _Vendors,
    said: _Vendors,
    column: int,
    worst: Severity,
    used: Callable[[Case, Key], str] = _nobody,
) -> Iterator[Hit]:
    raw = key.value(value)
    text = text_in(raw)
    if raw is None or not text or (text.casefold() in shipped):
        return
    path = dll_path(case, text)
    name = path.name
    foreign = key.name.casefold() != "winprint"  # that is Windows' own, and no vendor's
    by_seen = next((row[0] for row in seen if foreign and name.startswith(row[column])), "")
    by_said = next((row[0] for row in said if foreign and name.startswith(row[column])), "")
    told = f"The print {what} {key.name} would have the spooler load {text} as SYSTEM, if the file exists"
    because: tuple[Origin, ...] = (raw.ref.citing(text),)
    confidence = Confidence.MEDIUM
    plain = path.folder == f"{case.system_root.casefold()}\\system32"
    if has_folder(text) and not plain:
        severity, why, confidence = Severity.CRITICAL, ": Windows and printer drivers give bare names", Confidence.HIGH
        severity = Severity.MEDIUM if path.in_system_folder and name in shipped else severity
    elif has_folder(text) and name in shipped:
        severity, why = Severity.MEDIUM, ": Windows and printer drivers give bare names"
    elif by_seen:
        severity, why = Severity.LOW, f". {by_seen} installs it"
    elif by_said:
        severity, why = Severity.MEDIUM, f". {by_said} is said to install one of this name"
    elif user := used(case, key):
        severity, why = Severity.MEDIUM, f". Windows does not ship it, but {user}, as with that of a vendor"
    else:
        severity, why = worst, ": Windows does not ship it"
    yield Hit(f"{told}{why}.", because, f"{key.name} {name}", severity, confidence, story=(case.thread_of(path),))


def _check_monitors(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Control\\Print\\Monitors"):
        yield from _judge(case, key, "Driver", "monitor", _MONITORS, _SEEN, _SAID, _MONITOR, Severity.HIGH, _user_of_monitor)
    printers = case.key("Control\\Print\\Printers")
    if printers is not None:
        yield from _check_places(case, printers)


def _check_places(case: Case, printers: Key) -> Iterator[Hit]:
    """Where the spooler, as SYSTEM, writes what users print: ports that are files, folders in which jobs wait."""
    system = f"{case.system_root.casefold()}\\system32\\"
    places = [("DefaultSpoolDirectory", printers)]
    places += [
        (value, printer) for printer in case.subkeys("Control\\Print\\Printers") for value in ("Port", "SpoolDirectory")
    ]
    for value, key in places[:_PLACES_AT_MOST]:
        raw = key.value(value)
        text = text_in(raw) if raw is not None and len(raw.data) > 6 else ""
        if raw is None or "\\" not in text:
            continue
        path = case.path(text)
        own = path.text.rstrip("\\") == system + "spool\\printers"
        if not path.text.startswith(system) or own or (value == "Port" and not (path.is_binary or path.ending in _TAKEN_IN)):
            continue
        does = "write what is printed into that file" if value == "Port" else "make files of jobs in that folder"
        told = f"{value} of {key.name} is {text}: the spooler would {does} of Windows, as SYSTEM, for whoever prints."
        yield Hit(told, (raw.ref.citing(text),), f"{key.name} {value}", Severity.HIGH, story=(case.thread_of(path),))


def _check_processors(case: Case) -> Iterator[Hit]:
    for environment in case.subkeys("Control\\Print\\Environments"):
        processors = environment.subkey("Print Processors")
        for key in processors.subkeys() if processors is not None else ():
            yield from _judge(
                case,
                key,
                "Driver",
                "processor",
                _PROCESSORS,
                _SEEN,
                _SAID,
                _PROCESSOR,
                Severity.HIGH,
                _user_of_processor,
            )


def _check_providers(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Control\\Print\\Providers"):
        yield from _judge(
            case,
            key,
            "Name",
            "provider",
            _PROVIDERS,
            (),
            _PROVIDERS_SAID,
            _MONITOR,
            Severity.CRITICAL,
        )


PRINT_MONITOR = Rule(
    id="print-monitor",
    family="dll hosts",
    title="The spooler loads a print monitor that Windows does not ship, or writes among the files of Windows",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.010",),
    why=(
        "The spooler loads the DLL of each key of Print\\Monitors at boot, as SYSTEM, from System32. Attackers add a key, or make a "
        "printer whose port is a file of System32, or whose jobs wait in a folder of drivers, so that the spooler plants the file."
    ),
    false_positives=(
        "ThinPrint, CutePDF and RealVNC (low).",
        "Monitors of printer vendors, Office and PDF printers (medium: from memory and public lists).",
        "Monitors that a printer driver or a printer set up here uses (medium).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "baselines.md 2.10"),
    severities="critical for a path outside System32, high for an unknown name and for a port or spool folder in System32, medium for one that a printer uses, medium and low for "
    "names of products",
    needs="whether the DLL is signed takes the file",
    check=_check_monitors,
)  # fmt: skip
PRINT_PROCESSOR = Rule(
    id="print-processor",
    family="dll hosts",
    title="The spooler loads a print processor that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.012",),
    why="The spooler loads the DLLs of its print processors as SYSTEM. Windows ships winprint alone.",
    false_positives=(
        "ThinPrint and one of HP's (low).",
        "Those of OneNote, Office 2003, HP, Canon, Konica Minolta, Lexmark, Samsung, Xerox and Dell (medium: from memory and public lists).",
        "A processor of another vendor that a printer set up here uses (medium).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "baselines.md 2.10"),
    severities="critical for a path outside System32, high for an unknown name, medium for one that a printer uses, medium and low for "
    "names of products",
    needs="whether the DLL is signed takes the file",
    check=_check_processors,
)
PRINT_PROVIDER = Rule(
    id="print-provider",
    family="dll hosts",
    title="The spooler loads a print provider that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.010",),
    why="The spooler loads the DLL of each print provider as SYSTEM. Windows ships win32spl.dll and inetpp.dll alone.",
    false_positives=(
        "Windows' own Client Service for NetWare, an option of NT 4 to XP, and Novell's client (medium: from memory).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    severities="critical; medium for the clients of NetWare",
    check=_check_providers,
)
RULES: tuple[Rule, ...] = (PRINT_MONITOR, PRINT_PROCESSOR, PRINT_PROVIDER)
