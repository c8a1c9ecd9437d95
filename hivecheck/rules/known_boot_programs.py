r"""Third-party programs that are known in BootExecute or as drivers of imaging tools: one list for every rule that meets them.

Of the first stands here what else of their product should be in the hive: a name alone proves nothing, a listed one whose vendor's
service is missing is an orphan. Imaging tools of responders unpack a driver for the moment; all of it must fit: the service's name, the
file's, the folder, and no start by itself. Source: baselines.md 3.1; detections.md 5.1.
"""

import re

from hivecheck.facts.fact import fact
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.settings.services import DEMAND_START, DISABLED


@fact
class BootProgram:
    """`images` and `companions` are folded names, `*` for any letters at the end; `seen` is P (public page) or M (memory)."""

    images: tuple[str, ...]
    vendor: str
    companions: tuple[str, ...]
    seen: str


MICROSOFT = frozenset({"autochk", "autoconv", "autofmt"})
OFFENSIVE: dict[str, str] = {"autoche": "LoJax", "beb": "BootExecuteEDR", "kvc_smss": "kvc"}
BOOT_PROGRAMS: tuple[BootProgram, ...] = (
    BootProgram(("lsdelete",), "Lavasoft Ad-Aware", ("lavasoft ad-aware service", "lbd"), "M"),
    BootProgram(("sdnclean", "sdnclean64"), "Spybot Search & Destroy 2", ("sdscannerservice", "sdupdateservice"), "M"),
    BootProgram(("aswboot", "icarus", "avgboot"), "Avast / AVG", ("aswsp", "aswvmm", "avast! antivirus", "avg*"), "M"),
    BootProgram(("avgrsx", "avgchsvx", "avgrsa"), "AVG 8 to 2015", ("avgwd", "avgidsagent"), "M"),
    BootProgram(("ssiefr", "ssiefr.e", "wrkrn*"), "Webroot Spy Sweeper", ("wrconsumerservice", "ssidrv"), "M"),
    BootProgram(("sasnative32", "sasnative64"), "SUPERAntiSpyware", ("saskutil", "!sascore"), "M"),
    BootProgram(("bddel",), "Bitdefender", ("vsserv", "bdsrv"), "M"),
    BootProgram(("bootdelete", "hmpalert*"), "HitmanPro", ("hitmanpro*",), "M"),
    BootProgram(("kavbootexec", "klbootexec"), "Kaspersky", ("avp*", "klif"), "M"),
    BootProgram(("pgdfgsvc",), "Sysinternals PageDefrag", ("pgdfg*",), "M"),
    BootProgram(("pdboot",), "Raxco PerfectDisk", ("pdagent", "pdengine", "defragfs"), "P"),
    BootProgram(("dkboot", "dfrgntfs*"), "Diskeeper", ("diskeeper",), "P"),
    BootProgram(("oodbs",), "O&O Defrag", ("oodefragagent", "o&o defrag"), "M"),
    BootProgram(("defrag_native",), "UltraDefrag", ("ultradefrag",), "P"),
    BootProgram(("smartdefragboottime",), "IObit Smart Defrag", ("smartdefragdriver",), "P"),
    BootProgram(("registrydefragboottime",), "IObit Advanced SystemCare", ("advancedsystemcareservice*",), "M"),
    BootProgram(("dfsdkbt",), "Ashampoo / TuneUp", ("dfsdks",), "M"),
    BootProgram(("iolobtdfg", "smrgdf"), "iolo System Mechanic", ("iolosystemservice",), "M"),
    BootProgram(("auslogicsbootdefrag", "ausbtdfg"), "Auslogics", (), "M"),
    BootProgram(("bootdefrag",), "Glarysoft / Puran", ("gubootservice", "purandefrag"), "M"),
    BootProgram(("purandefrag",), "Puran", ("purandefrag",), "M"),
    BootProgram(("partizan", "regrun"), "Greatis RegRun / UnHackMe", ("partizan",), "M"),
    BootProgram(("xmnt2002", "xmnt2001", "autopart"), "PowerQuest PartitionMagic", ("pqv2i",), "M"),
    BootProgram(("auto_reactivate",), "Acronis", ("acrsch2svc", "snapman"), "M"),
    BootProgram(("hotcore3", "prgiso"), "Paragon", ("hotcore3", "uim_*"), "M"),
    BootProgram(
        ("ampa", "epmntdrv", "pwdspio", "pwnative"), "AOMEI / EaseUS / MiniTool", ("ampa", "epmntdrv", "pwdrvio"), "M"
    ),
)


def boot_program(image: str) -> BootProgram | None:
    """The entry for an image name as it stands in BootExecute (`.exe` or not, any case); None for an unknown one."""
    name = image.casefold().removesuffix(".exe")
    return next((program for program in BOOT_PROGRAMS if any(matches(name, one) for one in program.images)), None)


def matches(name: str, pattern: str) -> bool:
    """Whether a folded name is the pattern, or begins like it where the pattern ends in `*`."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


@fact
class _Tool:
    """`driver` begins the names of service and file; `exact`: they are no longer. `temp`: it unpacks into a folder for temporary files."""

    name: str
    driver: str
    exact: bool
    temp: bool


_TOOLS = (
    _Tool("FTK Imager", "ad_driver", exact=True, temp=True),
    _Tool("win32dd, a memory dumper", "win32dd", exact=False, temp=False),
    _Tool("win64dd, a memory dumper", "win64dd", exact=False, temp=False),
)
_TEMPORARY = (  # compiled when needed
    r"\\(users|documents and settings)\\[^\\]+\\(appdata\\local|local settings)\\temp(\\\d{1,5})?|\\(windows|winnt)\\temp|\\temp"
)  # a session of Remote Desktop has a numbered folder of its own


UNPACKED = "where {} unpacks its driver; a responder may have run it"
"""How a rule tells of such a driver."""


def imaging_tool_of(program: ServiceProgram) -> str:
    """The tool whose driver this looks like in every respect, '' where it does not."""
    if not program.service.is_driver or program.service.start not in (DEMAND_START, DISABLED):
        return ""
    return imaging_tool_at(program.name, program.image)


def imaging_tool_at(service: str, image: Comparable) -> str:
    """The tool that unpacks a driver of this service (any case) to this place, '' for none; how it is started is not asked."""
    name, ending = image.name.rpartition(".")[::2]
    if ending != "sys" or ":" in image.text[2:] or not image.is_user_writable:
        return ""
    for tool in _TOOLS:
        names = (service.casefold(), name)
        if all(one == tool.driver or (not tool.exact and one.startswith(tool.driver)) for one in names):
            return tool.name if not tool.temp or is_temporary(image.folder) else ""
    return ""


def is_temporary(folder: str) -> bool:
    """Whether a folded folder with its drive is one for temporary files: a user's, that of Windows, or of a drive."""
    return re.fullmatch(_TEMPORARY, folder[2:]) is not None
