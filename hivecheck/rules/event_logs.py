r"""What keeps the machine from writing down what happens: settings of the event log and of the tracing sessions behind it.

Source: detections.md 1.11; files, sizes and sessions as shipped are from real hives of NT 4, XP, 7, 10 1709 and 10 1903.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.registry.strings import decode_dword
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_mode import is_windows_pe

_EVENT_LOG = "Services\\EventLog"
_LOGS = ("Application", "Security", "System")
_LEAST, _LEAST_BEFORE_VISTA = 1024 * 1024, 64 * 1024  # bytes
_NEVER = 0xFFFFFFFF
_DENIAL = r"(?i)\(D;([^;]*);[^;]*;[^;]*;[^;]*;(SY|BA|WD|S-1-5-18|S-1-5-32-544|S-1-1-0)\)"  # compiled when needed
_AUTOLOGGER = "Control\\WMI\\Autologger"
_SESSIONS: dict[str, tuple[Severity, str]] = {
    "EVENTLOG-SYSTEM": (Severity.HIGH, "the System log gets nothing from modern providers"),
    "EVENTLOG-APPLICATION": (Severity.HIGH, "the Application log and the logs beside it get nothing from modern providers"),
    "EVENTLOG-SECURITY": (Severity.HIGH, "the Security log gets no events"),
    "DEFENDERAPILOGGER": (Severity.HIGH, "Microsoft Defender does not see the calls it judges behaviour by"),
    "DEFENDERAUDITLOGGER": (Severity.HIGH, "Microsoft Defender does not see the security audit"),
    "AUTOLOGGER-DIAGTRACK-LISTENER": (Severity.LOW, "telemetry is not collected; tools for privacy do this, too"),
}
_NEVER_MISSING = ("EventLog-System", "EventLog-Application", "EventLog-Security", "DefenderApiLogger", "DefenderAuditLogger")
_LOG_SESSIONS = ("EVENTLOG-SYSTEM", "EVENTLOG-APPLICATION", "EVENTLOG-SECURITY")
_WHOLE = 200  # services of a whole Windows
_PROVIDERS = {
    "{54849625-5478-4994-A5BA-3E3B0328C30D}": "Microsoft-Windows-Security-Auditing",
    "{F4E1897C-BB5D-5668-F1D8-040F4D8DD344}": "Microsoft-Windows-Threat-Intelligence",
    "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}": "Microsoft-Windows-PowerShell",
    "{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}": "Microsoft-Windows-WMI-Activity",
    "{22FB2CD6-0E7B-422B-A0C7-2FAD1FD0E716}": "Microsoft-Windows-Kernel-Process",
    "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}": "Microsoft-Windows-Sysmon",
    "{11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78}": "Microsoft-Windows-Windows Defender",
}
_LOOKED_AT = frozenset(_PROVIDERS)


def _check_event_log(case: Case) -> Iterator[Hit]:
    story = (case.thread_of_service("EventLog"),)
    start = cited_number(case, _EVENT_LOG, "Start")
    if start is not None and start.number != 2:
        text = (
            f"The event log service has the start type {start.number} (as shipped 2): it would not start with the machine."
        )
        yield Hit(text, (start.origin,), "EventLog\\Start", confidence=Confidence.HIGH, story=story)
    for key in (_EVENT_LOG, _EVENT_LOG + "\\Parameters"):
        dll = cited_text(case, key, "ServiceDll")
        if dll is None or not dll.text:
            continue
        path = case.path(dll.text)
        if case.generation < VISTA:
            text = f"The event log has the ServiceDll {dll.text}: before Vista it is a part of services.exe and has none."
        elif path.text != case.path("%SystemRoot%\\System32\\wevtsvc.dll").text:
            text = f"The event log would be run by {dll.text} in place of wevtsvc.dll: that file decides what is written."
        else:
            continue
        yield Hit(
            text, (dll.origin,), "EventLog\\ServiceDll", confidence=Confidence.HIGH, story=(*story, case.thread_of(path))
        )
    for log in _LOGS:
        for hit in _judge_log(case, log):
            yield Hit(hit.message, hit.because, hit.subject, hit.severity, hit.confidence, story=story)


def _judge_log(case: Case, log: str) -> Iterator[Hit]:
    key = f"{_EVENT_LOG}\\{log}"
    modern = case.generation >= VISTA
    file = cited_text(case, key, "File")
    if file is not None and file.text:
        path, home = case.path(file.text), "%SystemRoot%\\System32\\" + ("winevt\\Logs" if modern else "config")
        if path.folder != case.path(home).text:
            moved = path.drive and path.drive != case.path(home).drive and not path.is_user_writable and not path.is_odd
            text = f"The {log} log is written to {file.text}, not into {home}" + (
                ": onto another drive, as administrators of servers do." if moved else "."
            )
            yield Hit(text, (file.origin,), f"{log}\\File", Severity.MEDIUM if moved else Severity.HIGH)
    size = cited_number(case, key, "MaxSize")
    least = _LEAST if modern else _LEAST_BEFORE_VISTA
    if size is not None and size.number < least and not case.number(key, "MaxSizeUpper"):
        text = (
            f"The {log} log may hold {size.number:,} bytes only, less than the {least:,} that the tools of Windows allow: "
            "what is written is soon overwritten."
        )
        yield Hit(text, (size.origin,), f"{log}\\MaxSize", Severity.HIGH)
    retention = cited_number(case, key, "Retention")
    if retention is not None and retention.number == _NEVER and not case.number(key, "AutoBackupLogFiles"):
        text = f"The {log} log keeps its old events and takes no new ones once it is full."
        yield Hit(text, (retention.origin,), f"{log}\\Retention", Severity.LOW)
    rights = cited_text(case, key, "CustomSD")
    if rights is not None and (denied := re.search(_DENIAL, rights.text)):
        who = {"SY": "SYSTEM", "S-1-5-18": "SYSTEM", "WD": "everyone", "S-1-1-0": "everyone"}.get(
            denied[2].upper(), "administrators"
        )
        yield Hit(f"The {log} log denies {who} access: {denied[0]}.", (rights.origin,), f"{log}\\CustomSD", Severity.HIGH)


def _check_autologger(case: Case) -> Iterator[Hit]:
    present: set[str] = set()
    for session in case.subkeys(_AUTOLOGGER):
        folded = fold_name(session.name)
        present.add(folded)
        told = _SESSIONS.get(folded)
        if told is None and "SYSMON" in folded:
            told = Severity.HIGH, "the events of Sysmon are not written"
        if told is None:
            continue
        severity, what = told
        start = session.value("Start")
        if start is not None and start.type == 4 and decode_dword(start.data) == 0:
            yield Hit(
                f"The tracing session {session.name} is off: {what}.", (start.ref.citing("0"),), session.name, severity
            )
        for provider in session.subkeys_named(_LOOKED_AT):
            name = _PROVIDERS.get(fold_name(provider.name))
            enabled = provider.value("Enabled") if name else None
            if enabled is not None and enabled.type == 4 and decode_dword(enabled.data) == 0:
                because: tuple[Origin, ...] = (enabled.ref.citing("0"), provider.ref)
                text = f"{name} is switched off in the tracing session {session.name}: its events are not written."
                yield Hit(text, because, f"{session.name}\\{name}", Severity.HIGH)
    yield from _missing_sessions(case, present)


def _missing_sessions(case: Case, present: set[str]) -> Iterator[Hit]:
    """Sessions of the logs and of Defender that this Windows ships and that are gone from a list that is otherwise whole."""
    top = case.key(_AUTOLOGGER) or case.control_set
    if case.generation < VISTA or top is None or not top.subkeys_whole or is_windows_pe(case):
        return
    logs = sum(name in present for name in _LOG_SESSIONS)
    if len(case.lists.services.services) < _WHOLE and logs < len(_LOG_SESSIONS) - 1:
        return  # a piece of a hive
    for name in _NEVER_MISSING:
        if fold_name(name) in present or not case.baseline.entries(f"{_AUTOLOGGER}\\{name}"):
            continue
        if name.startswith("Defender") and (logs < len(_LOG_SESSIONS) or not case.has_service("windefend")):
            continue
        what = _SESSIONS[fold_name(name)][1]
        text = f"The tracing session {name}, which this Windows ships, is gone: {what}."
        yield Hit(text, (top.ref,), name, Severity.HIGH, Confidence.MEDIUM)


EVENTLOG_TAMPER = Rule(
    id="eventlog-tamper",
    family="defence",
    title="The event log is moved, made small, locked or run by another file",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.002",),
    why=(
        "File, MaxSize and CustomSD of the three classic logs say where events go, how many stay and who may write them; "
        "ServiceDll is the program that writes them. Changed, the machine runs on and keeps no record."
    ),
    false_positives=(
        "Servers whose logs an administrator moved to another drive: medium then.",
        "Logs that are archived or kept by policy (Retention): low.",
    ),
    remedy=(
        "Collect the files named in File first. Then set Start to 2, File to the log's own folder, remove CustomSD, in every "
        "control set, and restart."
    ),
    sources=("detections.md 1.11",),
    severities="medium for a log on another drive, low for one that keeps old events",
    check=_check_event_log,
)
AUTOLOGGER_TAMPER = Rule(
    id="autologger-tamper",
    family="defence",
    title="A tracing session or provider that feeds the logs is off",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.006",),
    why=(
        "Autologger sessions start with the kernel and carry events to the logs and to Defender. With Start or a provider's "
        "Enabled at 0, or the whole session gone, the services run and no error is shown, but the events never come."
    ),
    false_positives=("Tools for privacy switch AutoLogger-Diagtrack-Listener off: low.",),
    remedy="Set Start of the session and Enabled of the provider to 1 in every control set and restart.",
    sources=("detections.md 1.11",),
    severities="low for the session of telemetry",
    check=_check_autologger,
)
