"""One event of the boot in the few words of the summary: what is asked for, without what goes without saying, and why it is not done.

Knows no paper. Text of the hive is made visible here.
"""

from hivecheck.boot.actions import Action, DeleteValue, LoadLibrary, RenameFile, StartSubsystem
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.paper import clip, clip_end
from hivecheck.report.view import describe_action, plain, shown_text
from hivecheck.settings.subsystems import parse_csrss

_LONGEST = 140  # letters of what is asked for, and of a reason
_LONGEST_PATH = 60  # letters of each path of a rename
_SYSTEM32 = "\\SYSTEMROOT\\SYSTEM32\\"


def event_words(event: Event) -> str:
    """What one event asks, and why it is not done where it is not."""
    text = _subsystem_words(event.action) or action_words(event.action)
    return (
        f"{clip(text, _LONGEST)}: NOT DONE, {clip_end(shown_text(event.why), _LONGEST)}" if event.done is Done.NO else text
    )


def _subsystem_words(action: object) -> str:
    """csrss with what is loaded into it, which is what matters of its long command line; '' for every other action."""
    if not isinstance(action, StartSubsystem) or not action.image:
        return ""
    dlls = [dll.text for dll in parse_csrss(f"{action.image} {action.arguments}", None).server_dlls]
    loaded = f", which loads {' '.join(dlls)}" if dlls else ""
    name = "" if action.name == "Windows" else f"start the subsystem {action.name}: "
    return shown_text(f"{name}{action.image}{loaded}")


def action_words(action: Action) -> str:
    """What is asked for, without the key of a value or the folder of a DLL that goes without saying."""
    match action:
        case DeleteValue(name=name):
            return shown_text(f"delete the value {name}")
        case LoadLibrary(process=process, file=file, list=list_):
            name = file.text.rpartition("\\")[2] if fold_name(file.text).startswith(_SYSTEM32) else file.text
            return shown_text(f"load {name} into {process} ({list_})")
        case RenameFile(source=source, destination=destination, replaces=replaces, marker=marker):
            more = (", replacing it" if replaces else "") + (f" (marked {shown_text(marker)})" if marker else "")
            paths = [clip(shown_text(path.text), _LONGEST_PATH) for path in (source, destination)]
            return f"rename {' to '.join(paths)}{more}"
        case _:
            return plain(describe_action(action))
