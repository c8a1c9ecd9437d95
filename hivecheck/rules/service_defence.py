r"""Services that watch the machine: switched off, less protected, made to wait for what never comes, or gone.

How each one starts as shipped stands in `watched_services`. Source: detections.md 1.8, 4.C; baselines.md.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules import service_depends
from hivecheck.rules.case import Case
from hivecheck.rules.disabled_sensors import check_disabled
from hivecheck.rules.lost_sensors import check_lost, check_swapped
from hivecheck.rules.lost_services import check_lost_services
from hivecheck.rules.missing_sensors import SVC_MISSING_SENSOR_BINARY
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.sensor_protection import check_protection

_REPAIR = "Restore Start, LaunchProtected and DependOnService as shipped in every control set, then restart and look again."


def _check_defence(case: Case) -> Iterator[Hit]:
    yield from check_disabled(case)
    yield from check_protection(case)
    yield from check_lost(case)
    yield from check_lost_services(case)
    yield from check_swapped(case)


SVC_DISABLED_DEFENCE = Rule(
    id="svc-disabled-defence",
    family="services",
    title="A service that watches or protects the machine does not start",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1562.002", "T1562.004", "T1490"),
    why=(
        "One number, Start, keeps the event log, the firewall, Defender, shadow copies or a vendor's sensor from running after "
        "the next boot; LaunchProtected is what keeps an administrator from ending the protected ones. A service key that was "
        "deleted, or whose ImagePath names another file, ends a sensor as well: other control sets, the lists of safe mode and "
        "the other services of the product still tell of it. So it is with the services of Windows itself: a type that is none of "
        "a service, a start type that Windows does not know, DeleteFlag, another account or group of svchost, or no file to run, does "
        "the same without a word."
    ),
    false_positives=(
        "Another virus scanner switches Defender off: then it is only told.",
        "Servers without SysMain; images for virtual desktops without updates, backup or SysMain.",
        "A product that is just uninstalled marks its services as deleted (high, low confidence where it is all of them).",
        "A product uninstalled since the last good boot is missing from the set that boots only (medium).",
        "Servers and images without Defender, where nothing else says that it was there (low).",
        "Images that were stripped of services of Windows.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "baselines.md 3.3"),
    severities=(
        "critical for EventLog, BFE and a vendor's program; high for Defender, the firewall, shadow copies, Sysmon and a vendor's "
        "driver; medium for others; one step less for `demand` in place of an automatic start; info for Defender beside another scanner, medium "
        "where one service is all that tells of it; high for a sensor that is marked as deleted; high for a "
        "sensor whose service is gone or runs another file, medium where all of its product is gone, low without any trace; a "
        "service of Windows that is gone, or can't be started by its type or without a file, as one that is disabled"
    ),
    check=_check_defence,
)
RULES: tuple[Rule, ...] = (SVC_DISABLED_DEFENCE, SVC_MISSING_SENSOR_BINARY, *service_depends.RULES)
