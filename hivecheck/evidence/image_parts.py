"""The files that belong to an image or archive and lie beside it: segments, parts, extents, and the protocol of its taking."""

import os
import re
from pathlib import Path

from hivecheck.evidence.discovery import is_container
from hivecheck.evidence.image_formats import extent_names

_REPORT_ENDINGS = frozenset({".html", ".json", ".jsonl", ".sarif"})  # what is written beside an image as a rule, and again
_VMDK_PART = re.compile(r"-([sf]?\d{3,}|flat|delta|sesparse|ctk)(\.vmdk)$")


def parts_beside(image: Path) -> tuple[Path, ...]:
    """The other files of its folder that belong to an image or archive; none for any other file.

    A file of the same stem does (`disk.E01`: `disk.E02`, `disk.E01.txt`; `disk.vmdk`: `disk-s001.vmdk`), unless its ending is
    one of a report; and whatever a VMDK descriptor names.
    """
    if not is_container(image):
        return ()
    try:
        names = os.listdir(image.parent)
    except OSError:
        return ()
    extents = {extent.casefold() for extent in extent_names(image)}
    stem = _whole_name(image.name) + "."
    alike = [name for name in names if (_whole_name(name) + ".").startswith(stem)]
    parts = {name for name in alike if os.path.splitext(name)[1].lower() not in _REPORT_ENDINGS}
    parts |= {name for name in names if name.casefold() in extents}
    return tuple([image.parent / name for name in sorted(parts - {image.name})])


def _whole_name(name: str) -> str:
    """The name of the image that a part belongs to, without its last ending, for comparing."""
    return _VMDK_PART.sub(r"\2", name.casefold()).rpartition(".")[0] or name.casefold()
