"""Files of Windows itself among those that the cited values name: to be checked and replaced, never to be removed.

A name is all that a hive tells: what lies under it may have been swapped. Source: the csrss lines, service hosts and boot programs
of the baselines (docs/baselines.md); "Windows Internals" 7, system processes.
"""

import re
from collections.abc import Iterable

from hivecheck.baselines.baseline import Baseline
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import REG_MULTI_SZ, Hive, RawValue
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.rules.rule import Finding

_FILE = re.compile(r"[\w.-]{1,64}\.(?:exe|dll|sys)\b", re.IGNORECASE | re.ASCII)
_SERVER_DLL = re.compile(r"ServerDll=([\w-]{1,64})", re.IGNORECASE | re.ASCII)
_PARTS = frozenset(
    {
        "autochk.exe", "csrsrv.dll", "csrss.exe", "dllhost.exe", "lsass.exe", "lsm.exe", "mpsvc.dll", "ntdll.dll",
        "ntoskrnl.exe", "rundll32.exe", "services.exe", "smss.exe", "spoolsv.exe", "svchost.exe", "taskhost.exe",
        "taskhostw.exe", "userinit.exe", "wdfilter.sys", "win32k.sys", "wininit.exe", "winlogon.exe",
    }
)  # fmt: skip
_LETTERS_AT_MOST = 100_000  # of one value


def own_files(findings: Iterable[Finding], hive: Hive | None, baseline: Baseline) -> tuple[str, ...]:
    """The names, in small letters and sorted, of Windows' own files that the values cited by these findings name."""
    csrss = baseline.text(
        "Control\\Session Manager\\SubSystems", "Windows"
    )  # which libraries of csrss are Windows' own differs
    windows = _PARTS | baseline.all_known_dlls | set(_names(csrss))
    refs = {origin for finding in findings for origin in finding.because if isinstance(origin, ValueRef)}
    texts = [ref.text for ref in refs if ref.text]
    if hive is not None:
        texts += [_text(raw) for ref in refs if ref.strings is None and (raw := _stored(hive, ref)) is not None]
    named = {name for one in texts for name in _names(one[:_LETTERS_AT_MOST])}
    return tuple(sorted(named & windows))


def _names(text: str) -> Iterable[str]:
    yield from (found.casefold() for found in _FILE.findall(text))
    yield from (f"{found.casefold()}.dll" for found in _SERVER_DLL.findall(text))


def _stored(hive: Hive, ref: ValueRef) -> RawValue | None:
    key = hive.root.subkey(ref.key) if ref.key else hive.root
    return key.value(ref.value) if key is not None else None


def _text(raw: RawValue) -> str:
    return "\n".join(decode_multi_sz(raw.data).strings) if raw.type == REG_MULTI_SZ else decode_sz(raw.data).text
