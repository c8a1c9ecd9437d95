"""The exit codes, in one place."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process's end says to a script."""

    OK = 0  # read, whatever was found
    FAULT = 1  # a fault of hivecheck itself
    USAGE = 2  # wrong usage
    FINDINGS = 3  # findings at or above --fail-on
    UNREADABLE = 4  # an input not readable, or no SYSTEM hive
    PARTIAL = 5  # read, but not wholly
    INTERRUPTED = 130  # Ctrl-C
