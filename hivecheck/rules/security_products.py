r"""Security products by their folders and drivers: what an attacker wants gone at boot. Source: baselines.md 3.3.

Names are folded and compared with comparable paths (`paths.comparable`), so that no other spelling slips by. A whole name is
that of a product wherever it lies; one that only begins like a vendor's drivers is so in the folders of drivers alone.
"""

from functools import lru_cache

from hivecheck.facts.fact import fact
from hivecheck.rules.paths import Comparable
from hivecheck.settings.services import Service


@fact
class Product:
    """One vendor's products: folders (anywhere in a path) and names of files, with `*` for any letters."""

    vendor: str
    folders: tuple[str, ...]
    files: tuple[str, ...] = ()


PRODUCTS: tuple[Product, ...] = (
    Product(
        "Microsoft Defender",
        (
            "\\windows defender\\", "\\windows defender advanced threat protection\\",
            "\\programdata\\microsoft\\windows defender\\", "\\microsoft security client\\",
        ),
        ("wdfilter.sys", "wdboot.sys", "wdnisdrv.sys", "wddevflt.sys", "mpksl*.sys", "msmpeng.exe", "mpdefendercoreservice.exe", "nissrv.exe", "mssense.exe", "mssecflt.sys"),
    ),
    Product("CrowdStrike", ("\\crowdstrike\\",), ("csagent.sys", "csdevicecontrol.sys", "csfirmwareanalysis.sys", "csboot.sys")),
    Product("Elastic", ("\\program files\\elastic\\",), ("elastic-endpoint-driver.sys", "elasticelam.sys", "elastic-endpoint.exe")),
    Product("SentinelOne", ("\\sentinelone\\",), ("sentinelmonitor.sys", "sentinelelam.sys")),
    Product("Trend Micro", ("\\trend micro\\",), ("tmbmsrv*", "tmcomm.sys", "tmevtmgr.sys", "tmactmon.sys")),
    Product("McAfee / Trellix", ("\\mcafee\\", "\\trellix\\"), ("mfe*.sys",)),
    Product("FireEye", ("\\fireeye\\",), ("fekern.sys", "xagt.exe")),
    Product("Sophos", ("\\sophos\\",), ("sophosed.sys", "hmpalert.sys", "savonaccess.sys", "sophosel.sys")),
    Product("Symantec / Broadcom", ("\\symantec\\", "\\broadcom\\symantec\\"), ("srtsp*.sys", "symefasi*.sys", "symevent*.sys", "ex64.sys", "symelam.sys", "ccsetx*.sys")),
    Product("Kaspersky", ("\\kaspersky lab\\",), ("klif.sys", "klhk.sys", "klelam.sys", "klids.sys")),
    Product("ESET", ("\\eset\\",), ("eamonm.sys", "ehdrv.sys", "ekbdflt.sys", "eelam.sys")),
    Product("Bitdefender", ("\\bitdefender\\",), ("trufos.sys", "atc.sys", "gzflt.sys", "vsserv.exe", "bdelam.sys")),
    Product("Avast", ("\\avast software\\",), ("asw*.sys",)),
    Product("AVG", ("\\avg\\",), ("avg*.sys",)),
    Product("Malwarebytes", ("\\malwarebytes\\",), ("mbam*.sys", "flightrecorder.sys")),
    Product("Palo Alto Cortex", ("\\palo alto networks\\traps\\",), ("cyverak.sys", "cyvrmtgn.sys", "tedrdrv.sys", "telam.sys")),
    Product("Carbon Black", ("\\confer\\", "\\carbonblack\\", "\\cbdefense\\", "\\bit9\\"), ("ctifile.sys", "ctinet.sys", "carbonblackk.sys", "parity.sys", "cbelam.sys")),
    Product("Cylance", ("\\cylance\\",), ("cyoptics.sys", "cydevflt*.sys")),
    Product("Cybereason", ("\\cybereason activeprobe\\",), ("craycrd.sys",)),
    Product("Cisco AMP", ("\\cisco\\amp\\",), ("immunet*.sys", "ciscoam*.sys")),
    Product("Check Point", ("\\checkpoint\\",), ("epklib*.sys",)),
    Product("Fortinet", ("\\fortinet\\",), ("fortiedr*.sys", "fortishield.sys")),
    Product("WithSecure / F-Secure", ("\\f-secure\\", "\\withsecure\\"), ("fsulgk*.sys",)),
    Product("Webroot", ("\\webroot\\",), ("wrkrn.sys",)),
    Product("Tanium", ("\\tanium\\",)),
    Product("Sysmon", (), ("sysmon.exe", "sysmon64.exe", "sysmondrv.sys")),
    Product("Wazuh", ("\\ossec-agent\\",)),
    Product("Velociraptor", ("\\velociraptor\\",)),
    Product("osquery", ("\\osquery\\",)),
    Product("Splunk", ("\\splunkuniversalforwarder\\",)),
    Product("NXLog", ("\\nxlog\\",)),
    Product("Winlogbeat", ("\\winlogbeat\\",)),
    Product("Filebeat", ("\\filebeat\\",)),
    Product("LimaCharlie", ("\\limacharlie\\",), ("hcp_*.sys",)),
    Product("Huntress", ("\\huntress\\",)),
    Product("Qualys", ("\\qualys\\",)),
    Product("Rapid7", ("\\rapid7\\",)),
    Product("Tenable", ("\\tenable\\nessus agent\\",)),
    Product("Deep Instinct", ("\\deep instinct\\",)),
    Product("Morphisec", ("\\morphisec\\",)),
    Product("360 Total Security", ("\\360\\",), ("360fsflt.sys",)),
    Product("AhnLab", ("\\ahnlab\\",)),
    Product("Dr.Web", ("\\drweb\\",)),
    Product("G Data", ("\\g data\\",)),
    Product("Panda", ("\\panda security\\",)),
    Product("Tencent PC Manager", ("\\tencent\\qqpcmgr\\",), ("taokernelex64_ev.sys",)),
    Product("Rising", ("\\rising\\",)),
)  # fmt: skip

