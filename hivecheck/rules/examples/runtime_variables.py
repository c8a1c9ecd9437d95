"""Hives on which the rules of `runtime_variables` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "env-java-node-python-etc",
        fires_on=(
            Example(
                "a Java agent that users can write",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                JAVA_TOOL_OPTIONS = sz "-Xmx512m -javaagent:C:\Users\Public\a.jar"
                """,
                cites=(r"-Xmx512m -javaagent:C:\Users\Public\a.jar",),
                severity=Severity.HIGH,
            ),
            Example(
                "a file with more options for Java",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                JDK_JAVA_OPTIONS = sz "-Xmx1g @C:\Users\Public\a.txt"
                """,
                cites=(r"-Xmx1g @C:\Users\Public\a.txt",),
                severity=Severity.HIGH,
            ),
            Example(
                "a script for every Node.js program",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                NODE_OPTIONS = sz "--require C:\Node\x.js"
                """,
                cites=(r"--require C:\Node\x.js",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "memory for Java",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                _JAVA_OPTIONS = sz "-Xmx2048m"
                """,
                cites=("-Xmx2048m",),
                severity=Severity.INFO,
            ),
            Example(
                "keys of encrypted connections",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SSLKEYLOGFILE = sz "C:\keys.log"
                """,
                cites=(r"C:\keys.log",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "libraries of Python where all can write",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PYTHONPATH = sz "C:\ProgramData\py"
                """,
                cites=(r"C:\ProgramData\py",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "where products are",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                JAVA_HOME = sz "C:\Program Files\Java\jdk"
                VBOX_MSI_INSTALL_PATH = sz "C:\Program Files\Oracle\VirtualBox\"
                """,
            ),
        ),
    ),
    Examples(
        "env-cor-profiler",
        fires_on=(
            Example(
                "a file that users can write",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                COR_ENABLE_PROFILING = sz "1"
                COR_PROFILER = sz "{11111111-2222-3333-4444-555555555555}"
                COR_PROFILER_PATH = sz "C:\ProgramData\p.dll"
                """,
                cites=(r"C:\ProgramData\p.dll", "{11111111-2222-3333-4444-555555555555}"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a class without a path",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                CORECLR_ENABLE_PROFILING = sz "1"
                CORECLR_PROFILER = sz "{11111111-2222-3333-4444-555555555555}"
                """,
                cites=("{11111111-2222-3333-4444-555555555555}",),
                severity=Severity.HIGH,
            ),
            Example(
                "a monitoring product",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                COR_ENABLE_PROFILING = sz "1"
                COR_PROFILER = sz "{71DA0A04-7777-4EC6-9643-7D28B46A8A41}"
                COR_PROFILER_PATH = sz "C:\Program Files\New Relic\.NET Agent\netframework\NewRelic.Profiler.dll"
                """,
                cites=("{71DA0A04-7777-4EC6-9643-7D28B46A8A41}",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "a switch alone",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                COR_ENABLE_PROFILING = sz "0"
                """,
            ),
        ),
    ),
    Examples(
        "env-dotnet-hooks",
        fires_on=(
            Example(
                "a start-up hook",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                DOTNET_STARTUP_HOOKS = sz "C:\ProgramData\hook.dll"
                """,
                cites=(r"C:\ProgramData\hook.dll",),
            ),
            Example(
                "no tracing",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                COMPlus_ETWEnabled = sz "0"
                """,
                cites=("0",),
            ),
        ),
        silent_on=(
            Example(
                "where .NET is, and no reports home",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                DOTNET_ROOT = sz "C:\Program Files\dotnet"
                DOTNET_CLI_TELEMETRY_OPTOUT = sz "1"
                COMPlus_ETWEnabled = sz "1"
                """,
            ),
        ),
    ),
)
