r"""The marks by which a SYSTEM hive betrays its Windows generation, one row each. Data only; nothing is weighed here.

Each row says of which generations it speaks, how much its presence weighs and how much its absence: 2 or more where it is
hard to explain otherwise, 1 where an administrator, another product or an upgrade may have left it, or where a bound is
known from a page only. Absence is no witness where the whole key is a torso: it counts only where the group's `whole`
value is there, which every generation has.

Sources: known-good values of nine real hives and public pages (baselines.md 2.1 to 2.9); smss.md B.8 to B.17; the formats
of the AppCompatCache as published for ShimCacheParser and AppCompatCacheParser; the bam keys as in winreg-kb and
artefacts.help; the build dates of Microsoft's images as they show in their own files.
"""

from datetime import date

from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    NT31,
    NT35,
    NT351,
    SERVER2022,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1507,
    WIN10_1511,
    WIN10_1607,
    WIN10_1703,
    WIN10_1709,
    WIN10_1803,
    WIN10_1809,
    WIN10_1903,
    WIN10_1909,
    WIN10_2004,
    WIN11,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.settings.mark import (
    MarkGroup,
    begins,
    is_spelled,
    list_has,
    list_is_empty,
    mark,
    number_from,
    number_is,
    service_pack_from,
    text_has,
    text_starts,
)

NEWEST = GENERATIONS[-1]

SESSION_MANAGER = r"Control\Session Manager"
ENVIRONMENT = SESSION_MANAGER + r"\Environment"
KNOWN_DLLS = SESSION_MANAGER + r"\KnownDLLs"
MEMORY = SESSION_MANAGER + r"\Memory Management"
PREFETCH = MEMORY + r"\PrefetchParameters"
SUBSYSTEMS = SESSION_MANAGER + r"\SubSystems"
CONTROL_WINDOWS = r"Control\Windows"
PRODUCT_OPTIONS = r"Control\ProductOptions"
APP_COMPAT_CACHE = SESSION_MANAGER + r"\AppCompatCache"