_SERVICES: tuple[tuple[str, str], ...] = (
    ("windefend", "Microsoft Defender"), ("wdfilter", "Microsoft Defender"), ("wdboot", "Microsoft Defender"),
    ("wdnisdrv", "Microsoft Defender"), ("wdnissvc", "Microsoft Defender"), ("sense", "Microsoft Defender"),
    ("mssecflt", "Microsoft Defender"), ("csagent", "CrowdStrike"), ("csfalconservice", "CrowdStrike"),
    ("elasticendpoint", "Elastic"), ("elastic-endpoint-driver", "Elastic"), ("sentinelagent", "SentinelOne"),
    ("sentinelmonitor", "SentinelOne"), ("sysmon", "Sysmon"), ("sysmon64", "Sysmon"), ("sysmondrv", "Sysmon"),
    ("cyserver", "Palo Alto Cortex"), ("cyveraservice", "Palo Alto Cortex"), ("cbdefense", "Carbon Black"),
    ("carbonblack", "Carbon Black"), ("parity", "Carbon Black"), ("cylancesvc", "Cylance"), ("mbamservice", "Malwarebytes"),
    ("savservice", "Sophos"), ("sophosed", "Sophos"), ("ekrn", "ESET"), ("avp", "Kaspersky"), ("klif", "Kaspersky"),
    ("vsserv", "Bitdefender"), ("mcshield", "McAfee / Trellix"), ("mfehidk", "McAfee / Trellix"), ("mfefirek", "McAfee / Trellix"),
    ("xagt", "FireEye"), ("wrsvc", "Webroot"), ("huntressagent", "Huntress"), ("velociraptor", "Velociraptor"),
    ("wazuhsvc", "Wazuh"), ("ossecsvc", "Wazuh"), ("osqueryd", "osquery"), ("splunkforwarder", "Splunk"),
    ("tmbmserver", "Trend Micro"), ("tmlisten", "Trend Micro"), ("ntrtscan", "Trend Micro"),
    ("elastic-endpoint", "Elastic"), ("winlogbeat", "Winlogbeat"), ("filebeat", "Filebeat"), ("nxlog", "NXLog"), ("tanium client", "Tanium"),
    ("qualysagent", "Qualys"), ("ir_agent", "Rapid7"), ("tenable nessus agent", "Tenable"),
    ("sepmasterservice", "Symantec / Broadcom"), ("cybereasonactiveprobe", "Cybereason"), ("avast! antivirus", "Avast"),
    ("morphisecprotectorservice", "Morphisec"), ("deepmgmtservice", "Deep Instinct"), ("fa_scheduler", "Fortinet"),
)  # fmt: skip

