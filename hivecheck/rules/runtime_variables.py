r"""Variables that load code into the runtimes of Java, Node.js, Python and others. Source: detections.md 1.5.

Set for the machine, they reach services that run as SYSTEM.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
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
    return case.events_citing(*(variable.origin for variable in variables))


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
                events=case.events_citing(variable.origin),
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
RULES: tuple[Rule, ...] = (ENV_RUNTIMES,)
