"""What two boots do, held against each other: by what is done to what, whatever the numbers of the events."""

from typing import Any

from hivecheck.compare.effects import compare_effects
from tests.compare.documents import document, event


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.change.value, one.what, one.text) for one in compare_effects(before, after)]


def services(*names: str) -> list[dict[str, Any]]:
    return [
        event(place + 1, "start-service", name=name, image="a.exe", account="LocalSystem")
        for place, name in enumerate(names)
    ]


def state(**parts: Any) -> dict[str, Any]:
    return {"names": {}, "files": {}, "environment": {}, "registry": []} | parts


def test_another_number_makes_no_other_event() -> None:
    assert told(document(events=services("a", "b")), document(events=services("A", "B"))) == []


def test_a_service_more_is_told_by_what_the_boot_would_do() -> None:
    found = told(document(events=services("a")), document(events=services("a", "b")))
    assert found == [("added", "services/b", "would start the service b, before: would not")]


def test_a_service_that_starts_another_program_says_what_differs() -> None:
    after = services("a")
    after[0]["action"] |= {"image": "b.exe", "account": "NetworkService"}
    [(change, what, text)] = told(document(events=services("a")), document(events=after))
    assert (change, what) == ("changed", "services/a")
    assert text == "would start the service a in another way: image, account"


def test_another_order_of_services_is_told_of_the_one_that_moved() -> None:
    found = told(document(events=services("a", "b", "c")), document(events=services("c", "a", "b")))
    assert found == [("moved", "services/c", "would start the service c as number 1 of 3, before: 3")]


def test_a_file_that_would_be_deleted_cites_the_operation() -> None:
    because = [{"key": "k", "value": "PendingFileRenameOperations", "strings": [0, 1]}]
    after = document(
        events=[event(7, "delete", source=r"\??\C:\x", destination=None, because=because)],
        after=state(files={r"\??\C:\x": {"exists": "no", "content": "", "fate": "deleted"}}),
    )
    [one] = compare_effects(document(), after)
    assert one.text == r"would delete \??\C:\x, before: would leave it as it is"
    assert (one.because, one.events) == (tuple(because), (7,))


def test_whether_a_file_is_assumed_makes_no_change() -> None:
    sides = (
        document(after=state(files={"a": {"exists": "yes", "content": "", "fate": "", "assumed": assumed}}))
        for assumed in (True, False)
    )
    assert told(*sides) == []


def test_a_name_that_leads_elsewhere_says_where_it_led() -> None:
    one, other = (document(after=state(names={r"\GLOBAL??\UNC": {"type": "link", "target": target}})) for target in "ab")
    [(change, what, text)] = told(one, other)
    assert (change, what) == ("changed", r"names/\GLOBAL??\UNC")
    assert text == r"would create \GLOBAL??\UNC, a link that leads to b, before: a"


def test_a_value_of_a_control_set_is_the_same_whatever_its_number() -> None:
    one, other = (
        document(after=state(registry=[{"key": rf"ControlSet00{number}\Control", "name": "a", "value": "1"}]))
        for number in (1, 2)
    )
    assert told(one, other) == []


def test_a_value_that_the_boot_deletes_is_no_value_that_it_leaves() -> None:
    after = document(after=state(registry=[{"key": "Setup", "name": "a", "value": None}]))
    assert told(document(), after) == [("added", r"registry/Setup\a", r"would delete Setup\a")]


def test_a_boot_that_halts_says_why() -> None:
    after = document(halted={"event": 3, "why": "csrss is gone", "because": []})
    assert told(document(), after) == [("added", "halted", "the boot would halt: csrss is gone")]
    assert told(after, document()) == [("removed", "halted", "the boot would no longer halt")]


def test_steps_in_another_order_are_told() -> None:
    one, other = (
        document(events=[event(place, "create-directory", step, name="x") for place, step in enumerate(order)])
        for order in (("file-renames", "known-dlls"), ("known-dlls", "file-renames"))
    )
    [(change, what, _)] = told(one, other)
    assert (change, what) in (("moved", "order/known-dlls"), ("moved", "order/file-renames"))


def test_services_that_wait_are_told_by_what_would_start_them() -> None:
    found = told(document(services={"trigger_started": ["a"]}), document(services={"trigger_started": ["A", "b"]}))
    assert found == [("added", "services/on a trigger/b", "b starts when its trigger fires, before: does not")]


def test_counts_are_told_only_where_services_are_not() -> None:
    one, other = (document(services={"drivers": {"demand": number, "boot": number}}) for number in (1, 2))
    assert [each.what for each in compare_effects(one, other)] == ["drivers/with start type demand"]
    assert compare_effects(one, other, counts=False) == ()


def run(number: int, command: str, image: str = "autochk", done: str = "unknown") -> dict[str, Any]:
    return event(number, "run", "boot-execute", list="BootExecute", image=image, command=command) | {"done": done}


def test_what_is_tried_in_vain_would_not_run() -> None:
    vain, well = document(events=[run(1, "a *", "a", "no")]), document(events=[run(1, "a *", "a")])
    assert [text for *_, text in told(document(), vain)] == ["would try in vain to run BootExecute/a, before: would not"]
    assert [text for *_, text in told(well, vain)] == ["would no longer run BootExecute/a: it tries in vain"]
    assert [text for *_, text in told(vain, well)] == ["would run BootExecute/a, before: would not, it tried in vain"]
    assert [text for *_, text in told(vain, document())] == ["would no longer try to run BootExecute/a (in vain before)"]


def test_a_line_in_front_of_one_of_the_same_program_is_all_that_is_told() -> None:
    after = document(events=[run(1, "autocheck autochk /p"), run(2, "autocheck autochk *")])
    found = told(document(events=[run(1, "autocheck autochk *")]), after)
    assert found == [("added", "programs/BootExecute/autochk", "would run BootExecute/autochk, before: would not")]


def test_the_program_that_is_built_in_is_the_one_of_the_list() -> None:
    [(change, _, text)] = told(document(events=[run(1, "AutoChk.exe *", "AutoChk.exe")]), document(events=[run(1, "x *")]))
    assert (change, text) == ("changed", "would run BootExecute/autochk in another way: command")


def test_case_alone_is_no_other_way_to_start() -> None:
    one, other = services("a"), services("a")
    other[0]["action"] |= {"image": "A.EXE", "arguments": "-s DCOMLAUNCH"}
    one[0]["action"] |= {"arguments": "-s DcomLaunch"}
    assert told(document(events=one), document(events=other)) == []


def test_case_alone_leads_nowhere_else() -> None:
    one, other = (
        document(after=state(names={r"\KnownDlls\a": {"type": "section", "target": target}}))
        for target in ("a.dll", "A.DLL")
    )
    assert told(one, other) == []
    one, other = (document(after=state(environment={"A": value})) for value in ("x", "X"))
    assert [what for _, what, _ in told(one, other)] == ["environment/A"]


def test_a_service_that_waits_cites_its_key() -> None:
    sets = {"control_set": {"number": 2, "why": "", "present": [2]}}
    [one] = compare_effects(document(**sets), document(services={"delayed": ["a"]}, **sets))
    assert [origin["key"] for origin in one.because] == [r"ControlSet002\Services\a"]


def test_what_there_is_one_of_is_not_named_twice() -> None:
    dump = event(1, "save-crash-dump", "paging-files", paging_file="p", dump_file="d")
    assert [text for *_, text in told(document(), document(events=[dump]))] == [
        "would save a crash dump, if the last session left one, before: would not"
    ]
