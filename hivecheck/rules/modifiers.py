"""The four entries of the catalogue that are no rules: they change or explain the findings of others, or keep them silent.

Their ids stand in lists of detections and in profiles, so a reader may ask for them. Source: detections.md 1.2, 1.4, 1.5, 6.
"""

from hivecheck.facts.fact import fact


@fact
class Modifier:
    """`does` says what it changes and when, `rules` are the ids of those that it changes."""

    id: str
    title: str
    does: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]


MODIFIERS: tuple[Modifier, ...] = (
    Modifier(
        "pfro2",
        "PendingFileRenameOperations2 is worked off too, and few look at it",
        "Each rule on pending renames judges the rows of the second list as those of the first, one step more severe. Lists of "
        "other names (PendingFileRenameOperations3, ...OLD) are not worked off; pfro-present tells of them.",
        (
            "pfro-sec-product", "pfro-tcb-replace", "pfro-drop-executable", "pfro-hive-or-log-target", "pfro-odd-path",
            "pfro-redirect-flag",
        ),
        ("detections.md 1.2", "smss.md B.3"),
    ),
    Modifier(
        "env-path-target-service-dll",
        "A folder of Path that users can write to, and a service that looks for a DLL which is not there",
        "Where a service that starts by itself or on demand is known to look along Path for a DLL that Windows does not ship, "
        "the finding on a writable folder in Path names it. Such services are known from public write-ups only, so that alone makes "
        "nothing graver than medium, which the folder is by itself. Whether the DLL is missing takes the files.",
        ("env-path-hijack",),
        ("detections.md 1.5",),
    ),
    Modifier(
        "subsystem-default-value",
        "The unnamed value mnmsrvc of the key SubSystems",
        "Windows 7 to 10 ship it and nothing reads it: no rule tells of it. On 7 the key is written at each boot, so its time "
        "says nothing there.",
        ("subsystem-required-extra",),
        ("detections.md 1.4", "baselines.md 2.6"),
    ),
    Modifier(
        "env-fp",
        "Variables that harmless products and older Windows leave in the system environment",
        "DEFLOGDIR and VSEDEFLOGDIR (McAfee), VS140COMNTOOLS (Visual Studio), ChocolateyInstall, FP_NO_HOST_CHECK=NO (XP to 8.1), "
        "Os2LibPath (NT 4): no rule on variables tells of them.",
        ("env-tempdir",),
        ("detections.md 1.5",),
    ),
)  # fmt: skip


def modifier_named(id: str) -> Modifier | None:
    return next((one for one in MODIFIERS if one.id == id), None)
