"""The security products that are set up on the machine of a case: their services and drivers, and where they live."""

from functools import cached_property
from typing import TYPE_CHECKING

from hivecheck.boot.scm import is_marked_for_deletion
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.security_products import (
    is_scanner,
    sensor_mark,
    vendor_of_folder,
    vendor_of_path,
    vendor_of_program,
    vendor_of_service_name,
)
from hivecheck.rules.sensor_starts import is_usual_place, starts_with_windows, why_not_started
from hivecheck.settings.catalog import SAFE_BOOT

if TYPE_CHECKING:
    from hivecheck.rules.case import Case


class InstalledSecurity:
    """What a case knows of them, each part computed when it is first asked for."""

    def __init__(self, case: "Case") -> None:
        self._case = case

    @cached_property
    def _named(self) -> dict[str, str]:
        """The vendors of services that are known by their names, by these folded."""
        vendors = ((one.name, vendor_of_program(one.service.name, one.image)) for one in self._case.programs)
        return {name: vendor for name, vendor in vendors if vendor}

    @cached_property
    def sensors(self) -> tuple[tuple[ServiceProgram, str], ...]:
        """The services and drivers of security products with their vendors, by their names and by the folders they lie in."""
        found: list[tuple[ServiceProgram, str]] = []
        for program in self._case.programs:
            path = program.image
            vendor = self._named.get(program.name, "")
            if not vendor and path.text and not path.in_system_folder:
                vendor = vendor_of_path(path)
            if vendor:
                found.append((program, vendor))
        return tuple(found)

    @cached_property
    def unnamed(self) -> tuple[ServiceProgram, ...]:
        """Those of no known vendor: by a group that Windows orders such filters by, or as a protected process of antimalware."""
        named = {program.name for program, _ in self.sensors}
        return tuple(
            program for program in self._case.programs if sensor_mark(program.service) and program.name not in named
        )

    def vendor_of(self, path: Comparable) -> str:
        """The vendor whose security product a path belongs to, by its name or by the service that runs from it; '' for none."""
        vendor = vendor_of_path(path)
        if vendor:
            return vendor
        program = self._case.programs_by_path.get(path.text)
        if program is None:
            return ""
        known = self._named.get(program.name, "")
        if known:
            return known
        return "a security product" if sensor_mark(program.service) else ""

    def is_proven(self, program: ServiceProgram, vendor: str) -> bool:
        """Whether more than a name says that a service is of the vendor's product: nothing else may soften a finding.

        That is a file in the vendor's own folders where only administrators write, or one in a usual place beside another
        service of the vendor in one.
        """
        if not self.is_in_place(program, vendor):
            return False
        if vendor_of_folder(program.image) == vendor:
            return True
        return bool(self._placed.get(vendor, frozenset()) - {program.service.name})

    @cached_property
    def _placed(self) -> dict[str, frozenset[str]]:
        """By vendor, up to two of its services whose files lie in usual places: enough to find one beside any other."""
        found: dict[str, frozenset[str]] = {}
        for program, vendor in self.sensors:
            names = found.get(vendor, frozenset())
            if len(names) < 2 and self.is_in_place(program, vendor):
                found[vendor] = names | {program.service.name}
        return found

    def is_known_early(self, program: ServiceProgram, vendor: str) -> bool:
        """Whether a driver is one that a vendor starts ahead of others: known by its whole name in place, or proven otherwise."""
        whole = bool(vendor_of_service_name(program.service.name) or vendor_of_service_name(program.image.name))
        return (whole and self.is_in_place(program, vendor)) or self.is_proven(program, vendor)

    def is_in_place(self, program: ServiceProgram, vendor: str) -> bool:
        """Whether a service of the vendor's runs a file that lies, and is called, as the vendor's are."""
        path = program.image
        drive = self._case.system_root[:1].casefold()
        return bool(path.drive) and is_usual_place(path, vendor, program.service.name, drive)

    @cached_property
    def other_scanner(self) -> str:
        """The vendor of another virus scanner than Microsoft's that starts by itself, '' where none is proven to be here.

        One service in the vendor's folder is soon made: a driver of the vendor in its place, or an entry for safe mode, must be
        there as well.
        """
        return next((vendor for vendor in self._scanners if self._has_second_trace(vendor)), "")

    @cached_property
    def likely_scanner(self) -> str:
        """The same where one service in the vendor's own folder is all that tells of it."""
        return next(iter(self._scanners), "")

    @cached_property
    def _scanners(self) -> tuple[str, ...]:
        """The vendors of other scanners of which a service starts by itself, in stored order."""
        return tuple(
            dict.fromkeys(
                vendor
                for program, vendor in self.sensors
                if is_scanner(vendor)
                and program.service.is_process
                and starts_with_windows(program.service)
                and self.is_proven(program, vendor)
            )
        )

    def _has_second_trace(self, vendor: str) -> bool:
        """Whether a driver of the vendor that can start lies in its place, or safe mode starts one of its services."""
        parts = [one for one, who in self.sensors if who == vendor and why_not_started(one.service) is None]
        if any(one.service.is_driver and self.is_in_place(one, vendor) for one in parts):
            return True
        lists = [f"{SAFE_BOOT}\\{mode}\\" for mode in ("Minimal", "Network")]
        return any(self._case.key(above + one.service.name) is not None for one in parts for above in lists)

    @cached_property
    def folders(self) -> dict[str, str]:
        """The folders above the programs of security products that are set up here, as comparable text, with the vendor."""
        found: dict[str, str] = {}
        owners: dict[str, str] = {}  # many services run svchost
        for program in self._case.programs:
            named = self._named.get(program.name, "")
            for path in (program.image, program.dll):
                if path.text and not named and path.text not in owners:
                    owners[path.text] = self.vendor_of(path)
                vendor = (named or owners[path.text]) if path.text else ""
                folder = path.folder if vendor else ""
                while "\\" in folder and folder not in found:
                    found[folder] = vendor
                    folder = folder.rpartition("\\")[0]
        if "Microsoft Defender" in found.values():
            found.setdefault(f"{self._case.system_root[:2].casefold()}\\programdata\\microsoft", "Microsoft Defender")
        return found

    @cached_property
    def newest_versions(self) -> dict[tuple[str, str], str]:
        """By vendor and folder, the newest version below it that a service of the vendor's runs, as its folder is called."""
        from hivecheck.rules.product_updates import newest_versions  # few lists delete a file of a security product

        return newest_versions(self._case)

    @cached_property
    def vendors(self) -> frozenset[str]:
        """The vendors of security products whose services are set up here, also those marked as deleted: they run until then."""
        named = {vendor for _, vendor in self.sensors}
        return frozenset((*self.folders.values(), *(vendor for vendor in named if vendor)))

    @cached_property
    def kept_vendors(self) -> frozenset[str]:
        """Those of which a service stays that is not marked as deleted."""
        return frozenset(vendor for program, vendor in self.sensors if not is_marked_for_deletion(program.service))
