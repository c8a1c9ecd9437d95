"""The made-up machines of the test hives: one a Windows generation, with a name, a processor and a life of their own.

No such machine exists; names, times and identifiers are invented, and consistent: image, installation, boot, shutdown.
Builds, product numbers and the days on which Microsoft sealed its images are public. Must not know keys or values.
"""

from dataclasses import dataclass
from struct import pack

from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1709,
    WIN10_1903,
    WIN10_2004,
    WIN11,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone. Biases in minutes, positive west of Greenwich; `summer` and `winter` are month, week, hour."""

    key: str
    winter_name: str
    summer_name: str
    resources: tuple[int, int]  # of tzres.dll: winter name, summer name
    bias: int
    summer: tuple[int, int, int]
    winter: tuple[int, int, int]

    def start(self, season: tuple[int, int, int]) -> bytes:
        """The stored form of a season's start."""
        month, week, hour = season
        return pack("<8H", 0, month, week, hour, 0, 0, 0, 0)


EUROPE = Zone(
    "W. Europe Standard Time", "W. Europe Standard Time", "W. Europe Daylight Time", (322, 321), -60, (3, 5, 2), (10, 5, 3)
)
PACIFIC = Zone(
    "Pacific Standard Time", "Pacific Standard Time", "Pacific Daylight Time", (212, 211), 480, (3, 2, 2), (11, 1, 2)
)
PACIFIC_UNTIL_2006 = Zone(
    "Pacific Standard Time", "Pacific Standard Time", "Pacific Daylight Time", (212, 211), 480, (4, 1, 2), (10, 5, 2)
)
EASTERN = Zone(
    "Eastern Standard Time", "Eastern Standard Time", "Eastern Daylight Time", (112, 111), 300, (3, 2, 2), (11, 1, 2)
)


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine. Times are ISO 8601 UTC; `image` is when Microsoft (up to 2003: Setup) made the hive's first keys.

    `revision` is CSDBuildNumber; `lab` the build that noted the last shutdown; `product` the number of the edition, 0
    before Vista; `root` and `regf` the root key's name and the version of the hive format.
    """

    file: str
    windows: str
    generation: Generation
    bits: int
    name: str
    image: str
    installed: str
    boot: str
    shutdown: str
    boots: int
    zone: Zone
    is_summer: bool
    processor: tuple[int, str, str, int]  # level, identifier, revision, number of processors
    root: str
    regf: str = "1.5"
    service_pack: int = 0
    revision: int = 0
    clone_tag: str = ""
    lab: str = ""
    product: int = 0
    drive_signature: bytes = b"\x5a\x1e\x0d\x07"

    @property
    def system_root(self) -> str:
        if self.generation <= WIN2000:
            return r"C:\WINNT"
        return r"C:\WINDOWS" if self.generation <= WIN2003 else r"C:\Windows"

    @property
    def architecture(self) -> str:
        return "AMD64" if self.bits == 64 else "x86"


MACHINES: tuple[Machine, ...] = (
    Machine(
        "nt351-x86", "Windows NT 3.51 Workstation", NT351, 32, "DRAFT-01",
        image="1995-09-11T08:12:04.25Z", installed="1995-09-11T08:41:30.5Z",
        boot="1996-03-04T07:58:11.75Z", shutdown="1996-03-04T16:31:02.25Z", boots=0,
        zone=EUROPE, is_summer=False, processor=(5, "80586-Model 1-Stepping 3", "0103", 1),
        root="System", regf="1.2", service_pack=4,
    ),
    Machine(
        "nt4-x86", "Windows NT 4.0 Workstation SP6", NT4, 32, "LAB-02",
        image="1996-10-11T14:20:40.0625Z", installed="1998-02-17T09:05:12.5Z",
        boot="2001-06-12T06:47:20.125Z", shutdown="2001-06-12T15:12:44.375Z", boots=0,
        zone=EUROPE, is_summer=True, processor=(6, "x86 Family 6 Model 3 Stepping 4, GenuineIntel", "0304", 1),
        root="System", regf="1.3", service_pack=6,
    ),
    Machine(
        "win2000-x86", "Windows 2000 Professional SP4", WIN2000, 32, "OFFICE-03",
        image="2000-05-08T12:01:22.21875Z", installed="2000-05-08T12:44:51.46875Z",
        boot="2004-11-16T07:31:09.03125Z", shutdown="2004-11-16T16:58:37.5Z", boots=0,
        zone=EUROPE, is_summer=False, processor=(6, "x86 Family 6 Model 8 Stepping 6, GenuineIntel", "0806", 1),
        root="$$$PROTO.HIV", regf="1.3", service_pack=4,
    ),
    Machine(
        "xp-x86", "Windows XP Professional SP3", XP, 32, "WKSTN-04",
        image="2008-06-03T09:10:31.421875Z", installed="2008-06-03T09:48:02.734375Z",
        boot="2009-10-20T06:02:40.15625Z", shutdown="2009-10-20T15:44:18.28125Z", boots=0,
        zone=EUROPE, is_summer=True, processor=(15, "x86 Family 15 Model 4 Stepping 1, GenuineIntel", "0401", 2),
        root="$$$PROTO.HIV", service_pack=3,
    ),
    Machine(
        "xp-x64", "Windows XP Professional x64 Edition SP2", WIN2003, 64, "RENDER-05",
        image="2007-09-18T16:20:07.5625Z", installed="2007-09-18T17:03:55.8125Z",
        boot="2008-12-01T15:09:44.4375Z", shutdown="2008-12-01T23:41:30.0625Z", boots=0,
        zone=PACIFIC, is_summer=False, processor=(15, "EM64T Family 15 Model 6 Stepping 4, GenuineIntel", "0604", 2),
        root="$$$PROTO.HIV", service_pack=2,
    ),
    Machine(
        "vista-x86", "Windows Vista Business SP2", VISTA, 32, "WKSTN-06",
        image="2008-01-19T10:22:17.4015624Z", installed="2009-06-08T13:15:48.9228515Z",
        boot="2010-02-15T07:44:02.328125Z", shutdown="2010-02-15T16:20:51.5927734Z", boots=57,
        zone=EUROPE, is_summer=False, processor=(6, "x86 Family 6 Model 23 Stepping 6, GenuineIntel", "1706", 2),
        root="CMI-CreateHive{5B9D2E10-7C44-4E0B-9A53-10C6D2F7A8E1}", service_pack=2, revision=18005,
        clone_tag="Sat Jan 19 02:24:08 2008", product=6,
    ),
    Machine(
        "win7-x86", "Windows 7 Professional SP1 x86", WIN7, 32, "WKSTN-07",
        image="2009-07-14T04:37:11.6174271Z", installed="2011-03-22T08:30:20.0312501Z",
        boot="2012-09-03T06:55:31.921875Z", shutdown="2012-09-03T15:37:04.1188906Z", boots=214,
        zone=EUROPE, is_summer=True, processor=(6, "x86 Family 6 Model 23 Stepping 10, GenuineIntel", "170a", 2),
        root="CMI-CreateHive{0D3F8A61-52B7-4C9E-8F11-6E2A9B7C4D05}", service_pack=1, revision=17514,
        clone_tag="Mon Jul 13 21:50:40 2009", product=48,
    ),
    Machine(
        "win7-x64", "Windows 7 Professional SP1 x64", WIN7, 64, "WKSTN-08",
        image="2009-07-14T04:45:02.8106432Z", installed="2011-05-10T13:02:44.671875Z",
        boot="2013-01-14T14:28:10.40625Z", shutdown="2013-01-14T22:50:36.7431251Z", boots=301,
        zone=EASTERN, is_summer=False, processor=(6, "Intel64 Family 6 Model 42 Stepping 7, GenuineIntel", "2a07", 4),
        root="CMI-CreateHive{71E5C0B4-9A2D-4D38-B6F7-2C8D1E0A5F93}", service_pack=1, revision=17514,
        clone_tag="Mon Jul 13 21:50:40 2009", product=48,
    ),
    Machine(
        "win8-x64", "Windows 8 Pro x64", WIN8, 64, "TABLET-09",
        image="2012-07-26T07:52:31.3380214Z", installed="2012-11-19T17:20:06.9124417Z",
        boot="2013-08-12T16:05:50.2205117Z", shutdown="2013-08-12T21:33:11.8027733Z", boots=88,
        zone=PACIFIC, is_summer=True, processor=(6, "Intel64 Family 6 Model 37 Stepping 5, GenuineIntel", "2505", 4),
        root="ROOT", revision=16384, clone_tag="Thu Jul 26 00:11:58 2012", product=48,
    ),
    Machine(
        "win81-x64", "Windows 8.1 Pro x64", WIN81, 64, "WKSTN-10",
        image="2013-08-22T14:47:05.5513078Z", installed="2014-02-03T09:26:41.3370056Z",
        boot="2015-05-19T05:58:22.7701442Z", shutdown="2015-05-19T15:09:40.0261937Z", boots=163,
        zone=EUROPE, is_summer=True, processor=(6, "Intel64 Family 6 Model 69 Stepping 1, GenuineIntel", "4501", 4),
        root="ROOT", revision=16384, clone_tag="Thu Aug 22 06:51:17 2013", product=48,
    ),
    Machine(
        "win10-1709-x64", "Windows 10 Pro 1709 x64", WIN10_1709, 64, "WKSTN-11",
        image="2017-09-29T13:44:02.1740081Z", installed="2017-11-21T10:12:30.4406118Z",
        boot="2018-03-13T07:20:11.6120904Z", shutdown="2018-03-13T16:45:02.9017166Z", boots=41,
        zone=EUROPE, is_summer=False, processor=(6, "Intel64 Family 6 Model 142 Stepping 9, GenuineIntel", "8e09", 4),
        root="ROOT", revision=15, clone_tag="Fri Sep 29 06:44:12 2017", lab="16299.rs3_release.170928-1534", product=48,
    ),
    Machine(
        "win10-1903-x64", "Windows 10 Pro 1903 x64", WIN10_1903, 64, "WKSTN-12",
        image="2019-03-19T04:49:50.2211907Z", installed="2019-07-16T08:03:14.8804435Z",
        boot="2020-01-27T06:48:55.1379002Z", shutdown="2020-01-27T16:12:20.3360114Z", boots=72,
        zone=EUROPE, is_summer=False, processor=(6, "Intel64 Family 6 Model 158 Stepping 10, GenuineIntel", "9e0a", 8),
        root="ROOT", revision=1, clone_tag="Mon Mar 18 21:46:09 2019", product=48,
    ),
    Machine(
        "win10-21h2-x64", "Windows 10 Pro 21H2 x64", WIN10_2004, 64, "WKSTN-13",
        image="2019-12-07T09:15:07.7003415Z", installed="2021-12-06T12:37:28.1190046Z",
        boot="2022-09-26T06:31:47.4050071Z", shutdown="2022-09-26T15:58:09.6641250Z", boots=118,
        zone=EUROPE, is_summer=True, processor=(6, "Intel64 Family 6 Model 140 Stepping 1, GenuineIntel", "8c01", 8),
        root="ROOT", revision=1288, clone_tag="Sat Dec 07 01:11:33 2019", lab="19041.vb_release.191206-1406", product=48,
    ),
    Machine(
        "win11-22h2-x64", "Windows 11 Pro 22H2", WIN11, 64, "WKSTN-14",
        image="2022-05-07T05:24:40.6110293Z", installed="2022-11-08T09:51:05.2240171Z",
        boot="2023-06-19T06:15:36.8330216Z", shutdown="2023-06-19T15:40:12.4770038Z", boots=95,
        zone=EUROPE, is_summer=True, processor=(6, "Intel64 Family 6 Model 154 Stepping 3, GenuineIntel", "9a03", 12),
        root="ROOT", revision=1, clone_tag="Sat May 07 05:20:51 2022", lab="22621.ni_release.220506-1250", product=48,
    ),
)  # fmt: skip


def machine(file: str) -> Machine:
    """The machine whose hive has this name. Raises StopIteration for a name that none has."""
    return next(found for found in MACHINES if found.file == file)