_NAMES = {name: product.vendor for product in PRODUCTS for name in product.files if "*" not in name}
_PATTERNS = tuple((*name.split("*"), product.vendor) for product in PRODUCTS for name in product.files if "*" in name)
_STARTS = tuple(start for start, _, _ in _PATTERNS)
_FOLDERS = tuple((folder, product.vendor) for product in PRODUCTS for folder in product.folders)
_FOLDER_NAMES = frozenset(folder.rsplit("\\", 2)[1] for folder, _ in _FOLDERS)  # of the lowest ones
_WHOLE_FOLDERS = (
    *(folder for folder, _ in _FOLDERS),
    "\\windows defender\\platform\\",
    "\\windows defender\\definition updates\\",
)
_BY_SERVICE = dict(_SERVICES)
_DRIVERS = {name: vendor for name, vendor in _NAMES.items() if name.endswith(".sys")}
_BY_WHOLE_NAME = {**_DRIVERS, **{name.removesuffix(".sys"): vendor for name, vendor in _DRIVERS.items()}, **_BY_SERVICE}
_DRIVER_FOLDERS = (
    "\\windows\\system32\\drivers\\", "\\windows\\system32\\driverstore\\", "\\windows\\elambkup\\",
    "\\winnt\\system32\\drivers\\",
)  # fmt: skip
_NO_SCANNERS = frozenset(
    {
        "Sysmon", "Tanium", "Wazuh", "Velociraptor", "osquery", "Splunk", "NXLog", "Winlogbeat", "Filebeat", "LimaCharlie", "Huntress",
        "Qualys", "Rapid7", "Tenable",
    }
)  # fmt: skip


_SENSOR_GROUPS = ("fsfilter anti-virus", "fsfilter activity monitor", "early-launch")
_ANTIMALWARE = 3  # of LaunchProtected: antimalware-light
_NO_SENSORS = ("filetrace", "appvvemgr", "appvvfs", "procmon")  # of these groups: Windows' own, and Process Monitor


def sensor_mark(service: Service) -> str:
    """What marks a service as a sensor, whoever its vendor: its group, or its protection, in words; '' where neither does."""
    if service.is_driver and service.group and service.group.casefold().startswith(_SENSOR_GROUPS):
        return "" if service.name.casefold().startswith(_NO_SENSORS) else f"its group {service.group}"
    if service.is_process and service.launch_protected == _ANTIMALWARE:
        return f"its protection as antimalware (LaunchProtected {_ANTIMALWARE})"
    return ""


def vendor_of_path(path: Comparable) -> str:
    """The vendor whose security product a path belongs to, '' where none is known. A folder itself counts as well."""
    return _NAMES.get(path.name, "") or vendor_of_folder(path) or _vendor_of_driver(path)


def _vendor_of_driver(path: Comparable) -> str:
    """The vendor whose drivers' names begin like this one, for a file in a folder of drivers; '' for all others."""
    return _vendor_of_name(path.name) if path.below_drive.startswith(_DRIVER_FOLDERS) else ""


def vendor_of_program(service: str, path: Comparable) -> str:
    """The vendor of a service or driver by its name, where the file that it runs does not speak against that; '' for none.

    A whole name counts whatever runs: an attacker may have swapped the file. One that only begins like a vendor's drivers
    counts where the file is one of that vendor's.
    """
    folded = service.casefold()
    known = _BY_WHOLE_NAME.get(folded, "")
    if known or not folded.startswith(_STARTS):
        return known
    likely = vendor_of_service(service)
    return likely if likely and likely == vendor_of_path(path) else ""


def is_scanner(vendor: str) -> bool:
    """Whether a vendor's product takes Defender's place: agents that only gather events or ask questions do not."""
    return vendor not in _NO_SCANNERS and vendor != "Microsoft Defender"


def vendor_of_folder(path: Comparable) -> str:
    """The vendor in whose folders a path lies, whatever its own name; '' for none. A folder itself counts as well."""
    return _vendor_below(path.text if path.name in _FOLDER_NAMES else path.folder)


@lru_cache(maxsize=4_000)
def _vendor_below(folder: str) -> str:
    """The first vendor one of whose folders stands in a folded path: many files lie in the same folders."""
    if _FOLDER_NAMES.isdisjoint(folder.split("\\")):
        return ""
    text = folder + "\\"
    return next((vendor for one, vendor in _FOLDERS if one in text), "")


def is_product_file(name: str) -> bool:
    """Whether a folded file name is that of a driver or program by which a security product is known."""
    return bool(_vendor_of_name(name))


def is_product_folder(path: Comparable) -> bool:
    """Whether a path is that of a folder which holds a whole product, or all of what it runs."""
    return (path.text + "\\").endswith(_WHOLE_FOLDERS)


def vendor_of_service(name: str) -> str:
    """The vendor whose services or drivers are named so, or begin so, '' where none is known. A name alone proves nothing."""
    folded = name.casefold()
    return _BY_SERVICE.get(folded, "") or _vendor_of_name(folded + ".sys")


def vendor_of_service_name(name: str) -> str:
    """The same by whole names only, with none that merely begins like a vendor's drivers."""
    return _BY_WHOLE_NAME.get(name.casefold(), "")


def _vendor_of_name(name: str) -> str:
    vendor = _NAMES.get(name, "")
    if vendor or not name.startswith(_STARTS):
        return vendor
    return next((who for start, end, who in _PATTERNS if name.startswith(start) and name.endswith(end)), "")
