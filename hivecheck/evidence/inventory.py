"""The file inventory: of each path that a boot touches, what lies there on the volume. Looked up, hashed, and read as a program.

Knows no boot: paths come in as words of the volume (`Windows/System32/x.exe`). That a file is not found means that it does not
exist only where the whole volume is at hand; a triage collection holds a choice of files, the system files at times among them. All is bounded, as the paths come from a
hive and the files from whoever could write them.
"""

from collections.abc import Iterable
from hashlib import sha256

from hivecheck.evidence.catalogs import Catalogs, search_catalogs
from hivecheck.evidence.file_tree import FileEntry, FileTree
from hivecheck.evidence.pe_facts import PeFacts, read_pe
from hivecheck.evidence.signatures import Signature, SignatureState, check_signature
from hivecheck.facts.fact import changed, fact
from hivecheck.registry.plain_files import open_plain

# Files that every Windows has. In a folder or an archive they may have been collected by name, so System32 must be full as well.
_MARKS = ("System32/ntoskrnl.exe", "System32/ntdll.dll", "System32/smss.exe", "System32/kernel32.dll", "System32/drivers")
_NAMES_OF_SYSTEM32 = 1_000  # at least, in Windows NT 4.0 to 11; a collection by name takes some hundreds


@fact
class InventoryLimits:
    """`lookups` of paths in all; sizes in bytes of one file and of all files that are read."""

    lookups: int = 20_000
    file_bytes: int = 160 * 1024 * 1024  # the largest drivers have some 100 MB
    all_bytes: int = 4 * 1024 * 1024 * 1024


@fact
class FileFacts:
    """What lies at a path of the volume. `exists` is None where that can't be told: behind a link, by an 8.3 name. Times
    are FILETIME ticks, 0 where not known; `sha256` is '' for a folder or what is unread, and `unread` says why.

    `program` is None for what is no PE image, `signature` for what carries none. `catalog` is the catalog that lists it, '' where none does or none was searched.
    """

    path: str
    exists: bool | None
    size: int = 0
    created: int = 0
    modified: int = 0
    is_folder: bool = False
    reparse: str = ""
    unread: str = ""
    sha256: str = ""
    program: PeFacts | None = None
    catalog: str = ""
    signature: Signature | None = None

    @property
    def is_read(self) -> bool:
        return bool(self.sha256)

    @property
    def is_signed(self) -> bool:
        """Whether it is a program with an embedded signature that is valid, or at least matches the file, its signer not verified."""
        signature = self.signature
        return signature is not None and signature.state in (SignatureState.VALID, SignatureState.MATCHES)

    @property
    def is_verified(self) -> bool:
        """Whether its embedded signature is valid."""
        return self.signature is not None and self.signature.state is SignatureState.VALID

    @property
    def is_native(self) -> bool | None:
        """Whether it is a native program; None where its bytes are not known."""
        return (self.program is not None and self.program.is_native) if self.is_read else None


@fact
class Inventory:
    """`files` by the folded path of the volume (`WINDOWS/SYSTEM32/X.EXE`), whether they exist or not.

    `whole` is True for all of a volume: a path that was not found, in a top folder that was, does not exist. `catalogs_read` is the number of catalogs that were searched.
    """

    volume: str
    whole: bool
    files: dict[str, FileFacts]
    catalogs_read: int
    limits: tuple[str, ...] = ()

    def of(self, path: str) -> FileFacts | None:
        """The facts of a path of the volume; None where it was not looked up."""
        return self.files.get(fold_path(path))

    @property
    def present(self) -> tuple[FileFacts, ...]:
        """The files and folders that are there, in the order they were asked for."""
        return tuple(file for file in self.files.values() if file.exists)


def fold_path(path: str) -> str:
    return path.replace("\\", "/").strip("/").upper()


