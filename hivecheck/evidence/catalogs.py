r"""The catalogs of a volume: which files Windows vouches for that carry no signature of their own.

A catalog (`System32\CatRoot\{guid}\*.cat`) is signed as a whole and lists the Authentihash of each file. Here the hashes are
found as bytes where DER writes them; the catalog's own signature is not checked, and anyone who may write there can add one.
Source: ecosystem.md 3.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from hivecheck.evidence.file_tree import FileTree
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.registry.plain_files import open_plain

CATALOG_FOLDER = "System32/CatRoot"
_CATALOG_BYTES = 64 * 1024 * 1024
_ALL_BYTES = 2 * 1024 * 1024 * 1024
_CATALOGS = 50_000
_ENTRIES = 200_000  # of the folder that are looked through
# An OCTET STRING of 32 or 20 bytes; overlapping matches count, as any byte may look like the head of one.
_DIGEST = re.compile(rb"(?=\x04(?:\x20(.{32})|\x14(.{20})))", re.DOTALL)


@fact
class Catalogs:
    """`names` are the catalogs that list a hash, by its hex digits. `read` is how many were searched; 0: there are none here.

    `missed` says what was not searched, '' where all were.
    """

    read: int
    names: dict[str, str]
    missed: str = ""


def search_catalogs(tree: FileTree, windows: str, hashes: Collection[str]) -> Catalogs:
    """The catalogs of the Windows folder (its path on the volume) that list one of the hashes (SHA-1 or SHA-256, hex digits)."""
    wanted = {bytes.fromhex(one): one for one in hashes}
    names: dict[str, str] = {}
    read = searched_bytes = 0
    missed = ""
    for path in islice(_catalogs(tree, f"{windows}/{CATALOG_FOLDER}"), _CATALOGS + 1):
        if read == _CATALOGS or searched_bytes > _ALL_BYTES:
            missed = f"only the first {read:,} catalogs were searched"
            break
        try:
            with open_plain(path) as file:
                data = file.read(_CATALOG_BYTES + 1)
        except OSError as error:
            missed = f"the catalog {path.name} can't be read: {error.strerror or error}"
            continue
        if len(data) > _CATALOG_BYTES:
            missed = f"the catalog {path.name} is too large to be searched"
            continue
        read += 1
        searched_bytes += len(data)
        for match in _DIGEST.finditer(data):
            found = wanted.get(match[1] or match[2])
            if found is not None:
                names.setdefault(found, path.name)
    return Catalogs(read, names, missed)


def _catalogs(tree: FileTree, folder: str) -> Iterator[EvidencePath]:
    """The catalogs below the folder, sorted by path."""
    for inside, path in islice(tree.entries(folder), _ENTRIES):
        if inside.upper().endswith(".CAT"):
            yield path
