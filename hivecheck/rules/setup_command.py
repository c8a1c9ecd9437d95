r"""The program that `Setup\CmdLine` names, whatever type the value has, and whether the hive is one of Windows PE, which has one.

Source: detections.md 1.3 (minint), 1.7 (setup-cmdline); smss.md B.17, E.4.
"""

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.strings import decode_sz
from hivecheck.rules.case import Case
from hivecheck.settings.catalog import MINI_NT, SETUP_CMD_LINE, SYSTEM_SETUP_IN_PROGRESS, SYSTEM_START_OPTIONS

_BINARY_AT_MOST = 2_048  # bytes of a value without a type of text
_PE_DRIVE = "X:"


@fact
class SetupCommand:
    """`text` is '' where there is none. `odd_type` is the number of a type that is no text, None where the type is right."""

    text: str
    origins: tuple[Origin, ...]
    odd_type: int | None = None


def read_setup_command(case: Case) -> SetupCommand:
    """What the value holds. Of a type that is no text, the text its data begins with: who reads it may not look at the type."""
    setting = case.settings[SETUP_CMD_LINE]
    raw = setting.raw
    if setting.value.strip() or raw is None or raw.type in (1, 2):
        return SetupCommand(setting.value.strip(), setting.origins)
    text = decode_sz(raw.data[:_BINARY_AT_MOST]).text.strip()
    if not text.isprintable():
        return SetupCommand("", setting.origins)
    return SetupCommand(text, (raw.ref.citing(text),), raw.type)


def is_windows_pe(case: Case) -> bool:
    r"""Whether the hive is that of Windows PE: MiniNT is there, setup is in progress, and it runs from `X:` or was booted as PE.

    An installed Windows whose folder is surely elsewhere is none, whatever its options say.
    """
    if not case.settings[MINI_NT].value or case.settings[SYSTEM_SETUP_IN_PROGRESS].value != 1:
        return False
    if case.system_root.upper().startswith(_PE_DRIVE):
        return True
    told = "MININT" in case.settings[SYSTEM_START_OPTIONS].value.upper().replace("/", " ").split()
    return told and case.facts.system_root.confidence is not Confidence.HIGH