VALUE_MARKS: tuple[MarkGroup, ...] = (
    MarkGroup(
        SESSION_MANAGER,
        "CriticalSectionTimeout",
        (
            mark("ObjectDirectories", NT31, NT351, 1, 0, list_has(r"\DosDevices"), r"lists \DosDevices"),
            mark("GlobalFlag", NT31, NT351, 1, 0, number_is(0x21100000), "is 0x21100000"),
            mark("EnableMCA", NT35, WIN2003, 1, 1),
            mark("RegisteredProcessors", NT35, WIN2003),
            mark("RegistryFlushErrorSubside", WIN2003, VISTA),
            mark("NumberOfInitialSessions", VISTA, NEWEST, 2, 1),
            mark("SetupExecute", VISTA, WIN7, 1, 0, is_spelled("SetupExecute"), "is spelled SetupExecute"),
            mark("SetupExecute", WIN8, NEWEST, 1, 0, is_spelled("SETUPEXECUTE"), "is spelled SETUPEXECUTE"),
            mark("BootShell", WIN8, NEWEST, 2, 1),
            mark("RunLevelExecute", WIN8, NEWEST, 1, 1),
            mark("AutoChkTimeout", WIN8, WIN81, 1, 0, number_is(1), "is 1"),
            mark("AutoChkTimeout", WIN10_1507, NEWEST, 1, 0, number_is(8), "is 8"),
            mark("AutoChkSkipSystemPartition", WIN10_1507, NEWEST, 1, 1),
            mark("InitConsoleFlags", WIN10_1507, NEWEST, 1, 1),
            mark("GlobalFlag2", WIN10_1903, NEWEST, 2, 2),
            mark("ResourceTimeoutCount", NT31, WIN10_1909, 1, 0, number_is(0x9E340), "is 0x9e340"),
            mark("ResourceTimeoutCount", WIN10_2004, NEWEST, 2, 0, number_is(0x96), "is 0x96"),
        ),
    ),
    MarkGroup(
        SESSION_MANAGER + r"\DOS Devices",
        "NUL",
        (
            mark("TELNET", NT31, NT351),
            mark("CON", WIN8, NEWEST, 2, 1),
            mark("CONIN$", WIN8, NEWEST, 1, 1),
            mark("Silos", WIN10_1507, NEWEST, 2, 1),
            mark("vmsmb", WIN10_1507),
        ),
    ),
    MarkGroup(
        KNOWN_DLLS,
        "advapi32",
        (
            mark("crtdll", NT31, WIN2000),
            mark("olesvr32", NT31, WIN2003, 1, 1),
            mark("lz32", NT31, WIN2003, 1, 1),
            mark("version", NT31, WIN2003, 1, 1),
            mark("wldap32", WIN2000, NEWEST, 1, 1),
            mark("url", WIN2000, WIN2003),
            mark("wininet", WIN2000, WIN7, 1, 0),
            mark("nsi", VISTA, NEWEST, 1, 1),
            mark("ws2_32", VISTA, NEWEST, 1, 1),
            mark("iertutil", VISTA, WIN7, 1, 1),
            mark("lpk", VISTA, WIN81, 1, 1),
            mark("sechost", WIN7, NEWEST, 1, 1),
            mark("combase", WIN8, NEWEST, 2, 1),
            mark("DllDirectory", NT31, WIN81, 1, 1),
            mark("DllDirectory32", WIN2003, WIN81),
            mark("coml2", WIN10_1507, NEWEST, 1, 1),
            mark("shcore", WIN10_1507, NEWEST, 1, 1),
            mark("_wowarmhw", WIN10_1507),
            mark("_wow64", WIN7, WIN10_1803),
            mark("_xtajit", WIN10_1809, NEWEST, 2, 1),
            mark("*kernel32", WIN11, NEWEST, 1, 0),
            mark("wow64base", WIN11, NEWEST, 1, 0),
            mark("wow64con", WIN11, NEWEST, 1, 0),
            mark("xtajit64", WIN11, NEWEST, 1, 0),
        ),
    ),
    MarkGroup(
        SUBSYSTEMS,
        "Required",
        (
            mark("", VISTA, NEWEST, 1, 0, text_has("mnmsrvc"), "is mnmsrvc"),
            mark("Kmode", NT4, NEWEST, 2, 3),
            mark("Kmode", NT4, WIN2003, 2, 0, text_starts("%SystemRoot%"), "begins with %SystemRoot%"),
            mark("Kmode", VISTA, NEWEST, 2, 0, text_starts("\\SystemRoot"), r"begins with \SystemRoot"),
            mark("Optional", NT31, WIN2000, 2, 0, list_has("Os2"), "lists Os2"),
            mark("Optional", NT31, WIN8, 1, 0, list_has("Posix"), "lists Posix"),
            mark("Optional", WIN8, NEWEST, 1, 0, list_is_empty, "is empty"),
            mark("Os2", NT31, WIN2000, 1, 1),
            mark("Windows", NT31, VISTA, 2, 0, text_has("ConServer", without="sxssrv"), "names ConServer but not sxssrv"),
            mark("Windows", WIN7, WIN7, 2, 0, text_has("ConServer", "sxssrv"), "names ConServer and sxssrv"),
            mark("Windows", WIN8, NEWEST, 2, 0, text_has("sxssrv", without="ConServer"), "names sxssrv but not ConServer"),
            mark("Windows", NT31, NT4, 1, 0, text_has("SharedSection=1024,3072 "), "shares two heaps"),
        ),
    ),
    MarkGroup(
        ENVIRONMENT,
        "ComSpec",
        (
            mark("Os2LibPath", NT31, WIN2000),
            mark("PATHEXT", WIN2000, NEWEST, 1, 1),
            mark("PATHEXT", VISTA, NEWEST, 1, 0, text_has(".MSC"), "names .MSC"),
            mark("FP_NO_HOST_CHECK", XP, WIN10_1703),
            mark("PROCESSOR_ARCHITECTURE", NT31, NT4, 1, 0, text_starts("ALPHA"), "is ALPHA"),
            mark("PROCESSOR_ARCHITECTURE", NT31, WIN10_2004, 1, 0, text_starts("x86"), "is x86"),
            mark("PROCESSOR_ARCHITECTURE", WIN2003, NEWEST, 2, 0, text_starts("AMD64"), "is AMD64"),
            mark("PROCESSOR_ARCHITECTURE", WIN10_1709, NEWEST, 2, 0, text_starts("ARM64"), "is ARM64"),
            mark("USERNAME", VISTA, NEWEST, 1, 1),
            mark("DriverData", WIN10_1803, NEWEST, 2, 2),
        ),
    ),
    MarkGroup(
        SESSION_MANAGER + r"\kernel",
        "obcaseinsensitive",
        (
            mark("obcaseinsensitive", XP),
            mark("SeTokenSingletonAttributesConfig", WIN10_1507, NEWEST, 2, 1),
            mark("DpcWatchdogProfileOffset", WIN10_1507, NEWEST, 1, 1),
        ),
    ),
    MarkGroup(
        PREFETCH,
        "EnablePrefetcher",
        (
            mark("VideoInitTime", XP, WIN2003, 1, 1),
            mark("BootId", VISTA, NEWEST, 1, 1),
            mark("EnableSuperfetch", VISTA, WIN81),
        ),
    ),
    MarkGroup(
        CONTROL_WINDOWS,
        "SystemDirectory",
        (
            mark("CSDBuildNumber", VISTA, NEWEST, 1, 1),
            mark("CSDBuildNumber", VISTA, VISTA, 2, 0, number_is(16386, 18000, 18005), "is a build of Vista"),
            mark("CSDBuildNumber", WIN7, WIN7, 2, 0, number_is(16385, 17514), "is a build of 7"),
            mark("CSDBuildNumber", WIN8, WIN10_1507, 1, 0, number_is(16384), "is 16384"),
            mark("CSDBuildNumber", WIN10_1511, NEWEST, 1, 0, number_from(1, 9999), "is an update number of 10"),
            mark("CSDVersion", NT31, WIN7, 2, 0, service_pack_from(1), "is a service pack"),
            mark("CSDVersion", NT35, XP, 1, 0, service_pack_from(3), "is service pack 3 or more"),
            mark("CSDVersion", NT351, WIN2000, 1, 0, service_pack_from(4), "is service pack 4 or more"),
            mark("ComponentizedBuild", VISTA, NEWEST, 1, 1),
            mark("NoInteractiveServices", NT31, WIN7, 1, 0, number_is(0), "is 0"),
            mark("NoInteractiveServices", WIN8, NEWEST, 1, 0, number_is(1), "is 1"),
        ),
    ),
    MarkGroup(PRODUCT_OPTIONS, None, (mark("ProductSuite", NT4),)),
    MarkGroup(
        r"Control\Terminal Server",
        None,
        (
            mark("ProductVersion", WIN2000, WIN2000, 2, 0, text_starts("5.0"), "is 5.0"),
            mark("ProductVersion", WIN2003, WIN2003, 2, 0, text_starts("5.2"), "is 5.2"),
        ),
    ),
    MarkGroup(
        "\\DriverDatabase",
        None,
        (
            mark("Version", WIN8, WIN8, 3, 0, number_is(0x06020000), "is 6.2"),
            mark("Version", WIN81, WIN81, 3, 0, number_is(0x06030000), "is 6.3"),
            mark("Version", WIN10_1507, NEWEST, 3, 0, number_is(0x0A000000), "is 10.0"),
        ),
    ),
)

