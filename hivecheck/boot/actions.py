"""The requests smss (and whoever comes before and after it) can make of the system, one frozen class each.

An action says what is asked for, never whether it succeeds. Adding one here without teaching `machine` and the reports
fails type checking: the checker is the to-do list. Paths are as the caller spells them.
"""

from typing import ClassVar

from hivecheck.facts.fact import fact
from hivecheck.facts.nt_path import NtPath


@fact
class CreateDirectory:
    """An object directory, permanent."""

    kind: ClassVar[str] = "create-directory"
    name: str


@fact
class CreateObject:
    """A named object: `type` is port, event, mutex or section."""

    kind: ClassVar[str] = "create-object"
    name: str
    type: str


@fact
class Link:
    """A symbolic link in the object namespace, permanent; an existing one of that name is replaced."""

    kind: ClassVar[str] = "link"
    name: str
    target: str


@fact
class Unlink:
    """Removal of a symbolic link, if there is one."""

    kind: ClassVar[str] = "unlink"
    name: str


@fact
class RunProgram:
    r"""A native program of one of the command lists. `candidates` are the files tried, the first that exists is taken.

    `writes_image` is True where the caller first writes the file itself, so that it need not be there.
    """

    kind: ClassVar[str] = "run"
    image: str
    arguments: str
    keywords: tuple[str, ...]
    waits: bool
    command: str
    list: str
    candidates: tuple[NtPath, ...]
    writes_image: bool = False


@fact
class SaveCrashDump:
    """The dump that a crash left in a paging file, saved before the file is made anew."""

    kind: ClassVar[str] = "save-crash-dump"
    paging_file: NtPath
    dump_file: str


@fact
class RenameFile:
    """One pair of a rename list. `pair` counts from 0 within the value `list`."""

    kind: ClassVar[str] = "rename"
    source: NtPath
    destination: NtPath
    replaces: bool
    marker: str | None
    list: str
    pair: int


@fact
class DeleteFile:
    """One pair of a rename list whose destination is empty."""

    kind: ClassVar[str] = "delete"
    source: NtPath
    marker: str | None
    list: str
    pair: int


@fact
class MapSection:
    """An image section for a file, under a name in the object namespace."""

    kind: ClassVar[str] = "map-section"
    name: str
    file: NtPath


@fact
class CreatePagingFile:
    """A paging file; sizes in MB, None where the system manages them. `candidates` are the places tried for `?:`."""

    kind: ClassVar[str] = "create-paging-file"
    path: str
    minimum_mb: int | None
    maximum_mb: int | None
    emergency: bool
    candidates: tuple[NtPath, ...]


@fact
class SetVariable:
    """A variable of smss's own environment, which its children inherit."""

    kind: ClassVar[str] = "set-variable"
    name: str
    value: str


@fact
class LoadHives:
    """The other hives of the machine; from here on registry writes reach the disk."""

    kind: ClassVar[str] = "load-hives"
    names: tuple[str, ...]


@fact
class LoadDriver:
    """A kernel image loaded: by the loader, by the I/O manager, or on request.

    `service` is the key under `Services` that names it, '' where none does; `start` is the name of its Start, '' without one, `group`
    its group. `by` is who loads it before smss, loader or kernel, '' for what is loaded later or for a device: the loader takes the
    driver of the boot volume's file system whatever its Start is.
    """

    kind: ClassVar[str] = "load-driver"
    image: NtPath
    session: int | None
    service: str = ""
    group: str = ""
    start: str = ""
    by: str = ""


@fact
class StartSubsystem:
    """A subsystem process, which must connect back to smss. `needs` are files without which it does not come up."""

    kind: ClassVar[str] = "start-subsystem"
    name: str
    image: str
    arguments: str
    session: int
    candidates: tuple[NtPath, ...]
    needs: tuple[NtPath, ...] = ()


@fact
class CreateSession:
    """A session, with the smss process that populates it."""

    kind: ClassVar[str] = "create-session"
    number: int


@fact
class StartProcess:
    """A process that is no boot program: smss itself, wininit, winlogon. `needs` are files without which it ends at once."""

    kind: ClassVar[str] = "start-process"
    image: str
    arguments: str
    session: int | None
    candidates: tuple[NtPath, ...]
    needs: tuple[NtPath, ...] = ()


@fact
class StartService:
    """A service started by the Service Control Manager. `candidates` are the files CreateProcess tries, in order.

    `when` is early, auto or delayed. `dll` is what svchost then loads, None for a service that is a program. `shared` is True
    where services of the same command line live in one process.
    """

    kind: ClassVar[str] = "start-service"
    name: str
    image: str
    arguments: str
    candidates: tuple[NtPath, ...]
    dll: NtPath | None
    account: str
    group: str
    when: str
    shared: bool


@fact
class LoadLibrary:
    """A DLL loaded into a process because the registry names it. `list` is the value that does."""

    kind: ClassVar[str] = "load-library"
    process: str
    file: NtPath
    list: str


@fact
class WriteValue:
    """A registry value written. `value` is a prediction in words where the hive can't tell the data."""

    kind: ClassVar[str] = "write-value"
    key: str
    name: str
    value: str


@fact
class DeleteValue:
    """A registry value deleted."""

    kind: ClassVar[str] = "delete-value"
    key: str
    name: str


Action = (
    CreateDirectory
    | CreateObject
    | Link
    | Unlink
    | RunProgram
    | SaveCrashDump
    | RenameFile
    | DeleteFile
    | MapSection
    | CreatePagingFile
    | SetVariable
    | LoadHives
    | LoadDriver
    | StartSubsystem
    | CreateSession
    | StartProcess
    | StartService
    | LoadLibrary
    | WriteValue
    | DeleteValue
)
