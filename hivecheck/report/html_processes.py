"""The process tree for the HTML page: a picture, and nested lists that say the same and more."""

from collections.abc import Iterator, Mapping

from hivecheck.analysis import Analysis
from hivecheck.boot.machine import RunningService
from hivecheck.boot.plan import Done
from hivecheck.boot.process_tree import ProcessNode, build_process_tree
from hivecheck.boot.replay import Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    code,
    count,
    event_link,
    fold,
    note,
    outcome_bit,
    paragraph,
    tag,
    text,
    words,
)
from hivecheck.report.html_findings import event_flags
from hivecheck.report.pictures_processes import draw_processes
from hivecheck.report.view import SOMEWHERE

_OPEN_SERVICES = 6  # of one process; more are folded
_ABOUT = (
    "Who starts whom, in the order of the boot. A process whose parent is gone lives on without it: that is how Windows "
    "since Vista looks when nothing is wrong."
)


def tell_processes(analysis: Analysis) -> Iterator[Block]:
    """The blocks of the section."""
    tree = build_process_tree(analysis.replay)
    if not tree.roots:
        yield paragraph("No process is started.")
        return
    nodes = list(tree.nodes())
    started = sum(1 for node in nodes if node.process is not None)
    ended, hosted = sum(1 for node in nodes if node.ends), sum(len(node.services) for node in nodes)
    services = f", with {count(hosted, 'service')} in them" if hosted else ""
    gone = f"; {ended} of them {'is' if ended == 1 else 'are'} gone by the logon screen" if ended else ""
    yield paragraph(f"{count(started, 'process', 'processes')}{services}{gone}. {_ABOUT}")
    events = {event.number: event for event in analysis.replay.events}
    hosts = _events_of_services(analysis.replay.events)
    yield "pictures", draw_processes(tree, hosts, _severities(analysis))
    yield "bits", (("ul", "tree", tuple([_branch(root, events, hosts, None) for root in tree.roots])),)
    if tree.left_out:
        yield paragraph(f"{count(tree.left_out, 'process', 'processes')} deeper in the tree not shown.")


def _severities(analysis: Analysis) -> dict[int, str]:
    """The severity of the worst finding about each event that one is about."""
    flags = event_flags(analysis)
    return {number: max((flag.severity for flag in all), key=lambda one: one.rank).value for number, all in flags.items()}


def _events_of_services(events: tuple[Event, ...]) -> dict[int, int]:
    """The number of the event that started each service: the machine keeps the very objects that events gave it."""
    return {id(change): event.number for event in events for change in event.changes if isinstance(change, RunningService)}


def _branch(node: ProcessNode, events: Mapping[int, Event], hosts: Mapping[int, int], session: int | None) -> Bit:
    told: list[Bit] = [("div", "", _process(node, events, session))]
    if len(node.services) > 1:
        told.append(_services(node.services, hosts))
    if node.children:
        told.append(("ul", "", tuple([_branch(child, events, hosts, node.session) for child in node.children])))
    return "li", "gone" if node.ends else "", tuple(told)


def _process(node: ProcessNode, events: Mapping[int, Event], session: int | None) -> Bits:
    bits: list[Bit] = [code(node.name)]
    if node.session is not None and node.session != session:
        bits += (text(" "), note(f"session {node.session}"))
    if node.ends:
        bits += (text(" "), tag("ends before the logon"))
    elif node.parent_gone:
        bits += (text(" "), tag("parent gone"))
    event = events.get(node.event) if node.event is not None else None
    if event is not None:
        certain = event.done is Done.YES
        mark = outcome_bit(event.done, "certain") if certain else outcome_bit(event.done)
        bits += (text(" "), mark, text(" event "), event_link(event.number))
    if len(node.services) == 1:
        bits += (text(" hosts "), code(node.services[0].name))
    command = node.process.command if node.process is not None else ""
    if fold_name(command) not in ("", fold_name(node.name)):
        bits.append(("code", "command", words(command)))
    if node.image_guessed:
        bits += (text(" "), note(SOMEWHERE))
    return tuple(bits)


def _services(services: tuple[RunningService, ...], hosts: Mapping[int, int]) -> Bit:
    names: list[Bit] = []
    for service in services:
        names += (text(", "), code(service.name)) if names else (code(service.name),)
        number = hosts.get(id(service))
        if number is not None:
            names += (text(" ("), event_link(number), text(")"))
    told = f"{count(len(services), 'service')}"
    if len(services) <= _OPEN_SERVICES:
        return "p", "hosts", (text(f"{told}: "), *names)
    return fold(told, ("p", "hosts", tuple(names)), "hosted")
