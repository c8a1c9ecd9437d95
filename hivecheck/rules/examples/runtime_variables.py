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
)
