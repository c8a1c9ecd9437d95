r"""How the file system answers: finding, renaming and deleting files, with or without knowing what is on the volume.

Source: smss.md B3.4, B3.5, B3.12, B3.14 (ReactOS sminit.c SmpProcessFileRenames; the rules of MoveFileEx).
"""

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.machine import Change, Exists, File, FolderMoved, Machine, folders_above
from hivecheck.boot.outcome import Outcome, no
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.nt_path import NtPath, PathKind
from hivecheck.registry.hive import fold_name

_SYSTEM32 = NtPath("\\SystemRoot\\System32")
_HIVES = NtPath("\\SystemRoot\\System32\\config")


@fact
class FoundFile:
    """The first of some candidate files that exists, or may. `file` is None where nothing is known of it.

    `guessed`: it may just as well be one of the later ones; not so of a file in System32, where Windows keeps its programs.
    """

    path: NtPath
    exists: Exists
    file: File | None
    why: str = ""
    assumes: tuple[str, ...] = ()
    guessed: bool = False

    def assuming(self, assumption: str) -> "FoundFile":
        return changed(self, exists=Exists.UNKNOWN, assumes=(*self.assumes, assumption))

    def outcome(self) -> Outcome:
        """The answer of a request that needs nothing but this file."""
        if self.exists is Exists.NO:
            return Outcome(Done.NO, self.why, assumes=self.assumes)
        done = Done.YES if self.exists is Exists.YES else Done.UNKNOWN
        return Outcome(done, self.why, (), self.assumes)


def find_file(machine: Machine, candidates: tuple[NtPath, ...]) -> FoundFile:
    """The first candidate that exists. One that may exist is taken too, and its existence told as an assumption.

    Not where this boot has removed the file from System32 before: that it lay there makes another one, farther on, unlikely.
    """
    gone = ""
    rests_on: dict[str, None] = {}
    removed = False
    for place, path in enumerate(candidates):
        state, file = look_up(machine, path)
        if state is Exists.YES:
            assumed = file is not None and file.assumed
            note = _history(file)
            found = FoundFile(path, Exists.YES, file, note)
            return found.assuming(_earlier(path)) if assumed else found
        if state is Exists.UNKNOWN and removed:
            rests_on[f"no later folder of Path holds another {path.file_name}"] = None
            continue
        if state is Exists.UNKNOWN:
            later = len(candidates) - place - 1
            is_own = machine.file_key(NtPath(path.folder)) == machine.file_key(_SYSTEM32)
            also = f", or else in a later folder of Path ({later} more)" if later else ""
            return FoundFile(path, Exists.UNKNOWN, file, _history(file), (f"{path} exists{also}",), later > 0 and not is_own)
        why = _why_gone(machine, path, file)
        gone = gone or why
        removed = removed or (bool(why) and machine.file_key(NtPath(path.folder)) == machine.file_key(_SYSTEM32))
        if file is not None and file.assumed and not any(rests_on):
            rests_on[_earlier(path)] = None
    none = candidates[0] if candidates else NtPath("")
    return FoundFile(none, Exists.NO, None, gone or "the file does not exist", tuple(rests_on))


def delete_file(machine: Machine, action: DeleteFile, named_later: NtPath | None = None) -> Outcome:
    """A delete: directories must be empty, read-only files stay. A path in it that is only named later keeps a directory too."""
    refusal, assumes, file = _open_source(machine, action.source)
    if refusal is not None:
        return refusal
    path = action.source
    if file is not None and file.read_only:
        return no("the file is read-only", Certainty.C)
    key = machine.file_key(path)
    if f"{machine.file_key(_HIVES)}\\".startswith(key + "\\"):
        return no("the directory is not empty: the registry hives are below it")
    if machine.has_files(key):
        rests_on = (_earlier(path),) if machine.holds_only_assumed(key) else ()
        return Outcome(Done.NO, "the directory is not empty", assumes=rests_on)
    if named_later is not None and look_up(machine, named_later)[0] is Exists.UNKNOWN:
        why = f"the directory is not empty, if {named_later} is there, which a later pair names"
        return Outcome(Done.NO, why, assumes=(f"{named_later} exists",))
    if (path.text.endswith("\\") or (file is not None and file.directory)) and not machine.lists_all_of(key):
        assumes = (*assumes, "the directory is empty by then")
    gone = File(path.text, Exists.NO, "", "deleted", assumed=bool(assumes))
    return Outcome(Done.UNKNOWN if assumes else Done.YES, _history(file), (gone,), assumes)


def rename_file(machine: Machine, action: RenameFile) -> Outcome:
    """A rename on one volume; without `!` an existing target makes it fail."""
    refusal, assumes, file = _open_source(machine, action.source)
    if refusal is not None:
        return refusal
    source, target = action.source, action.destination
    if not target.is_native:
        return no(f"the destination is no NT path ({target.kind.value})", Certainty.C)
    volumes = _compare_volumes(machine, source, target)
    if isinstance(volumes, Outcome):
        return volumes
    from_key, to_key = machine.file_key(source), machine.file_key(target)
    if f"{machine.file_key(_HIVES)}\\".startswith(from_key + "\\"):
        return no("files below the folder are open by then, and NTFS renames no such folder", Certainty.C)
    if to_key.startswith(from_key + "\\"):
        return no("the destination lies below the source", Certainty.C)
    state, at_target = (Exists.NO, None) if from_key == to_key else look_up(machine, target)
    if state is Exists.YES and not action.replaces:
        why = f"the target exists and the entry does not allow replacing it. {_history(at_target)}".rstrip()
        return Outcome(Done.NO, why, assumes=(_earlier(target),) if at_target is not None and at_target.assumed else ())
    if state is Exists.YES and at_target is not None and at_target.directory:
        return no("the target is a directory: it can't be replaced", Certainty.C)
    folder = _folder_of(machine, target, from_key, to_key)
    if isinstance(folder, Outcome):
        return folder
    free = (f"{target} does not exist",) if state is Exists.UNKNOWN and not action.replaces else ()
    assumes = (*assumes, *volumes, *free, *folder)
    changes = _move(machine, source, target, file, at_target, bool(assumes))
    return Outcome(Done.UNKNOWN if assumes else Done.YES, _history(file), changes, assumes)


