"""smss.exe while it runs: what it has read, and its own environment. The steps of the other modules work on it."""

from dataclasses import dataclass, field

from hivecheck.boot.actions import Action
from hivecheck.boot.plan import Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import Family, Generation
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import MINI_NT, SM, Settings

PROCESS = "smss.exe"
SAFE_MODES = {"minimal": "MINIMAL", "network": "NETWORK", "dsrepair": "DSREPAIR"}


@dataclass(slots=True)
class Smss:
    r"""The running Session Manager.

    `system_root` is a DOS path (`C:\Windows`); `control_set` the name of the loaded set; `safe_mode` None for a normal boot.
    """

    settings: Settings
    generation: Generation
    system_root: str
    architecture: str
    control_set: str
    safe_mode: str | None
    environment: dict[str, tuple[str, str]] = field(default_factory=dict)
    order_source: str = ""

    @property
    def family(self) -> Family:
        return self.generation.family

    @property
    def is_64_bit(self) -> bool:
        return self.architecture.upper() in ("AMD64", "IA64", "ARM64")

    @property
    def is_win_pe(self) -> bool:
        """Whether the key MiniNT makes smss take this boot for Windows PE. NT 4 knows no such key."""
        return self.family is not Family.G1 and self.settings[MINI_NT].value

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
        parts: list[str] = []
        rest = text
        while True:
            before, percent, after = rest.partition("%")
            name, end, tail = after.partition("%")
            if not (percent and end):
                return "".join((*parts, rest))
            value = self.variable(name) if name else None
            if value is None:
                parts.append(before + percent)
                rest = after
            else:
                parts.append(before + value)
                rest = tail

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
    ) -> Request:
        """One request of smss; `because` falls back on the document that gives the order of steps."""
        origins = because or (BuiltIn(f"step {step.value}", self.order_source),)
        return Request(step, process, action, certainty, origins, withheld, note, doubt)
