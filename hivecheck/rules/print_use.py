r"""What printers set up in the hive print through: monitors that a printer's driver names, ports in use, print processors.

A foreign monitor or processor in use came with a printer more likely than with an attacker. Source: Microsoft, "Registry entries for
printing" (KB102966).
"""

from collections.abc import Iterator

from hivecheck.registry.hive import Key, fold_name
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case

_PRINT = "Control\\Print"
_DRIVERS_AT_MOST = 2_000
_PRINTERS_AT_MOST = 500
_PORTS_AT_MOST = 200


def user_of_monitor(case: Case, monitor: Key) -> str:
    """The printer driver that names a monitor as its own, or the printer on one of its ports, in words; '' where nothing uses it."""
    folded = fold_name(monitor.name)
    for driver in _drivers(case):
        if fold_name(text_in(driver.value("Monitor"))) == folded:
            return f"the printer driver {driver.name} names it as its own"
    ports = monitor.subkey("Ports")
    names = _names_of(ports) if ports is not None else frozenset()
    for printer in _printers(case) if names else ():
        if names & {fold_name(port.strip()) for port in text_in(printer.value("Port"))[:1_000].split(",")}:
            return f"the printer {printer.name} prints through it"
    return ""


def user_of_processor(case: Case, processor: Key) -> str:
    """The printer whose jobs a processor works off, in words; '' where no printer uses it."""
    folded = fold_name(processor.name)
    for printer in _printers(case):
        if fold_name(text_in(printer.value("Print Processor"))) == folded:
            return f"the printer {printer.name} uses it"
    return ""


def _names_of(ports: Key) -> frozenset[str]:
    """The folded names of ports, which some monitors keep as keys and others as values."""
    names: set[str] = set()
    for place, child in enumerate(ports.subkeys()):
        if place >= _PORTS_AT_MOST:
            break
        names.add(fold_name(child.name))
    for place, raw in enumerate(ports.values()):
        if place >= _PORTS_AT_MOST:
            break
        names.add(fold_name(raw.name))
    return frozenset(names - {""})


def _printers(case: Case) -> Iterator[Key]:
    for place, printer in enumerate(case.subkeys(_PRINT + "\\Printers")):
        if place >= _PRINTERS_AT_MOST:
            return
        yield printer


def _drivers(case: Case) -> Iterator[Key]:
    count = 0
    for environment in case.subkeys(_PRINT + "\\Environments"):
        drivers = environment.subkey("Drivers")
        for version in drivers.subkeys() if drivers is not None else ():
            for driver in version.subkeys():
                count += 1
                if count > _DRIVERS_AT_MOST:
                    return
                yield driver
