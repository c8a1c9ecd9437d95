"""Analyses for the tests of the reports: a small hive that boots, in notation, and what it takes to have it analyzed."""

from collections.abc import Callable

from hivecheck.analysis import Analysis

Analyzed = Callable[..., Analysis]

BOOTABLE = r"""
[Select]
Current = dword 1
Default = dword 1
Failed = dword 0
LastKnownGood = dword 1
[ControlSet001\Control\Session Manager] 2018-04-06T12:26:31.1234567Z
BootExecute = multi "autocheck autochk *"
[ControlSet001\Control\Session Manager\Memory Management]
PagingFiles = multi "?:\pagefile.sys"
[ControlSet001\Control\Session Manager\DOS Devices]
[ControlSet001\Control\Session Manager\KnownDLLs]
DllDirectory = expand "%SystemRoot%\system32"
[ControlSet001\Control\Session Manager\Environment]
Path = expand "%SystemRoot%\system32;%SystemRoot%"
[ControlSet001\Control\Session Manager\SubSystems]
Required = multi "Debug" "Windows"
Kmode = expand "\SystemRoot\System32\win32k.sys"
Windows = expand "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows ServerDll=basesrv,1"
[ControlSet001\Services\Beep]
Type = dword 1
Start = dword 3
"""


def session_manager(lines: str, key: str = "") -> str:
    """Value lines of the Session Manager key, or of a key below it."""
    return f"\n[ControlSet001\\Control\\Session Manager{key}]\n{lines}\n"
