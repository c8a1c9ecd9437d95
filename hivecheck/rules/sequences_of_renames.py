r"""What several rows of the rename lists do together: chains, swings of folders, hidden replacements.

Source: detections.md 4.C, numbers 1 to 4.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import RenameFile
from hivecheck.facts.certainty import Confidence
from hivecheck.rules.benign_renames import same_product
from hivecheck.rules.case import Case
from hivecheck.rules.case_renames import MovedFile
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import judge_move, worst
from hivecheck.rules.rename_telling import (
    REMEDY,
    assumed_names,
    cite,
    confidence_of,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    tell_row,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Hit, Rule, Severity

_SOURCES = ("detections.md 4.C", "smss.md B.3")
_CHAIN_AT_MOST = 20  # rows of one chain that are cited
_INNER_AT_MOST = 10


def _number(row: MovedFile) -> str:
    return f"row {row.operation.pair}"


def _stays(source: Comparable, destination: Comparable) -> bool:
    return source.folder == destination.folder or same_product(source, destination)


def _check_chain(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    for row in rows:
        if row.carrier is None or idle(case, row) or row.swung:
            continue
        chain = [row]
        while chain[-1].carrier is not None and len(chain) < _CHAIN_AT_MOST:
            chain.append(rows[chain[-1].carrier])
        chain.reverse()
        alarm = worst(judge_move(case, row.source, row.destination))
        if alarm is None and row.destination is not None and _stays(row.source, row.destination):
            continue  # SetupAPI moves twice within a folder
        severity = weigh(case, row, alarm.severity.raised() if alarm is not None else Severity.LOW)
        end = f"moved on to {spelled_target(row)}" if row.destination is not None else "deleted"
        what = f": {alarm.what}" if alarm is not None else ""
        stops = [spelled_target(each) for each in chain[:-1] if each.destination is not None]
        text = (
            f"{spelled_source(chain[0])} would be moved to {' and to '.join(stops)} first and then {end} in the same boot{what}. "
            "Each row by itself looks like a smaller thing."
        )
        threads = threads_of(case, row.source, row.destination)
        yield Hit(text, cite(*chain), row.source.text, severity, confidence_of(case, row), events_of(*chain), threads)


CHAIN = Rule(
    id="seq-rename-chain",
    family="sequences",
    title="A file is moved in several steps of one boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1036.005", "T1070.004"),
    why=(
        "smss works off the rows in order, so a later row finds what an earlier one put there. Steps over a harmless folder "
        "launder where a file comes from."
    ),
    false_positives=("Driver installers that move a file twice within one folder (silent).",),
    remedy=REMEDY,
    sources=_SOURCES,
    severities="one step above what the rename rules say of the first source and the last target; low where they say nothing.",
    check=_check_chain,
)


def _check_created_earlier(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    for row in rows:
        if row.folder_mover is None or row.carrier is not None or idle(case, row):
            continue
        mover = rows[row.folder_mover]
        if row.source.text == row.operation.source.text:
            continue  # only its target lies in the folder that was moved
        alarm = worst(judge_move(case, row.source, row.destination))
        severity = weigh(case, row, alarm.severity if alarm is not None else Severity.LOW)
        what = f"; {alarm.what}" if alarm is not None else ""
        text = (
            f"{tell_row(case, row)}{what}. The path exists only because {_number(mover)} of {mover.operation.list} moves "
            "the folder there before: looked at alone, the row seems to do nothing."
        )
        threads = threads_of(case, row.source, row.destination)
        yield Hit(text, cite(mover, row), row.source.text, severity, None, events_of(mover, row), threads)


CREATED_EARLIER = Rule(
    id="seq-source-created-earlier",
    family="sequences",
    title="A row acts on a path that an earlier row makes",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1564", "T1036.005"),
    why=(
        "Whoever looks at the disk for the row's source finds nothing and takes the row for dead. It is made by a folder that "
        "an earlier row moves; a file moved step by step is told as seq-rename-chain."
    ),
    false_positives=("Installers that swap a whole folder and then clear up in it (low).",),
    remedy=REMEDY,
    sources=_SOURCES,
    severities="that of the rename rules for the file's true path; low where they say nothing.",
    check=_check_created_earlier,
)


def _check_swing(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    alarms = case.renames.alarms
    for row in rows:
        if not row.swung or row.destination is None:
            continue
        inner = row.swung[:_INNER_AT_MOST]
        found = [alarm for number in row.swung for alarm in alarms[number]]
        whole = [
            alarm for alarm in judge_move(case, row.destination, row.operation.source) if alarm.rule == "pfro-sec-product"
        ]
        worse = worst((*found, *whole))
        severity = Severity.CRITICAL if worse is not None and worse.severity >= Severity.MEDIUM else Severity.HIGH
        away = rows[row.swung_since] if row.swung_since is not None else row
        truths = ", ".join(dict.fromkeys(_changed_path(rows[number]) for number in inner))
        what = f" {worse.about.text}: {worse.what}." if worse is not None else ""
        text = (
            f"The folder {spelled_target(row)} would be renamed to {_from(row)}, changed, and renamed back in "
            f"one boot. What is changed in it is in truth {truths}.{what}"
        )
        chain = (away, *(rows[number] for number in inner), row)
        assumed = assumed_names(*chain)
        text += f" The {assumed}." if assumed else ""
        paths = (
            row.destination,
            *(rows[number].source for number in inner),
            *(rows[number].destination for number in inner),
        )
        yield Hit(text, cite(*chain), row.destination.text, severity, None, events_of(*chain), threads_of(case, *paths))


def _from(row: MovedFile) -> str:
    action = row.operation.event.action
    return action.source.tail if isinstance(action, RenameFile) else row.operation.source.text


def _changed_path(row: MovedFile) -> str:
    return (
        row.source.text if row.source.text != row.operation.source.text or row.destination is None else row.destination.text
    )


SWING = Rule(
    id="seq-parent-dir-swing",
    family="sequences",
    title="A folder is renamed, changed and renamed back within one boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1036.005"),
    why=(
        "Under the temporary name of the folder nothing that watches for paths of a security product recognizes its files. A "
        "public tool disables Defender like that, over its parent folder in ProgramData."
    ),
    false_positives=("None known.",),
    remedy=REMEDY,
    sources=_SOURCES,
    severities="critical where a file of concern is changed in it, else high.",
    check=_check_swing,
)


def _check_delete_then_replace(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    for row in rows:
        if row.freed_by is None or row.destination is None or row.destination.text == row.source.text or idle(case, row):
            continue
        freed = rows[row.freed_by]
        alarm = worst(judge_move(case, row.source, row.destination, True))
        if alarm is None and (freed.destination is not None or same_product(row.source, row.destination)):
            continue  # an updater puts the old file aside and the new one in its place
        severity = weigh(case, row, alarm.severity if alarm is not None else Severity.LOW)
        does = "delete" if freed.destination is None else "move away"
        what = f"; {alarm.what}" if alarm is not None else ""
        text = (
            f"{_number(freed).capitalize()} of {freed.operation.list} would {does} {spelled_target(row)}, and a later row "
            f"would put {spelled_source(row)} in its place{what}. Together they replace the file without a replace mark."
        )
        threads = threads_of(case, row.destination, row.source)
        yield Hit(text, cite(freed, row), row.destination.text, severity, None, events_of(freed, row), threads)


DELETE_THEN_REPLACE = Rule(
    id="seq-delete-then-replace",
    family="sequences",
    title="One row deletes a file and another puts a new one in its place",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1036.005"),
    why="The delete reads as a clean-up and the rename as harmless, as it does not ask to replace; together they replace.",
    false_positives=("Updaters that do so with files of their own product (silent).",),
    remedy=REMEDY,
    sources=_SOURCES,
    severities="that of the rename rules for the replacement; low where they say nothing.",
    check=_check_delete_then_replace,
)


RULES: tuple[Rule, ...] = (
    CHAIN,
    CREATED_EARLIER,
    SWING,
    DELETE_THEN_REPLACE,
)
