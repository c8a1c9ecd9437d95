r"""Paths and lists of the system environment, with the machine's own variables put in, and the folders of lists that are searched.

Of one element of such a list: where it leads, and what is wrong with it. Source: detections.md 1.5.
"""

import re

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Severity
from hivecheck.settings.object_names import NamedText

REPAIR = (
    "Restore the value that this Windows ships (printed in the report's order of repair), or delete the extra variable, in "
    "every control set."
)
KEY = "Control\\Session Manager\\Environment"
_VARIABLE = re.compile(r"%([^%]+)%")
_LONG_PATH = 32_000
ELEMENTS_AT_MOST = 1_000


def resolve(case: Case, text: str) -> Comparable:
    """The comparable form of a path, with the machine's own variables put in once where Windows' do not do."""
    path = case.path(text)
    if "%" not in path.text or len(text) > _LONG_PATH:
        return path

    return case.path(with_own_variables(case, text))


def with_own_variables(case: Case, text: str) -> str:
    """A text with the variables of the system environment put in once; those of Windows itself, and unknown ones, stay."""
    if "%" not in text or len(text) > _LONG_PATH:
        return text

    def value(found: re.Match[str]) -> str:
        variable = case.environment.get(fold_name(found[1]))
        return found[0] if variable is None else variable.text[:1_000]

    return _VARIABLE.sub(value, text)


def split_list(text: str) -> tuple[str, ...]:
    """The elements of a list with semicolons, without quotes and outer blanks, empty ones included."""
    return tuple(element.strip().strip('"').strip() for element in text.split(";", ELEMENTS_AT_MOST)[:ELEMENTS_AT_MOST])


def hit_of(
    case: Case, variable: NamedText, message: str, severity: Severity, confidence: Confidence | None = None, story: str = ""
) -> Hit:
    """A hit about one variable."""
    events = case.events.citing(variable.origin)
    return Hit(message, (variable.origin,), variable.name, severity, confidence, events, (story,) if story else ())


_OF_USERS = ("%userprofile%", "%localappdata%", "%appdata%", "%public%", "%temp%", "%tmp%", "%homepath%")
PROGRAM_FILES = ("\\program files\\", "\\program files (x86)\\", "\\progra~1\\", "\\progra~2\\", "\\progra~3\\")
# Where known products put themselves: below ProgramData, in a folder of the root (a version may follow), in one of just this name.
_PRODUCTS_OF_ALL = tuple(
    f"programdata\\{name}"
    for name in ("anaconda", "miniconda", "chocolatey\\", "oracle\\java\\", "dockerdesktop\\", "scoop\\")
)
_PRODUCTS_WITH_VERSION = frozenset(("anaconda", "miniconda", "python"))
_PRODUCTS = frozenset(("oraclexe", "strawberry", "msys64", "mysql", "cuda", "git", "perl6", "perl64"))
_OF_EACH_PROCESS = frozenset(  # which Windows itself sets, for each user or process
    {
        "programw6432", "commonprogramw6432", "commonprogramfiles(x86)", "homedrive", "username", "userdomain", "computername",
        "logonserver", "onedrive", "os", "processor_architecture", "driverdata",
    }
)  # fmt: skip
_ENDS_OF_PRODUCTS = ("home", "path", "root", "_dir", "_sdk", "_symlink")  # JAVA_HOME, CUDA_PATH, GOROOT
_OF_WINDOWS = frozenset(  # below its folder, on any version; any other folder there was made by somebody
    {
        "", "\\system32", "\\system32\\wbem", "\\system32\\windowspowershell\\v1.0", "\\system32\\openssh", "\\system32\\inetsrv",
        "\\syswow64", "\\syswow64\\wbem", "\\syswow64\\windowspowershell\\v1.0", "\\system", "\\sysnative", "\\idmu\\common",
    }
)  # fmt: skip
_DOTNET = "\\microsoft.net\\framework"


@fact
class Folder:
    """One element of the Path: where it leads, whether it stands before System32, what is wrong with it ('' nothing)."""

    text: str
    path: Comparable
    before: bool
    writable: bool
    wrong: str


def judge_folder(case: Case, text: str, before: bool) -> Folder:
    """What is to be said of one element of a list of folders. `before`: it stands before System32."""
    path = resolve(case, text)
    folder = path.text.rstrip("\\")
    inside = case.path(folder + "\\x")
    writable, wrong = False, ""
    if not text:
        wrong = "is empty, which means the current folder"
    elif folder.startswith(_OF_USERS) or inside.is_user_writable:
        writable, wrong = True, "can be written by ordinary users"
    elif path.below_drive in ("", "\\") and path.drive:
        writable, wrong = True, "is the root of a drive, where ordinary users can make folders or files"
    elif inside.text.startswith("\\\\"):
        wrong = "lies on another machine"
    elif ends_in_blank(case, text):
        wrong = "has a blank at the end of a folder's name, so that it is not the folder it looks like"
    elif "%" in folder:
        unknown = _unknown_variable(folder) if before else ""  # behind it, mostly a variable of a product that is gone
        wrong = f"names {unknown}, which nothing here defines, and so is relative to the current folder" if unknown else ""
    elif not path.drive:
        wrong = (
            "is a device path"
            if folder.startswith(("\\device", "globalroot", "volume{"))
            else "is relative to the current folder"
        )
    elif ":" in folder[2:]:
        wrong = "is an alternate data stream"
    return Folder(text, path, before, writable, wrong)


def ends_in_blank(case: Case, text: str) -> bool:
    r"""Whether a folder above the last bears a blank at its end, which Windows keeps: `C:\Windows \System32` is no System32."""
    spelled = with_own_variables(case, text).replace("/", "\\")
    return " \\" in spelled.rstrip("\\ ")


def _unknown_variable(folder: str) -> str:
    """The first variable of a folded path that neither this hive nor Windows defines; '' for none."""
    names = (found[0] for found in _VARIABLE.finditer(folder) if found[1] not in _OF_EACH_PROCESS)
    return next(names, "")


def is_folder_of_windows(below: str) -> bool:
    """Whether a folded path below the folder of Windows is that of a folder which some Windows has in its Path."""
    return below.rstrip("\\") in _OF_WINDOWS or below.startswith(_DOTNET)


def is_left_over(folder: Folder) -> bool:
    """Whether a variable that nothing defines is named as those of products are, which may be gone."""
    return _unknown_variable(folder.path.text).strip("%").endswith(_ENDS_OF_PRODUCTS)


def is_product(folder: Folder) -> bool:
    """Whether a folder is where a known product puts itself: in the root of a drive or in ProgramData, nowhere else."""
    path = folder.path
    below = path.below_drive[1:] if "a" <= path.drive <= "z" and path.below_drive.startswith("\\") else ""
    top = below.partition("\\")[0]
    if below.startswith(_PRODUCTS_OF_ALL) or top in _PRODUCTS:
        return True
    if below.removeprefix("tools\\").partition("\\")[0].rstrip("0123456789") in _PRODUCTS_WITH_VERSION:
        return True
    return top == "app" and "\\bin\\" in f"{below[4:]}\\"
