r"""What else lies in the key `Setup`: names that sound like programs, services allowed during setup, bypassed checks.

Source: detections.md 1.7; real hives of XP x64, 7 and 10 for the names that Windows and its upgrades write.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.strings import decode_dword
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.setting import read_strings

_SETUP = "\\Setup"
_ALLOWED_SERVICES = frozenset(
    {
        "afd", "brokerinfrastructure", "coremessagingregistrar", "dcomlaunch", "ersvc", "eventlog", "lsm", "netsetupsvc",
        "plugplay", "power", "profsvc", "protectedstorage", "rpceptmapper", "rpcss", "samss", "sppsvc",
        "staterepository", "systemeventsbroker", "usermanager", "ws2ifsl",
    }
)  # fmt: skip
_TELLING = ("execute", "cmdline", "command", "program", "runonce", "imagepath")
_ORDINARY = frozenset({"cmdline", "respecializecmdline"})
_MANY = 1_000


def _check_others(case: Case) -> Iterator[Hit]:
    key = case.key(_SETUP)
    if key is None:
        return
    for raw in islice(key.values(), _MANY):
        folded = raw.name.casefold()
        if folded == "unattendfile":
            text = case.text(_SETUP, raw.name)
            if text.strip():
                message = f"Setup\\UnattendFile is {text}: an answer file, which may hold commands and passwords."
                yield Hit(message, (raw.ref.citing(text),), "UnattendFile", Severity.INFO, Confidence.HIGH)
        elif folded not in _ORDINARY and any(word in folded for word in _TELLING):
            texts = [string for string in read_strings(raw).strings if string.text.strip()]
            if texts:
                message = f"Setup holds {raw.name}, {texts[0].text}: no Windows ships a value of this name, which sounds like a program to run."
                yield Hit(message, (texts[0].origin,), f"Setup {raw.name}", Severity.MEDIUM, Confidence.LOW)
    yield from _check_bypasses(case)
    for service in islice(case.subkeys(_SETUP + "\\AllowStart"), _MANY):
        if service.name.casefold() not in _ALLOWED_SERVICES:
            yield Hit(
                f"Setup\\AllowStart lets the service {service.name} start while Windows is being set up; Windows ships no such entry.",
                (service.ref,),
                f"AllowStart {service.name}",
                Severity.LOW,
                Confidence.MEDIUM,
                story=(f"service {service.name.casefold()}",),
            )


def _check_bypasses(case: Case) -> Iterator[Hit]:
    """Switches that let Windows 11 be installed on a machine it refuses."""
    for path in (_SETUP + "\\LabConfig", _SETUP + "\\MoSetup"):
        key = case.key(path)
        for raw in islice(key.values() if key is not None else (), _MANY):
            folded = raw.name.casefold()
            if raw.type == 4 and decode_dword(raw.data) and folded.startswith(("bypass", "allowupgradeswithunsupported")):
                yield Hit(
                    f"{path[1:]} holds {raw.name}: setup of Windows 11 would not ask for what this machine lacks.",
                    (raw.ref,),
                    f"{path} {raw.name}",
                    Severity.INFO,
                    Confidence.HIGH,
                )


SETUP_OTHER_VALUES = Rule(
    id="setup-other-values",
    family="setup",
    title="The key Setup holds something that no Windows ships there",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "The key is read before anybody logs on. Names that sound like programs to run, services allowed to start during setup, "
        "answer files and bypassed hardware checks tell what was done to the machine."
    ),
    false_positives=(
        "Answer files of ordinary unattended installations.",
        "Windows 11 on a machine it does not support.",
    ),
    remedy="Delete the value or key, after collecting the file it names.",
    sources=("detections.md 1.7",),
    check=_check_others,
    severities="medium for an unknown name that sounds like a program, low for a service allowed during setup, info for the rest.",
)
