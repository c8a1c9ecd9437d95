r"""Pending renames and deletes against security products, and against what an examiner reads. Source: detections.md 1.2."""

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.alarm import EVIDENCE, SECURITY
from hivecheck.rules.rename_telling import REMEDY, SEVERITIES, SOURCES, check_alarms
from hivecheck.rules.rule import Rule, Severity

SECURITY_PRODUCT = Rule(
    id=SECURITY,
    family="renames",
    title="A security product is deleted or moved away at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1485", "T1070.004"),
    why=(
        "smss deletes and renames before the product's services start and needs no fight for open handles. Boot drivers that "
        "are loaded already stay in memory; services, and drivers of the next boot, are gone. Public tools move a parent "
        "folder away, rename the programs in it and move it back; the rows are judged by the true names."
    ),
    false_positives=(
        "The product's own updater: source and target in its own folders, with a new file in the old one's place (low).",
        "Uninstallers: the product's service is gone from this hive or marked for deletion (high, not critical).",
        "Updates of Microsoft Defender delete older platforms and sets of definitions (low).",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "baselines.md 3.3"),
    severities=(
        "critical where a driver, program or folder of the product is deleted or leaves its folders and a service of the "
        "vendor is set up; high for its other programs, for a program renamed within its folder, and for a driver, program or "
        "folder where no service is left; medium for its other files, and for libraries where no service is left; low for "
        "leftovers and updates. " + SEVERITIES
    ),
    check=check_alarms(SECURITY),
)

HIVE_OR_LOG = Rule(
    id=EVIDENCE,
    family="renames",
    title="Registry hives, event logs or other records are replaced or deleted at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1003.002", "T1070.001", "T1561"),
    why=(
        "Up to Windows 7 the hives SAM, SECURITY and SOFTWARE are loaded only after the list, so that a foreign one takes "
        "effect at once (a SAM with known passwords). From 8 on they are open by then and the row likely fails; the intent "
        "stays. Event logs are not open yet and can be deleted."
    ),
    false_positives=(
        "Windows replaces Amcache.hve from Amcache.hve.tmp (silent).",
        "A delete of pagefile.sys as the only row of a Windows XP (low); other paging files are medium.",
        "A user's profile that could not be deleted at once: a delete of its hive is medium.",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "detections.md 4.A"),
    severities="critical for hives, logs, their folders and file system files, high for MEMORY.DMP and a user's hive that is "
    "moved away, medium for paging files and a user's hive that is deleted; not lowered where the row would fail.",
    check=check_alarms(EVIDENCE),
)
