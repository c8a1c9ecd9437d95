r"""Code that the SOFTWARE hive puts into every program with a window: AppInit_DLLs.

Without that hive the rule says nothing. Source: detections.md 1.10 (what is not in SYSTEM); documentation of AppInit_DLLs; the
replay has winlogon load them (`boot/logon.py`).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA, WIN8
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import dll_path, has_folder
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.software_logon import NEEDS
from hivecheck.settings.row import Row
from hivecheck.settings.software import Software
from hivecheck.settings.software_rows import (
    APP_INIT_DLLS,
    LOAD_APP_INIT_DLLS,
    REQUIRE_SIGNED_APP_INIT,
    WOW_APP_INIT_DLLS,
    WOW_LOAD_APP_INIT_DLLS,
    WOW_REQUIRE_SIGNED_APP_INIT,
)

_DLLS_AT_MOST = 100
_KNOWN_DLLS: dict[str, str] = {
    "nvinit.dll": "NVIDIA", "nvinitx.dll": "NVIDIA", "sysfer.dll": "Symantec", "guard32.dll": "Comodo", "guard64.dll": "Comodo",
    "sophos_detoured.dll": "Sophos", "sophos_detoured_x64.dll": "Sophos", "mfaphook.dll": "Citrix", "mfaphook64.dll": "Citrix",
    "acaptuser32.dll": "Adobe", "acaptuser64.dll": "Adobe", "avgrsstx.dll": "AVG", "mzvkbd3.dll": "Kaspersky", "kloehk.dll": "Kaspersky",
    "wbsys.dll": "WindowBlinds", "umxsbxexw.dll": "CA", "googledesktopnetwork3.dll": "Google Desktop",
}  # fmt: skip


@fact
class _AppInit:
    """One list with its two switches, and who loads what it names."""

    who: str
    dlls: Row[str]
    switch: Row[int | None]
    signed: Row[int | None]


_LISTS = (
    _AppInit("program", APP_INIT_DLLS, LOAD_APP_INIT_DLLS, REQUIRE_SIGNED_APP_INIT),
    _AppInit("32-bit program", WOW_APP_INIT_DLLS, WOW_LOAD_APP_INIT_DLLS, WOW_REQUIRE_SIGNED_APP_INIT),
)


def _check_app_init(case: Case) -> Iterator[Hit]:
    if case.software is None:
        return
    for one in _LISTS if case.architecture != "X86" else _LISTS[:1]:
        yield from _judge_app_init(case, case.software, one)


def _judge_app_init(case: Case, software: Software, one: _AppInit) -> Iterator[Hit]:
    stored, switch, signed = software[one.dlls], software[one.switch], software[one.signed]
    because: tuple[Origin, ...] = stored.origins
    steps, more = 0, ""
    if case.generation >= VISTA:
        because = (*because, *switch.origins, *signed.origins)
        if switch.value != 1:
            steps, more = -2, " LoadAppInit_DLLs is not 1, so that nothing loads it now; one number would arm it."
        elif signed.value:
            steps, more = -1, " Only signed DLLs are loaded (RequireSignedAppInit_DLLs)."
        if case.generation >= WIN8:
            more += " Secure Boot, which the hive can't tell for sure, switches the list off."
    for name in stored.value.replace(",", " ").split(None, _DLLS_AT_MOST)[:_DLLS_AT_MOST]:
        path = dll_path(case, name)
        dropped = path.is_user_writable or (has_folder(name) and path.is_odd and not path.assumed)
        severity, sure, what = Severity.HIGH, Confidence.MEDIUM, "Windows ships the list empty"
        who = _KNOWN_DLLS.get(path.name, "")
        if dropped:
            severity, sure = Severity.CRITICAL, Confidence.HIGH
            what = "it lies where no installer puts such a DLL"
        elif who:
            severity, what = Severity.LOW, f"{who} installs one of this name"
        text = f"AppInit_DLLs names {name}: each {one.who} that loads user32.dll loads it, if the file exists; {what}.{more}"
        events = case.events.citing(*stored.origins)
        subject = f"AppInit_DLLs {name}{'' if one is _LISTS[0] else ' (Wow6432Node)'}"
        yield Hit(text, because, subject, severity.raised(steps), sure, events, (case.thread_of(path),))


APP_INIT = Rule(
    id="software-appinit-dlls",
    family="software",
    title="Every program with a window loads a DLL that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1546.010",),
    why=(
        "user32.dll loads what AppInit_DLLs names into each program that uses it, winlogon among the first. Since Vista "
        "LoadAppInit_DLLs must be 1 for it, and since 8 Secure Boot switches it off. 32-bit programs of a "
        "64-bit Windows have a list of their own, under Wow6432Node."
    ),
    false_positives=("Drivers of graphics cards and older security products: low by their names, which prove nothing.",),
    remedy="Empty AppInit_DLLs and set LoadAppInit_DLLs to 0, then collect and quarantine the DLLs.",
    sources=("detections.md 1.10", "documentation of AppInit_DLLs"),
    check=_check_app_init,
    severities=(
        "critical for a place that users can write to, high for others, low for DLLs of known products; one step lower where only "
        "signed DLLs are loaded, two where LoadAppInit_DLLs is not 1."
    ),
    needs=NEEDS,
)
