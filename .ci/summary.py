"""What the tests came to, from pytest's JUnit file. Ends with 1 where none ran, or where a module that must be among them is not.

python .ci/summary.py [--must-include MODULE] FILE
"""

import sys
from xml.etree import ElementTree

REAL_HIVE = "real_hive"


def main(arguments: list[str]) -> int:
    tests = list(ElementTree.parse(arguments[-1]).iter("testcase"))
    if arguments[0] == "--must-include":
        inside = [test for test in tests if test.get("classname", "").endswith(arguments[1])]
        print(f"{sum(map(passed, inside))} of {len(inside)} tests of {arguments[1]} passed")
        return 0 if inside and all(map(passed, inside)) else 1
    good, skipped = [test for test in tests if passed(test)], [test for test in tests if was(test, "skipped")]
    failed = len(tests) - len(good) - len(skipped)
    real = [test for test in tests if reads_real_hive(test)]
    print(f"Of {len(tests)} tests, {len(real)} read real hives: {sum(map(passed, real))} of those passed, ", end="")
    print(f"{sum(was(test, 'skipped') for test in real)} were skipped.")
    print(f"{len(good)} passed, {failed} failed, {len(skipped)} skipped")
    return 0 if good and not failed else 1


def was(test: ElementTree.Element, outcome: str) -> bool:
    return test.find(outcome) is not None


def passed(test: ElementTree.Element) -> bool:
    return not any(was(test, outcome) for outcome in ("failure", "error", "skipped"))


def reads_real_hive(test: ElementTree.Element) -> bool:
    return any(one.get("value") == REAL_HIVE for one in test.iter("property"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
