r"""The services of Windows that watch or protect the machine: how each starts as shipped, since when, and what its loss means.

Starts are from real hives of XP, 7, 10 1709 and 10 1903. Source: detections.md 1.8; baselines.md 3.3.
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import (
    NT4,
    VISTA,
    WIN8,
    WIN10_1507,
    WIN10_1703,
    WIN10_1709,
    WIN10_1803,
    XP,
    Generation,
)
from hivecheck.rules.rule import Severity


@fact
class Watched:
    """`start` is the latest start as shipped from `since` on; `what` it does, as the message says it.

    `client`: servers come without it. `until` is the first generation without it. `is_driver` and not a program.
    """

    name: str
    severity: Severity
    start: int
    since: Generation
    what: str
    client: bool = False
    until: Generation | None = None
    is_driver: bool = False
    always: bool = True  # part of every whole Windows of its time

    def belongs_to(self, generation: Generation) -> bool:
        return self.since <= generation and (self.until is None or generation < self.until)


_C, _H, _M = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
WATCHED_SERVICES: tuple[Watched, ...] = (
    Watched("EventLog", _C, 2, NT4, "no event log is written"),
    Watched("BFE", _C, 2, VISTA, "neither firewall nor network filters of security products work"),
    Watched("WinDefend", _H, 2, VISTA, "Microsoft Defender does not run", always=False),
    Watched("WdFilter", _H, 0, WIN8, "Microsoft Defender sees no file being opened", is_driver=True, always=False),
    Watched("WdBoot", _H, 0, WIN8, "Microsoft Defender does not judge boot drivers", is_driver=True, always=False),
    Watched("WdNisDrv", _H, 3, WIN8, "Microsoft Defender does not watch the network", is_driver=True, always=False),
    Watched("WdNisSvc", _H, 3, WIN8, "Microsoft Defender does not watch the network", always=False),
    Watched("Sense", _H, 3, WIN10_1709, "Defender for Endpoint does not run", always=False),
    Watched("mssecflt", _H, 0, WIN10_1709, "Defender for Endpoint sees less", is_driver=True, always=False),
    Watched("MpsSvc", _H, 2, VISTA, "the firewall does not run"),
    Watched("VSS", _H, 3, XP, "no shadow copies are made or shown"),
    Watched("swprv", _H, 3, XP, "no shadow copies are made or shown"),
    Watched("SecurityHealthService", _M, 3, WIN10_1703, "Windows Security does not tell of its state", client=True),
    Watched("wscsvc", _M, 2, XP, "the Security Center tells of nothing", client=True),
    Watched("srservice", _M, 2, XP, "System Restore keeps no points", client=True, until=VISTA),
    Watched("SDRSVC", _M, 3, VISTA, "Windows Backup does not run", client=True),
    Watched("wbengine", _M, 3, VISTA, "Windows Backup does not run", client=True),
    Watched("wuauserv", _M, 3, XP, "Windows is not updated"),
    Watched("UsoSvc", _M, 3, WIN10_1507, "Windows is not updated"),
    Watched("WaaSMedicSvc", _M, 3, WIN10_1803, "Windows Update is not repaired", client=True),
    Watched("bam", _M, 1, WIN10_1709, "it is not kept which programs ran", is_driver=True),
    Watched("SysMain", _M, 2, VISTA, "no prefetch files tell which programs ran", client=True),
    Watched("Winmgmt", _M, 2, XP, "WMI does not run, by which the Security Center and security products ask and watch"),
    Watched("Schedule", _M, 2, XP, "no scheduled task runs"),
    Watched("DPS", _M, 2, VISTA, "problems are not looked into, SRUM keeps no record"),
    Watched("PcaSvc", _M, 3, VISTA, "it is not kept which programs ran", client=True),
)
FIREWALL_OF_XP = Watched("SharedAccess", _H, 2, XP, "the firewall does not run", until=VISTA)
WATCHED_NAMES = frozenset(one.name.casefold() for one in WATCHED_SERVICES)
