r"""What lsass loads: packages that check logons, hear of new passwords and speak security protocols, all DLLs in lsass.

A bare name is a DLL of System32. `""`, two quotes, is how Windows from 8.1 on writes a list of nothing. Of what lsass loads
without a value that names it, only its own security packages are among the requests (`lsa_built_in`).
Source: detections.md 1.9; baselines.md 2.8; "Authentication packages", "Password filters", "Restrictions around registering
and installing a security package", "Configuring additional LSA protection" of the Windows documentation.
"""

from hivecheck.boot.actions import LoadLibrary
from hivecheck.boot.lsa_built_in import BUILT_IN_LIST, NO_PACKAGE, built_in_packages
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN11, WIN11_24H2, WIN81, Generation
from hivecheck.facts.nt_path import NtPath, has_drive
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    AUTHENTICATION_PACKAGES,
    DIRECTORY_SERVICE_EXTENSION,
    KERBEROS,
    LSA_DB_EXTENSION,
    LSA_EXTENSIONS,
    LSA_INTERFACES,
    MSV1_0,
    NOTIFICATION_PACKAGES,
    OS_CONFIG_SECURITY_PACKAGES,
    RUN_AS_PPL,
    SECURITY_PACKAGES,
    SECURITY_PROVIDERS,
    Row,
    applies_to,
)
from hivecheck.settings.setting import CitedString
from hivecheck.settings.software_rows import POLICY_RUN_AS_PPL, in_force

PROCESS = "lsass.exe"
_MODELLED_LIBRARIES = 200  # of one list
_LONGEST_PATH = 259  # characters: MAX_PATH
_OF_WINDOWS = frozenset(
    {
        "CLOUDAP", "CREDSSP", "DIGEST", "DPAPISRV", "EFSLSAEXT", "IISSUBA", "KERBEROS", "LIVESSP", "LSADB", "LSASRV",
        "MSAPSSPC", "MSNSSPC", "MSV1_0", "NEGOEXTS", "NTDSA", "PKU2U", "RASSFM", "SCECLI", "SCHANNEL", "TSPKG", "WDIGEST",
    }
)  # fmt: skip


def plan_lsa(smss: Smss) -> Plan:
    """Each DLL that a value has lsass load, once lsass runs, and the packages that it loads of itself."""
    known: set[str] = set()
    yield from _load_list(smss, LSA_EXTENSIONS, Certainty.C, known)
    yield from _load_own_packages(smss, known)
    for row, certainty in (
        (OS_CONFIG_SECURITY_PACKAGES, Certainty.C),
        (SECURITY_PACKAGES, Certainty.B),
        (AUTHENTICATION_PACKAGES, Certainty.B),
    ):
        yield from _load_list(smss, row, certainty, known)
    for extension in (LSA_DB_EXTENSION, DIRECTORY_SERVICE_EXTENSION):
        setting = smss.settings[extension]
        strings = tuple(CitedString(setting.value, origin) for origin in setting.origins[:1] if setting.value)
        yield from _load(smss, extension.name.rpartition("/")[2], strings, Certainty.B, known)
    yield from _load_list(smss, NOTIFICATION_PACKAGES, Certainty.B, known)
    if applies_to(LSA_INTERFACES, smss.generation):
        interfaces = tuple(CitedString(text.text, text.origin) for text in smss.settings[LSA_INTERFACES].value)
        yield from _load(smss, "Interfaces", interfaces, Certainty.C, known)
    yield from _load_providers(smss, known)
    yield from _load_subauthentication(smss)


def protection_of_lsass(smss: Smss) -> tuple[str, tuple[Origin, ...]]:
    """What RunAsPPL (by policy or by itself) means for lsass of this Windows, '' where it says nothing; and what says so."""
    software = smss.software if smss.generation >= WIN11 else None
    setting = in_force(smss.settings, RUN_AS_PPL, software, POLICY_RUN_AS_PPL)
    if setting.value is None:
        return "", ()
    return _protection_words(setting.value, smss.generation), setting.origins


def _protection_words(value: int, generation: Generation) -> str:
    if generation < WIN81:
        return "RunAsPPL means nothing to this Windows: lsass is not protected."
    if value == 1:
        return "RunAsPPL is 1: lsass runs protected (light), kept so by a variable of the firmware where Secure Boot is on."
    if value == 2 and generation >= WIN11:
        since = ", on 11 from 22H2 on" if generation < WIN11_24H2 else ""
        return f"RunAsPPL is 2: lsass runs protected (light), without a variable of the firmware{since}."
    if value == 2:
        return "RunAsPPL is 2, which Windows takes from 11 22H2 on: lsass is likely not protected here."
    if value == 0:
        return "RunAsPPL is 0: lsass is not protected, unless a variable of the firmware says otherwise."
    return f"RunAsPPL is {value}, which this Windows gives no meaning."


def _is_protected(smss: Smss) -> bool:
    return protection_of_lsass(smss)[0].startswith(("RunAsPPL is 1:", "RunAsPPL is 2: lsass runs"))


