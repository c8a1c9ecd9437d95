r"""Variables that load code into programs of .NET, Java, Node.js, Python and others, or switch off what watches them.

Set for the machine, they reach services that run as SYSTEM. Source: detections.md 1.5.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import resolve
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.object_names import NamedText

REPAIR_VARIABLE = "Delete the variable in every control set; collect the file it names first."


def is_open_to_users(case: Case, path: Comparable) -> bool:
    """Whether a file or folder is where ordinary users can write, on another machine, or named in an odd way."""
    inside = case.path(path.text.rstrip("\\") + "\\x")
    root_of_drive = bool(path.drive) and path.below_drive in ("", "\\")
    odd = inside.text.startswith("\\\\") or not path.drive or ":" in path.text[2:]
    return path.is_user_writable or inside.is_user_writable or root_of_drive or odd


def is_guarded(case: Case, path: Comparable) -> bool:
    """Whether a file is in Program Files or below Windows, and not open."""
    root = case.path(case.system_root).text + "\\"
    inside = path.below_drive.startswith(("\\program files\\", "\\program files (x86)\\")) or path.text.startswith(root)
    return inside and not is_open_to_users(case, path)


def events_of_variables(case: Case, variables: list[NamedText]) -> tuple[int, ...]:
    """The events of the replay that rest on any of them."""
    return case.events.citing(*(variable.origin for variable in variables))


_JAVA = frozenset({"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "IBM_JAVA_OPTIONS", "MAVEN_OPTS"})
# Patterns are compiled when such a variable is met.
_JAVA_CODE = r'(?i)-(?:javaagent:|agentpath:|agentlib:|Xbootclasspath(?:/[ap])?:|XX:OnError=|XX:OnOutOfMemoryError=|XX:VMOptionsFile=|XX:Flags=)("[^"]*"|[^\s="]*)'
_JAVA_FILE = r'(?:^|\s)@("[^"]+"|[^\s"@][^\s"]*)'  # more options, which the program java alone takes from JDK_JAVA_OPTIONS
_NODE_CODE = r'(?i)(?:--require|--import|--loader|--experimental-loader|-r|--inspect(?:-brk)?)(?:[ =]("[^"]*"|\S+)|\b)'
_SCRIPTS = frozenset(
    {"PYTHONSTARTUP", "PERL5OPT", "PERL5DB", "RUBYOPT", "OPENSSL_CONF", "OPENSSL_ENGINES", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS"}
)  # fmt: skip
_FOLDERS = frozenset(
    {
        "NODE_PATH", "PYTHONPATH", "PYTHONHOME", "PERL5LIB", "RUBYLIB", "PHP_INI_SCAN_DIR", "PHPRC", "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM_PLUGIN_PATH", "GIT_EXEC_PATH", "CLASSPATH",
    }
)  # fmt: skip
_FLAGS = frozenset({"PYTHONINSPECT", "ELECTRON_RUN_AS_NODE", "PYTHONWARNINGS"})
_FILE_IN = r'(?i)"([^"]+)"|((?:[a-z]:[\\/]|\\\\)[^\s"]*)'


def _check_runtimes(case: Case) -> Iterator[Hit]:
    for name, variable in case.environment.items():
        text = variable.text.strip()
        weighed = _weigh_runtime(case, name, text) if text else None
        if weighed is not None:
            severity, does = weighed
            yield Hit(
                f"{variable.name} is {variable.text}: {does}.",
                (variable.origin,),
                variable.name,
                severity=severity,
                events=case.events.citing(variable.origin),
            )


def _weigh_runtime(case: Case, name: str, text: str) -> tuple[Severity, str] | None:
    if name in _JAVA or name == "NODE_OPTIONS":
        runtime, found = ("Java", re.search(_JAVA_CODE, text)) if name in _JAVA else ("Node.js", re.search(_NODE_CODE, text))
        if found is None and name == "JDK_JAVA_OPTIONS":
            found = re.search(_JAVA_FILE, text)
        if found is None:
            return Severity.INFO, f"options for every {runtime} program, none of which loads code"
        path = resolve(case, (found[1] or "").strip('"')) if found[1] else None
        absolute = path is not None and (bool(path.drive) or path.text.startswith("\\\\"))
        is_open = path is not None and absolute and is_open_to_users(case, path)
        return (
            Severity.HIGH if is_open else Severity.MEDIUM,
            f"every {runtime} program would load what {found[0].strip()} names",
        )
    if name in _SCRIPTS:
        file = re.search(_FILE_IN, text)
        path = resolve(case, (file[1] or file[2]) if file is not None else text)
        if is_guarded(case, path):
            return Severity.LOW, "programs of that runtime or tool would run or load it; it is in a guarded folder"
        severity = Severity.HIGH if is_open_to_users(case, path) and file is not None else Severity.MEDIUM
        return severity, "programs of that runtime or tool would run or load it"
    if name in _FOLDERS:
        paths = [resolve(case, part.strip().strip('"')) for part in text.split(";", 100)[:100] if part.strip(" .")]
        if any(is_open_to_users(case, path) for path in paths):
            severity = Severity.MEDIUM if name == "CLASSPATH" else Severity.HIGH
            return severity, "programs of that runtime would take code from there, where others can write"
        return Severity.INFO if name == "CLASSPATH" else Severity.LOW, "programs of that runtime would take code from there"
    if name == "SSLKEYLOGFILE":
        return (
            Severity.MEDIUM,
            "browsers and other programs would write the keys of their encrypted connections into that file",
        )
    if name == "BROWSER" and "PYTHONWARNINGS" in case.environment:
        return Severity.MEDIUM, "Python would start it when a warning asks for a browser"
    if name in _FLAGS:
        return Severity.LOW, "a switch of a runtime that is not set for whole machines"
    if name.startswith("VBOX_"):
        path = resolve(case, text)
        return (Severity.MEDIUM, "VirtualBox would use it, where others can write") if path.is_user_writable else None
    return None


ENV_RUNTIMES = Rule(
    id="env-java-node-python-etc",
    family="environment",
    title="A variable loads code into Java, Node.js, Python or other programs",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    severities=(
        "high for agents, scripts and folders where users can write; medium for other agents and scripts and for keys of encrypted "
        "connections; low for guarded folders and switches; info for options that load nothing."
    ),
    techniques=("T1574.007", "T1546", "T1552", "T1040"),
    why="Programs of these runtimes read the variable before they start: their services would run somebody else's code.",
    false_positives=("Machines of developers.", "Monitoring products that set a Java agent."),
    remedy=REPAIR_VARIABLE,
    sources=("detections.md 1.5",),
    needs="Whether the file exists, and who signed it.",
    check=_check_runtimes,
)


_VENDORS = {
    "{71DA0A04-7777-4EC6-9643-7D28B46A8A41}": "New Relic",
    "{36032161-FFC0-4B61-B559-F6C5D41BAE5A}": "New Relic",
    "{846F5F1C-F9AE-4B07-969E-05C26BC060D8}": "Datadog",
    "{B7038F67-52FC-4DA2-AB02-969B3C1EDA03}": "Dynatrace",
    "{39AEABC1-56A5-405F-B8E7-C3668490DB4A}": "AppDynamics",
    "{FA65FE15-F085-4681-9B20-95E04F6C03CC}": "Elastic",
    "{324F817A-7420-4E6D-B3C1-143FBED6D855}": "Application Insights",
    "{918728DD-259F-4A6A-AC2B-B85E1B658318}": "OpenTelemetry",
}


def _check_profiler(case: Case) -> Iterator[Hit]:
    block = case.environment
    for prefix, runtime in (("COR_", ".NET Framework"), ("CORECLR_", ".NET")):
        switch, profiler = block.get(prefix + "ENABLE_PROFILING"), block.get(prefix + "PROFILER")
        names = (f"{prefix}PROFILER_PATH{end}" for end in ("", "_32", "_64", "_ARM64"))
        paths = [block[name] for name in names if name in block and block[name].text.strip()]
        if profiler is None and not paths:
            continue
        on = switch is not None and switch.text.strip() in ("1", "0x1")
        vendor = _VENDORS.get(profiler.text.strip().upper(), "") if profiler is not None else ""
        found = [resolve(case, path.text.strip().strip('"')) for path in paths]
        is_open = any(is_open_to_users(case, path) for path in found)
        if is_open:
            severity = Severity.CRITICAL
        elif vendor and all(is_guarded(case, path) for path in found):
            severity = Severity.MEDIUM
        else:
            severity = Severity.HIGH
        what = paths[0].text if paths else profiler.text if profiler is not None else ""
        whose = f" The class is that of {vendor}, which anybody can write." if vendor else ""
        where = " Ordinary users can write there, or its path is unusual." if is_open else ""
        used = [variable for variable in (switch, profiler, *paths) if variable is not None]
        origins: tuple[Origin, ...] = tuple(variable.origin for variable in used)
        yield Hit(
            f"A profiler of {runtime} is set for the machine ({what}): every program of {runtime} would load it, if the file exists."
            f"{whose}{where}" + ("" if on else f" It is not switched on: {prefix}ENABLE_PROFILING is not 1."),
            origins,
            f"{prefix}PROFILER",
            severity=severity if on else severity.raised(-1),
            confidence=Confidence.MEDIUM if vendor or not on else Confidence.HIGH,
            events=events_of_variables(case, used),
            story=tuple(case.thread_of(path) for path in found),
        )


ENV_COR_PROFILER = Rule(
    id="env-cor-profiler",
    family="environment",
    title="A profiler is loaded into every .NET program",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical for a path that users can write or an odd one; medium for the class of a monitoring product whose file is in "
        "Program Files, or that gives no path; high else; one step less where profiling is not switched on."
    ),
    techniques=("T1574.012",),
    why="The runtime loads the profiler before the program's own code, in services that run as SYSTEM as well.",
    false_positives=(
        "New Relic, Datadog, Dynatrace, AppDynamics, Elastic, Application Insights and OpenTelemetry; mostly for single services.",
    ),
    remedy=REPAIR_VARIABLE,
    sources=("detections.md 1.5", "ATT&CK T1574.012"),
    needs="Whether the file exists, and who signed it.",
    check=_check_profiler,
)
_HOOKS = {
    "DOTNET_STARTUP_HOOKS": "every .NET program would run that library before its own code",
    "DOTNET_ADDITIONAL_DEPS": "every .NET program would load the libraries that this names",
    "DOTNET_SHARED_STORE": "every .NET program would also look for libraries there",
    "APPDOMAIN_MANAGER_ASM": "every .NET Framework program would let that library set up its domain",
    "APPDOMAIN_MANAGER_TYPE": "every .NET Framework program would let that class set up its domain",
    "COMPLUS_VERSION": "every .NET Framework program would run on that version of the runtime",
    "COMPLUS_LOADEROPTIMIZATION": "it decides which libraries .NET Framework programs share",
}
_ETW_OFF = {
    "COMPLUS_ETWENABLED": "0",
    "DOTNET_ETWENABLED": "0",
    "COMPLUS_ENABLEDIAGNOSTICS": "0",
    "DOTNET_ENABLEDIAGNOSTICS": "0",
}

_ETW_SET = frozenset({"DOTNET_ETWFLAGS", "COMPLUS_ETWFLAGS"})


def _check_dotnet(case: Case) -> Iterator[Hit]:
    for name, variable in case.environment.items():
        text = variable.text.strip()
        if name in _HOOKS and text:
            does = _HOOKS[name]
        elif (name in _ETW_OFF and text in (_ETW_OFF[name], "0x0")) or (name in _ETW_SET and text):
            does = ".NET programs would no longer tell all that they load and run, which security software listens to"
        elif name in ("DOTNET_ENABLEEVENTPIPE", "COMPLUS_ENABLEEVENTPIPE") and text not in ("", "0"):
            does = ".NET programs would write what they do into a file of their own"
        else:
            continue
        path = resolve(case, text.split(";", 1)[0]) if "HOOKS" in name or "DEPS" in name else None
        yield Hit(
            f"{variable.name} is {variable.text}: {does}.",
            (variable.origin,),
            variable.name,
            events=case.events.citing(variable.origin),
            story=(case.thread_of(path),) if path is not None else (),
        )


ENV_DOTNET_HOOKS = Rule(
    id="env-dotnet-hooks",
    family="environment",
    title="Code is put into .NET programs, or their tracing is cut",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1574", "T1562.006"),
    why="One variable of the machine has every .NET program load a library, or keeps security software from seeing what it loads.",
    false_positives=(
        "Monitoring products use start-up hooks.",
        "Images for containers switch diagnostics off.",
    ),
    remedy=REPAIR_VARIABLE,
    sources=("detections.md 1.5",),
    needs="Whether the file exists, and who signed it.",
    check=_check_dotnet,
)

RULES: tuple[Rule, ...] = (ENV_COR_PROFILER, ENV_DOTNET_HOOKS, ENV_RUNTIMES)
