r"""A program that another one starts by CreateProcess, with the debugger that SOFTWARE may set for it.

`Image File Execution Options\NAME\Debugger` is started in place of NAME and is handed its command line. Where SOFTWARE is not
given, nobody knows. Source: documentation of CreateProcess; Windows Internals 7, part 1, "Image File Execution Options".
"""

from hivecheck.boot.actions import StartProcess
from hivecheck.boot.plan import Plan, Request
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.create_process import find_created_image, search_folders
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin


@fact
class CreatedProgram:
    """The request to start a program, what more it rests on, and what is to be said with it.

    `meant` is the program itself where a debugger is started in its place, None where none is.
    """

    action: StartProcess
    because: tuple[Origin, ...]
    note: str
    meant: StartProcess | None = None


def system_program(smss: Smss, name: str, session: int | None) -> CreatedProgram:
    """A program of System32 by its file name, as Windows itself starts it."""
    return created_program(smss, f"{smss.system_root}\\System32\\{name}", session, shown=name)


def created_program(smss: Smss, line: str, session: int | None, shown: str = "") -> CreatedProgram:
    """What CreateProcess starts for a command line. `shown` is the image as it is to be told, its own spelling where ''."""
    folders = search_folders(smss.system_root, smss.variable("Path") or "")
    created = find_created_image(f'"{line}"' if shown else line, folders)
    image = shown or created.image
    options = smss.software.image_options.get(_file_name(created.image)) if smss.software is not None else None
    note = ""
    because: tuple[Origin, ...] = ()
    if options is not None and options.global_flag.value:
        note = f"SOFTWARE sets GlobalFlag 0x{options.global_flag.value:x} for it."
        because = options.global_flag.origins
    if options is not None and options.debugger.value.strip():
        prefixed = find_created_image(f"{options.debugger.value} {line}", folders)
        action = StartProcess(prefixed.image, prefixed.arguments, session, prefixed.candidates)
        told = f"SOFTWARE sets a debugger for {options.image}: it is started in its place."
        meant = StartProcess(image, created.arguments, session, created.candidates)
        return CreatedProgram(action, (*options.debugger.origins, *because), f"{told} {note}".rstrip(), meant)
    if created.ambiguous and not shown:
        note = f"The line has blanks and no quotes: {created.ambiguous[0]} would be started first. {note}".rstrip()
    return CreatedProgram(StartProcess(image, created.arguments, session, created.candidates), because, note)


def debugged(smss: Smss, name: str) -> str:
    """What must hold for a program to run, where SOFTWARE sets a debugger for it; '' where it sets none."""
    debugger = smss.software.debugger_of(name) if smss.software is not None else None
    return f"{find_created_image(debugger.value, ()).image} starts {name}" if debugger is not None else ""


def assuming(plan: Plan, assumption: str) -> Plan:
    """The same plan, each of its requests resting on one more assumption; on none where that is ''."""
    if not assumption:
        yield from plan
        return
    try:
        asked = next(plan)
        while True:
            if isinstance(asked, Request):
                doubt = f"{assumption}, and {asked.doubt}" if asked.doubt else assumption
                asked = changed(asked, doubt=doubt)
            done = yield asked
            asked = plan.send(done)
    except StopIteration:
        return


def _file_name(image: str) -> str:
    name = image.replace("/", "\\").rpartition("\\")[2].upper()
    return name if "." in name else name + ".EXE"
