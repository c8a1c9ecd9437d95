"""Network posture: names, forwarded ports, the firewall, shares, the registry from afar. Source: detections.md 1.11."""

from hivecheck.rules.firewall import FIREWALL_OFF
from hivecheck.rules.name_resolution import PORTPROXY, TCPIP_HOSTS_RELOCATION
from hivecheck.rules.remote_access import SMB_SRV, WINREG_REMOTE
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (TCPIP_HOSTS_RELOCATION, PORTPROXY, FIREWALL_OFF, SMB_SRV, WINREG_REMOTE)
