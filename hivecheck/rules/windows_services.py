r"""Windows' own services and drivers: what each runs, by folded name, and those that watch or protect the machine.

Of what runs `|` parts the names of different versions of Windows. A service whose DLL is known runs in svchost; up to 2003 in
services.exe or lsass.exe as well. Those which at least two of NT 4, XP x64, 7, 10 1709 and 10 1903 agree on; what 2000 and NT 4 alone
name is from their documentation [M]; termservice has a rule of its own. Of those that watch: how each starts as shipped, since when,
and what its loss means. Source: real hives of NT 4, XP, 7, 10 1709 and 10 1903; detections.md 1.8; baselines.md 3.3.
"""

from functools import cache
from typing import Final

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import (
    NT31,
    VISTA,
    WIN8,
    WIN10_1507,
    WIN10_1703,
    WIN10_1709,
    WIN10_1803,
    XP,
    Generation,
)
from hivecheck.rules.rule import Severity

_DLLS: Final = """
aelookupsvc=aelupsvc.dll ajrouter=ajrouter.dll appidsvc=appidsvc.dll appinfo=appinfo.dll appmgmt=appmgmts.dll
appreadiness=appreadiness.dll appxsvc=appxdeploymentserver.dll assignedaccessmanagersvc=assignedaccessmanagersvc.dll
audioendpointbuilder=audioendpointbuilder.dll|audiosrv.dll audiosrv=audiosrv.dll axinstsv=axinstsv.dll
bdesvc=bdesvc.dll bfe=bfe.dll bits=qmgr.dll brokerinfrastructure=bisrv.dll|psmsrv.dll browser=browser.dll
bthserv=bthserv.dll camsvc=capabilityaccessmanager.dll cdpsvc=cdpsvc.dll cdpusersvc=cdpusersvc.dll
certpropsvc=certprop.dll clipsvc=clipsvc.dll coremessagingregistrar=coremessaging.dll cryptsvc=cryptsvc.dll
cscservice=cscsvc.dll dcomlaunch=rpcss.dll defragsvc=defragsvc.dll deviceassociationservice=das.dll
deviceinstall=umpnpmgr.dll devicesflowusersvc=devicesflowbroker.dll devquerybroker=devquerybroker.dll
dhcp=dhcpcore.dll|dhcpcsvc.dll diagsvc=diagsvc.dll diagtrack=diagtrack.dll
dmenrollmentsvc=windows.internal.management.dll dmwappushservice=dmwappushsvc.dll dnscache=dnsrslvr.dll
dosvc=dosvc.dll dot3svc=dot3svc.dll dps=dps.dll dsmsvc=devicesetupmanager.dll dssvc=dssvc.dll dusmsvc=dusmsvc.dll
eaphost=eapsvc.dll efs=efssvc.dll embeddedmode=embeddedmodesvc.dll entappsvc=enterpriseappmgmtsvc.dll
eventlog=wevtsvc.dll eventsystem=es.dll fdphost=fdphost.dll fdrespub=fdrespub.dll fhsvc=fhsvc.dll
fontcache=fntcache.dll frameserver=frameserver.dll gpsvc=gpsvc.dll graphicsperfsvc=graphicsperfsvc.dll
hidserv=hidserv.dll homegrouplistener=listsvc.dll homegroupprovider=provsvc.dll hvhost=hvhostsvc.dll
icssvc=tetheringservice.dll ikeext=ikeext.dll installservice=installservice.dll iphlpsvc=iphlpsvc.dll
ipxlatcfgsvc=ipxlatcfg.dll keyiso=keyiso.dll ktmrm=msdtckrm.dll lanmanserver=srvsvc.dll lanmanworkstation=wkssvc.dll
lfsvc=lfsvc.dll licensemanager=licensemanagersvc.dll lltdsvc=lltdsvc.dll lmhosts=lmhsvc.dll lsm=lsm.dll
mapsbroker=moshost.dll messagingservice=messagingservice.dll mpssvc=mpssvc.dll msiscsi=iscsiexe.dll
naturalauthentication=naturalauth.dll ncasvc=ncasvc.dll ncbservice=ncbservice.dll ncdautosetup=ncdautosetup.dll
netlogon=netlogon.dll netman=netman.dll netprofm=netprofm.dll|netprofmsvc.dll netsetupsvc=netsetupsvc.dll
ngcctnrsvc=ngcctnrsvc.dll ngcsvc=ngcsvc.dll nlasvc=nlasvc.dll nsi=nsisvc.dll onesyncsvc=aphostservice.dll
p2pimsvc=pnrpsvc.dll p2psvc=p2psvc.dll pcasvc=pcasvc.dll peerdistsvc=peerdistsvc.dll phonesvc=phoneservice.dll
pimindexmaintenancesvc=pimindexmaintenance.dll pla=pla.dll plugplay=umpnpmgr.dll pnrpautoreg=pnrpauto.dll
pnrpsvc=pnrpsvc.dll policyagent=ipsecsvc.dll power=umpo.dll printnotify=printconfig.dll
printworkflowusersvc=printworkflowservice.dll profsvc=profsvc.dll pushtoinstall=pushtoinstall.dll qwave=qwave.dll
rasauto=rasauto.dll rasman=rasmans.dll remoteaccess=mprdim.dll remoteregistry=regsvc.dll retaildemo=rdxservice.dll
rmsvc=rmapi.dll rpceptmapper=rpcepmap.dll rpcss=rpcss.dll scardsvr=scardsvr.dll scdeviceenum=scdeviceenum.dll
schedule=schedsvc.dll scpolicysvc=certprop.dll sdrsvc=sdrsvc.dll seclogon=seclogon.dll semgrsvc=semgrsvc.dll
sens=sens.dll sensorservice=sensorservice.dll sensrsvc=sensrsvc.dll sessionenv=sessenv.dll sharedaccess=ipnathlp.dll
shellhwdetection=shsvcs.dll shpamsvc=windows.sharedpc.accountmanager.dll smphost=smphost.dll
smsrouter=smsroutersvc.dll ssdpsrv=ssdpsrv.dll sstpsvc=sstpsvc.dll staterepository=windows.staterepository.dll
stisvc=wiaservc.dll storsvc=storsvc.dll svsvc=svsvc.dll swprv=swprv.dll sysmain=sysmain.dll
systemeventsbroker=systemeventsbrokerserver.dll tabletinputservice=tabsvc.dll tapisrv=tapisrv.dll
themes=shsvcs.dll|themeservice.dll timebrokersvc=timebrokerserver.dll tokenbroker=tokenbroker.dll trkwks=trkwks.dll
tzautoupdate=tzautoupdate.dll umrdpservice=umrdp.dll unistoresvc=unistore.dll upnphost=upnphost.dll
userdatasvc=userdataservice.dll usermanager=usermgr.dll usosvc=usocore.dll|usosvc.dll vaultsvc=vaultsvc.dll
vmicguestinterface=icsvc.dll vmicheartbeat=icsvc.dll vmickvpexchange=icsvc.dll vmicrdv=icsvcext.dll
vmicshutdown=icsvc.dll vmictimesync=icsvc.dll vmicvmsession=icsvc.dll vmicvss=icsvcext.dll w32time=w32time.dll
walletservice=walletservice.dll warpjitsvc=windows.warp.jitservice.dll wbiosrvc=wbiosrvc.dll wcmsvc=wcmsvc.dll
wcncsvc=wcncsvc.dll wdiservicehost=wdi.dll wdisystemhost=wdi.dll webclient=webclnt.dll wecsvc=wecsvc.dll
wephostsvc=wephostsvc.dll wercplsupport=wercplsupport.dll wersvc=wersvc.dll wfdsconmgrsvc=wfdsconmgrsvc.dll
wiarpc=wiarpc.dll winhttpautoproxysvc=winhttp.dll winmgmt=wmisvc.dll winrm=wsmsvc.dll wisvc=flightsettings.dll
wlansvc=wlansvc.dll wlidsvc=wlidsvc.dll wlpasvc=lpasvc.dll workfolderssvc=workfolderssvc.dll wpdbusenum=wpdbusenum.dll
wpnservice=wpnservice.dll wpnuserservice=wpnuserservice.dll wscsvc=wscsvc.dll wuauserv=wuaueng.dll|wuauserv.dll
wudfsvc=wudfsvc.dll wwansvc=wwansvc.dll xblauthmanager=xblauthmanager.dll xblgamesave=xblgamesave.dll
xboxgipsvc=xboxgipsvc.dll xboxnetapisvc=xboxnetapisvc.dll
"""
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
def windows_service_dlls() -> dict[str, tuple[str, ...]]:
    """Folded names of services to the folded names of their DLLs."""
    pairs = (pair.partition("=") for pair in _DLLS.split())
    return {name: tuple(dlls.split("|")) for name, _, dlls in pairs}


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