def _load_list(smss: Smss, row: Row[tuple[CitedString, ...]], certainty: Certainty, known: set[str]) -> Plan:
    if applies_to(row, smss.generation):
        name = row.name.removeprefix("Lsa/").replace("/", "\\")
        yield from _load(smss, name, smss.settings[row].value, certainty, known)


def _load_own_packages(smss: Smss, known: set[str]) -> Plan:
    names, because = built_in_packages(smss)
    for name in names:
        file = library_file(name)
        if file is not None and fold_name(file.text) not in known:
            known.add(fold_name(file.text))
            yield Request(Step.LSA, PROCESS, LoadLibrary(PROCESS, file, BUILT_IN_LIST), Certainty.C, because)


def _load(smss: Smss, name: str, strings: tuple[CitedString, ...], certainty: Certainty, known: set[str]) -> Plan:
    named = [string for string in strings if string.text.strip() and string.text.strip() != NO_PACKAGE]
    if len(named) > _MODELLED_LIBRARIES:
        text = f"{name} names {len(named)} DLLs; the replay loads the first {_MODELLED_LIBRARIES}."
        yield Problem("packages-not-shown", text, (named[_MODELLED_LIBRARIES].origin,))
    for string in named[:_MODELLED_LIBRARIES]:
        file = library_file(string.text.strip())
        if file is None:
            yield Problem(
                "package-odd", f"{name} has a name that no DLL can have: lsass finds nothing by it.", (string.origin,)
            )
            continue
        action = LoadLibrary(PROCESS, file, name)
        folded = fold_name(file.text)
        withheld = "lsass has loaded it already, for a list before this one" if folded in known else ""
        known.add(folded)
        doubt = "the DLL is signed for a protected lsass" if _needs_signature(smss, string.text) else ""
        yield Request(Step.LSA, PROCESS, action, certainty, (string.origin,), withheld, doubt=doubt)


def _needs_signature(smss: Smss, name: str) -> bool:
    return _is_protected(smss) and fold_name(name.strip()).removesuffix(".DLL") not in _OF_WINDOWS


def _load_providers(smss: Smss, known: set[str]) -> Plan:
    """`SecurityProviders`: one text, parted by commas; loaded by the SSPI of whatever program first looks for a provider."""
    setting = smss.settings[SECURITY_PROVIDERS]
    names = [name.strip() for name in setting.value.split(",", _MODELLED_LIBRARIES)[:_MODELLED_LIBRARIES]]
    for name in filter(None, names):
        file = library_file(name)
        if file is None or fold_name(file.text) in known:
            continue
        doubt = "a program in lsass asks SSPI for its providers"
        request = LoadLibrary(PROCESS, file, "SecurityProviders")
        mark = Certainty.B if smss.generation < VISTA else Certainty.C
        yield Request(Step.LSA, PROCESS, request, mark, setting.origins, doubt=doubt)


def _load_subauthentication(smss: Smss) -> Plan:
    """`Auth<N>`: loaded by the first logon that asks for it; `Auth0` by every logon."""
    for row in (MSV1_0, KERBEROS):
        texts = smss.settings[row].value if applies_to(row, smss.generation) else ()
        package = row.name.rpartition("/")[2]
        if len(texts) > _MODELLED_LIBRARIES:
            text = (
                f"{package} names {len(texts)} DLLs of subauthentication; the replay loads the first {_MODELLED_LIBRARIES}."
            )
            yield Problem("packages-not-shown", text, (texts[_MODELLED_LIBRARIES].origin,))
        for named in texts[:_MODELLED_LIBRARIES]:
            file = library_file(named.text.strip())
            if file is None:
                continue
            number = named.name[4:]
            doubt = "somebody logs on" if number == "0" else f"a logon asks for subauthentication package {number[:10]}"
            action = LoadLibrary(PROCESS, file, f"{package}\\{named.name}")
            yield Request(Step.LSA, PROCESS, action, Certainty.B, (named.origin,), doubt=doubt)


def library_file(name: str) -> NtPath | None:
    r"""The file of a DLL: a name without a folder lies in System32, `.dll` is appended where there is no ending.

    None for what is no file's name. A folder without a drive is taken to start in System32, the current folder of lsass.
    """
    name = name.replace("/", "\\")
    last = name.rpartition("\\")[2]
    if (
        not last
        or len(name) > _LONGEST_PATH
        or any(letter < " " or letter in '"<>|*?' for letter in name.removeprefix("\\\\?\\"))
    ):
        return None
    spelled = name if "." in last else name + ".dll"
    if spelled.startswith(("\\??\\", "\\\\?\\")):
        return NtPath("\\??\\" + spelled[4:])
    if has_drive(spelled):
        return NtPath("\\??\\" + spelled)
    if spelled.startswith("\\\\"):
        return NtPath("\\??\\UNC" + spelled[1:])
    return NtPath("\\SystemRoot\\System32\\" + spelled.lstrip("\\"))
