"""All that smss.exe decides: settings become requests, in the order of each generation.

The order tuples below are the heart: each row is a step with the certainty of its place and effect for those generations
(A primary source, B secondary, C inferred). The steps themselves are in the modules beside this one. Nothing here knows
what the machine answers, beyond a yes, a no or an unknown. Source: smss.md A.1 to A.4.
"""

from collections.abc import Callable

from hivecheck.boot.plan import Plan
from hivecheck.boot.smss.commands import run_boot_execute, run_execute, run_platform_binary, run_setup_execute
from hivecheck.boot.smss.files import rename_files
from hivecheck.boot.smss.objects import (
    link_dos_devices,
    make_known_dll_directories,
    make_sessions_directory,
    map_known_dlls,
)
from hivecheck.boot.smss.paging import make_paging_files
from hivecheck.boot.smss.reading import (
    apply_environment,
    consume_allow_protected_renames,
    consume_rename_lists,
    make_object_directories,
    make_own_objects,
    need_dos_devices,
    need_environment,
    need_known_dlls,
    need_memory_management,
    need_subsystems,
    start_environment,
)
from hivecheck.boot.smss.registry import load_registry, write_boot_dir, write_dynamic_environment
from hivecheck.boot.smss.sessions import start_initial_command, start_sessions, start_subsystems
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT31, VISTA, WIN8, WIN10_1507, WIN2000, Generation

A, B, C = Certainty.A, Certainty.B, Certainty.C
Order = tuple[tuple[Callable[[Smss, Certainty], Plan], Certainty], ...]

# NT 3.x and 4: no source gives the whole order; that of 2000 to 2003 is assumed (A1.a). MoveFileEx's documentation gives the
# place of the renames for all of NT: after autochk, before the paging files.
NT_ORDER: Order = (
    (make_own_objects, C),
    (start_environment, C),
    (make_object_directories, C),
    (consume_rename_lists, C),
    (need_memory_management, C),
    (need_dos_devices, C),
    (need_known_dlls, C),
    (need_environment, C),
    (apply_environment, C),
    (need_subsystems, C),
    (link_dos_devices, C),
    (run_boot_execute, B),
    (rename_files, B),
    (map_known_dlls, C),
    (make_paging_files, B),
    (load_registry, C),
    (write_dynamic_environment, C),
    (write_boot_dir, C),
    (run_setup_execute, C),
    (start_subsystems, C),
    (run_execute, C),
    (start_initial_command, B),
)

# 2000, XP, 2003: ReactOS models 2003, and Windows Internals 4 gives the same order.
CLASSIC_ORDER: Order = (
    (make_own_objects, A),
    (start_environment, A),
    (consume_allow_protected_renames, A),
    (make_object_directories, A),
    (consume_rename_lists, A),
    (need_memory_management, A),
    (need_dos_devices, A),
    (need_known_dlls, A),
    (need_environment, A),
    (apply_environment, A),
    (need_subsystems, A),
    (link_dos_devices, A),
    (make_sessions_directory, A),
    (run_boot_execute, A),
    (rename_files, A),
    (map_known_dlls, A),
    (make_paging_files, A),
    (load_registry, A),
    (write_dynamic_environment, A),
    (write_boot_dir, A),
    (run_setup_execute, A),
    (start_subsystems, A),
    (run_execute, A),
    (start_initial_command, A),
)

# Vista and 7: Windows Internals 6. The KnownDLLs move behind SetupExecute, sessions replace the one winlogon.
VISTA_ORDER: Order = (
    (make_own_objects, B),
    (start_environment, B),
    (consume_allow_protected_renames, C),
    (make_object_directories, C),
    (consume_rename_lists, C),
    (need_memory_management, C),
    (need_dos_devices, C),
    (need_known_dlls, C),
    (need_environment, C),
    (apply_environment, B),
    (need_subsystems, C),
    (link_dos_devices, B),
    (make_sessions_directory, B),
    (run_boot_execute, B),
    (rename_files, B),
    (make_paging_files, B),
    (load_registry, B),
    (write_dynamic_environment, B),
    (run_setup_execute, B),
    (map_known_dlls, B),
    (write_boot_dir, B),
    (run_execute, C),
    (start_sessions, B),
)

# 10 and 11: Windows Internals 7 and a boot trace of 11. The rest of the registry and the platform binary now come before the
# renames, the KnownDlls directories are made early and filled late.
WIN10_ORDER: Order = (
    (make_own_objects, B),
    (start_environment, B),
    (make_object_directories, B),
    (consume_rename_lists, C),
    (consume_allow_protected_renames, C),
    (need_memory_management, C),
    (need_dos_devices, C),
    (need_known_dlls, C),
    (need_environment, C),
    (apply_environment, B),
    (need_subsystems, C),
    (make_known_dll_directories, B),
    (link_dos_devices, B),
    (make_sessions_directory, B),
    (run_boot_execute, B),
    (load_registry, B),
    (run_platform_binary, B),
    (rename_files, B),
    (make_paging_files, B),
    (write_dynamic_environment, B),
    (run_setup_execute, B),
    (map_known_dlls, B),
    (write_boot_dir, C),
    (run_execute, C),
    (start_sessions, B),
)

# 8 and 8.1: Windows Internals 7 tells their list together with that of 10. What only 10 has is decided inside the steps.
WIN8_ORDER: Order = WIN10_ORDER

ORDERS: tuple[tuple[Generation, Order, str], ...] = (
    (NT31, NT_ORDER, "smss.md A.1, A1.a (assumed for NT 3.x and 4)"),
    (WIN2000, CLASSIC_ORDER, "smss.md A.1 (ReactOS sminit.c; Windows Internals 4)"),
    (VISTA, VISTA_ORDER, "smss.md A.2 (Windows Internals 6)"),
    (WIN8, WIN8_ORDER, "smss.md A.3 (Windows Internals 7, which describes 8.1 and 10)"),
    (WIN10_1507, WIN10_ORDER, "smss.md A.3 (Windows Internals 7)"),
)


def order_of(generation: Generation) -> tuple[Order, str]:
    """The steps of a generation in order, and the document that gives it."""
    first = [(order, source) for since, order, source in ORDERS if since <= generation]
    return first[-1]


def plan_smss(smss: Smss) -> Plan:
    """Everything smss asks for, from its start to the last session."""
    order, smss.order_source = order_of(smss.generation)
    for step, certainty in order:
        yield from step(smss, certainty)
