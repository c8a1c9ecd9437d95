"""The Typer application: its commands, and how every error ends.

An error of the input is one sentence on standard error and an exit code, never a traceback; a fault of ours is a traceback.
"""

import sys
from collections.abc import Callable

import typer

from hivecheck.cli.exits import Exit, tell_error
from hivecheck.cli.options import Version
from hivecheck.errors import HivecheckError, NotationError, UsageError, out_of_memory

Command = Callable[..., int]


def _analyze() -> Command:
    from hivecheck.cli.analyze import analyze_command

    return analyze_command


def _extract() -> Command:
    from hivecheck.cli.extract import extract_command

    return extract_command


def _replay() -> Command:
    from hivecheck.cli.replay import replay_command

    return replay_command


def _diff() -> Command:
    from hivecheck.cli.diff import diff_command

    return diff_command


def _history() -> Command:
    from hivecheck.cli.history import history_command

    return history_command


def _recover() -> Command:
    from hivecheck.cli.recover import recover_command

    return recover_command


def _export() -> Command:
    from hivecheck.cli.export import export_command

    return export_command


def _rules() -> Command:
    from hivecheck.cli.rules import rules_command

    return rules_command


def _explain() -> Command:
    from hivecheck.cli.rules import explain_command

    return explain_command


# in the order of --help
COMMANDS: dict[str, Callable[[], Command]] = {
    "analyze": _analyze,
    "extract": _extract,
    "replay": _replay,
    "diff": _diff,
    "history": _history,
    "recover": _recover,
    "export": _export,
    "rules": _rules,
    "explain": _explain,
}


def application(arguments: list[str]) -> typer.Typer:
    """The application with the command that the arguments ask for; with all where they ask for none, as --help does.

    Typer examines every option of every command it is given: a twentieth of the main job's time if it were given all.
    """
    app = typer.Typer(
        name="hivecheck",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(hivecheck)
    asked = next((one for one in arguments if not one.startswith("-")), "")
    for name, load in COMMANDS.items():
        if name == asked or asked not in COMMANDS:
            app.command(name)(load())
    return app


def hivecheck(version: Version = False) -> None:
    """What will this Windows machine do the next time it boots, and did somebody arrange that?

    Reads SYSTEM registry hives offline and replays the next boot.
    """


def run() -> int:
    """Runs the command line of this process and gives its exit code."""
    try:
        result = application(sys.argv[1:])(standalone_mode=False)
        return int(result or 0)
    except HivecheckError as error:
        tell_error(error)
        return Exit.USAGE if isinstance(error, UsageError | NotationError) else Exit.UNREADABLE
    except MemoryError:
        tell_error(out_of_memory(""))
        return Exit.UNREADABLE
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        from hivecheck.cli.output import drop_standard_output

        drop_standard_output()  # the reader has gone, which Typer takes for a failure: nothing more to say
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
