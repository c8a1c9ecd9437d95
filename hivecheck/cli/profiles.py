"""The user's profile of expected findings, read from its file."""

from pathlib import Path
from typing import TYPE_CHECKING

from hivecheck.errors import UsageError

if TYPE_CHECKING:
    from hivecheck.rules.profile import Profile


def read_profile(file: Path | None, generated_utc: str) -> "Profile | None":
    """The profile, as of the day of the report; None without a file. Raises UsageError where it can't be read or is wrong."""
    if file is None:
        return None
    from datetime import date

    from hivecheck.rules.catalog import RULES
    from hivecheck.rules.profile import parse_profile

    try:
        text = file.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
    except OSError as error:
        raise UsageError(f"the profile can't be read: {error.strerror or error}", str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the profile is no text in UTF-8", str(file)) from error
    try:
        return parse_profile(text, date.fromisoformat(generated_utc[:10]), [rule.id for rule in RULES])
    except UsageError as error:
        raise UsageError(error.message, str(file), error.hint) from error
