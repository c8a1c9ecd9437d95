r"""Where a file is run just for lying there: startup folders by all the names that Windows gives them, tasks, scripts of policies.

Up to XP the folders of the start menu bear names in the language of Windows; from Vista on they are English, and links lead
from the old names. Source: detections.md 0 (startup); names of CSIDL_STARTUP as public lists of localised Windows give them.
"""

_MENUS = (
    "\\start menu\\programs\\startup",
    "\\startmenü\\programme\\autostart",  # German
    "\\startmenu\\programme\\autostart",
    "\\menu démarrer\\programmes\\démarrage",  # French
    "\\menu demarrer\\programmes\\demarrage",
    "\\menú inicio\\programas\\inicio",  # Spanish
    "\\menu inicio\\programas\\inicio",
    "\\menu avvio\\programmi\\esecuzione automatica",  # Italian
    "\\menu iniciar\\programas\\inicializar",  # Portuguese of Brazil
    "\\menu iniciar\\programas\\iniciar",
    "\\menu iniciar\\programas\\arranque",  # Portuguese
    "\\menu start\\programma's\\opstarten",  # Dutch
    "\\start-menyn\\program\\autostart",  # Swedish
    "\\start-meny\\program\\autostart",
    "\\menuen start\\programmer\\start",  # Danish
    "\\start-meny\\programmer\\oppstart",  # Norwegian
    "\\käynnistä-valikko\\ohjelmat\\käynnistys",  # Finnish
    "\\menu start\\programy\\autostart",  # Polish
    "\\nabídka start\\programy\\po spuštění",  # Czech
    "\\start menü\\programok\\indítópult",  # Hungarian
    "\\start menu\\programlar\\başlangiç",  # Turkish
    "\\главное меню\\программы\\автозагрузка",  # Russian
    "\\スタート メニュー\\プログラム\\スタートアップ",  # Japanese
    "\\「开始」菜单\\程序\\启动",  # Chinese, simplified
    "\\「開始」功能表\\程式集\\啟動",  # Chinese, traditional
    "\\시작 메뉴\\프로그램\\시작프로그램",  # Korean
)
_WITHIN = tuple(menu + "\\" for menu in _MENUS)
_BELOW_MENUS = tuple(dict.fromkeys("\\" + "\\".join(menu.split("\\")[2:]) + "\\" for menu in _MENUS))
_TASKS = ("\\windows\\system32\\tasks\\", "\\windows\\tasks\\", "\\winnt\\tasks\\")
STARTUP_AND_ABOVE: tuple[str, ...] = tuple(
    dict.fromkeys("\\".join(menu.split("\\")[:depth]) for menu in _MENUS for depth in (4, 3, 2))
)
"""The ends of the paths of a startup folder, of the folder of programs above it, and of the start menu."""


def is_run_there(path: str) -> bool:
    """Whether what lies at a folded path is run by itself, for lying there."""
    if any(menu in path for menu in _WITHIN) or any(tasks in path for tasks in _TASKS):
        return True
    if "~" in path and any(end in path for end in _BELOW_MENUS):
        return True  # whatever the short name of the menu is: no other folder ends so
    return "\\system32\\grouppolicy\\" in path and "\\scripts\\" in path
