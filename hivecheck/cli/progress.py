"""How far long work has come, in one line of the terminal on standard error: stage, bytes, time left.

Nothing is shown where standard error is no terminal, and nothing of work that is done within a second.
"""

import sys
from collections.abc import Callable
from shutil import get_terminal_size
from time import monotonic
from typing import TextIO

from hivecheck.facts.visible import visible

_FIRST_SHOWN_S = 1.0
_BETWEEN_S = 0.2
_LEAST_GUESSED_S = 2.0  # before that a guess of the time left is worth nothing
_MEGABYTE = 1_000_000


class ProgressLine:
    """Satisfies `evidence.limits.Progress`. Use it in a `with`: at its end the line is wiped."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._shows = not quiet and self._stream.isatty()
        self._began = self._stage_began = clock()
        self._last_shown = 0.0
        self._width = 0
        self._what = ""

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()

    def stage(self, what: str) -> None:
        """A new stage begins."""
        self._what = what
        self._stage_began = self._clock()
        self.done(0, 0)

    def step(self, what: str, done_bytes: int, all_bytes: int) -> None:
        """Something else is being done in the same stage."""
        self._what = what
        self.done(done_bytes, all_bytes)

    def done(self, done_bytes: int, all_bytes: int) -> None:
        """So much of the stage is done; `all_bytes` is 0 where that is not known."""
        if not self._shows:
            return
        now = self._clock()
        if now - self._began < _FIRST_SHOWN_S or now - self._last_shown < _BETWEEN_S:
            return
        self._last_shown = now
        told = _amount(done_bytes, all_bytes, now - self._stage_began)
        room = max(get_terminal_size((80, 24)).columns - len(told) - 3, 8)
        what = visible(self._what)
        line = f"{what if len(what) <= room else '...' + what[3 - room :]}  {told}".rstrip()
        self._stream.write(f"\r{line.ljust(self._width)}")
        self._stream.flush()
        self._width = len(line)

    def wipe(self) -> None:
        """Leaves the line empty, so that what is printed next begins at its start."""
        if self._width:
            self._stream.write(f"\r{' ' * self._width}\r")
            self._stream.flush()
            self._width = 0


def _amount(done_bytes: int, all_bytes: int, passed_s: float) -> str:
    """`12 of 340 MB, 45 s left`; as much of it as is known."""
    if not done_bytes:
        return ""
    if not all_bytes or done_bytes > all_bytes:
        return f"{done_bytes // _MEGABYTE:,} MB"
    told = f"{done_bytes // _MEGABYTE:,} of {all_bytes // _MEGABYTE:,} MB"
    if passed_s < _LEAST_GUESSED_S:
        return told
    left_s = passed_s * (all_bytes - done_bytes) / done_bytes
    return f"{told}, {left_s / 60:.0f} min left" if left_s >= 100 else f"{told}, {left_s:.0f} s left"
