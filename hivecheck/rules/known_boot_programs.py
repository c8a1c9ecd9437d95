"""Third-party programs that legitimately stand in BootExecute, with what else of their product should be in the hive.

A name alone proves nothing: a listed one whose vendor's service is missing is an orphan. Source: baselines.md 3.1.
"""

from hivecheck.facts.fact import fact


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
