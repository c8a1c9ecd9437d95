"""The Service Control Manager and its services."""

from hivecheck.rules import (
    service_defence,
    service_dlls,
    service_images,
    service_manager,
    service_security,
    service_settings,
    service_tools,
)
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *service_manager.RULES,
    *service_security.RULES,
    *service_images.RULES,
    *service_dlls.RULES,
    *service_settings.RULES,
    *service_defence.RULES,
    *service_tools.RULES,
)
