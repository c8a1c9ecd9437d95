r"""Services that tools of remote execution and kernel access leave behind, by name. Source: detections.md 1.8."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_images import REPAIR_SERVICE, hit_on, when_it_runs

_REMOTE, _RESPONDER, _DRIVER = "runs programs from afar", "is a tool of responders", "can be abused from user mode"
_TOOLS: dict[str, tuple[str, str]] = {
    "psexesvc": ("PsExec", _REMOTE), "btobto": ("Impacket's smbexec", _REMOTE), "winexesvc": ("winexe", _REMOTE),
    "remcomsvc": ("RemCom", _REMOTE), "csexecsvc": ("CSExec", _REMOTE), "fresponse service": ("F-Response", _RESPONDER),
    "mnemosyne": ("F-Response's memory driver", _RESPONDER), "mimidrv": ("Mimikatz's driver", _DRIVER),
    "gdrv": ("a GIGABYTE driver", _DRIVER), "rtcore64": ("MSI Afterburner's driver", _DRIVER),
    "dbutil_2_3": ("a Dell driver", _DRIVER), "procexp152": ("Process Explorer's driver", _DRIVER),
    "aswarpot": ("Avast's rootkit scanner", _DRIVER), "zam64": ("Zemana's driver", _DRIVER),
    "truesight": ("RogueKiller's driver", _DRIVER), "capcom": ("Capcom's driver", _DRIVER),
    "iqvw64e": ("Intel's network diagnostics", _DRIVER), "mhyprot2": ("miHoYo's game guard", _DRIVER),
    "dbutildrv2": ("a Dell driver", _DRIVER), "zamguard64": ("Zemana's driver", _DRIVER),
    "viragt64": ("TG Soft's driver", _DRIVER), "wsftprm": ("Topaz's driver", _DRIVER),
    "rentdrv2": ("Shunwang's driver", _DRIVER), "bdapiutil64": ("Baidu's driver", _DRIVER),
    "nseckrnl": ("NSEC's driver", _DRIVER), "k7rkscan": ("K7's rootkit scanner", _DRIVER),
}  # fmt: skip
_BEGINNINGS = (
    ("paexec-", "PAExec", _REMOTE), ("kprocesshacker", "Process Hacker's driver", _DRIVER), ("winring0", "WinRing0", _DRIVER),
    ("zemana", "Zemana", _DRIVER),
)  # fmt: skip
_FIRST = tuple(start for start, _, _ in _BEGINNINGS)


def _check(case: Case) -> Iterator[Hit]:
    for program in case.programs:
        name, named = program.name, "name"
        known = _TOOLS.get(name)
        if known is None and name.startswith(_FIRST):
            known = _begins(name)
        if known is None and program.service.is_driver:
            name, named = program.image.name.removesuffix(".sys"), "file"
            known = _TOOLS.get(name) or (_begins(name) if name.startswith(_FIRST) else None)
        if known is None:
            continue
        who, what = known
        harmless = what is _RESPONDER or (name == "aswarpot" and case.has_service("avast*"))
        yield hit_on(
            case,
            program,
            f"The {named} of the {'driver' if program.service.is_driver else 'service'} {program.service.name} is that of {who}, "
            f"which {what}. It would run {when_it_runs(program)}.",
            program.service.cite("ImagePath"),
            Severity.INFO if harmless else Severity.MEDIUM,
            None,
            program.image,
        )


def _begins(name: str) -> tuple[str, str]:
    """The tool whose name another begins with."""
    return next((who, what) for start, who, what in _BEGINNINGS if name.startswith(start))


SVC_PSEXEC_ARTEFACTS = Rule(
    id="svc-psexec-artefacts",
    family="services",
    title="A service has the name of a remote execution tool or of a driver known for its holes",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1569.002", "T1068"),
    why=(
        "PsExec and its like leave a service behind when they are broken off. Drivers that let any program read kernel memory "
        "are brought along to end security products."
    ),
    false_positives=(
        "Administrators use PsExec; responders use F-Response.", "The drivers belong to tuning, hardware and scanner tools.",
    ),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8",),
    severities="medium; info for tools of responders and for a scanner's driver whose product is installed",
    needs="who installed it, and when, stands in the System event log",
    check=_check,
)  # fmt: skip
RULES: tuple[Rule, ...] = (SVC_PSEXEC_ARTEFACTS,)
