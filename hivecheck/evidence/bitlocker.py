"""A volume encrypted by BitLocker, unlocked with a password, a recovery key, a key file, or the key it carries while suspended.

Read by dissect.fve (extra `images`).
"""

import re
from pathlib import Path
from typing import Any

from hivecheck.evidence.volumes import BITLOCKER_MARK, Window
from hivecheck.registry.plain_files import open_plain

_RECOVERY_KEY = re.compile(r"\d{6}(?:-\d{6}){7}", re.ASCII)
_KEY_FILE_BYTES_AT_MOST = 1024 * 1024
LOCKED = (
    "it is encrypted by BitLocker and locked: give its password, its recovery key (48 digits), or the path of its key file (.BEK)"
    " with --key"
)
WRONG_KEY = "it is encrypted by BitLocker, and none of the keys given opens it"


def is_bitlocker(volume: Window) -> bool:
    """Whether a volume says so in its first sector. Windows 7 and later, and the drives to go, whose mark reads `MSWIN4.1`."""
    try:
        head = volume.head(512)
    except OSError:
        return False
    return head[3:11] == BITLOCKER_MARK or (head[3:11] == b"MSWIN4.1" and head[424:440] == _TO_GO)


_TO_GO = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")


def unlock(volume: Window, keys: tuple[str, ...]) -> tuple[Window | None, str]:
    """The volume in the clear, or None and why not, in words. Raises ImportError where the library is missing."""
    from dissect.fve import bde

    try:
        encrypted = bde.BDE(volume.part(0, volume.size))
        if not encrypted.unlocked and encrypted.has_clear_key():
            encrypted.unlock_with_clear_key()
    except Exception:  # noqa: BLE001 - whatever the library makes of damage
        return None, "it is encrypted by BitLocker, and its own description is damaged or missing"
    for key in keys:
        if encrypted.unlocked:
            break
        _try(encrypted, key)
    if not encrypted.unlocked:
        return None, WRONG_KEY if keys else LOCKED
    try:
        stream = encrypted.open()
    except Exception as error:  # noqa: BLE001
        return None, f"it is encrypted by BitLocker in a way that can't be read: {error}"
    return Window(stream, stream.size, lock=volume.lock, exact=True), ""


def _try(encrypted: Any, key: str) -> None:
    """Unlocks with this key as what it looks like: a recovery key, the path of a key file, and else a password."""
    for attempt in (_by_recovery_key, _by_key_file, _by_password):
        try:
            attempt(encrypted, key)
        except Exception:  # noqa: BLE001, S112 - a key that does not fit; the caller sees that it stays locked
            continue
        if encrypted.unlocked:
            return


def _by_recovery_key(encrypted: Any, key: str) -> None:
    if _RECOVERY_KEY.fullmatch(key.strip()) and encrypted.has_recovery_password():
        encrypted.unlock_with_recovery_password(key.strip())


def _by_key_file(encrypted: Any, key: str) -> None:
    path = Path(key)
    if path.is_file() and path.stat().st_size <= _KEY_FILE_BYTES_AT_MOST and encrypted.has_bek():
        with open_plain(path) as file:
            encrypted.unlock_with_bek(file)


def _by_password(encrypted: Any, key: str) -> None:
    if encrypted.has_passphrase():
        encrypted.unlock_with_passphrase(key)
