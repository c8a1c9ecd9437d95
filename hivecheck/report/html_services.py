"""Services and drivers for the HTML page, those that no event of the boot starts: what would start them, or why nothing does."""

from collections.abc import Iterator, Sequence

from hivecheck.boot.service_overview import START_KINDS, ServiceOverview
from hivecheck.facts.origin import Origin
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    Table,
    code,
    count,
    make_table,
    note,
    origins_of,
    paragraph,
    say,
    text,
    words,
)
from hivecheck.settings.services import Service

_NAMED = 12
_STARTS = {
    "boot": "by the loader",
    "system": "by the kernel",
    "auto": "by services.exe",
    "demand": "when asked for",
    "disabled": "not at all",
    "other": "by a Start that means nothing",
}


def tell_services(overview: ServiceOverview) -> Iterator[Block]:
    """The blocks of the section."""
    yield paragraph(
        "What starts by itself stands in the boot timeline. Here is how many there are in all, and what else can make one run."
    )
    starts = zip(START_KINDS, overview.drivers, overview.services, strict=True)
    rows = [
        ("", (say(kind), say(_STARTS[kind]), say(f"{drivers:,}"), say(f"{services:,}")))
        for kind, drivers, services in starts
        if drivers or services
    ]
    yield (
        "table",
        make_table("starts", "Drivers and services by their Start", ("Start", "Loaded", "Drivers", "Services"), rows),
    )
    if beside := _beside_the_counts(overview):
        yield "bits", (("p", "neutral", beside),)
    groups = (
        (overview.held_back, "driver or service", "drivers and services", "kept from starting by this safe mode"),
        (overview.delayed, "service", "services", "started late, after the others"),
        (overview.trigger_started, "service", "services", "started by an event (a device, an address, a policy)"),
        (overview.per_user, "service", "services", "for each user, started at a logon"),
    )
    for services, one, many, caption in groups:
        if services:
            yield "fold", _listed(services, f"{count(len(services), one, many)} {caption}")
    if overview.passed_over:
        rows = [
            ("", (_name(one), _program(one), say(words(why)), _origin(one.cite("Start", "Type"))))
            for one, why in overview.passed_over
        ]
        caption = f"{count(len(overview.passed_over), 'service')} of Start 2 that this boot does not start"
        yield "fold", make_table("services", caption, ("Name", "Program", "Why", "Origin"), rows)
    if overview.switched_off:
        rows = [
            ("", (_name(one), _program(one), say(words(why)), _origin(one.cite("Start", "StartOverride"))))
            for one, why in overview.switched_off
        ]
        caption = f"{count(len(overview.switched_off), 'driver')} switched off by StartOverride"
        yield "fold", make_table("services", caption, ("Name", "File", "Why", "Origin"), rows)
    if overview.filters:
        rows = [
            (
                "",
                (
                    _name(service),
                    _program(service),
                    (*say(f"{one.position} filter of "), code(one.device_class)),
                    _origin((one.origin,)),
                ),
            )
            for one, service in overview.filters
        ]
        caption = f"{count(len(overview.filters), 'filter driver')} loaded with the first device of a class"
        yield "fold", make_table("services", caption, ("Name", "File", "Where", "Origin"), rows)


def _beside_the_counts(overview: ServiceOverview) -> Bits:
    """Why the boot timeline has other numbers of drivers than the table by Start; nothing where it has not."""
    bits: list[Bit] = []
    for one in overview.by_loader:
        start = "without a Start" if one.start is None else f"of Start {one.start}"
        about = f" ({start}), the driver of the boot volume's file system, is loaded by the loader, whatever its Start is: the boot "
        bits += (code(one.name), text(f"{about}timeline has it among the boot drivers, this table by its Start. "))
    if overview.without_type:
        bits.append(
            text("Without a Type, so counted among the services here, asked for as drivers, and left out by the boot: ")
        )
        bits += _named([one.name for one in overview.without_type])
    return tuple(bits)


def _named(names: Sequence[str]) -> Bits:
    told = tuple([bit for name in names[:_NAMED] for bit in (text(", "), code(name))][1:])
    left = len(names) - _NAMED
    return (*told, text(f" and {left:,} more." if left > 0 else "."))


def _name(service: Service) -> Bits:
    return (code(service.name),)


def _listed(services: Sequence[Service], caption: str) -> Table:
    rows = [("", (_name(one), _program(one), _origin(one.cite("Start")))) for one in services]
    return make_table("services", caption, ("Name", "Program", "Origin"), rows)


def _program(service: Service) -> Bits:
    if not service.image_path and not service.dll:
        return (note("no ImagePath"),)
    program: Bits = (code(service.image_path),) if service.image_path else ()
    return (*program, ("span", "then", "loads "), code(service.dll)) if service.dll else program


def _origin(origins: Sequence[Origin]) -> Bits:
    return origins_of(origins) or (text(""),)
