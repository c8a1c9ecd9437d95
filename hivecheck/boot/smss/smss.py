"""smss.exe while it runs: what it has read, and its own environment. The steps of the other modules work on it."""

from typing import TYPE_CHECKING, Any

from hivecheck.boot.actions import Action
from hivecheck.boot.plan import Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import Family, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.state import fresh, state
from hivecheck.registry.hive import REG_EXPAND_SZ, fold_name
from hivecheck.settings.catalog import EXECUTE, MINI_NT, SAFE_BOOT_OPTION_VALUE, SM, SUBSYSTEMS, Row, Settings

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

PROCESS = "smss.exe"
SAFE_MODES = {"minimal": "MINIMAL", "network": "NETWORK", "dsrepair": "DSREPAIR"}
_STORED_SAFE_MODES = {1: "MINIMAL", 2: "NETWORK", 3: "DSREPAIR"}
_READ_LATE = frozenset({SUBSYSTEMS.name, EXECUTE.name})  # after the key Environment
_LONGEST_EXPANSION = 32_767  # characters: what a UNICODE_STRING holds


@state
class Smss:
    r"""The running Session Manager.

    `system_root` is a DOS path (`C:\Windows`), with `system_root_assumed` no more than a guess; `control_set` the name of
    the loaded set; `safe_mode` None for a normal boot.
    """

    settings: Settings
    generation: Generation
    system_root: str
    architecture: str
    control_set: str
    safe_mode: str | None
    system_root_assumed: bool = False
    environment: dict[str, tuple[str, str]] = fresh(dict)
    inherited: dict[str, tuple[str, str]] = fresh(dict)  # the environment before the key Environment is read
    order_source: str = ""
    software: "Software | None" = None  # the SOFTWARE hive, where one is given
    services_lost: bool = False  # services.exe could not be started, and this Windows goes on without
    ntfs_doubted: bool = False  # something in the hive speaks against NTFS on the boot volume

    @property
    def family(self) -> Family:
        return self.generation.family

    def known_of_2003(self, certainty: Certainty) -> Certainty:
        """The mark of what is confirmed for 2000 to 2003 only (ReactOS): for every other Windows it is inferred."""
        return certainty if self.family is Family.G2 else certainty & Certainty.C

    @property
    def is_64_bit(self) -> bool:
        return self.architecture.upper() in ("AMD64", "IA64", "ARM64")

    @property
    def is_win_pe(self) -> bool:
        """Whether the key MiniNT makes smss take this boot for Windows PE. NT 4 knows no such key."""
        return self.family is not Family.G1 and self.settings[MINI_NT].value

    @property
    def safe_mode_variable(self) -> tuple[str, Certainty, tuple[Origin, ...], str] | None:
        """What SAFEBOOT_OPTION is set to, how certain that is, why, and on what assumption; None for a normal boot.

        The kernel makes `SafeBoot\\Option` for a safe boot, volatile. One that is stored in the hive was put there.
        """
        if self.family is Family.G1:
            return None  # it knows no safe mode
        if self.safe_mode is not None:
            chosen = BuiltIn(f"safe mode ({self.safe_mode}), chosen by the loader", "smss.md B13.6, E.3")
            return SAFE_MODES[self.safe_mode], Certainty.A, (chosen,), ""
        stored = self.settings[SAFE_BOOT_OPTION_VALUE]
        if stored.value not in _STORED_SAFE_MODES:
            return None
        doubt = "smss takes the stored key SafeBoot\\Option for that of a safe boot"
        return _STORED_SAFE_MODES[stored.value], Certainty.C, stored.origins, doubt

    @property
    def session_manager_key(self) -> str:
        return f"{self.control_set}\\{SM}"

    def set_variable(self, name: str, value: str) -> None:
        self.environment[fold_name(name)] = (name, value)

    def variable(self, name: str) -> str | None:
        found = self.environment.get(fold_name(name))
        return found[1] if found else None

    def expand(self, text: str) -> str:
        """The text with each `%name%` that is set replaced, once and from the left; an unknown one stays. Source: B1.10."""
        return self._expand(text, self.environment)

    def expand_early(self, text: str) -> str:
        """The same for what stands before the key Environment in smss's reading order: it sees what the kernel gave, no more."""
        return self._expand(text, self.inherited)

    def handed(self, row: Row[Any], text: str) -> str:
        """One string of a row as smss is handed it: that of a REG_EXPAND_SZ is expanded, those of a list are not."""
        raw = self.settings[row].raw
        if raw is None or raw.type != REG_EXPAND_SZ:
            return text
        return self.expand(text) if row.name in _READ_LATE else self.expand_early(text)

    def _expand(self, text: str, environment: dict[str, tuple[str, str]]) -> str:
        """An expansion longer than Windows can hold is not made."""
        if "%" not in text:
            return text
        parts: list[str] = []
        position = 0
        while (start := text.find("%", position)) >= 0 and (end := text.find("%", start + 1)) >= 0:
            found = environment.get(fold_name(text[start + 1 : end]))
            parts += (text[position:start], found[1]) if found else (text[position:end],)
            position = end + 1 if found else end
        parts.append(text[position:])
        return "".join(parts) if sum(map(len, parts)) <= _LONGEST_EXPANSION else text

    def ask(
        self,
        step: Step,
        action: Action,
        certainty: Certainty,
        because: tuple[Origin, ...],
        *,
        process: str = PROCESS,
        withheld: str = "",
        note: str = "",
        doubt: str = "",
        named_later: NtPath | None = None,
    ) -> Request:
        """One request of smss; `because` falls back on the document that gives the order of steps."""
        origins = because or (BuiltIn(f"step {step.value}", self.order_source),)
        return Request(step, process, action, certainty, origins, withheld, note, doubt, named_later)
