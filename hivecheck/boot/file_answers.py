r"""How the file system answers: finding, renaming and deleting files, with or without knowing what is on the volume.

Source: smss.md B3.4, B3.5, B3.12, B3.14 (ReactOS sminit.c SmpProcessFileRenames; the rules of MoveFileEx).
"""

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.machine import Change, Exists, File, Machine, folders_above
from hivecheck.boot.outcome import Outcome, no
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.nt_path import NtPath, PathKind


@fact
class FoundFile:
    """The first of some candidate files that exists, or may. `file` is None where nothing is known of it."""

    path: NtPath
    exists: Exists
    file: File | None
    why: str = ""
    assumes: tuple[str, ...] = ()

    def assuming(self, assumption: str) -> "FoundFile":
        return changed(self, exists=Exists.UNKNOWN, assumes=(*self.assumes, assumption))

    def outcome(self) -> Outcome:
        """The answer of a request that needs nothing but this file."""
        if self.exists is Exists.NO:
            return no(self.why)
        done = Done.YES if self.exists is Exists.YES else Done.UNKNOWN
        return Outcome(done, self.why, (), self.assumes)


def find_file(machine: Machine, candidates: tuple[NtPath, ...]) -> FoundFile:
    """The first candidate that exists. One that may exist is taken too, and its existence told as an assumption."""
    gone = ""
    for place, path in enumerate(candidates):
        file = machine.file(path)
        state = _existence(machine, path, file)
        if state is Exists.YES:
            assumed = file is not None and file.assumed
            note = _history(file)
            found = FoundFile(path, Exists.YES, file, note)
            return found.assuming(f"the file operations before it succeeded ({path})") if assumed else found
        if state is Exists.UNKNOWN:
            later = len(candidates) - place - 1
            also = f", or else in a later folder of Path ({later} more)" if later else ""
            return FoundFile(path, Exists.UNKNOWN, file, _history(file), (f"{path} exists{also}",))
        gone = gone or _history(file)
    return FoundFile(candidates[0] if candidates else NtPath(""), Exists.NO, None, gone or "the file does not exist")


def delete_file(machine: Machine, action: DeleteFile) -> Outcome:
    """A delete: directories must be empty, read-only files stay."""
    refusal, assumes, file = _open_source(machine, action.source)
    if refusal is not None:
        return refusal
    path = action.source
    if file is not None and file.read_only:
        return no("the file is read-only", Certainty.C)
    if machine.has_files(machine.file_key(path)):
        return no("the directory is not empty")
    if path.text.endswith("\\") or (file is not None and file.directory and not machine.all_files_known):
        assumes = (*assumes, "the directory is empty by then")
    gone = File(path.text, Exists.NO, "", "deleted", assumed=False)
    return Outcome(Done.UNKNOWN if assumes else Done.YES, _history(file), (gone,), assumes)


def rename_file(machine: Machine, action: RenameFile) -> Outcome:
    """A rename on one volume; without `!` an existing target makes it fail."""
    refusal, assumes, file = _open_source(machine, action.source)
    if refusal is not None:
        return refusal
    source, target = action.source, action.destination
    if not target.is_native:
        return no(f"the destination is no NT path ({target.kind.value})", Certainty.C)
    here, there = NtPath(machine.resolve(source)), NtPath(machine.resolve(target))
    if here.drive and there.drive and here.drive != there.drive:
        return no(f"{there.drive}: is another volume than {here.drive}:, and a pending rename can't copy")
    if not (here.drive and there.drive) and here.text.split("\\")[:4] != there.text.split("\\")[:4]:
        assumes = (*assumes, "source and destination are on one volume")
    at_target = machine.file(target)
    same = machine.file_key(source) == machine.file_key(target)
    state = Exists.NO if same else _existence(machine, target, at_target)
    if state is Exists.YES and not action.replaces:
        return no(f"the target exists and the entry does not allow replacing it. {_history(at_target)}".rstrip())
    if state is Exists.YES and at_target is not None and at_target.directory:
        return no("the target is a directory: it can't be replaced", Certainty.C)
    if state is Exists.UNKNOWN and not action.replaces:
        assumes = (*assumes, f"{target} does not exist")
    if fold_folder(here) != fold_folder(there) and not machine.all_files_known:
        assumes = (*assumes, f"the folder {target.folder} exists")
    changes = _move(machine, source, target, file, at_target, bool(assumes))
    return Outcome(Done.UNKNOWN if assumes else Done.YES, _history(file), changes, assumes)


def fold_folder(path: NtPath) -> str:
    return path.folder.upper()


def _move(
    machine: Machine, source: NtPath, target: NtPath, file: File | None, at_target: File | None, assumed: bool
) -> tuple[Change, ...]:
    content = file.content if file is not None and file.content else f"what was at {source} before this boot"
    moved = File(
        target.text,
        Exists.YES,
        content,
        "replaced" if at_target is not None and at_target.exists is Exists.YES else f"renamed from {source}",
        file.directory if file else None,
        file.read_only if file else None,
        file.native if file else None,
        assumed,
    )
    gone = File(source.text, Exists.NO, "", f"renamed to {target}")
    if machine.file_key(source) == machine.file_key(target):
        return (moved,)
    changes: list[Change] = [gone, moved]
    start = len(machine.file_key(source)) + 1
    for child in machine.files_in(machine.file_key(source)):  # the contents of a renamed directory move with it
        rest = machine.resolve(NtPath(child.path))[-(len(machine.file_key(NtPath(child.path))) - start) :]
        changes.append(changed(child, exists=Exists.NO, content="", fate=f"moved with {source}"))
        changes.append(changed(child, path=target.text.rstrip("\\") + "\\" + rest, assumed=child.assumed or assumed))
    return tuple(changes)


def _open_source(machine: Machine, path: NtPath) -> tuple[Outcome | None, tuple[str, ...], File | None]:
    """Why the source can't be opened, or what is assumed when it can, and what is known of it."""
    if path.kind is PathKind.EMPTY:
        return no("the source is empty: there is nothing to open"), (), None
    if not path.is_native:
        return no(f"the source is no NT path ({path.kind.value}): the native open fails", Certainty.C), (), None
    if path.kind is PathKind.NETWORK:
        return no("the network is not up yet", Certainty.C), (), None
    file = machine.file(path)
    state = _existence(machine, path, file)
    if state is Exists.NO:
        return no(_history(file) or "the file does not exist"), (), file
    if state is Exists.UNKNOWN:
        return None, (f"{path} exists",), file
    return None, (f"{path} exists by then (earlier events succeeded)",) if file is not None and file.assumed else (), file


def _existence(machine: Machine, path: NtPath, file: File | None) -> Exists:
    if file is not None:
        return file.exists
    if machine.all_files_known:
        return Exists.NO
    for folder in folders_above(machine.file_key(path)):  # a file in a folder that this boot has removed is gone as well
        above = machine.files.get(folder)
        if above is not None:
            return Exists.NO if above.exists is Exists.NO else Exists.UNKNOWN
    return Exists.UNKNOWN


def _history(file: File | None) -> str:
    """What this boot has done to a file so far, as a sentence's beginning; '' where nothing."""
    if file is None or not file.fate:
        return ""
    if file.exists is Exists.NO:
        return f"earlier in this boot it was {file.fate}"
    return f"it is {file.content}, {file.fate} earlier in this boot"
