r"""Programs that smss runs itself: BootExecute and its kin, the initial command, the boot shell. Source: detections.md 1.1."""

from hivecheck.rules.autochk import BOOTEXEC_AUTOCHK_ARGS, BOOTEXEC_EMPTIED
from hivecheck.rules.boot_execute import BOOTEXEC_EXTRA
from hivecheck.rules.boot_shell import BOOT_SHELL_RULE, RUN_LEVEL
from hivecheck.rules.command_lists import BOOTEXEC_NOPNPSYNC, PLATFORM_EXECUTE_RULE, SM_EXECUTE
from hivecheck.rules.initial_command import GLOBALFLAG_DEBUG_INITIAL_COMMAND, S0_INITIAL_COMMAND_RULE
from hivecheck.rules.native_names import NATIVE_NAME_COLLISION, WPBT
from hivecheck.rules.rule import Rule
from hivecheck.rules.setup_execute import SETUP_EXECUTE_RULE

RULES: tuple[Rule, ...] = (
    BOOTEXEC_EXTRA,
    BOOTEXEC_EMPTIED,
    BOOTEXEC_AUTOCHK_ARGS,
    BOOTEXEC_NOPNPSYNC,
    PLATFORM_EXECUTE_RULE,
    SETUP_EXECUTE_RULE,
    SM_EXECUTE,
    S0_INITIAL_COMMAND_RULE,
    BOOT_SHELL_RULE,
    RUN_LEVEL,
    GLOBALFLAG_DEBUG_INITIAL_COMMAND,
    WPBT,
    NATIVE_NAME_COLLISION,
)
