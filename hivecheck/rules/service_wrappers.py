r"""Services whose program only starts another one, named below `Parameters`: srvany of the resource kits, NSSM, and copies of them.

Source: documentation of srvany (Microsoft KB137890) and of NSSM (nssm.cc).
"""

from collections.abc import Iterator

from hivecheck.facts.create_process import find_created_image
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable

_COPIED = ("srvany", "nssm")  # into System32, by custom
_LETTERS = 1_024  # of a command line


@fact
class Wrapped:
    """The service, the command line that its program would start, the program in it, and the value that names it."""

    program: ServiceProgram
    command: str
    image: Comparable
    origin: ValueRef


def wrapped_programs(case: Case) -> Iterator[Wrapped]:
    """What services start through a wrapper, in the order of the services. A copy of one may bear any name."""
    plain = f"{case.system_root.casefold()}\\system32\\"
    for program in case.processes:
        text = program.image.text
        if not text or (text.startswith(plain) and not text.startswith(_COPIED, len(plain))):
            continue  # nearly all, and services of Windows have other values of that name
        key = case.key(f"Services\\{program.service.name}\\Parameters")
        raw = key.value("Application") if key is not None else None
        text = text_in(raw)[:_LETTERS].strip()
        if key is None or raw is None or not text:
            continue
        path = case.path(
            text.strip('"') if "\\" in text and not text.startswith('"') else find_created_image(text, ()).image
        )
        arguments = text_in(key.value("AppParameters"))[:_LETTERS]
        yield Wrapped(program, f"{text} {arguments}".strip(), path, raw.ref.citing(text))
