r"""What the machine offers to others without a logon or with too little of one: shares, pipes, the registry from afar.

Source: detections.md 1.11; the lists as shipped are from real hives of NT 4, XP, 7, 10 1709 and 10 1903.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN10_1709, WIN2003
from hivecheck.registry.hive import REG_MULTI_SZ
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role
from hivecheck.settings.setting import read_strings

_SERVER = "Services\\LanmanServer\\Parameters"
_SHARES = "Services\\LanmanServer\\Shares"
_WINREG = "Control\\SecurePipeServers\\winreg"
_OLD_PIPES = frozenset(
    {
        "comnap", "comnode", "sql\\query", "spoolss", "llsrpc", "epmapper", "locator", "netlogon", "lsarpc", "samr", "browser",
        "trkwks", "trksvr", "wkssvc", "srvsvc", "hydralspipe", "termservlicensing", "winreg",
    }
)  # fmt: skip
_PIPES_OF_CONTROLLERS = frozenset(("netlogon", "lsarpc", "samr", "browser"))
_OLD_SHARES = frozenset(("comcfg", "dfs$"))
_USUAL_SHARES = frozenset(("netlogon", "sysvol", "print$", "admin$", "fax$", "users", "remoteinstall", "certenroll"))
_OPEN_PATHS = frozenset(
    {
        "system\\currentcontrolset\\control\\productoptions", "system\\currentcontrolset\\control\\print\\printers",
        "system\\currentcontrolset\\control\\server applications", "system\\currentcontrolset\\control\\contentindex",
        "system\\currentcontrolset\\control\\terminal server", "system\\currentcontrolset\\control\\terminal server\\userconfig",
        "system\\currentcontrolset\\control\\terminal server\\defaultuserconfiguration",
        "system\\currentcontrolset\\services\\eventlog", "system\\currentcontrolset\\services\\replicator",
        "system\\currentcontrolset\\services\\sysmonlog", "software\\microsoft\\olap server",
        "software\\microsoft\\windows nt\\currentversion", "software\\microsoft\\windows nt\\currentversion\\print",
        "software\\microsoft\\windows nt\\currentversion\\windows", "software\\microsoft\\windows nt\\currentversion\\perflib",
        # added by roles of servers
        "system\\currentcontrolset\\services\\certsvc", "system\\currentcontrolset\\services\\wins",
        "system\\currentcontrolset\\services\\dns", "system\\currentcontrolset\\services\\dhcpserver",
    }
)  # fmt: skip


def _check_smb(case: Case) -> Iterator[Hit]:
    yield from _judge_null_sessions(case)
    restricted = cited_number(case, _SERVER, "RestrictNullSessAccess")
    if restricted is not None and restricted.number == 0:
        text = "RestrictNullSessAccess is 0: who has not logged on may use every share and pipe that lets Everyone in."
        yield Hit(text, (restricted.origin,), "RestrictNullSessAccess", Severity.HIGH)
    first = cited_number(case, _SERVER, "SMB1")
    if first is not None and first.number and case.generation >= VISTA:
        answers = "the server answers in the old protocol, which was EternalBlue's way in"
        if case.generation < WIN10_1709:
            text, severity = f"SMB1 is {first.number}: {answers}, as it does here without the value.", Severity.INFO
        else:
            text, severity = f"SMB1 is switched on by this value: {answers}.", Severity.MEDIUM
        yield Hit(text, (first.origin,), "SMB1", severity)
    signed = cited_number(case, _SERVER, "RequireSecuritySignature")
    if (
        signed is not None
        and signed.number == 0
        and case.facts.role.value is Role.DOMAIN_CONTROLLER
        and case.generation >= WIN2003
    ):
        text = "RequireSecuritySignature is 0 on a domain controller, which demands signatures as shipped: sessions can be relayed."
        yield Hit(text, (signed.origin,), "RequireSecuritySignature", Severity.MEDIUM)
    for name in ("AutoShareWks", "AutoShareServer"):
        shared = cited_number(case, _SERVER, name)
        if shared is not None and shared.number == 1:
            text = f"{name} is 1: C$, ADMIN$ and the like are shared, as they are without the value."
            yield Hit(text, (shared.origin,), name, Severity.INFO)
    yield from _judge_shares(case)


def _judge_null_sessions(case: Case) -> Iterator[Hit]:
    old = case.generation < VISTA
    controller = case.facts.role.value is Role.DOMAIN_CONTROLLER
    for name, known in (("NullSessionPipes", _OLD_PIPES), ("NullSessionShares", _OLD_SHARES)):
        what = "pipe" if name == "NullSessionPipes" else "share"
        for string in case.strings(_SERVER, name)[:100]:
            folded = string.text.strip().casefold()
            if not folded or (folded in known and (old or (controller and folded in _PIPES_OF_CONTROLLERS))):
                continue
            text = f"{name} names {string.text}: who has not logged on may open this {what}" + (
                ". Windows before Vista ships it, this one does not." if folded in known else ", which no Windows ships."
            )
            yield Hit(
                text, (string.origin,), f"{name}\\{string.text}", Severity.MEDIUM if folded in known else Severity.HIGH
            )


def _judge_shares(case: Case) -> Iterator[Hit]:
    key = case.key(_SHARES)
    for number, raw in enumerate(key.values() if key is not None else ()):
        if number >= 1_000 or raw.type != REG_MULTI_SZ:
            break
        if raw.name.casefold() in _USUAL_SHARES:
            continue
        fields = {
            name.casefold(): (value, string.origin)
            for string in read_strings(raw).strings
            for name, equals, value in (string.text.partition("="),)
            if equals
        }
        place, origin = fields.get("path", ("", raw.ref))
        if not place or fields.get("type", ("0", origin))[0] not in ("0", "2147483648"):
            continue
        path = case.path(place.rstrip("\\") + "\\share.exe")  # a program in the folder: may users write it there?
        whole = path.drive and path.below_drive == "\\share.exe"
        if whole or path.in_system_folder or path.is_user_writable:
            how = (
                "a whole drive"
                if whole
                else "a folder of Windows"
                if path.in_system_folder
                else "a folder that users can write to"
            )
            text = f"The share {raw.name} offers {place}, {how}, to the network."
            yield Hit(text, (origin,), f"share {raw.name}", Severity.MEDIUM, Confidence.LOW)


def _check_winreg(case: Case) -> Iterator[Hit]:
    above = case.key("Control\\SecurePipeServers")
    if above is not None and case.key(_WINREG) is None:
        text = (
            f"{_WINREG} is missing: its access list is what keeps ordinary users from reading and changing this registry over the "
            "network."
        )
        yield Hit(text, (above.ref,), _WINREG)
    for name in ("AllowedPaths", "AllowedExactPaths"):
        for string in case.strings(f"{_WINREG}\\{name}", "Machine")[:1_000]:
            if string.text.strip().strip("\\").casefold() not in _OPEN_PATHS:
                text = (
                    f"{name} lets everybody who may log on over the network into {string.text}, which Windows does not ship."
                )
                yield Hit(text, (string.origin,), f"{name}\\{string.text}")


SMB_SRV = Rule(
    id="smb-srv",
    family="network",
    title="The file server offers too much",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1021.002",),
    why=(
        "Pipes and shares that are open without a logon, the old protocol SMB 1 and shares of whole drives are ways into the machine "
        "that need no password or a weak one."
    ),
    false_positives=(
        "Old network products that need a pipe without a logon, old devices that need SMB 1.",
        "Folders that a user shares at home.",
    ),
    remedy="Take the name out of NullSessionPipes or NullSessionShares, set RestrictNullSessAccess to 1, delete the share; every control set.",
    sources=("detections.md 1.11",),
    severities="high for what is open without a logon, medium for SMB 1 from 10 1709 on, shares and names that older Windows ships, else info",
    check=_check_smb,
)
WINREG_REMOTE = Rule(
    id="winreg-remote",
    family="network",
    title="The registry is open from the network",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "The access list of SecurePipeServers\\winreg says who may open the registry from another machine; AllowedPaths are open to "
        "everybody whom the keys' own lists let in."
    ),
    false_positives=("Management products and roles of servers that add a path of their own.", "Windows NT before 4.0."),
    remedy="Restore the key and its two lists as shipped in every control set.",
    sources=("detections.md 1.11",),
    check=_check_winreg,
)
