"""The rules that a SYSTEM hive alone decides, in the order of the catalogue: tuples you can read.

Their families are those of detections.md 1 and 4.C.
"""

from hivecheck.rules import (
    clocks,
    drivers,
    environment,
    host_dlls,
    known_dlls,
    locale_dlls,
    lsa_extensions,
    lsa_packages,
    lsa_posture,
    memory,
    objects,
    print_dlls,
    provisional,
    renames,
    sequences_of_devices,
    sequences_of_protection,
    sequences_of_renames,
    sequences_of_replaced_files,
    sequences_of_settings,
    service_defence,
    service_dlls,
    service_images,
    service_manager,
    service_security,
    service_settings,
    subsystems,
    terminal_services,
)
from hivecheck.rules.autochk import BOOTEXEC_AUTOCHK_ARGS, BOOTEXEC_EMPTIED
from hivecheck.rules.boot_execute import BOOTEXEC_EXTRA, BOOTEXEC_NOPNPSYNC, PLATFORM_EXECUTE_RULE, SM_EXECUTE
from hivecheck.rules.boot_shell import BOOT_SHELL_RULE, GLOBALFLAG_DEBUG_INITIAL_COMMAND, RUN_LEVEL, S0_INITIAL_COMMAND_RULE
from hivecheck.rules.boot_state import BOOT_VERIFICATION, SELECT_MISMATCH, START_OPTIONS
from hivecheck.rules.code_integrity import CI_POLICY, CREDENTIAL_GUARD, DRIVER_BLOCKLIST, ELAM_POLICY, HVCI
from hivecheck.rules.dos_drives import MOUNTED_DEVICES_SWAP
from hivecheck.rules.event_logs import AUTOLOGGER_TAMPER, EVENTLOG_TAMPER
from hivecheck.rules.file_policies import BACKUP_EXCLUSIONS, FS_POLICY
from hivecheck.rules.firewall import FIREWALL_OFF
from hivecheck.rules.hive_state import DIRTY_HIVE, REGF_SLACK_AND_DELETED
from hivecheck.rules.name_resolution import PORTPROXY, TCPIP_HOSTS_RELOCATION
from hivecheck.rules.native_names import NATIVE_NAME_COLLISION, WPBT
from hivecheck.rules.network_providers import NETWORK_PROVIDER, WINSOCK
from hivecheck.rules.odd_names import NAME_OBFUSCATION
from hivecheck.rules.odd_values import MULTISZ_HIDDEN_TAIL, VALUE_TYPE_CONFUSION
from hivecheck.rules.paging import CRASH_CONTROL
from hivecheck.rules.registry_links import KEY_ACL_WEAK, REG_LINK_RULE
from hivecheck.rules.remote_access import SMB_SRV, WINREG_REMOTE
from hivecheck.rules.rule import Rule
from hivecheck.rules.safe_boot_lists import SAFEBOOT_REMOVED, SAFEBOOT_SERVICE_ADDED
from hivecheck.rules.safe_mode import SAFEBOOT_ALTERNATE_SHELL, SAFEBOOT_NEXT
from hivecheck.rules.sequences_of_boot_execute import DISPLACES, SELF_ERASING, SETUP_COMMAND, STAGED
from hivecheck.rules.sequences_of_lists import DRIVER_GONE, HIVE_SWAP, ORDER_FAILURE, UNDO
from hivecheck.rules.service_search import SVC_PSEXEC_ARTEFACTS, SVC_RELATIVE, SVC_UNQUOTED
from hivecheck.rules.setup_execute import SETUP_EXECUTE_RULE, SETUP_OTHER_VALUES
from hivecheck.rules.setup_mode import SETUP_CMDLINE

# Programs that smss runs itself: BootExecute and its kin, the initial command, the boot shell. Source: detections.md 1.1.
PROGRAMS: tuple[Rule, ...] = (
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
# Setup, safe mode, the state of the boot. Source: detections.md 1.7.
SETUP: tuple[Rule, ...] = (
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
# The Service Control Manager and its services.
SERVICES: tuple[Rule, ...] = (
    *service_manager.RULES,
    *service_security.RULES,
    *service_images.RULES,
    SVC_UNQUOTED,
    SVC_RELATIVE,
    *service_dlls.RULES,
    *service_settings.RULES,
    *service_defence.RULES,
    SVC_PSEXEC_ARTEFACTS,
)
# LSA and credential providers.
LSA: tuple[Rule, ...] = (
    *lsa_packages.RULES,
    *lsa_extensions.RULES,
    *lsa_posture.RULES,
    NETWORK_PROVIDER,
)
# Other hosts of DLLs.
LIBRARIES: tuple[Rule, ...] = (*print_dlls.RULES, *host_dlls.RULES, WINSOCK, *locale_dlls.RULES)
# Telemetry, code integrity, crash handling, file system and backups. Source: detections.md 1.11.
DEFENCE: tuple[Rule, ...] = (
    EVENTLOG_TAMPER,
    AUTOLOGGER_TAMPER,
    CRASH_CONTROL,
    CI_POLICY,
    DRIVER_BLOCKLIST,
    HVCI,
    CREDENTIAL_GUARD,
    ELAM_POLICY,
    FS_POLICY,
    BACKUP_EXCLUSIONS,
)
# Network posture: names, forwarded ports, the firewall, shares, the registry from afar. Source: detections.md 1.11.
NETWORK: tuple[Rule, ...] = (TCPIP_HOSTS_RELOCATION, PORTPROXY, FIREWALL_OFF, SMB_SRV, WINREG_REMOTE)
# Tricks with the hive itself: hidden strings and names, links, weak access lists, deleted data. Source: detections.md 1.12.
HIVE_TRICKS: tuple[Rule, ...] = (
    MULTISZ_HIDDEN_TAIL,
    VALUE_TYPE_CONFUSION,
    NAME_OBFUSCATION,
    REG_LINK_RULE,
    REGF_SLACK_AND_DELETED,
    KEY_ACL_WEAK,
    DIRTY_HIVE,
)
# What only the sequence of the boot shows: findings in which several settings, or several rows, work together. Source: detections.md 4.C.
SEQUENCES: tuple[Rule, ...] = (
    *sequences_of_renames.RULES,
    ORDER_FAILURE,
    UNDO,
    *sequences_of_replaced_files.RULES,
    STAGED,
    SELF_ERASING,
    *sequences_of_devices.RULES,
    *sequences_of_settings.RULES,
    DRIVER_GONE,
    HIVE_SWAP,
    *sequences_of_protection.RULES,
    DISPLACES,
    SETUP_COMMAND,
)
SYSTEM_RULES: tuple[Rule, ...] = (
    *PROGRAMS,
    *renames.RULES,
    *known_dlls.RULES,
    *objects.RULES,
    *subsystems.RULES,
    *environment.RULES,
    *memory.RULES,
    *SETUP,
    *SERVICES,
    *drivers.RULES,
    *LSA,
    *LIBRARIES,
    *terminal_services.RULES,
    *DEFENCE,
    *NETWORK,
    *HIVE_TRICKS,
    *SEQUENCES,
    *clocks.RULES,
    *provisional.RULES,
)
