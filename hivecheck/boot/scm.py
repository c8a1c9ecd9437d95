"""services.exe while it runs: what it has started so far, and why a service can't be started.

Source: "CreateService" (dependencies) and "ChangeServiceConfig" of the Windows documentation: a dependency on a group is met
when at least one member runs after all were tried. ReactOS services/database.c for marked services and accounts (2003).
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hivecheck.boot.plan import Done, Plan
from hivecheck.boot.service_accounts import LOCAL_SYSTEM, logon_doubt, same_account
from hivecheck.boot.service_images import ServiceProgram, resident_process
from hivecheck.boot.service_order import PlannedStart, is_known, is_running
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.facts.state import fresh, state
from hivecheck.registry.hive import fold_name
from hivecheck.registry.strings import decode_dword
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import BOOT_START, DISABLED, Service, ServiceDatabase

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

PROCESS = "services.exe"
UNHOSTED = "SOFTWARE does not list it in the group"
_OTHER_ACCOUNT = "ERROR_DIFFERENT_SERVICE_ACCOUNT"
_TOLD_PROBLEMS = 100  # of each kind
_SHOWN_NAMES = 10


@state
class Scm:
    """The running Service Control Manager. `done` has the answer to each start so far, by the service's folded name.

    `folders` are those CreateProcess searches, `not_loaded` the folded names of drivers that the kernel failed to load.
    """

    smss: Smss
    database: ServiceDatabase
    groups: GroupOrders
    members: Mapping[str, list[Service]]
    folders: tuple[str, ...]
    software: "Software | None"
    allows: Callable[[Service], bool]
    not_loaded: frozenset[str]
    done: dict[str, Done] = fresh(dict)
    owners: dict[tuple[str, str], Service] = fresh(dict)
    group_refusals: dict[str, str] = fresh(dict)
    hosts: dict[str, frozenset[str]] = fresh(dict)
    told: dict[str, int] = fresh(dict)
    waited: bool = False  # for lsass, as it does before the first start

    def refusal_of(self, start: PlannedStart) -> str:
        """Why a service is not even tried; '' where it is."""
        service = start.service
        if is_marked_for_deletion(service):
            return "it is marked for deletion (DeleteFlag): services.exe deletes its key instead"
        if start.circle:
            if len(start.circle) == 1:
                return "it depends on itself, and so it does not start"
            return f"it depends on itself: {_listed(start.circle)} form a ring, and none of them starts"
        for name in service.depends_on_services:
            if why := self._missing(name) or self._held_back(name) or self._not_running(name):
                return f"it depends on {name}, {why}"
        for group in service.depends_on_groups:
            if why := self._group_refusal(group):
                return f"it depends on the group {group}, {why}"
        return ""

    def problems_of(self, start: PlannedStart) -> Plan:
        """The rings of services, each told once, and the dependencies that nothing in this hive can meet."""
        service = start.service
        if start.circle and service.name == start.circle[0]:
            text = f"Services depend on each other in a ring, and none of them starts: {_listed(start.circle)}."
            if len(start.circle) == 1:
                text = f"{service.name} depends on itself, and so it does not start."
            yield from self._tell("service-ring", text, service)
        for name in service.depends_on_services:
            if why := self._missing(name):
                yield from self._tell("service-dependency", f"{service.name} depends on {name}, {why}.", service)
        for group in service.depends_on_groups:
            if fold_name(group) not in self.members:
                text = f"{service.name} depends on the group {group}, {self._group_refusal(group)}."
                yield from self._tell("service-dependency", text, service)

    def account_clash(self, service: Service, program: ServiceProgram) -> tuple[str, bool]:
        """Why a service can't join the process of its command line, and whether that hangs on the logon of the one it is of.

        All services in a process must have one account: that of services.exe and lsass.exe is LocalSystem, that of any other
        process the account of the service it is started for.
        """
        if not program.shared:
            return "", False
        account = same_account(service.account)
        if resident := resident_process(program, self.smss.system_root):
            if account == same_account(LOCAL_SYSTEM):
                return "", False
            return f"it shares the process of {resident}, which runs as {LOCAL_SYSTEM} ({_OTHER_ACCOUNT})", False
        process = (fold_name(program.created.image), fold_name(program.arguments))
        owner = self.owners.setdefault(process, service)
        if same_account(owner.account) == account:
            return "", False
        doubtful = bool(logon_doubt(owner.account, owner.name))
        shares = f"it shares the process of {owner.name}{', if that is logged on' if doubtful else ''}"
        return f"{shares}, but runs as another account ({_OTHER_ACCOUNT})", doubtful

    def host_refusal(self, service: Service, program: ServiceProgram) -> tuple[str, tuple[Origin, ...]]:
        """Why svchost does not run a service that it is started for, by the SOFTWARE hive, and what says so.

        A hive that lists no group at all is a piece of one, or damaged, and says nothing.
        """
        if self.software is None or not program.group or not self.software.svchost_groups:
            return "", ()
        group = fold_name(program.group)
        if group not in self.hosts:
            self.hosts[group] = frozenset(map(fold_name, self.software.svchost_groups.get(group, ())))
        if fold_name(service.name) in self.hosts[group]:
            return "", ()
        why = f"{UNHOSTED} {program.group} of Svchost, and so svchost does not run it"
        return why, (self.software.group_origins.get(group, self.software.root),)

    def _tell(self, code: str, text: str, service: Service) -> Plan:
        count = self.told[code] = self.told.get(code, 0) + 1
        if count <= _TOLD_PROBLEMS:
            yield Problem(code, text, service.cite("DependOnService", "DependOnGroup"))
        elif count == _TOLD_PROBLEMS + 1:
            yield Problem(code, "More services have the same problem; the replay shows each of them.", (service.ref,))

    def _missing(self, name: str) -> str:
        """Why a service of this name can never run in this boot; '' where it can."""
        service = self.database.named(name)
        if service is None:
            return "and there is no such service"
        if not is_known(service) and not is_running(service):
            return "which is nothing that services.exe starts"
        return "which is disabled" if service.start == DISABLED else ""

    def _held_back(self, name: str) -> str:
        """Why safe mode keeps a service from running. The loader's drivers are there all the same."""
        service = self.database.named(name)
        if service is None or self.allows(service) or (is_running(service) and service.start == BOOT_START):
            return ""
        return "" if lives_in_lsass(service) else "which this safe mode does not allow"

    def _not_running(self, name: str) -> str:
        service = self.database.named(name)
        folded = fold_name(name)
        if service is None or folded in self.not_loaded:
            return "which was not loaded"
        if is_running(service) or self.done.get(folded, Done.NO) is not Done.NO:
            return ""
        return "" if lives_in_lsass(service) and not self.allows(service) else "which does not start"

    def _group_refusal(self, group: str) -> str:
        """Why no member of a group runs; '' where one does. Asked only when all of its members have been tried."""
        folded = fold_name(group)
        if folded not in self.group_refusals:
            members = self.members.get(folded)
            if not members:
                why = "which has no member that could run"
            elif any(not (self._held_back(one.name) or self._not_running(one.name)) for one in members):
                why = ""
            else:
                why = "of which no member runs"
            self.group_refusals[folded] = why
        return self.group_refusals[folded]


def is_marked_for_deletion(service: Service) -> bool:
    raw = service.values.get("DELETEFLAG")
    return raw is not None and bool(decode_dword(raw.data))


def lives_in_lsass(service: Service) -> bool:
    """Whether lsass itself runs a service. SamSs is on no list of safe mode, but LanmanServer, which needs it, is: inferred."""
    return re.split(r"[\\/]", fold_name(service.image_path))[-1] == "LSASS.EXE"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_SHOWN_NAMES]) + (f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else "")
