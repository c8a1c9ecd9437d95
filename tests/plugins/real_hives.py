"""Counts the tests that read real hives, and says so at the end of the run.

A pytest plugin, asked for by name (`-p tests.plugins.real_hives`, or PYTEST_PLUGINS), since a run without the real hives would
otherwise look like one with them: those tests are skipped. Works with pytest-xdist.
"""

import pytest

FIXTURE = "real_hive"
_MARK = ("reads", FIXTURE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that use the fixture; the mark travels with the report, also from another process."""
    for item in items:
        if FIXTURE in getattr(item, "fixturenames", ()):
            item.user_properties.append(_MARK)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The line `Real hives: N tests read one, M were skipped for want of one.`"""
    ran = _count(terminalreporter, "passed") + _count(terminalreporter, "failed")
    skipped = _count(terminalreporter, "skipped")
    terminalreporter.write_line(f"Real hives: {ran} tests read one, {skipped} were skipped for want of one.")


def _count(reporter: pytest.TerminalReporter, outcome: str) -> int:
    reports = [report for report in reporter.getreports(outcome) if isinstance(report, pytest.TestReport)]
    return sum(1 for report in reports if any(tuple(pair) == _MARK for pair in report.user_properties))
