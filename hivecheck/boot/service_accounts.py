r"""The account that a service runs as: which of Windows' own it is, since when Windows has it, and whether it must be logged on.

Source: "Service User Accounts", "LocalService Account" and "NetworkService Account" of the Windows documentation (XP and later);
"Service Accounts Step-by-Step Guide" (virtual accounts, 7 and Server 2008 R2); ReactOS services/database.c for 2003.
"""

from hivecheck.facts.generation import WIN7, XP, Generation
from hivecheck.registry.hive import fold_name

LOCAL_SYSTEM = "LocalSystem"
_AUTHORITY = "NT AUTHORITY\\"
_VIRTUAL = "NT SERVICE\\"
_SYSTEM = frozenset({"", "LOCALSYSTEM", ".\\LOCALSYSTEM", "SYSTEM"})
_OF_XP = frozenset({"LOCALSERVICE", "LOCAL SERVICE", "NETWORKSERVICE", "NETWORK SERVICE"})


def is_own_account(account: str) -> bool:
    """Whether it is one of Windows' own three. None stored is LocalSystem."""
    return _bare(account) in _SYSTEM | _OF_XP


def same_account(account: str) -> str:
    """What two services must have alike to share a process: the folded name, one for all spellings of LocalSystem."""
    return fold_name(LOCAL_SYSTEM) if _bare(account) in _SYSTEM else fold_name(account)


def unknown_account(account: str, generation: Generation) -> str:
    """Why this Windows has no such account, so that the service can't be logged on; '' where it has, or may have."""
    if _bare(account) in _OF_XP and generation < XP:
        return f"its account {account} exists in XP and later only, and so it can't be logged on"
    if fold_name(account.strip()).startswith(_VIRTUAL) and generation < WIN7:
        return f"its account {account} is a virtual one, of 7 and later only, and so it can't be logged on"
    return ""


def logon_doubt(account: str, service: str) -> str:
    """What must hold for services.exe to log a service on with a password; '' for an account that needs none."""
    if is_own_account(account) or fold_name(account.strip()).startswith(_VIRTUAL):
        return ""
    return f"the account {account} exists, and LSA has its password stored as the secret _SC_{service}"


def _bare(account: str) -> str:
    return fold_name(account.strip()).removeprefix(_AUTHORITY)
