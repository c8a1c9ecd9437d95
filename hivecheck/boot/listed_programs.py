"""The command lists of smss, and the drivers and services, played by themselves: which files they are, although the boot halts before
it reaches them.
"""

from hivecheck.boot.drivers import plan_drivers
from hivecheck.boot.machine import File, machine_at_smss
from hivecheck.boot.plan import Done, Halt, Plan
from hivecheck.boot.replay import Replay, replay
from hivecheck.boot.smss.commands import run_boot_execute, run_execute, run_platform_binary, run_setup_execute
from hivecheck.boot.smss.reading import apply_environment, start_environment
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.successors import plan_successors
from hivecheck.boot.whole_boot import StartLists
from hivecheck.facts.certainty import Certainty


def play_listed_programs(smss: Smss, files: tuple[File, ...] = ()) -> Replay:
    """The environment, then every command list, on a machine of which only `files` are known. Its events are of no boot."""
    return replay(machine_at_smss(smss.system_root, files), _plan(smss))


def play_listed_services(smss: Smss, lists: StartLists, files: tuple[File, ...] = ()) -> Replay:
    """The environment, then every driver, and all that follows smss: services, libraries of lsass, the logon. Its events are of no boot."""
    return replay(machine_at_smss(smss.system_root, files), _past_halts(_services_plan(smss, lists)))


def _services_plan(smss: Smss, lists: StartLists) -> Plan:
    yield from start_environment(smss, Certainty.C)
    yield from apply_environment(smss, Certainty.C)
    yield from plan_drivers(lists.services, lists.groups, lists.safe_boot, lists.filters, smss)
    of_set = lists.services, lists.groups, lists.safe_boot
    yield from plan_successors(smss, *of_set, smss.software, frozenset(), lists.in_setup)


def _past_halts(plan: Plan) -> Plan:
    """The same requests; what would end the boot doesn't."""
    try:
        asked = next(plan)
        while True:
            asked = plan.send(Done.YES if isinstance(asked, Halt) else (yield asked))
    except StopIteration:
        return


def _plan(smss: Smss) -> Plan:
    for step in (
        start_environment,
        apply_environment,
        run_boot_execute,
        run_platform_binary,
        run_setup_execute,
        run_execute,
    ):
        yield from step(smss, Certainty.C)
