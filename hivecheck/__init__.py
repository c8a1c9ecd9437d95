"""hivecheck: what will this Windows machine do the next time it boots, and did somebody arrange that?

    from pathlib import Path
    import hivecheck

    analysis = hivecheck.analyze(Path("SYSTEM"))
    for event in analysis.replay.events: ...

The names are loaded when they are first used: importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis, Options, analyze
    from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError
    from hivecheck.recovery import Recovery, recover
    from hivecheck.registry.notation import parse_notation
    from hivecheck.registry.notation_writer import write_notation
    from hivecheck.registry.regf import open_hive

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "EvidenceError",
    "HivecheckError",
    "NotAHiveError",
    "Options",
    "Recovery",
    "analyze",
    "open_hive",
    "parse_notation",
    "recover",
    "write_notation",
]
_HOMES = {
    "Analysis": "analysis",
    "EvidenceError": "errors",
    "HivecheckError": "errors",
    "NotAHiveError": "errors",
    "Options": "analysis",
    "Recovery": "recovery",
    "analyze": "analysis",
    "open_hive": "registry.regf",
    "parse_notation": "registry.notation",
    "recover": "recovery",
    "write_notation": "registry.notation_writer",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"hivecheck has no {name}")
    return getattr(import_module(f"hivecheck.{_HOMES[name]}"), name)
