"""The Windows generations, oldest first, one row each: as fine as the Session Manager's behaviour or contents differ.

A server edition shares the row of the client with the same kernel. Source: smss.md 0.2, baselines.md 2.0.
"""

from enum import Enum

from hivecheck.facts.fact import fact


class Family(Enum):
    """The families of smss.exe behaviour: G1 NT 3.x and 4; G2 2000 to 2003; G3 Vista and 7; G4 8 and later."""

    G1 = "G1"
    G2 = "G2"
    G3 = "G3"
    G4 = "G4"


@fact
class Generation:
    """One generation. They are ordered by `version`: (major, minor, build), the first build of the row."""

    version: tuple[int, int, int]
    id: str
    name: str
    family: Family
    servers: str  # the server editions that share the kernel, '' where there are none

    def __lt__(self, other: "Generation") -> bool:
        return self.version < other.version

    def __le__(self, other: "Generation") -> bool:
        return self.version <= other.version

    def __gt__(self, other: "Generation") -> bool:
        return self.version > other.version

    def __ge__(self, other: "Generation") -> bool:
        return self.version >= other.version


def _row(id: str, name: str, family: Family, version: tuple[int, int, int], servers: str = "") -> Generation:
    return Generation(version, id, name, family, servers)


NT31 = _row("nt31", "Windows NT 3.1", Family.G1, (3, 10, 511), "NT 3.1 Advanced Server")
NT35 = _row("nt35", "Windows NT 3.5", Family.G1, (3, 50, 807), "NT 3.5 Server")
NT351 = _row("nt351", "Windows NT 3.51", Family.G1, (3, 51, 1057), "NT 3.51 Server")
NT4 = _row("nt4", "Windows NT 4.0", Family.G1, (4, 0, 1381), "NT 4.0 Server")
WIN2000 = _row("win2000", "Windows 2000", Family.G2, (5, 0, 2195), "2000 Server")
XP = _row("xp", "Windows XP", Family.G2, (5, 1, 2600))
WIN2003 = _row("win2003", "Windows XP x64 / Server 2003", Family.G2, (5, 2, 3790), "Server 2003, Server 2003 R2")
VISTA = _row("vista", "Windows Vista", Family.G3, (6, 0, 6000), "Server 2008")
WIN7 = _row("win7", "Windows 7", Family.G3, (6, 1, 7600), "Server 2008 R2")
WIN8 = _row("win8", "Windows 8", Family.G4, (6, 2, 9200), "Server 2012")
WIN81 = _row("win81", "Windows 8.1", Family.G4, (6, 3, 9600), "Server 2012 R2")
WIN10_1507 = _row("win10-1507", "Windows 10 1507", Family.G4, (10, 0, 10240))
WIN10_1511 = _row("win10-1511", "Windows 10 1511", Family.G4, (10, 0, 10586))
WIN10_1607 = _row("win10-1607", "Windows 10 1607", Family.G4, (10, 0, 14393), "Server 2016")
WIN10_1703 = _row("win10-1703", "Windows 10 1703", Family.G4, (10, 0, 15063))
WIN10_1709 = _row("win10-1709", "Windows 10 1709", Family.G4, (10, 0, 16299), "Server 1709")
WIN10_1803 = _row("win10-1803", "Windows 10 1803", Family.G4, (10, 0, 17134), "Server 1803")
WIN10_1809 = _row("win10-1809", "Windows 10 1809", Family.G4, (10, 0, 17763), "Server 2019")
WIN10_1903 = _row("win10-1903", "Windows 10 1903", Family.G4, (10, 0, 18362), "Server 1903")
WIN10_1909 = _row("win10-1909", "Windows 10 1909", Family.G4, (10, 0, 18363), "Server 1909")
WIN10_2004 = _row("win10-2004", "Windows 10 2004 to 22H2", Family.G4, (10, 0, 19041), "Server 2004, Server 20H2")
SERVER2022 = _row("server2022", "Windows Server 2022", Family.G4, (10, 0, 20348), "Server 2022")
WIN11 = _row("win11", "Windows 11 21H2 to 23H2", Family.G4, (10, 0, 22000), "Server 23H2")
WIN11_24H2 = _row("win11-24h2", "Windows 11 24H2 and later", Family.G4, (10, 0, 26100), "Server 2025")

GENERATIONS: tuple[Generation, ...] = (
    NT31, NT35, NT351, NT4,
    WIN2000, XP, WIN2003,
    VISTA, WIN7,
    WIN8, WIN81,
    WIN10_1507, WIN10_1511, WIN10_1607, WIN10_1703, WIN10_1709, WIN10_1803, WIN10_1809, WIN10_1903, WIN10_1909,
    WIN10_2004, SERVER2022, WIN11, WIN11_24H2,
)  # fmt: skip


def generation_of_build(major: int, minor: int, build: int) -> Generation:
    """The newest row whose first build is not above this one; a build older than all rows gives the oldest row."""
    candidates = [row for row in GENERATIONS if row.version <= (major, minor, build)]
    return candidates[-1] if candidates else GENERATIONS[0]


def generation_by_id(id: str) -> Generation:
    """The row with this id. Raises KeyError for an id that no row has."""
    for row in GENERATIONS:
        if row.id == id:
            return row
    raise KeyError(id)
