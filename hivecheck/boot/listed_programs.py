"""The command lists of smss played by themselves: which files their programs are, although the boot halts before it reaches them."""

from hivecheck.boot.machine import File, machine_at_smss
from hivecheck.boot.plan import Plan
from hivecheck.boot.replay import Replay, replay
from hivecheck.boot.smss.commands import run_boot_execute, run_execute, run_platform_binary, run_setup_execute
from hivecheck.boot.smss.reading import apply_environment, start_environment
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty


def play_listed_programs(smss: Smss, files: tuple[File, ...] = ()) -> Replay:
    """The environment, then every command list, on a machine of which only `files` are known. Its events are of no boot."""
    return replay(machine_at_smss(smss.system_root, files), _plan(smss))


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