class Stocktaking:
    """An inventory in the making: paths are added as the boot turns out to touch them, each looked up and read once."""

    def __init__(self, tree: FileTree, windows: str, limits: InventoryLimits = InventoryLimits()) -> None:
        self._tree = tree
        self._windows = windows
        self._limits = limits
        self._left = limits.all_bytes
        self._files: dict[str, FileFacts] = {}
        self._told: dict[str, None] = {}
        self.whole = all(tree.find(f"{windows}/{mark}") is not None for mark in _MARKS) and (
            tree.is_volume or tree.count_names(f"{windows}/System32") >= _NAMES_OF_SYSTEM32
        )

    def add(self, paths: Iterable[str]) -> None:
        """Looks up those that are new."""
        for path in paths:
            key = fold_path(path)
            if key in self._files or not key:
                continue
            if len(self._files) >= self._limits.lookups:
                self._told.setdefault(f"only the first {self._limits.lookups:,} paths were looked up on the volume")
                return
            self._files[key] = self._look_up(path)

    @property
    def is_empty(self) -> bool:
        """Whether it knows of no file, there or missing: a collection of hives alone."""
        return not any(file.exists is False or (file.exists and not file.is_folder) for file in self._files.values())

    @property
    def count(self) -> int:
        """How many paths were looked up."""
        return len(self._files)

    def inventory(self) -> Inventory:
        """What is known so far, without the catalogs."""
        return Inventory(self._tree.name, self.whole, dict(self._files), 0, tuple(self._told))

    def finish(self) -> Inventory:
        """The same, with the catalogs searched for every program without a valid signature."""
        plain = {
            digest
            for file in self._files.values()
            if file.program is not None and not file.is_verified
            for digest in (file.program.authentihash_sha1, file.program.authentihash_sha256)
        }
        catalogs = search_catalogs(self._tree, self._windows, plain) if plain else Catalogs(0, {})
        if catalogs.missed:
            self._told.setdefault(catalogs.missed)
        files = {key: _with_catalog(file, catalogs.names) for key, file in self._files.items()}
        return Inventory(self._tree.name, self.whole, files, catalogs.read, tuple(self._told))

    def _look_up(self, path: str) -> FileFacts:
        entry = self._tree.find(path)
        if entry is None:
            if "~" in path and not self._tree.short_names:
                return FileFacts(path, None, unread="the short (8.3) names of this volume are not known")
            return FileFacts(path, False if self._shows_absence(path) else None)
        if entry.reparse and entry.unread.startswith("its folder"):
            return FileFacts(path, None, reparse=entry.reparse, unread=entry.unread)
        facts = FileFacts(
            path, True, entry.size, entry.created, entry.modified, entry.is_folder, entry.reparse, entry.unread
        )
        return facts if entry.is_folder or entry.unread else self._read(entry, facts)

    def _shows_absence(self, path: str) -> bool:
        """Whether a path that is not found does not exist: a copy of a volume may lack whole folders, such as those of the users."""
        top, slash, _ = path.replace("\\", "/").strip("/").partition("/")
        if not self.whole or self._tree.is_volume:
            return self.whole
        return self._tree.find(top) is not None if slash else "." in top

    def _read(self, entry: FileEntry, facts: FileFacts) -> FileFacts:
        if entry.size > self._limits.file_bytes:
            return changed(facts, unread=f"it is larger than {self._limits.file_bytes:,} bytes")
        if entry.size > self._left:
            self._told.setdefault(f"files were no longer read after {self._limits.all_bytes:,} bytes of them")
            return changed(facts, unread="too much was read before it")
        try:
            with open_plain(entry.path) as file:
                data = file.read(self._limits.file_bytes + 1)
        except OSError as error:
            return changed(facts, unread=str(error.strerror or error))
        self._left -= len(data)
        if len(data) > self._limits.file_bytes:
            return changed(facts, unread=f"it is larger than {self._limits.file_bytes:,} bytes")
        program = read_pe(data)
        signature = check_signature(data, program) if program is not None and program.signature_bytes else None
        return changed(facts, size=len(data), sha256=sha256(data).hexdigest(), program=program, signature=signature)


def _with_catalog(file: FileFacts, names: dict[str, str]) -> FileFacts:
    if file.program is None or file.is_verified:
        return file
    found = names.get(file.program.authentihash_sha256) or names.get(file.program.authentihash_sha1)
    return changed(file, catalog=found) if found else file