@fact
class Watched:
    """`start` is the latest start as shipped from `since` on; `what` it does, as the message says it.

    `client`: servers come without it. `until` is the first generation without it. `is_driver` and not a program.
    """

    name: str
    severity: Severity
    start: int
    since: Generation
    what: str
    client: bool = False
    until: Generation | None = None
    is_driver: bool = False
    always: bool = True  # part of every whole Windows of its time

    def belongs_to(self, generation: Generation) -> bool:
        return self.since <= generation and (self.until is None or generation < self.until)


_C, _H, _M = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
WATCHED_SERVICES: tuple[Watched, ...] = (
    Watched("EventLog", _C, 2, NT31, "no event log is written"),
    Watched("BFE", _C, 2, VISTA, "neither firewall nor network filters of security products work"),
    Watched("WinDefend", _H, 2, VISTA, "Microsoft Defender does not run", always=False),
    Watched("WdFilter", _H, 0, WIN8, "Microsoft Defender sees no file being opened", is_driver=True, always=False),
    Watched("WdBoot", _H, 0, WIN8, "Microsoft Defender does not judge boot drivers", is_driver=True, always=False),
    Watched("WdNisDrv", _H, 3, WIN8, "Microsoft Defender does not watch the network", is_driver=True, always=False),
    Watched("WdNisSvc", _H, 3, WIN8, "Microsoft Defender does not watch the network", always=False),
    Watched("Sense", _H, 3, WIN10_1709, "Defender for Endpoint does not run", always=False),
    Watched("mssecflt", _H, 0, WIN10_1709, "Defender for Endpoint sees less", is_driver=True, always=False),
    Watched("MpsSvc", _H, 2, VISTA, "the firewall does not run"),
    Watched("VSS", _H, 3, XP, "no shadow copies are made or shown"),
    Watched("swprv", _H, 3, XP, "no shadow copies are made or shown"),
    Watched("SecurityHealthService", _M, 3, WIN10_1703, "Windows Security does not tell of its state", client=True),
    Watched("wscsvc", _M, 2, XP, "the Security Center tells of nothing", client=True),
    Watched("srservice", _M, 2, XP, "System Restore keeps no points", client=True, until=VISTA),
    Watched("SDRSVC", _M, 3, VISTA, "Windows Backup does not run", client=True),
    Watched("wbengine", _M, 3, VISTA, "Windows Backup does not run", client=True),
    Watched("wuauserv", _M, 3, XP, "Windows is not updated"),
    Watched("UsoSvc", _M, 3, WIN10_1507, "Windows is not updated"),
    Watched("WaaSMedicSvc", _M, 3, WIN10_1803, "Windows Update is not repaired", client=True),
    Watched("bam", _M, 1, WIN10_1709, "it is not kept which programs ran", is_driver=True),
    Watched("SysMain", _M, 2, VISTA, "no prefetch files tell which programs ran", client=True),
    Watched("Winmgmt", _M, 2, XP, "WMI does not run, by which the Security Center and security products ask and watch"),
    Watched("Schedule", _M, 2, XP, "no scheduled task runs"),
    Watched("DPS", _M, 2, VISTA, "problems are not looked into, SRUM keeps no record"),
    Watched("PcaSvc", _M, 3, VISTA, "it is not kept which programs ran", client=True),
)
FIREWALL_OF_XP = Watched("SharedAccess", _H, 2, XP, "the firewall does not run", until=VISTA)
WATCHED_NAMES = frozenset(one.name.casefold() for one in WATCHED_SERVICES)
