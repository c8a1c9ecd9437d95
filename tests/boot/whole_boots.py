r"""Whole boots, from the loader to the logon screen: a bootable hive in notation, and a SOFTWARE hive beside it where a test needs one.

The keys of a snippet are those of `boots`; keys of the SOFTWARE hive are spelled from its root, and those that any such hive
has are filled in.
"""

from hivecheck.boot.actions import LoadLibrary, StartProcess
from hivecheck.boot.plan import Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.facts.generation import XP, Generation
from hivecheck.registry.control_sets import read_control_sets
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.software import Software, read_software
from tests.boot.boots import ROOT, asked, bootable

VERSION_KEY = "Microsoft\\Windows NT\\CurrentVersion"
LSA = "ControlSet001\\Control\\Lsa"


def software_hive(notation: str = "") -> MemoryHive:
    """A SOFTWARE hive with the values of this notation."""
    return MemoryHive("SOFTWARE", parse_notation(f"[{VERSION_KEY}]\n{notation}").plain)


def software(notation: str = "") -> Software:
    return read_software(software_hive(notation))


def play_whole(
    snippet: str = "",
    generation: Generation = XP,
    *,
    given: str | None = None,
    safe_mode: str | None = None,
    without: tuple[str, ...] = (),
) -> Replay:
    """The boot of a bootable hive. `given` is the notation of a SOFTWARE hive, lines before its first key being of its version key."""
    hive = bootable(snippet, generation, without, drivers=True)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, ROOT, "x86", "ControlSet001", safe_mode)
    smss.software = None if given is None else software(given)
    return play_boot(read_control_sets(hive, "default"), smss, read_start_lists(control_set, hive.root, smss.generation))


def libraries(played: Replay, list_name: str | None = None) -> list[Event]:
    """The DLLs asked for, of one list or of all."""
    return [one for one in asked(played, LoadLibrary) if list_name in (None, getattr(one.action, "list", ""))]


def files(events: list[Event]) -> list[str]:
    """The last parts of the paths of the DLLs that these events ask for."""
    return [event.action.file.file_name for event in events if isinstance(event.action, LoadLibrary)]


def started(played: Replay, *steps: Step) -> list[tuple[str, str]]:
    """Who starts which program in these steps (all, where none is named), in order."""
    return [
        (event.process, event.action.image)
        for event in asked(played, StartProcess)
        if isinstance(event.action, StartProcess) and (not steps or event.step in steps)
    ]


def start_of(played: Replay, image: str) -> Event:
    """The only event that starts this program."""
    (event,) = [
        event
        for event in asked(played, StartProcess)
        if isinstance(event.action, StartProcess) and event.action.image == image
    ]
    return event