KEY_MARKS: tuple[MarkGroup, ...] = (
    MarkGroup(
        SESSION_MANAGER,
        None,
        (
            mark("AppPatches", NT31, WIN7, 1, 1),
            mark("SFC", XP, WIN2003),
            mark("I/O System", WIN7, NEWEST, 1, 1),
            mark("NamespaceSeparation", WIN10_1507),
            mark("ApiSetSchemaExtensions", WIN10_1803),
        ),
    ),
    MarkGroup(
        "Control",
        None,
        (
            mark("SafeBoot", WIN2000, NEWEST, 1, 1),
            mark("EarlyLaunch", WIN8, NEWEST, 1, 1),
            mark("DeviceGuard", WIN10_1507, NEWEST, 1, 0),
        ),
    ),
    MarkGroup("\\", None, (mark("WPA", XP, NEWEST, 1, 1), mark("HardwareConfig", WIN8, NEWEST, 1, 1))),
)
"""Here the names are subkeys. Their absence counts only where `WHOLE_CONTROL_SET` exists."""

DEAR_VALUE_MARKS: tuple[MarkGroup, ...] = (
    MarkGroup(
        APP_COMPAT_CACHE,
        None,
        (
            mark("AppCompatCache", WIN2003, VISTA, 3, 0, begins(0xBADC0FFE), "is in the format of 2003 and Vista"),
            mark("AppCompatCache", WIN7, WIN7, 3, 0, begins(0xBADC0FEE), "is in the format of 7"),
            mark("AppCompatCache", WIN8, WIN81, 3, 0, begins(0x80), "is in the format of 8 and 8.1"),
            mark("AppCompatCache", WIN10_1507, WIN10_1607, 3, 0, begins(0x30), "is in the first format of 10"),
            mark("AppCompatCache", WIN10_1703, NEWEST, 3, 0, begins(0x34, 0x35, 0x36), "is in the format of 10 1703"),
        ),
    ),
    MarkGroup(
        SESSION_MANAGER + r"\AppCompatibility",
        None,
        (mark("AppCompatCache", XP, XP, 3, 0, begins(0xDEADBEEF), "is in the format of XP"),),
    ),
)
"""A cache of hundreds of kilobytes, asked for only where the other marks leave a doubt; so are the services."""

DEAR_KEY_MARKS: tuple[MarkGroup, ...] = (
    MarkGroup("Services", None, (mark("bam", WIN10_1709, NEWEST, 1, 1), mark(r"bam\State", WIN10_1809, NEWEST, 1, 0))),
)

WHOLE_CONTROL_SET = r"Control\ServiceGroupOrder"

IMAGE_DATES: tuple[tuple[date, Generation], ...] = (
    (date(2006, 11, 2), VISTA),
    (date(2008, 1, 19), VISTA),
    (date(2009, 7, 13), WIN7),
    (date(2012, 7, 26), WIN8),
    (date(2013, 8, 22), WIN81),
    (date(2015, 7, 10), WIN10_1507),
    (date(2015, 10, 30), WIN10_1511),
    (date(2016, 7, 16), WIN10_1607),
    (date(2017, 3, 18), WIN10_1703),
    (date(2017, 9, 29), WIN10_1709),
    (date(2018, 4, 11), WIN10_1803),
    (date(2018, 9, 15), WIN10_1809),
    (date(2019, 3, 18), WIN10_1903),
    (date(2019, 12, 7), WIN10_2004),
    (date(2021, 5, 8), SERVER2022),
    (date(2021, 6, 5), WIN11),
    (date(2022, 5, 7), WIN11),
    (date(2024, 4, 1), WIN11_24H2),
)
r"""When Microsoft sealed the image of a release: the day in `Setup\CloneTag`. For 7, 1709, 1903 and 2004 from real hives."""
