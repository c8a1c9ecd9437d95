r"""What the services and drivers of Windows run, by folded name: programs in System32, drivers by their file.

A service whose DLL is known (`windows_service_dlls`) runs in svchost; up to 2003 in services.exe or lsass.exe as well. Those
which at least two of NT 4, XP x64, 7, 10 1709 and 10 1903 agree on; what 2000 and NT 4 alone name is from their documentation
[M]. Source: real hives.
"""

from functools import cache
from typing import Final

from hivecheck.rules.windows_service_dlls import windows_service_dlls

_HOST = "svchost.exe"
_PROGRAMS: Final = """
alg=alg.exe appvclient=appvclient.exe clipsrv=clipsrv.exe comsysapp=dllhost.exe fax=fxssvc.exe|faxsvc.exe
msdtc=msdtc.exe msiserver=msiexec.exe netdde=netdde.exe netddedsdm=netdde.exe ntlmssp=lsass.exe|services.exe
protectedstorage=lsass.exe|pstores.exe|services.exe rpclocator=locator.exe samss=lsass.exe
securityhealthservice=securityhealthservice.exe sensordataservice=sensordataservice.exe snmptrap=snmptrap.exe
spectrum=spectrum.exe spooler=spoolsv.exe|spoolss.exe sppsvc=sppsvc.exe|slsvc.exe termservice=svchost.exe|termsrv.exe
tieringengineservice=tieringengineservice.exe uevagentservice=agentservice.exe ui0detect=ui0detect.exe ups=ups.exe
vds=vds.exe vss=vssvc.exe wbengine=wbengine.exe wmiapsrv=wbem\\wmiapsrv.exe sgrmbroker=sgrmbroker.exe
wsearch=searchindexer.exe
efs=lsass.exe|svchost.exe keyiso=lsass.exe|svchost.exe netlogon=lsass.exe policyagent=svchost.exe|lsass.exe
vaultsvc=lsass.exe|svchost.exe scardsvr=svchost.exe|scardsvr.exe rpcss=svchost.exe|rpcss.exe
schedule=svchost.exe|atsvc.exe|mstask.exe tapisrv=svchost.exe|tapisrv.exe swprv=svchost.exe|dllhost.exe
rasman=svchost.exe|rasman.exe rasauto=svchost.exe|rasman.exe remoteaccess=svchost.exe|rassrv.exe
remoteregistry=svchost.exe|regsvc.exe stisvc=svchost.exe|stisvc.exe winmgmt=svchost.exe|wbem\\winmgmt.exe|winmgmt.exe
"""
_NOT_HOSTED = frozenset(("windefend",))  # the vendor's places are judged elsewhere
_DRIVERS: Final = """
acpi acpiex afd ahcache atapi bam basicdisplay basicrender beep cdrom cldflt clfs cng compbatt crcdisk csc dam dfsc disk
dxgkrnl ehstorclass fdc filecrypt fileinfo flpydisk fltmgr fs_rec ftdisk fvevol gpuenergydrv hwpolicy i8042prt intelide intelpep
iorate isapnp kbdclass ksecdd ksecpkg lltdio luafv mouclass mountmgr mrxsmb mrxsmb10 msfs msisadrv mslldp mssecflt mssmbios mup
ndis ndu netbios netbt npfs npsvctrig nsiproxy null partmgr pci pcw pdc peauth rasacd rdbss rdpcdd rdyboost rspndr secdrv
sfloppy spaceport srv storahci storqosflt tcpip tcpipreg tdx termdd vdrvroot vmbus volmgr volmgrx volsnap volume vwififlt wcifs
wdf01000 wfplwfs windowstrustedrt windowstrustedrtproxy wof wanarp
"""


@cache
def windows_service_images() -> dict[str, tuple[str, ...]]:
    r"""Folded names of services to the programs they run, as folded paths below System32 (`wbem\wmiapsrv.exe`)."""
    found: dict[str, tuple[str, ...]] = {name: (_HOST,) for name in windows_service_dlls() if name not in _NOT_HOSTED}
    pairs = (pair.partition("=") for pair in _PROGRAMS.split())
    found.update((name, tuple(images.split("|"))) for name, _, images in pairs)
    return found


@cache
def windows_drivers() -> frozenset[str]:
    """Folded names of Windows' own drivers, each of which runs a file of that name."""
    return frozenset(_DRIVERS.split())
