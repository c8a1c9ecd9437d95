"""The shadow copies of a volume: its older states, frozen by Windows, read by libvshadow (extra `images`)."""

from threading import RLock
from typing import Any

from hivecheck.evidence.volumes import Window
from hivecheck.facts.fact import fact

_COPIES_AT_MOST = 512  # Windows keeps 64 of its own and no more than 512 in all on a volume
_MARK = bytes.fromhex("6b870838 76c1484e b7ae0404 6e6cc752")  # the volume header, 7,680 bytes into the volume
_MARK_AT = 0x1E00


@fact
class ShadowCopy:
    """One of them; `number` counts from 1, the oldest first, as Windows does. `created` is in FILETIME ticks, 0 where unknown."""

    number: int
    created: int
    window: Window


def read_shadow_copies(volume: Window) -> tuple[tuple[ShadowCopy, ...], tuple[str, ...]]:
    """Those of this volume, and what is wrong, in words. Raises ImportError where there are some and the library is missing."""
    try:
        if volume.head(16, _MARK_AT) != _MARK:
            return (), ()
    except OSError:
        return (), ()
    import pyvshadow

    copies: list[ShadowCopy] = []
    problems: list[str] = []
    with volume.lock:
        try:
            library = pyvshadow.volume()
            library.open_file_object(volume.part(0, volume.size))
            count = library.number_of_stores
        except Exception:  # noqa: BLE001 - whatever the library makes of damage
            return (), ("its shadow copies can't be read: their catalog is damaged, or lies in a part that is missing",)
        if count > _COPIES_AT_MOST:
            problems.append(f"it claims {count:,} shadow copies; the first {_COPIES_AT_MOST} were read")
        for number in range(min(count, _COPIES_AT_MOST)):
            try:
                store = library.get_store(number)
                created = int(store.get_creation_time_as_integer() or 0)
                window = Window(_Store(library, store), store.volume_size, lock=volume.lock)
            except Exception:  # noqa: BLE001
                problems.append(f"shadow copy {number + 1} can't be read: it is damaged")
                continue
            copies.append(ShadowCopy(number + 1, created, window))
    return tuple(copies), tuple(problems)


class _Store:
    """A shadow copy's bytes. Holds on to the library's volume, which must outlive it."""

    def __init__(self, library: Any, store: Any) -> None:
        self._library = library
        self._store = store
        self._lock = RLock()

    def read(self, count: int, /) -> bytes:
        data: bytes = self._store.read(count)
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._store.seek(offset, whence)
        return self.tell()

    def tell(self) -> int:
        return int(self._store.tell())