def _compare_volumes(machine: Machine, source: NtPath, target: NtPath) -> Outcome | tuple[str, ...]:
    """Why a rename can't stay on its volume, or what is assumed where the paths don't tell."""
    here, there = NtPath(machine.resolve(source)), NtPath(machine.resolve(target))
    if _is_on_network(target, there):
        return no("the destination is on the network, which is not up yet", Certainty.C)
    if here.drive and there.drive:
        if here.drive != there.drive:
            return no(f"{there.drive}: is another volume than {here.drive}:, and a pending rename can't copy")
        return ()
    same = _volume(here) == _volume(there)
    return () if same else ("source and destination are on one volume",)


def _volume(path: NtPath) -> list[str]:
    return fold_name(path.text).split("\\", 3)[:3]


def _folder_of(machine: Machine, target: NtPath, from_key: str, to_key: str) -> Outcome | tuple[str, ...]:
    """Why the folder to move into can't be had, or what is assumed of it."""
    folder = NtPath(target.folder)
    if from_key.startswith(to_key.rpartition("\\")[0] + "\\"):
        return ()  # the source lies in it
    state, file = look_up(machine, folder)
    assumed = file is not None and file.assumed
    if state is Exists.NO:
        why = _why_gone(machine, folder, file) or f"the folder {folder} does not exist"
        return Outcome(Done.NO, why, assumes=(_earlier(folder),) if assumed else (), certainty=Certainty.C)
    return () if state is Exists.YES and not assumed else (f"the folder {folder} exists",)


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
    if machine.file_key(source) == machine.file_key(target):
        return (moved,)
    gone = File(source.text, Exists.NO, "", f"renamed to {target}", assumed=assumed)
    return gone, moved, FolderMoved(source.text, target.text)


def _open_source(machine: Machine, path: NtPath) -> tuple[Outcome | None, tuple[str, ...], File | None]:
    """Why the source can't be opened, or what is assumed when it can, and what is known of it."""
    if path.kind is PathKind.EMPTY:
        return no("the source is empty: there is nothing to open"), (), None
    if not path.is_native:
        return no(f"the source is no NT path ({path.kind.value}): the native open fails", Certainty.C), (), None
    if _is_on_network(path, NtPath(machine.resolve(path))):
        return no("the network is not up yet", Certainty.C), (), None
    state, file = look_up(machine, path)
    if state is Exists.NO:
        earlier = (_earlier(path),) if file is not None and file.assumed else ()
        why = _why_gone(machine, path, file) or "the file does not exist"
        return Outcome(Done.NO, why, assumes=earlier), (), file
    if state is Exists.UNKNOWN:
        return None, (f"{path} exists",), file
    return None, (f"{path} exists by then (earlier events succeeded)",) if file is not None and file.assumed else (), file


def _is_on_network(spelled: NtPath, resolved: NtPath) -> bool:
    remote = resolved.kind is PathKind.NETWORK or fold_name(resolved.text + "\\").startswith("\\DEVICE\\MUP\\")
    return remote or spelled.kind is PathKind.NETWORK


def _earlier(path: NtPath) -> str:
    return f"the file operations before it succeeded ({path})"


def look_up(machine: Machine, path: NtPath) -> tuple[Exists, File | None]:
    """Whether a file exists, and what tells so: what is known of it, or of a folder above it that this boot has removed."""
    key = machine.file_key(path)
    host = _host_of_stream(key)
    if host is not None:
        found = machine.files.get(host)
        if found is not None and found.exists is Exists.NO:
            return Exists.NO, found
    file = machine.files.get(key)
    if file is not None:
        return file.exists, file
    for folder in folders_above(key):
        above = machine.files.get(folder)
        if above is not None and above.exists is Exists.NO:
            return Exists.NO, above
        if above is not None:
            break
    absent = machine.lists_all_of(key) and (host is None or host not in machine.files)
    return (Exists.NO if absent else Exists.UNKNOWN), None


def _host_of_stream(key: str) -> str | None:
    """The key of the file that a stream (`C:\\FILE:STREAM`) belongs to; None for what is no stream."""
    folder, _, name = key.rpartition("\\")
    host, colon, _ = name.partition(":")
    return f"{folder}\\{host}" if colon and folder and host else None


def _why_gone(machine: Machine, path: NtPath, file: File | None) -> str:
    """What this boot did to a file that is gone, or to the folder it was in; '' where it did nothing."""
    if file is None or not file.fate:
        return ""
    name = "it" if machine.file_key(NtPath(file.path)) == machine.file_key(path) else file.path
    return f"earlier in this boot {name} was {file.fate}"


def _history(file: File | None) -> str:
    """What this boot has done so far to a file that exists, as a sentence's beginning; '' where nothing."""
    if file is None or not file.fate or file.exists is Exists.NO:
        return ""
    return f"it is {file.content}, {file.fate} earlier in this boot"
