r"""What the machine is: its role, edition, service pack, architecture and name, guessed from the hive alone.

Each guess has one main value and, where there is one, a second that ought to agree. Texts stay as spelled in the hive.
Sources: baselines.md 2.0, 2.7; smss.md B13.5 (PROCESSOR_* are rewritten at each boot); the product numbers and processor
numbers of Microsoft's GetProductInfo and SYSTEM_INFO pages; real hives of NT 4, XP x64, 7, 10 1709 and 10 1903.
"""

from collections.abc import Iterator
from enum import Enum

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.guess import Guess, Reason, no_guess
from hivecheck.settings.machine_keys import Found, MachineKeys
from hivecheck.settings.version_marks import CONTROL_WINDOWS, ENVIRONMENT, KNOWN_DLLS, PRODUCT_OPTIONS, SESSION_MANAGER

COMPUTER_NAME = r"Control\ComputerName\ComputerName"
ACTIVE_COMPUTER_NAME = r"Control\ComputerName\ActiveComputerName"
TCPIP = r"Services\Tcpip\Parameters"
NETBIOS_LETTERS = 15  # a computer name is the host name, cut


class Role(Enum):
    """What the machine was installed as."""

    WORKSTATION = "workstation"
    SERVER = "server"
    DOMAIN_CONTROLLER = "domain controller"


_ROLES = {"WINNT": Role.WORKSTATION, "SERVERNT": Role.SERVER, "LANMANNT": Role.DOMAIN_CONTROLLER}
_SUITES = {
    "PERSONAL": "Home",
    "ENTERPRISE": "Enterprise",
    "DATACENTER": "Datacenter",
    "BLADE": "Web",
    "SMALL BUSINESS": "Small Business",
    "SMALL BUSINESS(RESTRICTED)": "Small Business",
    "STORAGE SERVER": "Storage",
    "COMPUTE SERVER": "Compute Cluster",
    "EMBEDDEDNT": "Embedded",
}
_PRODUCTS = {
    1: "Ultimate", 2: "Home Basic", 3: "Home Premium", 4: "Enterprise", 5: "Home Basic N", 6: "Business",
    7: "Server Standard", 8: "Server Datacenter", 9: "Small Business Server", 10: "Server Enterprise", 11: "Starter",
    12: "Server Datacenter (core)", 13: "Server Standard (core)", 14: "Server Enterprise (core)", 16: "Business N",
    17: "Web Server", 26: "Home Premium N", 27: "Enterprise N", 28: "Ultimate N", 33: "Server Foundation",
    36: "Server Standard without Hyper-V", 42: "Hyper-V Server", 48: "Professional", 49: "Professional N",
    50: "Small Business Server Essentials", 64: "Cluster Server", 65: "Embedded", 72: "Enterprise Evaluation",
    79: "Server Standard Evaluation", 80: "Server Datacenter Evaluation", 84: "Enterprise N Evaluation", 98: "Home N",
    99: "Home China", 100: "Home Single Language", 101: "Home", 103: "Professional with Media Center",
    121: "Education", 122: "Education N", 123: "IoT Core", 125: "Enterprise LTSC", 126: "Enterprise LTSC N",
    129: "Enterprise LTSC Evaluation", 143: "Server Datacenter Nano", 144: "Server Standard Nano",
    145: "Server Datacenter (semi-annual)", 146: "Server Standard (semi-annual)", 161: "Professional for Workstations",
    162: "Professional for Workstations N", 164: "Professional Education", 165: "Professional Education N",
    175: "Enterprise multi-session", 188: "IoT Enterprise", 191: "IoT Enterprise LTSC", 407: "Server Datacenter: Azure",
}  # fmt: skip


def guess_role(keys: MachineKeys) -> Guess[Role]:
    """From `ProductType`, which the kernel guards against change while Windows runs, but nobody offline."""
    found = keys.text(PRODUCT_OPTIONS, "ProductType")
    if found is None:
        return no_guess("ProductOptions has no usable ProductType.", *keys.key_ref(PRODUCT_OPTIONS))
    role = _ROLES.get(found.value.upper())
    if role is None:
        text = f"ProductType is {found.value}, which no Windows writes."
        keys.report("unknown-product-type", text, found.ref)
        return no_guess(text, found.ref)
    return Guess(role, Confidence.HIGH, (Reason(f"ProductType is {found.value}: a {role.value}.", (found.ref,)),))


