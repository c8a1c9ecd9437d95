"""What the tests of the exports share: a tampered machine in notation, a hostile one, and every format written from an analysis."""

import csv
import json
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.registry.notation_forms import quote
from hivecheck.report.export_bodyfile import write_bodyfile
from hivecheck.report.export_cells import json_lines
from hivecheck.report.export_flat_csv import write_flat_csv
from hivecheck.report.export_l2tcsv import write_l2tcsv
from hivecheck.report.export_markdown import write_markdown
from hivecheck.report.export_navigator import navigator_layer
from hivecheck.report.export_rows import HiveRows, rows_of
from hivecheck.report.export_sarif import SarifInput, sarif_log
from hivecheck.report.export_stix import stix_bundle
from hivecheck.report.export_timesketch import write_timesketch, write_timesketch_csv
from hivecheck.report.export_tln import write_tln

Json = Any
GENERATED = "2026-01-01T00:00:00Z"
WRITTEN = "2018-04-06T12:26:31.1234567Z"  # of the Session Manager key of a bootable hive

TAMPERED = r"""
[ControlSet001\Control\ComputerName\ComputerName] 2018-04-06T10:00:00Z
ComputerName = sz "WKSTN-1"
[ControlSet001\Control\Session Manager]
PendingFileRenameOperations = multi [
  "\??\C:\Windows\Temp\k.dll"  "!\??\C:\Windows\System32\kernel32.dll"
]
[ControlSet001\Services\Evil] 2019-05-06T07:08:09.0000001Z
Type = dword 0x10
Start = dword 2
ImagePath = expand "C:\Users\Public\it's.exe"
[ControlSet001\Control\Lsa] ticks:0
[ControlSet001\Control\CrashControl] 1601-01-01T00:00:01Z
DumpFile = expand "%SystemRoot%\MEMORY.DMP"
"""

_LONG = "N" * 30_000  # 60 KB as it is stored
_TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}} {0} ${7*7} {% raw %}",
    "\x1b[31mred\x1b]0;title\x07",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r\nnew,line|bar",
    "a\u202egnp.exe",
    "zero\u200bwidth",
    "half\ud800pair",
    "[click](http://evil.example/) @someone #1",
    "`tick` ``two`` *bold* | cell",
    "quote\" and ' and \\ back",
    "../../etc/passwd",
    "\u2028line\u0085next",
)
_NAME = "=..\\..\\/<b>evil</b>|\u202e\x1b[0m\ud800"
_SYSTEM32, _ROOT = "\\??\\C:\\Windows\\System32\\", "!\\??\\C:\\"
_SERVICES = (
    ("=cmd|calc", "2019-01-01T00:00:00Z", "=cmd|'/c calc'!A1"),
    ("<script>", "9999-12-31T00:00:00Z", "C:\\Users\\Public\\<script>.exe"),
    ("@at", "1601-01-02T00:00:00Z", "C:\\Users\\Public\\\u202etxt.exe"),
)
HOSTILE = "\n".join(
    (
        r"[ControlSet001\Control\ComputerName\ComputerName] 2018-04-06T10:00:00Z",
        f"ComputerName = sz {quote(_NAME)}",
        r"[ControlSet001\Control\Session Manager]",
        "SetupExecute = multi [",
        *(f"  {quote(text)}" for text in _TEXTS),
        "]",
        "PendingFileRenameOperations = multi [",
        *(f"  {quote(_SYSTEM32 + text)} {quote(_ROOT + text)}" for text in _TEXTS),
        "]",
        r"[ControlSet001\Control\Session Manager\DOS Devices]",
        *(f"{quote(text)} = sz {quote(text)}" for text in (*_TEXTS, _LONG)),
        *(
            f"[ControlSet001\\Services\\{name}] {time}\nType = dword 0x10\nStart = dword 2\nImagePath = expand {quote(image)}"
            for name, time, image in _SERVICES
        ),
        "",
    )
)


def hive_rows(*analyses: Analysis) -> list[HiveRows]:
    return [rows_of(one) for one in analyses]


_TIMELINES: dict[str, Callable[[Iterable[HiveRows]], Iterable[str]]] = {
    "timesketch": write_timesketch,
    "timesketch-csv": write_timesketch_csv,
    "l2tcsv": write_l2tcsv,
    "tln": write_tln,
    "bodyfile": write_bodyfile,
    "csv": write_flat_csv,
}


def written(form: str, *analyses: Analysis) -> str:
    """An export as the command writes it, deleted keys and sizes of cells aside."""
    if form in _TIMELINES:
        return "".join(_TIMELINES[form](hive_rows(*analyses)))
    match form:
        case "markdown":
            return "".join(write_markdown(analyses, GENERATED))
        case "stix":
            return json_lines(stix_bundle(analyses, GENERATED))
        case "sarif":
            return json_lines(sarif_log((SarifInput(one, {}) for one in analyses), GENERATED))
        case "navigator":
            return json_lines(navigator_layer(analyses, GENERATED))
        case _:
            raise ValueError(form)


FORMATS = (*_TIMELINES, "markdown", "stix", "sarif", "navigator")


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV, read by the standard library; each as wide as the header."""
    lines = list(csv.reader(text.splitlines(), strict=True))
    assert {len(line) for line in lines} == {len(lines[0])}
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def hidden_letters(text: str) -> set[str]:
    """The control, format, surrogate and private characters of a text, line feeds aside."""
    return {
        letter for letter in text if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    }


def texts_in(value: Json) -> Iterable[str]:
    """Every text of a JSON value, names of fields included."""
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from texts_in(one)
        case dict():
            for name, one in value.items():
                yield name
                yield from texts_in(one)


def parsed(text: str) -> Json:
    return json.loads(text)
