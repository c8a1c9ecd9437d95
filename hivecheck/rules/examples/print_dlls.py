"""Hives on which the rules of `print_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "print-monitor",
        fires_on=(
            Example(
                "an unknown monitor",
                r"""
                [ControlSet001\Control\Print\Monitors\Port Monitor]
                Driver = sz "evilmon.dll"
                """,
                cites=("evilmon.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a path",
                r"""
                [ControlSet001\Control\Print\Monitors\Local Port]
                Driver = sz "C:\ProgramData\m.dll"
                """,
                cites=(r"C:\ProgramData\m.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the monitor of a printer's driver, and of a printer's port",
                r"""
                [ControlSet001\Control\Print\Monitors\EPSON L3150 Series 64MonitorBE]
                Driver = sz "E_YLMBWFE.DLL"
                [ControlSet001\Control\Print\Environments\Windows x64\Drivers\Version-3\EPSON L3150 Series]
                Monitor = sz "EPSON L3150 Series 64MonitorBE"
                [ControlSet001\Control\Print\Monitors\FollowMe]
                Driver = sz "C:\Windows\system32\fmport.dll"
                [ControlSet001\Control\Print\Monitors\FollowMe\Ports\FM1]
                [ControlSet001\Control\Print\Printers\Office]
                Port = sz "FM1"
                """,
                cites=("E_YLMBWFE.DLL", r"C:\Windows\system32\fmport.dll"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a port that is a file of Windows, and jobs in a folder of drivers",
                r"""
                [ControlSet001\Control\Print\Printers\Office]
                Port = sz "C:\Windows\System32\ualapi.dll"
                SpoolDirectory = sz "C:\Windows\System32\spool\drivers\x64\4"
                """,
                cites=(r"C:\Windows\System32\ualapi.dll", r"C:\Windows\System32\spool\drivers\x64\4"),
                severity=Severity.HIGH,
            ),
            Example(
                "an unknown monitor beside a printer that does not use it",
                r"""
                [ControlSet001\Control\Print\Monitors\Port Monitor]
                Driver = sz "evilmon.dll"
                [ControlSet001\Control\Print\Monitors\Port Monitor\Ports\P1]
                [ControlSet001\Control\Print\Printers\Office]
                Port = sz "USB001"
                """,
                cites=("evilmon.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Print\Monitors\Local Port]
                Driver = sz "localspl.dll"
                [ControlSet001\Control\Print\Monitors\WSD Port]
                Driver = sz "APMon.dll"
                """,
            ),
            Example(
                "ports and folders of printers as Windows has them",
                r"""
                [ControlSet001\Control\Print\Printers]
                DefaultSpoolDirectory = expand "%SystemRoot%\System32\spool\PRINTERS"
                [ControlSet001\Control\Print\Printers\Office]
                Port = sz "USB001"
                SpoolDirectory = sz "D:\spool"
                [ControlSet001\Control\Print\Printers\To a file]
                Port = sz "C:\Users\Public\out.prn"
                """,
            ),
        ),
    ),
    Examples(
        "print-processor",
        fires_on=(
            Example(
                "an unknown processor",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\lltdsvc1]
                Driver = sz "EntAppsvc.dll"
                """,
                cites=("EntAppsvc.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "Windows' own processor with the DLL of a product",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\winprint]
                Driver = sz "msonpppr.dll"
                """,
                cites=("msonpppr.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "the processors of OneNote, Office and vendors",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\OneNotePrint2007]
                Driver = sz "msonpppr.dll"
                [ControlSet001\Control\Print\Environments\Windows NT x86\Print Processors\ModiPrint]
                Driver = sz "mdippr.dll"
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\Canon]
                Driver = sz "CNMPDDF.DLL"
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\hpfpp70v]
                Driver = sz "hpfpp70v.dll"
                """,
                cites=("msonpppr.dll", "mdippr.dll", "CNMPDDF.DLL", "hpfpp70v.dll"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the name of a vendor's monitor, which is none of its processors",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\Canon]
                Driver = sz "cnmlm4x.dll"
                """,
                cites=("cnmlm4x.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "the processor of a printer",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\OKX05]
                Driver = sz "okx05pp.dll"
                [ControlSet001\Control\Print\Printers\Office]
                Print Processor = sz "OKX05"
                """,
                cites=("okx05pp.dll",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as shipped; that of ARM64 has no value",
                r"""
                [ControlSet001\Control\Print\Environments\Windows x64\Print Processors\winprint]
                Driver = sz "winprint.dll"
                [ControlSet001\Control\Print\Environments\Windows ARM64\Print Processors\winprint]
                """,
            ),
        ),
    ),
    Examples(
        "print-provider",
        fires_on=(
            Example(
                "an unknown provider",
                r"""
                [ControlSet001\Control\Print\Providers\Cloud Print]
                Name = sz "cloudprov.dll"
                """,
                cites=("cloudprov.dll",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Print\Providers\LanMan Print Services]
                Name = sz "win32spl.dll"
                """,
            ),
        ),
    ),
)
