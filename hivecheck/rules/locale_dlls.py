r"""DLLs of keyboards, code pages, indexing and 16-bit programs. Source: detections.md 1.10."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.keys import stored_in
from hivecheck.registry.raw_values import stored_text, text_in
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, dll_path, fault_of, has_folder
from hivecheck.rules.rule import Hit, Rule, Severity

_REPAIR = f"{BACK_UP}Restore the value as shipped in every control set, then collect and delete the DLL it names."
_CODE_PAGES = frozenset(("c_g18030.dll", "c_is2022.dll", "c_iscii.dll", "c_gsm7.dll"))
_OVERRIDES = frozenset(("WBDLLPATHOVERRIDE", "STEMMERDLLPATHOVERRIDE", "DLLPATHOVERRIDE"))


def _check_keyboards(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Control\\Keyboard Layouts"):
        stored = key.data_of("Layout File")
        text = stored_text(*stored) if stored is not None else ""
        if not text or (text.casefold().startswith("kbd") and not has_folder(text)):
            continue
        raw = key.value("Layout File")
        assert raw is not None
        own = key.name.casefold().startswith("a") and not has_folder(text)
        path = dll_path(case, text)
        told = f"The keyboard layout {key.name} would be loaded from {text}; those of Windows are all named kbd*.dll"
        so = ". Layouts made with Microsoft's own tool have such a number." if own else "."
        yield Hit(
            told + so,
            (raw.ref.citing(text),),
            f"{key.name} {text}",
            Severity.LOW if own else Severity.MEDIUM,
            story=(case.thread_of(path),),
        )


def _check_code_pages(case: Case) -> Iterator[Hit]:
    key = case.key("Control\\Nls\\CodePage")
    for name, type, data in stored_in(key) if key is not None else ():
        if type not in (1, 2) or len(data) < 8 or not (b"." in data or b"\\" in data):
            continue
        text = stored_text(type, data)
        folded = text.casefold()
        if not has_folder(text) and not (folded.endswith(".dll") and folded not in _CODE_PAGES):
            continue
        for raw in key.values() if key is not None else ():
            if (raw.name, raw.data) != (name, data):
                continue
            path = dll_path(case, text)
            yield Hit(
                f"The code page {raw.name} would be worked out by {text}: every program that converts such text loads it, if it exists.",
                (raw.ref.citing(text),),
                f"{raw.name} {text}",
                story=(case.thread_of(path),),
            )


def _check_content_index(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Control\\ContentIndex\\Language"):
        values = key.values_named(_OVERRIDES)
        for raw in values.values():
            text = text_in(raw)
            if text:
                yield Hit(
                    f"{raw.name} of {key.name} names {text}: whatever breaks text of this language into words would load it. "
                    "Windows ships no such value.",
                    (raw.ref.citing(text),),
                    f"{key.name} {raw.name}",
                    story=(case.thread_of(dll_path(case, text)),),
                )


def _check_wow(case: Case) -> Iterator[Hit]:
    system32 = f"{case.system_root.casefold()}\\system32\\"
    gone = " This Windows is 64-bit and has no ntvdm." if case.is_64_bit else ""
    for name, rest in (("cmdline", ""), ("wowcmdline", f"-a {system32}krnl386")):
        for string in case.strings("Control\\WOW", name):
            image, _, arguments = case.path(string.text).text.partition(" ")
            plain = arguments.strip().replace("%systemroot%", case.system_root.casefold())
            if image == system32 + "ntvdm.exe" and plain in (rest, rest + ".exe"):
                continue
            yield Hit(
                f"{name} of WOW is {string.text}: it would run in the place of ntvdm for each 16-bit program.{gone}",
                (string.origin,),
                name,
                Severity.LOW if gone else Severity.HIGH,
            )
    for string in case.strings("Control\\WOW", "KnownDLLs"):
        if has_folder(string.text):
            told = "KnownDLLs of WOW names a path; Windows has bare names of 16-bit files there."
            yield Hit(told, (string.origin,), "KnownDLLs", Severity.LOW if gone else Severity.HIGH)
    for string in case.strings("Control\\VirtualDeviceDrivers", "VDD"):
        path = dll_path(case, string.text)
        fault = fault_of(path)
        yield Hit(
            f"VDD names {string.text}{f' ({fault})' if fault else ''}: ntvdm would load it into every 16-bit program.{gone}",
            (string.origin,),
            path.text,
            Severity.LOW if gone else Severity.HIGH,
            story=(case.thread_of(path),),
        )


KEYBOARD_LAYOUT_DLL = Rule(
    id="keyboard-layout-dll",
    family="dll hosts",
    title="A keyboard layout comes from an odd DLL",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why="The kernel loads the Layout File of the layout in use for every logon. On eight clean hives all are named kbd*.dll.",
    false_positives=("Layouts made with Microsoft's Keyboard Layout Creator: their numbers begin with a (low).",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    severities="medium; low for a layout of one's own",
    check=_check_keyboards,
)
NLS_CODEPAGE_DLL = Rule(
    id="nls-codepage-dll",
    family="dll hosts",
    title="A code page is worked out by a DLL that Windows does not ship",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1574",),
    why=(
        "Most code pages are tables (.nls). For the few with a DLL, every program that converts such text loads it; Windows ships "
        "c_g18030, c_is2022, c_iscii and c_gsm7 alone."
    ),
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    check=_check_code_pages,
)
CONTENTINDEX_LANGUAGE = Rule(
    id="contentindex-language",
    family="dll hosts",
    title="Indexing is told to load another DLL for a language",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why="The overrides name a DLL in the place of the language's own; Windows ships none of them.",
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    check=_check_content_index,
)
WOW_VDM = Rule(
    id="wow-vdm",
    family="dll hosts",
    title="16-bit programs are run by something else",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why="cmdline and wowcmdline name what runs DOS and 16-bit Windows programs; VDD names DLLs loaded into each of them.",
    false_positives=("Some serial and ISDN cards bring a virtual device driver (VDD).",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    severities="high; low on 64-bit Windows, which has no ntvdm",
    check=_check_wow,
)
RULES: tuple[Rule, ...] = (KEYBOARD_LAYOUT_DLL, NLS_CODEPAGE_DLL, CONTENTINDEX_LANGUAGE, WOW_VDM)
