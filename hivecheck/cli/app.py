"""The Typer application: its commands, and how every error ends.

An error of the input is one sentence on standard error and an exit code, never a traceback; a fault of ours is a traceback.
"""

import os
import sys

import typer

from hivecheck.cli.analyze import analyze_command
from hivecheck.cli.exits import Exit, tell_error
from hivecheck.cli.extract import extract_command
from hivecheck.cli.options import Version
from hivecheck.cli.recover import recover_command
from hivecheck.cli.replay import replay_command
from hivecheck.cli.rules import explain_command, rules_command
from hivecheck.errors import HivecheckError, NotationError, UsageError

app = typer.Typer(
    name="hivecheck",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("analyze")(analyze_command)
app.command("extract")(extract_command)
app.command("replay")(replay_command)
app.command("recover")(recover_command)
app.command("rules")(rules_command)
app.command("explain")(explain_command)


@app.callback()
def hivecheck(version: Version = False) -> None:
    """What will this Windows machine do the next time it boots, and did somebody arrange that?

    Reads SYSTEM registry hives offline and replays the next boot.
    """


def run() -> int:
    """Runs the command line of this process and gives its exit code."""
    try:
        result = app(standalone_mode=False)
        return int(result or 0)
    except HivecheckError as error:
        tell_error(error)
        return Exit.USAGE if isinstance(error, UsageError | NotationError) else Exit.UNREADABLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: nothing more to say
        return Exit.OK
    except OSError as error:  # all files are opened where their errors are told: this is standard output
        print(f"hivecheck: standard output can't be written: {error.strerror or error}.", file=sys.stderr)
        return Exit.USAGE
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except Exception as error:
        show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if show is None or code is None:
            raise
        show()  # wrong usage, as Typer words it
        return int(code)
