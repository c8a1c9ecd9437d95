"""The steps of the boot by name, as short as they stand before a line. What each is for is told in `view`."""

from hivecheck.boot.plan import Step

STEP_NAMES = {
    Step.LOAD_CONTROL_SET: "Control set",
    Step.BOOT_DRIVERS: "Drivers",
    Step.READ_SETTINGS: "Settings",
    Step.OBJECT_DIRECTORIES: "Directories",
    Step.DOS_DEVICES: "DOS devices",
    Step.BOOT_EXECUTE: "BootExecute",
    Step.LOAD_REGISTRY: "Registry",
    Step.PLATFORM_BINARY: "Platform binary",
    Step.FILE_RENAMES: "Pending renames",
    Step.KNOWN_DLLS: "KnownDLLs",
    Step.PAGING_FILES: "Paging files",
    Step.ENVIRONMENT: "Environment",
    Step.SETUP_EXECUTE: "SetupExecute",
    Step.SUBSYSTEMS: "Subsystems",
    Step.EXECUTE: "Execute",
    Step.SESSIONS: "Sessions",
    Step.INITIAL_COMMAND: "Initial command",
    Step.SERVICES: "Services",
    Step.LSA: "LSA",
    Step.LOGON: "Logon",
}
