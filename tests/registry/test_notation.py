"""Hive notation: what a line means, what a mistake says, and that every hive comes back exactly."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.errors import NotationError
from hivecheck.facts.fact import changed
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.problem import Problem
from hivecheck.registry import hive as registry
from hivecheck.registry.hive import RawValue
from hivecheck.registry.memory import HiveFacts, MemoryHive, MemoryKey, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of, parse_notation, write_notation
from hivecheck.registry.notation_forms import decode_text, encode_text


def value_of(line: str) -> RawValue:
    (value,) = next(hive_of(f"[Key]\n{line}").root.subkeys()).values()
    return value


def text(string: str) -> bytes:
    return string.encode("utf-16-le")


@pytest.mark.parametrize(
    ("line", "type", "data"),
    [
        ('a = sz "Windows_NT"', registry.REG_SZ, text("Windows_NT\0")),
        ('a = sz ""', registry.REG_SZ, text("\0")),
        ('a = sz "a" cut 2', registry.REG_SZ, text("a")),
        ('a = sz "a" cut 1', registry.REG_SZ, b"a\0\0"),
        ("a = sz hex:", registry.REG_SZ, b""),
        ("a = sz hex: 41", registry.REG_SZ, b"A"),
        (r'a = sz "b\u{0}c"', registry.REG_SZ, text("b\0c\0")),
        (r'a = expand "%SystemRoot%\system32;C:\x\"', registry.REG_EXPAND_SZ, text("%SystemRoot%\\system32;C:\\x\\\0")),
        ('a = expand [ "one "\n# between\n"two" ]', registry.REG_EXPAND_SZ, text("one two\0")),
        (r'a = link "\Registry\Machine"', registry.REG_LINK, text("\\Registry\\Machine")),
        ('a = multi "autocheck autochk *"', registry.REG_MULTI_SZ, text("autocheck autochk *\0\0")),
        ('a = multi "x" cut 2', registry.REG_MULTI_SZ, text("x\0")),
        ('a = multi "x" cut 4', registry.REG_MULTI_SZ, text("x")),
        ("a = multi", registry.REG_MULTI_SZ, text("\0")),
        ('a = multi ""', registry.REG_MULTI_SZ, text("\0\0")),
        ("a = multi hex:", registry.REG_MULTI_SZ, b""),
        ('a = multi "x" "" "y"', registry.REG_MULTI_SZ, text("x\0\0y\0\0")),
        ('a = multi [\n  "x"  ""  ; deleted\n\n  "y"\n] # end', registry.REG_MULTI_SZ, text("x\0\0y\0\0")),
        ("a = dword 1", registry.REG_DWORD, b"\1\0\0\0"),
        ("a = dword 0xfffffffe", registry.REG_DWORD, b"\xfe\xff\xff\xff"),
        ("a = dword hex: 01", registry.REG_DWORD, b"\1"),
        ("a = dword-be 1", registry.REG_DWORD_BIG_ENDIAN, b"\0\0\0\1"),
        ("a = qword 258", registry.REG_QWORD, b"\2\1\0\0\0\0\0\0"),
        ("a = binary 01 02 ff", registry.REG_BINARY, b"\1\2\xff"),
        ("a = binary 0102FF", registry.REG_BINARY, b"\1\2\xff"),
        ("a = binary [\n 01\n 02\n]", registry.REG_BINARY, b"\1\2"),
        ("a = none", registry.REG_NONE, b""),
        ("a = none 00", registry.REG_NONE, b"\0"),
        ("a = resource-list 01", registry.REG_RESOURCE_LIST, b"\1"),
        ("a = full-descriptor 01", registry.REG_FULL_RESOURCE_DESCRIPTOR, b"\1"),
        ("a = requirements-list 01", registry.REG_RESOURCE_REQUIREMENTS_LIST, b"\1"),
        ("a = type 0xffff0011: 01 02", 0xFFFF0011, b"\1\2"),
        ("a = type 17:", 17, b""),
    ],
)
def test_a_value_line_gives_type_and_bytes(line: str, type: int, data: bytes) -> None:
    value = value_of(line)
    assert (value.name, value.type, value.data) == ("a", type, data)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("@", ""),
        ('""', ""),
        ('"@"', "@"),
        ("Security Packages", "Security Packages"),
        (r"\DosDevices\C:", "\\DosDevices\\C:"),
        ('"#{guid}"', "#{guid}"),
        ('"a = b ; c"', "a = b ; c"),
        (r"bell\u{7}", "bell\a"),
        (r"half\u{d800}", "half\ud800"),
        (r"\u{d83d}\u{de00}", "\U0001f600"),
        (r"\users\u0041", r"\users\u0041"),
        ('"say ""yes"""', 'say "yes"'),
    ],
)
def test_names_are_bare_or_quoted(spelling: str, name: str) -> None:
    assert value_of(f"{spelling} = dword 1").name == name