def guess_edition(keys: MachineKeys) -> Guess[str]:
    """The product (Vista and later) or what `ProductSuite` says of it (before). `Professional`, `Home`, `Enterprise`, ..."""
    product = _product_of_policy(keys)
    name = keys.text(PRODUCT_OPTIONS, "OSProductPfn")
    if product is not None:
        edition = _PRODUCTS.get(product.value, f"product {product.value}")
        reasons = [Reason(f"ProductPolicy holds Kernel-ProductInfo {product.value}: {edition}.", (product.ref,))]
        if name is None:
            return Guess(edition, Confidence.MEDIUM, tuple(reasons))
        agrees = name.value.upper().startswith(f"MICROSOFT.WINDOWS.{product.value}.")
        reasons.append(Reason(f"OSProductPfn {'agrees' if agrees else 'disagrees'}: {name.value}.", (name.ref,)))
        return Guess(edition, Confidence.HIGH if agrees else Confidence.LOW, tuple(reasons))
    suites = keys.strings(PRODUCT_OPTIONS, "ProductSuite")
    named = next((_SUITES[text.upper()] for text in suites.value if text.upper() in _SUITES), None) if suites else None
    if suites is None or named is None:
        return no_guess("Neither ProductPolicy nor ProductSuite names an edition.", *keys.key_ref(PRODUCT_OPTIONS))
    listed = ", ".join(suites.value)
    return Guess(named, Confidence.MEDIUM, (Reason(f"ProductSuite lists {listed}: {named}.", (suites.ref,)),))


def _product_of_policy(keys: MachineKeys) -> Found[int] | None:
    """The number at the policy `Kernel-ProductInfo`: behind its name, whose header of 16 bytes gives the sizes."""
    policy = keys.binary(PRODUCT_OPTIONS, "ProductPolicy")
    if policy is None:
        return None
    name = "Kernel-ProductInfo".encode("utf-16-le")
    start = policy.value.find(name)
    sizes = policy.value[start - 14 : start - 8] if start >= 16 else b""
    number = policy.value[start + len(name) :][:4]
    if sizes != len(name).to_bytes(2, "little") + b"\x04\x00\x04\x00" or len(number) != 4:
        keys.report("damaged-policy", "ProductPolicy has no readable Kernel-ProductInfo.", policy.ref)
        return None
    product = int.from_bytes(number, "little")
    return Found(product, policy.stored, f"Kernel-ProductInfo = {product}")


def guess_service_pack(keys: MachineKeys) -> Guess[int]:
    """The number of the service pack, 0 for none; Windows 8 and later have none. From the second byte of `CSDVersion`."""
    found = keys.number(CONTROL_WINDOWS, "CSDVersion")
    if found is None:
        return no_guess(r"Control\Windows has no usable CSDVersion.", *keys.key_ref(CONTROL_WINDOWS))
    pack = found.value >> 8
    if pack > 9:
        text = f"CSDVersion is {found.value:#x}, which is no service pack."
        keys.report("unknown-service-pack", text, found.ref)
        return no_guess(text, found.ref)
    text = f"service pack {pack}" if pack else "no service pack"
    return Guess(pack, Confidence.HIGH, (Reason(f"CSDVersion is {found.value:#x}: {text}.", (found.ref,)),))


@fact
class _Sign:
    """A sign of the architectures it fits, and how much it counts."""

    fits: tuple[str, ...]
    weight: int
    text: str
    origin: Origin


ARCHITECTURES = ("x86", "AMD64", "ARM64", "IA64", "ARM", "ALPHA", "MIPS", "PPC")
_SIXTY_FOUR_BIT = ("AMD64", "ARM64", "IA64")
_PROCESSOR_WORDS = (
    ("X86 ", "x86"),
    ("INTEL64 ", "AMD64"),
    ("AMD64 ", "AMD64"),
    ("EM64T ", "AMD64"),
    ("ARMV8", "ARM64"),
    ("IA64", "IA64"),
)
_PROCESSOR_NUMBERS = {0: "x86", 5: "ARM", 6: "IA64", 9: "AMD64", 12: "ARM64"}
_BUILD_WORDS = ((".X86FRE.", "x86"), (".AMD64FRE.", "AMD64"), (".ARM64FRE.", "ARM64"), (".IA64FRE.", "IA64"))


