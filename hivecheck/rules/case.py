r"""Everything a rule may look at: one hive's settings, services, other keys, and the boot played from them. Read once, asked often.

Rules never open a hive and never render. Keys are named below the control set that boots (`Control\Lsa`), or from the root
where they begin with a backslash (`\Setup`). Source of the predicates: detections.md 0.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from hivecheck.baselines.baseline import Baseline
from hivecheck.boot.replay import Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import StartLists, play_boot, read_start_lists
from hivecheck.facts.fact import changed
from hivecheck.facts.filetime import TICKS_PER_SECOND, is_moment
from hivecheck.facts.generation import Family, Generation
from hivecheck.facts.origin import Origin
from hivecheck.registry.control_sets import ControlSets, control_set_name
from hivecheck.registry.hive import Hive, Key, RawValue, fold_name
from hivecheck.registry.raw_values import number_in, text_in
from hivecheck.rules.case_facts import CaseEvidence, EventIndex, OtherSet, ServiceProgram, program_of
from hivecheck.rules.case_renames import PlayedRenames
from hivecheck.rules.case_security import InstalledSecurity
from hivecheck.rules.known_boot_programs import matches
from hivecheck.rules.paths import Comparable, comparable
from hivecheck.settings.catalog import ENVIRONMENT, KNOWN_DLLS, Settings, read_settings
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.services import read_services
from hivecheck.settings.setting import CitedString, read_strings

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

_BELOW_SERVICES = frozenset(("SECURITY", "PERFORMANCE", "INSTANCES"))
_LEVELS = 32
_NEW_DAYS = 7
_YOUNG_DAYS = 14
_DAY_TICKS = 24 * 3600 * TICKS_PER_SECOND


class Case:
    """One hive as the rules see it. What is costly is computed when a rule first asks for it."""

    def __init__(
        self,
        hive: Hive,
        sets: ControlSets,
        control_set: Key | None,
        facts: MachineFacts,
        generation: Generation,
        settings: Settings,
        lists: StartLists,
        software: "Software | None",
        replay: Replay,
        baseline: Baseline,
        evidence: CaseEvidence,
    ) -> None:
        self.hive = hive
        self.sets = sets
        self.control_set = control_set
        self.facts = facts
        self.generation = generation
        self.settings = settings
        self.lists = lists
        self.software = software
        self.replay = replay
        self.baseline = baseline
        self.evidence = evidence
        self._keys: dict[str, Key | None] = {}
        self._below: dict[str, tuple[Key, ...]] = {}

    # --- the machine -------------------------------------------------------------------------------------------------

    @property
    def family(self) -> Family:
        return self.generation.family

    @cached_property
    def system_root(self) -> str:
        r"""`C:\Windows`, guessed where the hive does not say."""
        return self.facts.system_root.value or "C:\\Windows"

    @cached_property
    def architecture(self) -> str:
        return (self.facts.architecture.value or "").upper()

    @property
    def is_64_bit(self) -> bool:
        return self.architecture in ("AMD64", "IA64", "ARM64")

    # --- keys and values ---------------------------------------------------------------------------------------------

    def key(self, path: str) -> Key | None:
        if path not in self._keys:
            self._keys[path] = self._find_key(path)
        return self._keys[path]

    def _find_key(self, path: str) -> Key | None:
        if path.startswith("\\"):
            return self.hive.root.subkey(path[1:])
        above, _, name = path.rpartition("\\")
        if above == "Services":  # hundreds of keys: to look for one that is missing takes long
            return self.lists.keys.named(name)
        if above.count("\\") > _LEVELS:  # no key of Windows: a name of the hive is part of the path
            return self.control_set.subkey(path) if self.control_set is not None else None
        parent = self.key(above) if above else self.control_set
        return parent.subkey(name) if parent is not None else None

    def value(self, path: str, name: str) -> RawValue | None:
        key = self.key(path)
        return key.value(name) if key is not None else None

    def number(self, path: str, name: str) -> int | None:
        """A REG_DWORD, None where it is absent or of another type."""
        return number_in(self.value(path, name))

    def text(self, path: str, name: str) -> str:
        """A REG_SZ or REG_EXPAND_SZ, not expanded; '' where there is none."""
        return text_in(self.value(path, name))

    def strings(self, path: str, name: str) -> tuple[CitedString, ...]:
        """The strings of a list that are not empty, each with its origin; one for a single string."""
        return tuple(string for string in read_strings(self.value(path, name)).strings if string.text)

    def subkeys(self, path: str) -> Iterator[Key]:
        """The keys right below a key, listed once for all rules; none where there is no such key."""
        below = self._below.get(path)
        if below is None:
            key = self.key(path)
            below = self._below[path] = tuple(key.subkeys()) if key is not None else ()
        return iter(below)

    def is_new(self, ref: Origin) -> bool:
        """Whether a key was written in the last week of the machine, or after its last boot.

        False where Windows itself was installed less than two weeks before: then everything is new.
        """
        written = getattr(ref, "written", 0)
        newest = self._newest
        if not written or not newest or newest - (self.installed or 0) < _YOUNG_DAYS * _DAY_TICKS:
            return False
        boot = self.facts.last_boot.value or 0
        return written > newest - _NEW_DAYS * _DAY_TICKS or bool(boot and written > boot)

    @cached_property
    def installed(self) -> int | None:
        """When Windows was installed, in ticks: the last write of `Select`, which no boot changes; None where there is none."""
        key = self.key("\\Select")
        return key.written if key is not None and is_moment(key.written) else None

    @cached_property
    def _newest(self) -> int:
        times = (self.evidence.saved, self.facts.last_shutdown.value or 0, self.facts.last_boot.value or 0)
        return max(times)

    @cached_property
    def environment(self) -> dict[str, NamedText]:
        """The variables of the system environment by folded name."""
        return {fold_name(variable.name): variable for variable in self.settings[ENVIRONMENT].value}

    # --- what the boot does ------------------------------------------------------------------------------------------

    def path(self, text: str) -> Comparable:
        """The comparable form of a path as this machine spells it."""
        return comparable(text, self.system_root)

    @cached_property
    def renames(self) -> PlayedRenames:
        """The pending renames and deletes as the replay played them."""
        return PlayedRenames(self)

    @cached_property
    def events(self) -> EventIndex:
        """The events of the replay by their kinds and by what they cite."""
        return EventIndex(self.replay.events)

    def thread_of(self, path: Comparable) -> str:
        """What ties findings of one file together: its comparable path."""
        return "file " + path.text

    def thread_of_image(self, image: str) -> str:
        """The same for an image that smss looks for: a bare name is that of a file in System32."""
        name = image if "." in image.rsplit("\\", 1)[-1] else image + ".exe"
        bare = "\\" not in name and "/" not in name
        return self.thread_of(self.path(f"{self.system_root}\\System32\\{name}" if bare else name))

    def thread_of_service(self, name: str) -> str:
        """What ties findings of one service or driver together."""
        return "service " + name.casefold()

    # --- services ----------------------------------------------------------------------------------------------------

    def keys_of_services(self, name: str) -> tuple[tuple[Key, Key], ...]:
        """The keys of this name right below a key of `Services`, each behind the latter, also those that are no services.

        The name is SECURITY, PERFORMANCE or INSTANCES: Windows opens these by their names, and so are they looked for.
        """
        return self._keys_of_services[name]

    @cached_property
    def _keys_of_services(self) -> dict[str, tuple[tuple[Key, Key], ...]]:
        found: dict[str, dict[int, tuple[Key, Key]]] = {name: {} for name in _BELOW_SERVICES}
        for key, child in self.lists.keys.named_below(_BELOW_SERVICES):
            found[fold_name(child.name)].setdefault(id(key), (key, child))  # of two of one name the first
        return {name: tuple(pairs.values()) for name, pairs in found.items()}

    @cached_property
    def programs(self) -> tuple[ServiceProgram, ...]:
        """What each service and driver would run."""
        commands: dict[str, Comparable] = {}  # many services have the command line of another
        root = self.system_root
        return tuple([program_of(service, root, commands) for service in self.lists.services.services])

    @cached_property
    def programs_by_name(self) -> dict[str, ServiceProgram]:
        """The programs by the folded name of their service; of two of one name the last."""
        return {program.name: program for program in self.programs}

    @cached_property
    def drivers(self) -> tuple[ServiceProgram, ...]:
        """Those of the programs that are drivers."""
        return tuple(program for program in self.programs if program.service.is_driver)

    @cached_property
    def processes(self) -> tuple[ServiceProgram, ...]:
        """Those of the programs that run in a process, of their own or a shared one."""
        return tuple(program for program in self.programs if program.service.is_process)

    @cached_property
    def security(self) -> InstalledSecurity:
        """The security products that are set up here."""
        return InstalledSecurity(self)

    @cached_property
    def programs_by_path(self) -> dict[str, ServiceProgram]:
        """Services and drivers by the comparable path of their image and of their DLL; of several the first."""
        found: dict[str, ServiceProgram] = {}
        for program in self.programs:
            for path in (program.image, program.dll):
                text = path.text
                if text and path.name != "svchost.exe":
                    found.setdefault(text, program)
                    if "\\" not in text and program.service.is_driver:  # the kernel looks for it in the Windows folder
                        found.setdefault(f"{self.system_root.casefold()}\\{text}", program)
        return found

    def has_service(self, pattern: str) -> bool:
        """Whether there is a service or driver of this name; `*` at the end stands for any letters."""
        if "*" not in pattern:
            return pattern in self._service_names
        return any(matches(name, pattern) for name in self._service_names)

    @cached_property
    def _service_names(self) -> frozenset[str]:
        return frozenset(service.name.casefold() for service in self.lists.services.services)

    @cached_property
    def known_dlls(self) -> frozenset[str]:
        """The folded file names of this generation's KnownDLLs and of those this hive lists."""
        listed = (text.text.casefold() for text in self.settings[KNOWN_DLLS].value)
        return frozenset((*self.baseline.known_dlls.values(), *listed))

    def is_program_of_the_boot(self, path: Comparable) -> bool:
        """Whether a file is one that Windows starts with, or that anybody can start before logon."""
        return path.name in _TRUSTED and (path.in_system_folder or path.name == "explorer.exe")

    def is_trusted_base(self, path: Comparable) -> bool:
        """Whether Windows or a service of this machine depends on the file: programs of the boot, KnownDLLs, drivers, services."""
        if self.is_program_of_the_boot(path):
            return True
        if path.name in self.known_dlls and path.in_system_folder:
            return True
        program = self.programs_by_path.get(path.text)
        return program is not None and program.service.start in (0, 1, 2)

    # --- other control sets ------------------------------------------------------------------------------------------

    @cached_property
    def other_sets(self) -> tuple[OtherSet, ...]:
        """The control sets that do not boot, in the order of their numbers."""
        found: list[OtherSet] = []
        for number in self.sets.present:
            key = self.hive.root.subkey(control_set_name(number))
            if number != self.sets.number and key is not None:
                found.append(
                    OtherSet(number, key, read_settings(self.hive, key), read_services(key).as_read_by(self.generation))
                )
        return tuple(found)

    def of_set(self, number: int) -> "Case | None":
        """The case of another control set of the same hive, as if it were booted; None where there is no such set."""
        key = self.hive.root.subkey(control_set_name(number))
        if key is None:
            return None
        sets = changed(self.sets, number=number)
        settings, lists = read_settings(self.hive, key), read_start_lists(key, self.hive.root, self.generation)
        smss = Smss(settings, self.generation, self.system_root, self.architecture, key.name, None, True)
        played = play_boot(sets, smss, lists)
        return Case(
            self.hive,
            sets,
            key,
            self.facts,
            self.generation,
            settings,
            lists,
            self.software,
            played,
            self.baseline,
            self.evidence,
        )


_TRUSTED = frozenset(
    {
        "smss.exe", "autochk.exe", "autoconv.exe", "autofmt.exe", "csrss.exe", "wininit.exe", "winlogon.exe", "services.exe",
        "lsass.exe", "lsm.exe", "lsaiso.exe", "svchost.exe", "userinit.exe", "explorer.exe", "logonui.exe", "ntoskrnl.exe",
        "ntkrnlpa.exe", "hal.dll", "ci.dll", "win32k.sys", "win32kbase.sys", "win32kfull.sys", "ntdll.dll", "kernel32.dll",
        "kernelbase.dll", "user32.dll", "gdi32.dll", "basesrv.dll", "winsrv.dll", "winsrvext.dll", "csrsrv.dll", "sxssrv.dll",
        "bootim.exe", "bootmgr", "winload.exe", "winload.efi", "winresume.exe", "winresume.efi", "setupcl.exe", "wpbbin.exe",
        "scext.dll", "sethc.exe", "utilman.exe", "osk.exe", "narrator.exe", "magnify.exe", "displayswitch.exe", "atbroker.exe",
    }
)  # fmt: skip
