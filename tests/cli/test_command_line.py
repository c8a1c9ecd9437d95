"""The command line as the reports repeat it."""

import sys

import pytest

from hivecheck.cli.options import case_notes


def test_keys_of_volumes_are_in_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", "disk.E01", "--key", "secret 1", "--key=secret 2", "--quiet"])
    command = case_notes("", "", "", "").command
    assert "secret" not in command
    assert command.split() == ["hivecheck", "analyze", "disk.E01", "--key", "...", "--key=...", "--quiet"]
