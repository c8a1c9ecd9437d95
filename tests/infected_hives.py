"""Test hives of made-up machines that somebody has tampered with. What is planted is named, so that a test can ask for it.

Each begins as a clean machine of `hive_machines` under another name; every planted line has a comment in the notation. The
names of detections are those of the detection catalogue. Sources of the tricks: LoJax (ATT&CK S0397, Software); ZeroAccess'
consrv.dll; rename lists as real machines have them, with invented names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.hive_control import compose_hive
from tests.hive_machines import Machine, machine
from tests.hive_services import AUTO, FILE_SYSTEM, OWN_PROCESS, SYSTEM, Service, write_service
from tests.hive_session_manager import csrss_line
from tests.hive_text import HiveText, dword, expand, multi, sz

SESSION_MANAGER = r"Control\Session Manager"


@dataclass(frozen=True, slots=True)
class Planted:
    """One thing planted. `value` is '' where the key itself is what was planted."""

    key: str
    value: str
    what: str
    detections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Infected:
    """A tampered hive: its machine, its notation, what is planted, and which control set boots next."""

    machine: Machine
    hive: HiveText
    shows: str
    planted: tuple[Planted, ...]
    boots: str = "ControlSet001"


def infected_hives() -> Iterator[Infected]:
    yield _bootkit()
    yield _consrv()
    yield _second_set()
    yield _mini_nt()


def _start(base: Machine, shows: str) -> HiveText:
    return compose_hive(
        base, f"{base.windows}, {base.name}: tampered with.\n{shows}\nMade up; written by tests/build_test_hives.py."
    )


def _pairs(*pairs: tuple[str, str]) -> str:
    return multi(*(string for pair in pairs for string in pair))


def _bootkit() -> Infected:
    base = replace(
        machine("win10-21h2-x64"),
        file="infected-bootkit-win10-21h2-x64",
        name="WKSTN-21",
        installed="2021-12-13T09:20:44.3310082Z",
        boot="2022-10-17T06:40:03.1022418Z",
        shutdown="2022-10-17T17:05:55.8930031Z",
        boots=131,
    )
    shows = (
        "A bootkit's agent replaces autochk in BootExecute, as LoJax did. A rename list deletes the drivers of three security\n"
        "products and puts another file in the place of a KnownDLL before smss maps it; one more KnownDLL is excluded."
    )
    hive = _start(base, shows)
    sm = rf"ControlSet001\{SESSION_MANAGER}"
    key = hive.key(sm, "2022-10-17T16:52:10.441772Z")
    key.put(
        "BootExecute", multi("autocheck autoche *"), "planted: autoche, not autochk; runs as SYSTEM before anything else"
    )
    key.put("ExcludeFromKnownDlls", multi("msctf.dll"), "planted: every program now looks for it in its own folder first")
    renames = _pairs(
        (r"\??\C:\Windows\System32\drivers\WdFilter.sys", ""),
        (r"\??\C:\Windows\System32\drivers\CrowdStrike\csagent.sys", ""),
        (r"\??\C:\Windows\SysmonDrv.sys", ""),
        (r"\??\C:\ProgramData\Comms\w2.tmp", r"!\??\C:\Windows\System32\ws2_32.dll"),
        (r"\??\C:\ProgramData\Comms", ""),
    )
    key.put(
        "PendingFileRenameOperations", renames, "planted: three drivers deleted, a KnownDLL replaced, the folder removed"
    )
    sensor = r"\??\C:\Windows\system32\drivers\CrowdStrike\csagent.sys"
    write_service(
        hive,
        "ControlSet001",
        Service("CSAgent", base.generation, base.generation, FILE_SYSTEM, SYSTEM, 1, "FSFilter Activity Monitor", sensor),
        base.installed,
    )
    write_service(
        hive,
        "ControlSet001",
        Service("SysmonDrv", base.generation, base.generation, 1, 0, 1, "", "SysmonDrv.sys"),
        base.installed,
    )
    agent = Service(
        "rpcnetp",
        base.generation,
        base.generation,
        OWN_PROCESS,
        AUTO,
        0,
        "",
        "%SystemRoot%\\System32\\rpcnetp.exe",
        "LocalSystem",
    )
    write_service(hive, "ControlSet001", agent, "2022-10-17T16:52:08.1200456Z")
    hive.key(r"ControlSet001\Services\rpcnetp").put("Start", dword(AUTO), "planted: the agent's service")
    return Infected(
        base,
        hive,
        shows,
        (
            Planted(sm, "BootExecute", "autocheck autoche * in place of autochk", ("bootexec-extra",)),
            Planted(sm, "ExcludeFromKnownDlls", "msctf.dll", ("exclude-knowndll",)),
            Planted(
                sm,
                "PendingFileRenameOperations",
                "pairs 0 to 2 delete WdFilter.sys, csagent.sys, SysmonDrv.sys",
                ("pfro-sec-product",),
            ),
            Planted(sm, "PendingFileRenameOperations", "pair 3 replaces the KnownDLL ws2_32.dll", ("pfro-tcb-replace",)),
            Planted(r"ControlSet001\Services\rpcnetp", "ImagePath", "a service of the agent", ()),
        ),
    )


def _consrv() -> Infected:
    base = replace(
        machine("win7-x64"),
        file="infected-consrv-win7-x64",
        name="WKSTN-22",
        installed="2011-06-07T12:40:09.59375Z",
        boot="2012-05-21T13:10:27.34375Z",
        shutdown="2012-05-21T21:47:50.6604321Z",
        boots=187,
    )
    shows = (
        "csrss is told to load consrv.dll in place of winsrv's console server, as ZeroAccess did on 64-bit Windows 7, and\n"
        "Windows Defender's service is gone. ControlSet002, the last known good, is clean. Removing the file without mending\n"
        "the line makes the machine unbootable."
    )
    hive = _start(base, shows)
    key = hive.key(rf"ControlSet001\{SESSION_MANAGER}\SubSystems")
    line = csrss_line(base).replace("winsrv:ConServerDllInitialization", "consrv:ConServerDllInitialization")
    key.put("Windows", expand(line), "planted: consrv, not winsrv, before ConServerDllInitialization")
    hive.drop(r"ControlSet001\Services\WinDefend")
    return Infected(
        base,
        hive,
        shows,
        (
            Planted(
                rf"ControlSet001\{SESSION_MANAGER}\SubSystems",
                "Windows",
                "ServerDll=consrv:ConServerDllInitialization,2",
                ("csrss-serverdll",),
            ),
            Planted(r"ControlSet001\Services", "", "WinDefend is missing, in ControlSet002 it is there", ()),
        ),
    )


def _second_set() -> Infected:
    base = replace(
        machine("xp-x86"),
        file="infected-second-set-xp-x86",
        name="WKSTN-23",
        installed="2008-07-22T08:02:17.890625Z",
        boot="2010-03-09T07:11:52.21875Z",
        shutdown="2010-03-09T16:20:33.984375Z",
    )
    shows = (
        "The control set in use, ControlSet001, is clean. Select was changed so that ControlSet002 boots next, and there an\n"
        "extra native program, a redirected network device and a foreign KnownDLLs folder wait."
    )
    hive = _start(base, shows)
    when = "2010-03-09T15:58:04.65625Z"
    select = hive.key("Select", when)
    select.put("Default", dword(2), "planted: the next boot takes ControlSet002")
    select.put("LastKnownGood", dword(1))
    sm = rf"ControlSet002\{SESSION_MANAGER}"
    key = hive.key(sm, when)
    key.put("BootExecute", multi("autocheck autochk *", "ntsvcfg /s"), "planted: a second program")
    hive.key(sm + r"\DOS Devices", when).put("UNC", sz(r"\Device\MupMon"), "planted: what watches the network's files")
    hive.key(sm + r"\KnownDLLs", when).put(
        "DllDirectory", expand(r"%SystemRoot%\system32\kd"), "planted: every KnownDLL comes from there"
    )
    driver = Service(
        "mupmon", base.generation, base.generation, FILE_SYSTEM, SYSTEM, 1, "Network", r"system32\drivers\mupmon.sys"
    )
    write_service(hive, "ControlSet002", driver, when)
    hive.key(r"ControlSet002\Services\mupmon").put("Start", dword(SYSTEM), "planted: makes \\Device\\MupMon")
    return Infected(
        base,
        hive,
        shows,
        (
            Planted("Select", "Default", "2, while Current is 1", ("select-mismatch",)),
            Planted(sm, "BootExecute", "string 1: ntsvcfg /s", ("bootexec-extra",)),
            Planted(sm + r"\DOS Devices", "UNC", r"\Device\MupMon in place of \Device\Mup", ("dosdev-device-override",)),
            Planted(sm + r"\KnownDLLs", "DllDirectory", r"%SystemRoot%\system32\kd", ("knowndll-dir",)),
            Planted(r"ControlSet002\Services\mupmon", "", "a driver the other set has not", ()),
        ),
        boots="ControlSet002",
    )


def _mini_nt() -> Infected:
    base = replace(
        machine("win10-1903-x64"),
        file="infected-minint-win10-1903-x64",
        name="WKSTN-24",
        installed="2019-08-06T07:55:31.0094418Z",
        boot="2020-05-11T06:33:09.7020015Z",
        shutdown="2020-05-11T18:01:44.3108827Z",
        boots=104,
    )
    shows = (
        "Somebody made the key MiniNT, which stops the event log and, as a side effect, every pending rename. So the list of\n"
        "seven months has piled up: installers' deletes, updates, and between them the attacker's own lines, which never ran.\n"
        "BootExecute lacks its last NUL, as healthy machines may have it."
    )
    hive = _start(base, shows)
    hive.key(r"ControlSet001\Control\MiniNT", "2019-10-02T02:14:51.6620173Z")
    sm = rf"ControlSet001\{SESSION_MANAGER}"
    key = hive.key(sm, "2020-05-11T17:40:12.8807751Z")
    key.put("BootExecute", multi("autocheck autochk *") + " cut 2", "odd but harmless: a single final NUL")
    key.put(
        "PendingFileRenameOperations",
        _pairs(*_piled_up()),
        f"{len(tuple(_piled_up()))} pairs; planted: those from the Platform folder on",
    )
    second = (r"\??\C:\Windows\Temp\upd1F.tmp", r"!\??\C:\Program Files\Viewer\viewer.exe", r"\??\C:\Windows\Temp\upd20.tmp")
    key.put("PendingFileRenameOperations2", multi(*second), "an odd number of strings: the third has no destination")
    return Infected(
        base,
        hive,
        shows,
        (
            Planted(r"ControlSet001\Control\MiniNT", "", "the key exists, without a value", ("minint",)),
            Planted(sm, "PendingFileRenameOperations", "never executed, growing", ("pfro-present", "pfro-starved")),
            Planted(sm, "PendingFileRenameOperations", r"MsMpEng.exe renamed to MsMpEng.exe_bak", ("pfro-sec-product",)),
            Planted(
                sm,
                "PendingFileRenameOperations",
                "Utilman.exe replaced, marked *0",
                ("pfro-tcb-replace", "pfro-redirect-flag"),
            ),
            Planted(sm, "PendingFileRenameOperations", "a pair of two empty strings", ("pfro-malformed",)),
            Planted(sm, "PendingFileRenameOperations2", "three strings", ("pfro2", "pfro-malformed")),
        ),
    )


def _piled_up() -> Iterator[tuple[str, str]]:
    """The list as it grew. Every path is invented."""
    temp = r"\??\C:\Windows\Temp"
    for number in (0x1A04, 0x1A0B, 0x2F11):  # an installer's own folder, emptied and removed
        folder = rf"{temp}\nsx{number:04X}.tmp"
        yield rf"{folder}\System.dll", ""
        yield rf"{folder}\nsDialogs.dll", ""
        yield folder + "\\", ""
    for number in range(3):  # a driver package
        yield (
            rf"\??\C:\Windows\System32\drivers\SET{0x5C40 + 7 * number:04X}.tmp",
            rf"!\??\C:\Windows\System32\drivers\vmfilter{number}.sys",
        )
    for month in (11, 12, 1, 2):  # an updater that replaces itself
        yield rf"\??\C:\Program Files\Viewer\update\{month:02}\viewer.new", r"!\??\C:\Program Files\Viewer\viewer.exe"
        yield rf"\??\C:\Program Files\Viewer\update\{month:02}", ""
    for number in range(12):  # a browser's updater, version by version
        yield rf"\??\C:\Program Files (x86)\Browser\Update\1.3.{101 + 4 * number}.1\update.dll", ""
    for name in ("mso30win32client", "mso40uiwin32client"):  # office, with the marker of newer builds
        office = rf"\??\C:\Program Files\Common Files\Microsoft Shared\ClickToRun\Updates\{name}.dll"
        yield f"*1{office}", f"*1!{office.replace('Updates', 'Root')}"
    yield rf"*1{temp}\c2r5B1.tmp", ""
    yield "", ""
    yield temp + r"\nsx1A04.tmp" + "\\", ""  # once more: duplicates are usual
    platform = r"\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2001.7-0\MsMpEng.exe"
    yield platform, platform + "_bak"
    yield r"*0\??\C:\Users\Public\Libraries\u.dat", r"*0!\??\C:\Windows\System32\Utilman.exe"
    yield r"\??\C:\Users\Public\Libraries\u.dat:s", ""
    yield r"\??\C:\Windows\AppCompat\Programs\Amcache.hve.tmp", r"!\??\C:\Windows\AppCompat\Programs\Amcache.hve"
