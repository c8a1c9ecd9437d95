"""What a program asks for in turn, and how it hears the answer: the words between those who decide and the machine.

A plan is a generator: it yields a `Request`, is sent `Done`, and goes on by it (smss makes an emergency paging file only
if none succeeded). A `Halt` says that the machine gets no further. Plans know no machine, and the machine knows no plan.
"""

from collections.abc import Generator
from enum import Enum

from hivecheck.boot.actions import Action
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem


class Done(Enum):
    """Whether a request succeeds. UNKNOWN: it does if the assumptions hold that are told with it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Step(Enum):
    """The steps of a boot. Their order is the generation's, not this one's."""

    LOAD_CONTROL_SET = "load-control-set"
    BOOT_DRIVERS = "boot-drivers"
    READ_SETTINGS = "read-settings"
    OBJECT_DIRECTORIES = "object-directories"
    DOS_DEVICES = "dos-devices"
    BOOT_EXECUTE = "boot-execute"
    LOAD_REGISTRY = "load-registry"
    PLATFORM_BINARY = "platform-binary"
    FILE_RENAMES = "file-renames"
    KNOWN_DLLS = "known-dlls"
    PAGING_FILES = "paging-files"
    ENVIRONMENT = "environment"
    SETUP_EXECUTE = "setup-execute"
    SUBSYSTEMS = "subsystems"
    EXECUTE = "execute"
    SESSIONS = "sessions"
    INITIAL_COMMAND = "initial-command"
    SERVICES = "services"
    LSA = "lsa"
    LOGON = "logon"


@fact
class Request:
    """One request. `withheld` says why the program does not even ask, '' where it does; `note` is told with the event.

    `named_later` is a path in the folder asked for that the program names first later on, so that it is likely there by now.
    `doubt` is what makes the result uncertain beyond the machine's state, '' where nothing does: the answer is then UNKNOWN.
    """

    step: Step
    process: str
    action: Action
    certainty: Certainty
    because: tuple[Origin, ...]
    withheld: str = ""
    note: str = ""
    doubt: str = ""
    named_later: NtPath | None = None


@fact
class Halt:
    """The machine gets no further after the last request."""

    why: str
    certainty: Certainty
    because: tuple[Origin, ...] = ()


Plan = Generator[Request | Halt | Problem, Done, None]
