"""In which order the values of a Session Manager key are stored, a row a generation; what a row leaves out comes last.

The order is the one in which Setup wrote them, and the one in which smss is handed them. Source: the real hives behind
baselines.json (NT 4, XP, XP x64, 7, 8.1, 10); the rows of 3.51, 2000, Vista and 8 are those of their neighbours.
"""

from hivecheck.facts.generation import NT351, VISTA, WIN8, WIN10_1507, XP, Generation

TOP: dict[Generation, str] = {
    NT351: "ObjectDirectories GlobalFlag ProtectionMode BootExecute EnableMCE EnableMCA HeapSegmentReserve HeapSegmentCommit "
    "HeapDeCommitTotalFreeThreshold HeapDeCommitFreeBlockThreshold CriticalSectionTimeout ResourceTimeoutCount "
    "ExcludeFromKnownDlls ProcessorControl RegisteredProcessors LicensedProcessors",
    XP: "BootExecute CriticalSectionTimeout EnableMCA EnableMCE ExcludeFromKnownDlls GlobalFlag HeapDeCommitFreeBlockThreshold "
    "HeapDeCommitTotalFreeThreshold HeapSegmentCommit HeapSegmentReserve ObjectDirectories ProtectionMode ResourceTimeoutCount "
    "ProcessorControl RegisteredProcessors LicensedProcessors DebuggerMaxModuleMsg RegistryFlushErrorSubside",
    VISTA: "CriticalSectionTimeout GlobalFlag HeapDeCommitFreeBlockThreshold HeapDeCommitTotalFreeThreshold HeapSegmentCommit "
    "HeapSegmentReserve ProcessorControl ResourceTimeoutCount BootExecute ExcludeFromKnownDlls ObjectDirectories ProtectionMode "
    "NumberOfInitialSessions SetupExecute",
    WIN8: "GlobalFlag HeapDeCommitTotalFreeThreshold HeapSegmentCommit HeapDeCommitFreeBlockThreshold ResourceTimeoutCount "
    "ObjectDirectories ProtectionMode CriticalSectionTimeout ProcessorControl HeapSegmentReserve ExcludeFromKnownDlls BootExecute "
    "BootShell NumberOfInitialSessions RunLevelExecute AutoChkTimeout RunLevelValidate SETUPEXECUTE",
    WIN10_1507: "AutoChkTimeout BootExecute BootShell CriticalSectionTimeout ExcludeFromKnownDlls GlobalFlag GlobalFlag2 "
    "HeapDeCommitFreeBlockThreshold HeapDeCommitTotalFreeThreshold HeapSegmentCommit HeapSegmentReserve InitConsoleFlags "
    "NumberOfInitialSessions ObjectDirectories ProcessorControl ProtectionMode ResourceTimeoutCount RunLevelExecute "
    "RunLevelValidate SETUPEXECUTE AutoChkSkipSystemPartition",
}

DOS_DEVICES: dict[Generation, str] = {
    NT351: "PRN AUX NUL PIPE MAILSLOT UNC TELNET",
    XP: "AUX MAILSLOT NUL PIPE PRN UNC",
    WIN8: "PRN AUX CONOUT$ CONIN$ PIPE NUL MAILSLOT CON UNC",
    WIN10_1507: "AUX CON CONIN$ CONOUT$ MAILSLOT NUL PIPE PRN Silos UNC",
}

_PROCESSOR = "PROCESSOR_LEVEL PROCESSOR_IDENTIFIER PROCESSOR_REVISION"
ENVIRONMENT: dict[Generation, str] = {
    NT351: f"ComSpec Os2LibPath Path windir OS PROCESSOR_ARCHITECTURE {_PROCESSOR} NUMBER_OF_PROCESSORS",
    XP: f"ComSpec Path windir FP_NO_HOST_CHECK OS PROCESSOR_ARCHITECTURE {_PROCESSOR} NUMBER_OF_PROCESSORS PATHEXT TEMP TMP",
    VISTA: "ComSpec FP_NO_HOST_CHECK OS Path PATHEXT PROCESSOR_ARCHITECTURE TEMP TMP USERNAME windir PSModulePath "
    f"NUMBER_OF_PROCESSORS {_PROCESSOR}",
    WIN8: "FP_NO_HOST_CHECK USERNAME Path ComSpec TMP OS windir PROCESSOR_ARCHITECTURE TEMP PATHEXT PSModulePath "
    f"NUMBER_OF_PROCESSORS {_PROCESSOR}",
    WIN10_1507: "ComSpec DriverData OS Path PATHEXT PROCESSOR_ARCHITECTURE PSModulePath TEMP TMP USERNAME windir "
    f"NUMBER_OF_PROCESSORS {_PROCESSOR}",
}

_POOLS = "NonPagedPoolQuota NonPagedPoolSize PagedPoolQuota PagedPoolSize"
MEMORY: dict[Generation, str] = {
    NT351: "PagedPoolSize NonPagedPoolSize PagedPoolQuota NonPagedPoolQuota IoPageLockLimit LargeSystemCache PagingFiles "
    "SystemPages SecondLevelDataCache DisablePagingExecutive ClearPageFileAtShutdown",
    XP: f"ClearPageFileAtShutdown DisablePagingExecutive LargeSystemCache {_POOLS} SecondLevelDataCache SystemPages PagingFiles "
    "PhysicalAddressExtension SessionViewSize SessionPoolSize",
    VISTA: f"ClearPageFileAtShutdown DisablePagingExecutive LargeSystemCache {_POOLS} SecondLevelDataCache SessionPoolSize "
    "SessionViewSize SystemPages PagingFiles PhysicalAddressExtension ExistingPageFiles",
    WIN8: "ClearPageFileAtShutdown NonPagedPoolQuota NonPagedPoolSize SessionViewSize SystemPages SecondLevelDataCache "
    "SessionPoolSize DisablePagingExecutive LargeSystemCache PagedPoolSize PagingFiles PagedPoolQuota PhysicalAddressExtension "
    "ExistingPageFiles",
    WIN10_1507: f"ClearPageFileAtShutdown DisablePagingExecutive LargeSystemCache {_POOLS} PagingFiles SecondLevelDataCache "
    "SessionPoolSize SessionViewSize SystemPages PhysicalAddressExtension FeatureSettings ExistingPageFiles",
}

SUBSYSTEMS: dict[Generation, str] = {
    NT351: "Required Optional Debug Windows Kmode Os2 Posix",
    XP: "Debug Kmode Optional Posix Required Windows",
    VISTA: "Debug @ Kmode Optional Posix Required Windows",
    WIN8: "@ Required Debug Kmode Optional Windows",
    WIN10_1507: "@ Debug Kmode Optional Required Windows",
}
