"""Other hosts of DLLs."""

from hivecheck.rules import host_dlls, locale_dlls, print_dlls, socket_dlls
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (*print_dlls.RULES, *host_dlls.RULES, *socket_dlls.RULES, *locale_dlls.RULES)
