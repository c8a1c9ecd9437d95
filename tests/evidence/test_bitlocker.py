"""BitLocker volumes: the public images of cryptsetup's tests, where they are at hand; the words for a locked one everywhere."""

import os
import sys
from configparser import ConfigParser
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from hivecheck.evidence.bitlocker import LOCKED, WRONG_KEY, is_bitlocker, unlock
from hivecheck.evidence.images import open_image
from hivecheck.evidence.volumes import Window

pytest.importorskip("dissect.fve", reason="the extra `images` is not installed")
pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")

IMAGES = "HIVECHECK_BITLOCKER_IMAGES"
HEAD = b"\xeb\x58\x90-FVE-FS-" + bytes(501)


def window(path: Path) -> Window:
    data = path.read_bytes()
    return Window(BytesIO(data), len(data))


@pytest.fixture
def public() -> tuple[Path, ConfigParser]:
    folder = os.environ.get(IMAGES)
    if not folder:
        pytest.skip(f"{IMAGES} names no folder of BitLocker images")
    published = ConfigParser()
    published.read(Path(folder) / "images.conf")
    return Path(folder), published


def test_a_password_opens_the_published_bytes(public: tuple[Path, ConfigParser]) -> None:
    folder, published = public
    volume = window(folder / "bitlk-aes-cbc-128.img")
    opened, why = unlock(volume, ("wrong", published["bitlk-aes-cbc-128"]["PW"]))
    assert why == ""
    assert opened is not None
    assert sha256(opened.head(opened.size)).hexdigest() == published["bitlk-aes-cbc-128"]["SHA256SUM"]


@pytest.mark.parametrize("name", ["bitlk-aes-xts-128", "bitlk-aes-cbc-elephant-256", "bitlk-togo-aes-xts-128"])
def test_a_recovery_key_opens_what_a_password_does(name: str, public: tuple[Path, ConfigParser]) -> None:
    folder, published = public
    volume = window(folder / f"{name}.img")
    assert is_bitlocker(volume)
    heads = [one.head(512) for key in ("PW", "RP") if (one := unlock(volume, (published[name][key],))[0]) is not None]
    assert len(heads) == 2
    assert heads[0] == heads[1]
    assert heads[0][510:] == b"\x55\xaa"


def test_a_key_file_opens_only_its_own_volume(public: tuple[Path, ConfigParser]) -> None:
    folder, _ = public
    opened = {
        image.name: [key.name for key in sorted(folder.glob("*.BEK")) if unlock(window(image), (str(key),))[0] is not None]
        for image in sorted(folder.glob("*startup-key*.img"))
    }
    assert opened == {
        "bitlk-aes-xts-128-startup-key-win11.img": ["AA80A52B-9B66-47AE-B097-33F536FFBB07.BEK"],
        "bitlk-aes-xts-128-startup-key.img": ["4381F759-C4F8-4DE0-BB61-FC33A831BDA5.BEK"],
    }


def test_a_suspended_volume_opens_by_itself(public: tuple[Path, ConfigParser]) -> None:
    folder, _ = public
    opened, why = unlock(window(folder / "bitlk-clearkey-aes-cbc-128.img"), ())
    assert (opened is not None, why) == (True, "")


@pytest.mark.parametrize(("keys", "words"), [((), LOCKED), (("wrong",), WRONG_KEY)])
def test_a_locked_public_volume_is_told(keys: tuple[str, ...], words: str, public: tuple[Path, ConfigParser]) -> None:
    folder, _ = public
    opened = open_image(folder / "bitlk-aes-xts-256.img", keys)
    assert (opened.trees, opened.problems) == ((), (f"volume 1 can't be read: {words}",))


class Locked:
    """What dissect.fve says of a volume with a password, without one at hand."""

    unlocked = False

    def __init__(self, volume: Window) -> None:
        assert volume.tell() == 0
        self.tried: list[str] = []

    def has_clear_key(self) -> bool:
        return False

    def has_passphrase(self) -> bool:
        return True

    has_recovery_password = has_bek = has_passphrase

    def unlock_with_passphrase(self, key: str) -> None:
        if key != "right":
            raise ValueError("Unable to unlock with given passphrase")
        self.unlocked = True

    def unlock_with_recovery_password(self, key: str) -> None:
        self.unlocked = key.startswith("111111-")

    def open(self) -> BytesIO:
        stream = BytesIO(b"in the clear")
        return SimpleNamespace(size=12, seek=stream.seek, read=stream.read)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ((), LOCKED),
        (("wrong", "worse"), WRONG_KEY),
        (("wrong", "right"), ""),
        (("-".join(["111111"] * 8),), ""),
        (("-".join(["222222"] * 8),), WRONG_KEY),
    ],
)
def test_keys_are_tried_as_what_they_look_like(keys: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dissect.fve", SimpleNamespace(bde=SimpleNamespace(BDE=Locked)))
    volume = Window(BytesIO(HEAD), 512)
    assert is_bitlocker(volume)
    opened, why = unlock(volume, keys)
    assert why == words
    assert (opened.head(12) if opened else b"") == (b"" if words else b"in the clear")


def test_a_plain_volume_is_not_taken_for_an_encrypted_one() -> None:
    assert not is_bitlocker(Window(BytesIO(b"\xeb\x52\x90NTFS    " + bytes(501)), 512))
    assert not is_bitlocker(Window(BytesIO(b"\xeb\x58\x90MSWIN4.1" + bytes(501)), 512))
