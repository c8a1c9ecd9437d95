"""The exceptions hivecheck raises on purpose. All say what went wrong in one sentence, and most how to go on.

    HivecheckError
    ├── EvidenceError        the input can't be read, or holds no SYSTEM hive        exit code 4
    │   └── NotAHiveError    these bytes are no registry hive (or not a SYSTEM one)
    ├── NotationError        a text in hive notation doesn't parse                   exit code 2
    └── UsageError           options that contradict each other                      exit code 2

Damage inside a hive that can still be read is no exception but a `Problem` in the result.
"""


class HivecheckError(Exception):
    """Cannot go on. `path` names the evidence, `hint` (maybe empty) what the user can do about it."""

    def __init__(self, message: str, path: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint


class EvidenceError(HivecheckError):
    """The input can't be read, or holds no SYSTEM hive."""


class NotAHiveError(EvidenceError):
    """The bytes are no registry hive, or one of another kind than asked for."""


def out_of_memory(path: str) -> EvidenceError:
    """The error for evidence that took more memory than there is."""
    hint = "A damaged or forged file may ask for any amount; read it on a machine with more memory, or leave it out."
    return EvidenceError("reading it takes more memory than there is", path, hint)


class NotationError(HivecheckError):
    """A text in hive notation doesn't parse; the message names the line."""


class UsageError(HivecheckError):
    """The options contradict each other or the evidence."""
