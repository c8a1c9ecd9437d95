"""The security products that are set up on the machine of a case: their services and drivers, and where they live."""

from functools import cached_property
from typing import TYPE_CHECKING

from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.security_products import vendor_of_path, vendor_of_service

if TYPE_CHECKING:
    from hivecheck.rules.case import Case


class InstalledSecurity:
    """What a case knows of them, each part computed when it is first asked for."""

    def __init__(self, case: "Case") -> None:
        self._case = case

    @cached_property
    def sensors(self) -> tuple[tuple[ServiceProgram, str], ...]:
        """The services and drivers of security products with their vendors, by their names and by the folders they lie in."""
        found: list[tuple[ServiceProgram, str]] = []
        for program in self._case.programs:
            vendor = vendor_of_service(program.service.name)
            if not vendor and not program.image.in_system_folder and program.image.text:
                vendor = vendor_of_path(program.image)
            if vendor:
                found.append((program, vendor))
        return tuple(found)

    def vendor_of(self, path: Comparable) -> str:
        """The vendor whose security product a path belongs to, by its name or by the service that runs from it; '' for none."""
        vendor = vendor_of_path(path)
        if vendor:
            return vendor
        program = self._case.programs_by_path.get(path.text)
        if program is None:
            return ""
        known = vendor_of_service(program.service.name)
        if known:
            return known
        group = program.service.group.casefold()
        neutral = group.startswith(("fsfilter anti-virus", "fsfilter activity monitor", "early-launch"))
        return "a security product" if neutral or program.service.launch_protected == 3 else ""

    @cached_property
    def folders(self) -> dict[str, str]:
        """The folders above the programs of security products that are set up here, as comparable text, with the vendor."""
        found: dict[str, str] = {}
        for program in self._case.programs:
            if "DELETEFLAG" in program.service.values:
                continue
            named = vendor_of_service(program.service.name)
            for path in (program.image, program.dll):
                vendor = (named or self.vendor_of(path)) if path.text else ""
                folder = path.folder if vendor else ""
                while "\\" in folder and folder not in found:
                    found[folder] = vendor
                    folder = folder.rpartition("\\")[0]
        if "Microsoft Defender" in found.values():
            found.setdefault(f"{self._case.system_root[:2].casefold()}\\programdata\\microsoft", "Microsoft Defender")
        return found

    @cached_property
    def vendors(self) -> frozenset[str]:
        """The vendors of security products whose services are set up here."""
        services = (program.service for program in self._case.programs)
        named = {vendor_of_service(service.name) for service in services if "DELETEFLAG" not in service.values}
        return frozenset((*self.folders.values(), *(vendor for vendor in named if vendor)))