def test_lines_of_one_key_merge_whatever_their_case() -> None:
    hive = hive_of("""
        [ControlSet001\\Control]
        a = dword 1
        [Select]
        [CONTROLSET001\\control]
        b = dword 2
    """)
    assert [key.name for key in hive.root.subkeys()] == ["ControlSet001", "Select"]
    control = hive.root.subkey("ControlSet001\\Control")
    assert control is not None
    assert [value.name for value in control.values()] == ["a", "b"]


def test_a_key_line_gives_last_write_and_class() -> None:
    key = hive_of('[A\\B] 2018-04-06T12:26:31.1234567Z class "the ""class"""  # comment').root.subkey("a\\b")
    assert key is not None
    assert key.written == parse_iso_utc("2018-04-06T12:26:31.1234567Z")
    assert key.class_name == 'the "class"'


def test_the_header_gives_the_facts_of_the_hive() -> None:
    hive = parse_notation(
        """
        hive notation 1 regf 1.3 root "$$$PROTO.HIV" # comment
        hive sequences 7 6 saved ticks:5 written ticks:9
        []
        a = dword 1
        [B] ticks:8
        [C]
        """,
        "SYSTEM",
    )
    assert hive.name == "SYSTEM"
    assert hive.facts == HiveFacts((1, 3), (7, 6), 5)
    assert (hive.root.name, hive.root.written) == ("$$$PROTO.HIV", 9)
    assert [key.written for key in hive.root.subkeys()] == [8, 9]


