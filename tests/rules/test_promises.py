"""Tricks that must never pass for less than high: each is laid over a clean machine, and the whole catalogue looks at it."""

import pytest

from hivecheck.facts.origin import ValueRef
from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.judge import judge
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import stories_of
from tests.rules.cases import case_of

MANAGER = r"[ControlSet001\Control\Session Manager]"
CSRSS = (
    r"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection=1024,20480,768 Windows=On SubSystemType=Windows "
    "ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4 ServerDll=evilsrv,5 "
    "ProfileControl=Off MaxRequestThreads=16"
)


def renames(*pairs: tuple[str, str]) -> str:
    strings = " ".join(f'"{text}"' for pair in pairs for text in pair)
    return f"{MANAGER}\nPendingFileRenameOperations = multi {strings}\n"


TRICKS = (
    Example(
        "a program named like autochk", f'{MANAGER}\nBootExecute = multi "autocheck autochk2 *"', ("autocheck autochk2 *",)
    ),
    Example(
        "the letter that LoJax changed", f'{MANAGER}\nBootExecute = multi "autocheck autoche *"', ("autocheck autoche *",)
    ),
    Example(
        "one more server DLL in csrss",
        f'[ControlSet001\\Control\\Session Manager\\SubSystems]\nWindows = expand "{CSRSS}"',
        (CSRSS,),
    ),
    Example(
        "a KnownDLL removed",
        "",
        without=(r"Control\Session Manager\KnownDLLs\\WS2_32",),
    ),
    Example(
        "a KnownDLL replaced",
        renames((r"\??\C:\Users\Public\w.tmp", r"!\??\C:\Windows\System32\ws2_32.dll")),
        (r"\??\C:\Users\Public\w.tmp",),
    ),
    Example(
        "a move into System32 in two steps",
        renames(
            (r"\??\C:\Users\Public\a.tmp", r"\??\C:\ProgramData\b.tmp"),
            (r"\??\C:\ProgramData\b.tmp", r"\??\C:\Windows\System32\wlbsctrl.dll"),
        ),
        (r"\??\C:\ProgramData\b.tmp",),
    ),
    Example(
        "a folder swung around a security product",
        renames(
            (r"\??\C:\ProgramData\Microsoft", r"\??\C:\ProgramData\Microsoft_bak"),
            (r"\??\C:\ProgramData\Microsoft_bak\Windows Defender\Platform\4.18\MsMpEng.exe", ""),
            (r"\??\C:\ProgramData\Microsoft_bak", r"\??\C:\ProgramData\Microsoft"),
        ),
        (r"\??\C:\ProgramData\Microsoft_bak\Windows Defender\Platform\4.18\MsMpEng.exe",),
    ),
    Example(
        "a Default set that holds what Current lacks",
        r"""
        [Select]
        Default = dword 2
        [ControlSet002\Control\Session Manager]
        BootExecute = multi "autocheck autochk *" "evil"
        """,
        ("evil",),
        "xp-x86",
    ),
)


def found(example: Example) -> tuple[Finding, ...]:
    return judge(case_of(example), RULES).findings


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.title)
def test_a_trick_is_found_at_high_or_critical_and_its_string_is_cited(trick: Example) -> None:
    grave = [finding for finding in found(trick) if finding.severity >= Severity.HIGH]
    assert grave
    cited = {origin.text for finding in grave for origin in finding.because if isinstance(origin, ValueRef)}
    assert set(trick.cites) <= cited


@pytest.mark.parametrize("machine", sorted({trick.generation for trick in TRICKS}))
def test_without_the_trick_the_machine_is_quiet(machine: str) -> None:
    assert [
        finding for finding in found(Example("as it is", "", generation=machine)) if finding.severity > Severity.LOW
    ] == []


def test_an_excluded_known_dll_its_dropped_copy_and_the_path_to_it_are_one_story_and_the_rest_is_not() -> None:
    chain = (
        renames(
            (r"\??\C:\Users\Public\a.tmp", r"\??\C:\ProgramData\Tools\ws2_32.dll"),
            (r"\??\C:\Windows\System32\drivers\csagent.sys", ""),
            (r"\??\C:\ProgramData\Vendor\upd.tmp", r"!\??\C:\Program Files\Vendor\app.exe"),
        )
        + 'ExcludeFromKnownDlls = multi "ws2_32.dll"\n[ControlSet001\\Control\\Session Manager\\Environment]\n'
        + r'Path = expand "C:\ProgramData\Tools;%SystemRoot%\system32;%SystemRoot%"'
    )
    stories = stories_of(found(Example("a chain", chain)))
    first = {finding.rule.id for finding in stories[0].findings}
    assert stories[0].lead.rule.id == "seq-knowndll-exclude-plus-drop"
    assert {"seq-knowndll-exclude-plus-drop", "exclude-knowndll", "env-path-hijack", "pfro-drop-executable"} <= first
    [sensor] = [story for story in stories if any("csagent" in finding.subject for finding in story.findings)]
    assert sensor.number != stories[0].number
    [app] = [story for story in stories if any("app.exe" in finding.subject for finding in story.findings)]
    assert app.number not in (stories[0].number, sensor.number)
