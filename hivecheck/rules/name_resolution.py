r"""Where names and connections are led: the hosts file, name servers set by hand, fixed routes, forwarded ports.

Source: detections.md 1.11.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_SZ, Key
from hivecheck.registry.raw_values import text_in
from hivecheck.registry.strings import decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.cited import CitedText, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.setting import read_strings

_TCPIP = "Services\\Tcpip\\Parameters"
_HOME = "%SystemRoot%\\System32\\drivers\\etc"
_LOCAL_RESOLVERS = (
    "dns",
    "dnscrypt-proxy*",
    "adguard*",
    "acrylic*",
    "unbound*",
    "nextdns*",
    "technitium*",
    "simplednsplus*",
    "cloudflarewarp",
)
_DEVELOPERS = ("lxssmanager", "wslservice", "com.docker.service", "docker", "vmcompute")
_PUBLIC_RESOLVERS = (
    "1.1.1.", "1.0.0.", "8.8.8.8", "8.8.4.4", "9.9.9.", "149.112.112.", "208.67.222.", "208.67.220.", "4.2.2.", "209.244.0.",
    "94.140.14.", "94.140.15.", "76.76.2.", "76.76.10.", "64.6.64.", "64.6.65.", "223.5.5.5", "223.6.6.6", "114.114.114.",
    "114.114.115.", "119.29.29.29", "77.88.8.", "45.90.28.", "45.90.30.", "185.228.168.", "185.228.169.", "84.200.69.80",
    "84.200.70.40", "8.26.56.26", "8.20.247.20", "156.154.70.", "156.154.71.",
)  # fmt: skip
# networks of the DNSChanger gang, seized in 2011 (first and last address by their first three numbers)
_SEIZED = (
    ((85, 255, 112), (85, 255, 127)), ((67, 210, 0), (67, 210, 15)), ((93, 188, 160), (93, 188, 167)),
    ((77, 67, 83), (77, 67, 83)), ((213, 109, 64), (213, 109, 79)), ((64, 28, 176), (64, 28, 191)),
)  # fmt: skip
_SERVERS_TOLD = 50


@fact
class NameServer:
    """An address set by hand, where, and the value that says so."""

    address: str
    where: str
    origin: ValueRef


def _check_hosts(case: Case) -> Iterator[Hit]:
    place = cited_text(case, _TCPIP, "DataBasePath")
    if place is not None and place.text and case.path(place.text).text.rstrip("\\") != case.path(_HOME).text:
        text = (
            f"DataBasePath is {place.text}, not {_HOME}: the files hosts and services are read from there, and whoever may write "
            "there decides where names lead, servers of updates and of security products among them."
        )
        story = (case.thread_of(case.path(place.text)),)
        yield Hit(text, (place.origin,), "DataBasePath", Severity.CRITICAL, Confidence.HIGH, story=story)
    told: set[str] = set()
    for server in _name_servers(case):
        if server.address in told or len(told) >= _SERVERS_TOLD:
            continue
        told.add(server.address)
        numbers = _numbers(server.address)
        if server.address == "::1" or numbers[:1] == (127,):
            if not any(map(case.has_service, _LOCAL_RESOLVERS)):
                text = (
                    f"The name server of {server.where} is {server.address}, this machine itself, and no known name server is set "
                    "up here: whatever listens there answers for every name."
                )
                yield Hit(text, (server.origin,), server.address, Severity.MEDIUM, Confidence.MEDIUM)
        elif any(first <= numbers[:3] <= last for first, last in _SEIZED):
            text = f"The name server of {server.where} is {server.address}, an address of the DNSChanger gang."
            yield Hit(text, (server.origin,), server.address, Severity.MEDIUM, Confidence.HIGH)
        elif numbers and _is_public(numbers) and not server.address.startswith(_PUBLIC_RESOLVERS):
            text = (
                f"The name server of {server.where} is set by hand to {server.address}, a public address that is no well-known "
                "resolver: find out whose it is."
            )
            yield Hit(text, (server.origin,), server.address, Severity.LOW, Confidence.LOW)
    routes = case.key(_TCPIP + "\\PersistentRoutes")
    fixed = [raw for raw in routes.values() if raw.name] if routes is not None else []
    if fixed:
        shown = "; ".join(raw.name for raw in fixed[:3])
        text = f"{len(fixed)} route{'s are' if len(fixed) > 1 else ' is'} fixed (network, mask, gateway, metric): {shown}."
        yield Hit(text, tuple(raw.ref for raw in fixed[:10]), "PersistentRoutes", Severity.INFO, Confidence.HIGH)


def _name_servers(case: Case) -> Iterator[NameServer]:
    whole = cited_text(case, _TCPIP, "NameServer")
    if whole is not None:
        yield from _split(whole, "all interfaces")
    for family in (_TCPIP, "Services\\Tcpip6\\Parameters"):
        for interface in case.subkeys(family + "\\Interfaces"):
            raw = interface.value("NameServer")
            if raw is not None and raw.type in (REG_SZ, REG_EXPAND_SZ) and len(raw.data) > 2:
                text = decode_sz(raw.data).text
                yield from _split(CitedText(text, raw.ref.citing(text)), f"interface {interface.name}")
    for rule in case.subkeys("Services\\Dnscache\\Parameters\\DnsPolicyConfig"):
        servers = rule.value("GenericDNSServers")
        if servers is not None and servers.type in (REG_SZ, REG_EXPAND_SZ):
            names = [string.text for string in read_strings(rule.value("Name")).strings if string.text]
            shown = "all names" if "." in names else f"the names {', '.join(names[:3]) or '(none)'}"
            text = decode_sz(servers.data).text.replace(";", " ")
            yield from _split(CitedText(text, servers.ref.citing(text)), f"{shown}, by a rule of their resolution,")


def _split(text: CitedText, where: str) -> Iterator[NameServer]:
    for address in text.text.replace(",", " ").split()[:_SERVERS_TOLD]:
        yield NameServer(address, where, text.origin)


def _numbers(address: str) -> tuple[int, ...]:
    """The four numbers of an IPv4 address; none for anything else."""
    parts = address.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        return ()
    return tuple(map(int, parts))


def _is_public(numbers: tuple[int, ...]) -> bool:
    first, second = numbers[:2]
    private = (
        first in (0, 10, 127)
        or first >= 224
        or (first, second) in ((192, 168), (169, 254))
        or (first == 172 and 16 <= second <= 31)
        or (first == 100 and 64 <= second <= 127)
    )
    return not private


def _check_portproxy(case: Case) -> Iterator[Hit]:
    developer: bool | None = None
    for kind in ("v4tov4", "v4tov6", "v6tov4", "v6tov6"):
        key: Key | None = case.key(f"Services\\PortProxy\\{kind}\\tcp")
        for number, raw in enumerate(key.values() if key is not None else ()):
            if number >= 200:
                break
            target = text_in(raw)
            numbers = _numbers(target.partition("/")[0])
            near = target.startswith(("localhost", "::1")) or numbers[:1] == (127,) or numbers[:1] == (172,)
            if developer is None:
                developer = any(map(case.has_service, _DEVELOPERS))
            own = developer and near
            text = (
                f"Connections to {raw.name.replace('/', ' port ')} are passed on to {target.replace('/', ' port ') or 'nowhere'} "
                f"({kind}) by the service IP Helper."
                + (" WSL or Docker is set up here and uses such forwards." if own else "")
            )
            yield Hit(
                text,
                (raw.ref.citing(target),),
                f"{kind}\\{raw.name}",
                Severity.MEDIUM if own else None,
                story=("portproxy",),
            )


TCPIP_HOSTS_RELOCATION = Rule(
    id="tcpip-hosts-relocation",
    family="network",
    title="Names are resolved elsewhere: another hosts file, another name server",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1565", "T1562", "T1557"),
    why=(
        "DataBasePath is the folder of the hosts file and is the same in every Windows. Moved, the file that everybody looks at is not "
        "the one in use. A name server set by hand sees and answers all names."
    ),
    false_positives=(
        "Domain controllers and machines with a resolver of their own name 127.0.0.1: not told where it is set up.",
        "Name servers of a provider set by hand: low.",
    ),
    remedy=(
        "Collect the hosts file of the folder named, then set DataBasePath to %SystemRoot%\\System32\\drivers\\etc in every control "
        "set; clear NameServer of interfaces that should use DHCP."
    ),
    sources=("detections.md 1.11",),
    severities="critical for another folder of hosts; medium for a name server on the machine itself or of DNSChanger, low for other public ones, info for fixed routes",
    check=_check_hosts,
)
PORTPROXY = Rule(
    id="portproxy",
    family="network",
    title="Connections to a port are passed on",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1090.001",),
    why=(
        "netsh portproxy makes the machine a relay that survives restarts, with no process of the intruder's own: the key is there and "
        "empty on every Windows from 7 on."
    ),
    false_positives=(
        "Forwards into WSL, Docker or a virtual machine on machines of developers: medium where these are set up.",
    ),
    remedy="Note both addresses, they are hosts to look at; then delete the value in every control set.",
    sources=("detections.md 1.11",),
    severities="medium for a forward to a near address where WSL, Docker or Hyper-V is set up",
    check=_check_portproxy,
)
