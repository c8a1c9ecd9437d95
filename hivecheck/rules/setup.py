r"""Setup, safe mode, the state of the boot. Source: detections.md 1.7."""

from hivecheck.rules.boot_state import BOOT_VERIFICATION, SELECT_MISMATCH, START_OPTIONS
from hivecheck.rules.mounted_devices import MOUNTED_DEVICES_SWAP
from hivecheck.rules.rule import Rule
from hivecheck.rules.safe_boot_lists import SAFEBOOT_REMOVED, SAFEBOOT_SERVICE_ADDED
from hivecheck.rules.safe_mode import SAFEBOOT_ALTERNATE_SHELL, SAFEBOOT_NEXT
from hivecheck.rules.setup_mode import SETUP_CMDLINE
from hivecheck.rules.setup_values import SETUP_OTHER_VALUES

RULES: tuple[Rule, ...] = (
    SETUP_CMDLINE,
    SETUP_OTHER_VALUES,
    SAFEBOOT_ALTERNATE_SHELL,
    SAFEBOOT_SERVICE_ADDED,
    SAFEBOOT_REMOVED,
    SAFEBOOT_NEXT,
    START_OPTIONS,
    BOOT_VERIFICATION,
    SELECT_MISMATCH,
    MOUNTED_DEVICES_SWAP,
)