def test_a_text_without_a_line_is_an_empty_hive() -> None:
    assert hive_of("# nothing\n") == MemoryHive("notation")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (r"A\B", ["A", "B"]),
        (r"##?#USB#x;y", ["##?#USB#x;y"]),
        (r'"A]\""B"""', ["A]", '"B"']),
        (r"A\u{5c}B\C", ["A\\B", "C"]),
        (r'"A\\B"', ["A", "", "B"]),
        ('""', [""]),
        (r"A\\u{75}{41}", ["A", "u{41}"]),
        (r"users\u1234", ["users", "u1234"]),
    ],
)
def test_a_path_is_parted_at_its_backslashes(path: str, names: list[str]) -> None:
    key = hive_of(f"[{path}]").plain
    found = []
    while key.subkeys:
        (key,) = key.subkeys
        found.append(key.name)
    assert found == names


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a = dword 1", "line 1: expected a key line such as [Select] before the first value"),
        ("[a", "line 1: expected a key line such as [Select], found '[a'"),
        ("[\\a]", "line 1: expected no empty name in a path"),
        ("[a\\\\b]", "line 1: expected no empty name in a path"),
        ("[a] yesterday", "line 1: expected a UTC time"),
        ("[a] ticks:18446744073709551616", "line 1: expected a time of at most 64 bits"),
        ("[a] ticks:1\n[A] ticks:2", "line 2: expected the same last write as"),
        ('[a] class "x"\n[a] class "y"', "line 2: expected the same class name as"),
        ("[] again", "line 1: expected one root key only"),
        ("[a]\nb", "line 2: expected [KEY] or NAME = TYPE ..., found 'b'"),
        ("[a]\nb = word 1", "line 2: expected a type (none, sz,"),
        ('[a]\nb = "x"', "line 2: expected a type (none, sz,"),
        ("[a]\nb = dword", "line 2: expected a number, or hex:"),
        ("[a]\nb = dword two", "line 2: expected a number, decimal or 0x, found 'two'"),
        ("[a]\nb = dword 0x100000000", "line 2: expected a number of 32 bits, found 0x100000000"),
        ("[a]\nb = dword 1 2", "line 2: expected the end of the value, found '2'"),
        ("[a]\nb = sz", "line 2: expected a string in quotes or hex: after sz"),
        ('[a]\nb = sz "x', "line 2: expected a closing quote, found '\"x'"),
        (r"[a]" + "\n" + r'b = sz "\u{110000}"', r"line 2: expected a character of at most \u{10ffff}"),
        ('[a]\nb = sz "x" cut 5', "line 2: cut 5 is more than the 4 bytes there are"),
        ('[a]\nb = sz "x" cut', "line 2: expected how many bytes to cut"),
        (r"[a]" + "\n" + r'b = multi "x\u{0}y"', "line 2: a NUL ends a string of a list"),
        ('[a]\nb = multi [\n"x"\n', "line 2: expected ']' before the end of the text"),
        ('[a]\nb = multi [\n"x"\n[c]', "line 2: expected ']' before line 4"),
        ('[a]\nb = multi [\n"x"\n"y" 5\n]', "line 4: expected strings or ']', found '5'"),
        ("[a]\nb = binary 1", "line 2: expected bytes in hex such as 01 ff, found '1'"),
        ("[a]\nb = binary [\n01\nzz ]", "line 4: expected bytes in hex such as 01 ff, found 'zz'"),
        ("[a]\nb = type 5", "line 2: expected a colon after the number of the type"),
        ("[a]\nb = dword 1\n\nB = dword 1", 'line 4: the value "B" was given in line 2'),
        ("hive notation 2", "line 1: expected notation 1, found notation 2"),
        ("hive regf new", "line 1: expected the version of the hive format"),
        ("hive root x", "line 1: expected the name of the root key in quotes, found 'x'"),
        ("hive colour blue", "line 1: expected notation, regf, root"),
    ],
)
def test_a_mistake_names_its_line_and_what_was_expected(source: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_notation(source, "bug.hive.txt")
    assert caught.value.message.startswith(message)
    assert caught.value.path == "bug.hive.txt"


WRITTEN = r"""hive notation 1 regf 1.5 sequences 8 7 root "CMI-CreateHive{x}" saved 2018-04-06T12:26:31Z written 2018-01-01T00:00:00Z

[Select]
Current = dword 1

[ControlSet001\Control\Session Manager] 2018-04-06T12:26:31.5Z class "x"
BootExecute = multi "autocheck autochk *" cut 2
CriticalSectionTimeout = dword 2592000
GlobalFlag = dword 0xfffffffe
PendingFileRenameOperations = multi [
  "\??\C:\a.tmp"  ""
  "\??\C:\b.dll"  "!\??\C:\c.dll"
]
ObjectDirectories = multi "\Windows" "\RPC Control"
@ = sz "mnmsrvc"
"a = b" = type 0xffff0011: 01 02
Windows = expand [
  "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection=1024,20480,768 Windows=On "
  "SubSystemType=Windows ServerDll=basesrv,1"
]
Long = binary [
  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f
  20
]

[Twice]

[Twice] again
a = dword 1
A = dword 2 again

[Twice\Below the second]
"""


def test_the_writer_writes_what_a_human_would() -> None:
    assert write_notation(parse_notation(WRITTEN)) == WRITTEN


def test_some_keys_of_a_hive_are_written_with_their_whole_paths() -> None:
    hive = parse_notation(WRITTEN)
    select, manager = hive.root.subkey("Select"), hive.root.subkey("ControlSet001\\Control\\Session Manager")
    assert select is not None
    assert manager is not None
    part = parse_notation(write_notation(manager, select))
    assert part.root.subkey("select") == select
    assert [key.name for key in part.root.subkeys()] == ["ControlSet001", "Select"]


class DamagedKey(MemoryKey):
    """A key as a reader gives it that met damage."""

    def values(self) -> Iterator[RawValue]:
        for value in super().values():
            yield changed(value, damage=Problem("value-cut", "cut off\n[Evil]"))


def test_damage_is_told_in_a_comment() -> None:
    plain = PlainKey("A", values=(PlainValue("b", registry.REG_DWORD, b"\1"),))
    written = write_notation(DamagedKey(plain, "A", "x"))
    assert written == "hive notation 1\n\n[A]\n# damaged: cut off\\u{a}[Evil]\nb = dword hex: 01\n"
    assert parse_notation(written).plain.subkeys == (plain,)


characters = st.one_of(
    st.sampled_from(list('\\u{}[]="#;@ aA05\0\t\n\r.é\xad\u202e\u2028\ud83d\ude00')),
    st.characters(),
    st.integers(0xD800, 0xDFFF).map(chr),
)
strings = st.text(characters, max_size=12).map(lambda drawn: decode_text(encode_text(drawn)))
texts = st.builds(
    lambda parts, end: encode_text("\0".join(parts)) + b"\0" * end, st.lists(strings, max_size=5), st.integers(0, 5)
)
types = st.one_of(st.integers(0, 12), st.integers(0, 0xFFFFFFFF))
values = st.builds(PlainValue, strings, types, st.one_of(st.binary(max_size=80), texts))
times = st.one_of(
    st.integers(0, 2**64 - 1), st.just(0), st.integers(0, 3 * 10**18).map(lambda ticks: ticks // 10**7 * 10**7)
)


def keys(below: st.SearchStrategy[PlainKey] | None) -> st.SearchStrategy[PlainKey]:
    subkeys = st.just(()) if below is None else st.lists(below, max_size=4).map(tuple)
    return st.builds(PlainKey, strings, times, st.none() | strings, st.lists(values, max_size=4).map(tuple), subkeys)


hives = st.builds(
    MemoryHive,
    st.just("notation"),
    keys(st.recursive(keys(None), keys, max_leaves=6)),
    st.builds(
        HiveFacts,
        st.tuples(st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
        times,
    ),
)


@given(hives)
def test_every_hive_comes_back_exactly(hive: MemoryHive) -> None:
    written = write_notation(hive)
    assert parse_notation(written) == hive
    assert all(letter.isprintable() or letter == "\n" for letter in written)
    assert parse_notation(written.replace("\n", "\r\n")) == hive


@given(
    st.lists(
        st.sampled_from(["[A]", "a", "=", "sz", "multi", '"', "[", "]", "\n", "hex:", "01", "cut", "#", "@", " ", "\\"])
        | characters
    )
)
def test_any_text_is_a_hive_or_a_notation_error(pieces: list[str]) -> None:
    message = "line 0: none"
    try:
        parse_notation(" ".join(pieces))
    except NotationError as error:
        message = error.message
    assert message.startswith("line ")
