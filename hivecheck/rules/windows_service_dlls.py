r"""The DLLs that Windows' own services name, by folded service name; `|` parts the names of different versions of Windows.

Those which at least two of NT 4, XP x64, 7, 10 1709 and 10 1903 agree on; termservice has a rule of its own. Source: real hives.
"""

from functools import cache
from typing import Final

_PAIRS: Final = """
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


@cache
def windows_service_dlls() -> dict[str, tuple[str, ...]]:
    """Folded names of services to the folded names of their DLLs."""
    pairs = (pair.partition("=") for pair in _PAIRS.split())
    return {name: tuple(dlls.split("|")) for name, _, dlls in pairs}
