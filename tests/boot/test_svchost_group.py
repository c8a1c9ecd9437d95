"""One reading of `svchost -k group` for the replay and for all rules."""

import pytest

from hivecheck.boot.service_images import svchost_group


@pytest.mark.parametrize(
    ("line", "group"),
    [
        (r"%SystemRoot%\System32\svchost.exe -k netsvcs -p", "netsvcs"),
        (r"C:\Windows\System32\svchost.exe /K  LocalService", "LocalService"),
        (r'svchost.exe -k "a group" -p', "a group"),
        ("-k rpcss", "rpcss"),
        (r"C:\a-k b\svchost.exe", ""),
        ("svchost.exe -knetsvcs", ""),
        ("svchost.exe -k", ""),
        ("", ""),
    ],
)
def test_group_of_a_command_line(line: str, group: str) -> None:
    assert svchost_group(line) == group