def guess_architecture(keys: MachineKeys) -> Guess[str]:
    """`x86`, `AMD64`, `ARM64` or `IA64`, as PROCESSOR_ARCHITECTURE spells it: that of Windows, not of the processor."""
    signs = tuple(_signs_of_architecture(keys))
    if not signs:
        return no_guess("Nothing in the hive tells the architecture.", *keys.key_ref(ENVIRONMENT))
    scores = {name: sum(sign.weight for sign in signs if name in sign.fits) for name in ARCHITECTURES}
    best = max(ARCHITECTURES, key=lambda name: scores[name])
    agreeing = [sign for sign in signs if best in sign.fits]
    against = [sign for sign in signs if best not in sign.fits]
    reasons = [Reason(f"{sign.text}.", (sign.origin,)) for sign in agreeing]
    reasons += [Reason(f"Speaks against it: {sign.text}.", (sign.origin,)) for sign in against]
    if against:
        opposed = sum(sign.weight for sign in against)
        confidence = Confidence.MEDIUM if opposed * 2 <= scores[best] else Confidence.LOW
    else:
        confidence = Confidence.HIGH if len(agreeing) > 1 else Confidence.MEDIUM
    return Guess(best, confidence, tuple(reasons))


def _signs_of_architecture(keys: MachineKeys) -> Iterator[_Sign]:
    spelled = {name.upper(): name for name in ARCHITECTURES}
    named = keys.text(ENVIRONMENT, "PROCESSOR_ARCHITECTURE")
    if named is not None and named.value.upper() in spelled:
        name = spelled[named.value.upper()]
        yield _Sign((name,), 3, f"PROCESSOR_ARCHITECTURE is {named.value}", named.ref)
    elif named is not None:
        message = f"PROCESSOR_ARCHITECTURE is {named.value}, which Windows runs on none of."
        keys.report("unknown-architecture", message, named.ref)
    processor = keys.text(ENVIRONMENT, "PROCESSOR_IDENTIFIER")
    for word, name in _PROCESSOR_WORDS if processor else ():
        if processor and processor.value.upper().startswith(word):
            yield _Sign((name,), 1, f"PROCESSOR_IDENTIFIER is {processor.value}", processor.ref)
    drivers = keys.number("\\DriverDatabase", "Architecture")
    if drivers is not None and drivers.value in _PROCESSOR_NUMBERS:
        name = _PROCESSOR_NUMBERS[drivers.value]
        yield _Sign((name,), 3, f"The driver database is of architecture {drivers.value}, {name}", drivers.ref)
    lab = keys.text(CONTROL_WINDOWS, "ShutdownStopTimePerfCounterBuildLabEx")
    for word, name in _BUILD_WORDS if lab else ():
        if lab and word in lab.value.upper():
            yield _Sign((name,), 2, f"The build that shut down is {lab.value}", lab.ref)
    for path, value in ((KNOWN_DLLS, "DllDirectory32"), (SESSION_MANAGER + r"\SFC", "ProgramFilesDir (x86)")):
        directory = keys.text(path, value)
        if directory is not None:
            yield _Sign(_SIXTY_FOUR_BIT, 1, f"{value} is there, which only 64-bit Windows has", directory.ref)


def guess_computer_name(keys: MachineKeys) -> Guess[str]:
    """The NetBIOS name, as spelled; the host name of TCP/IP ought to begin with it."""
    name = keys.text(COMPUTER_NAME, "ComputerName")
    host = keys.text(TCPIP, "Hostname") or keys.text(TCPIP, "NV Hostname")
    active = keys.text(ACTIVE_COMPUTER_NAME, "ComputerName")
    stored: tuple[Reason, ...] = ()
    if active is not None:
        text = f"ActiveComputerName is stored in the hive: {active.value}. It is volatile, so Windows itself never saves it."
        stored = (Reason(text, (active.ref,)),)
    only = name or host
    if only is None:
        text = "The hive has neither a computer name nor a host name."
        return Guess(None, Confidence.LOW, (Reason(text, keys.key_ref(COMPUTER_NAME)), *stored))
    if name is None or host is None:
        text = f"{only.stored.value} is {only.value}; there is no second name to confirm it."
        return Guess(only.value, Confidence.MEDIUM if name else Confidence.LOW, (Reason(text, (only.ref,)), *stored))
    reasons = (Reason(f"ComputerName is {name.value}.", (name.ref,)),)
    if fold_name(host.value)[:NETBIOS_LETTERS] == fold_name(name.value)[:NETBIOS_LETTERS]:
        agreement = Reason(f"The host name of TCP/IP agrees: {host.value}.", (host.ref,))
        return Guess(name.value, Confidence.HIGH, (*reasons, agreement, *stored))
    text = f"The host name of TCP/IP is {host.value}: a name changed since the last boot, or by hand."
    return Guess(name.value, Confidence.MEDIUM, (*reasons, Reason(text, (host.ref,)), *stored))
