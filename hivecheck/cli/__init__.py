"""The command line: arguments become one call, the call's result goes to a renderer, and out comes an exit code.

Known by no other module. Everything heavy is imported inside the commands: `hivecheck --help` must feel instant.
"""

import codecs
import gc
import os
import sys


def _marks(error: UnicodeError) -> tuple[str, int]:
    """What stands in the output for letters that its encoding has not. Loaded when one is met."""
    from hivecheck.facts.visible import marks_in_ascii

    return marks_in_ascii(error)


def main() -> None:
    """The entry point `hivecheck`. Ends the process with an exit code of `hivecheck.cli.exits.Exit`."""
    gc.set_threshold(100_000, 20, 20)  # a short run makes little garbage; looking for it would cost a tenth of the time
    codecs.register_error("marks", _marks)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a console of cp1252 must not turn a file name into a traceback
            reconfigure(errors="marks")
    from hivecheck.cli.app import run

    code = run()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BrokenPipeError:  # the reader has gone: nothing more to say
        pass
    except OSError:  # a full disk: what was written is not whole
        code = code or 2
    os._exit(code)  # all is written and closed; taking the interpreter down piece by piece would take a tenth of the time
