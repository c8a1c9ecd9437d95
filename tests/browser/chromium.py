"""A headless Chromium, driven over a pipe: just what the tests of the page need of the DevTools protocol, standard library only.

Source: Chrome DevTools Protocol, https://chromedevtools.github.io/devtools-protocol/ (domains Target, Page, Runtime, Log,
Network, Emulation, Input); `--remote-debugging-pipe` reads commands on descriptor 3 and answers on 4, each ended by a NUL.
POSIX only: Windows gives no descriptors to a child.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

BROWSER = "HIVECHECK_BROWSER"  # the environment variable that names the program
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE_SECONDS = 60.0  # for one answer
_SWITCHES = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
)
_PLACE_PIPES = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
_KEYS = {"Escape": 27, "Enter": 13, "Tab": 9, " ": 32}


def find_browser() -> str | None:
    """The path of a Chromium, or None where there is none, or where it can't be driven over a pipe."""
    if os.name != "posix":
        return None
    named = os.environ.get(BROWSER)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One running Chromium with a profile of its own. `close` ends it."""

    def __init__(self, program: str, profile: Path) -> None:
        theirs, self._write = os.pipe()
        self._read, answers = os.pipe()
        high = [fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (theirs, answers)]  # above 3 and 4, which they become
        switches = [*_SWITCHES, *(("--no-sandbox",) if os.geteuid() == 0 else ())]  # its sandbox does not run as root
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PLACE_PIPES, *map(str, high), program, *switches, f"--user-data-dir={profile}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=high,
        )
        for descriptor in (theirs, answers, *high):
            os.close(descriptor)
        self._number = 0
        self._unread = b""
        self.told: list[dict[str, Any]] = []  # the events that nobody asked for yet

    def ask(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        """The result of a command. Raises RuntimeError where the browser refuses it, TimeoutError where it does not answer."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        waiting = memoryview(json.dumps(command).encode() + b"\0")
        while waiting:
            waiting = waiting[os.write(self._write, waiting) :]
        while True:
            message = self.next_message()
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self.told.append(message)

    def next_message(self) -> dict[str, Any]:
        """What the browser says next: an answer or an event."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._read], [], [], max(0, ends - time.monotonic()))
            if not ready:
                raise TimeoutError(f"the browser has said nothing for {PATIENCE_SECONDS:.0f} seconds")
            more = os.read(self._read, 1 << 20)
            if not more:
                raise RuntimeError("the browser has ended")
            self._unread += more
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def close(self) -> None:
        os.close(self._write)  # it ends when its commands do
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)


class Tab:
    """One page in a window of the given size in CSS pixels. Collects what went wrong in `errors` and what it asked for in `requests`."""

    def __init__(self, browser: Browser, width: int = 1280, height: int = 900) -> None:
        self._browser = browser
        self._target: str = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session: str = browser.ask("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self._told: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        return self._browser.ask(method, self._session, **parameters)

    def resize(self, width: int, height: int) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def emulate(self, scheme: str = "light", media: str = "screen") -> None:
        """`scheme` is light or dark, `media` screen or print."""
        self.ask("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def turn_scripting_off(self) -> None:
        """What the page brings no longer runs; `run` still does."""
        self.ask("Emulation.setScriptExecutionDisabled", value=True)

    def open(self, path: Path, fragment: str = "") -> None:
        """Loads a file; comes back when it is loaded."""
        self._events()  # those of an earlier page are no answer
        self.ask("Page.navigate", url=path.absolute().as_uri() + fragment)
        self._wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What the expression comes to, as plain data; a promise is waited for. Raises RuntimeError where it throws."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True, replMode=False
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def run_until(self, script: str) -> None:
        """Runs the expression until it holds. Raises TimeoutError where it never does."""
        ends = time.monotonic() + 10
        while not self.run(script):
            if time.monotonic() > ends:
                raise TimeoutError(f"never came true: {script}")
            time.sleep(0.02)

    def type(self, text: str) -> None:
        self.ask("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """One of Escape, Enter, Tab and the space."""
        parts = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r" if key == "Enter" else key} if key in ("Enter", " ") else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **parts, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **parts)

    def print_pdf(self) -> bytes:
        """What printing the page gives a reader. Ends `emulate`: an emulated screen would be printed as a screen, all of it."""
        self.ask("Emulation.setEmulatedMedia", media="")
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=False)["data"])

    @property
    def errors(self) -> list[str]:
        """What the page threw, logged as an error, or was refused (by its policy, say)."""
        found = []
        for event in self._events():
            what = event["params"]
            match event["method"]:
                case "Runtime.exceptionThrown":
                    found.append(str(what["exceptionDetails"]))
                case "Runtime.consoleAPICalled" if what["type"] in ("error", "assert"):
                    found.append(str(what["args"]))
                case "Log.entryAdded" if what["entry"]["level"] == "error":
                    found.append(what["entry"]["text"])
                case _:
                    pass
        return found

    @property
    def requests(self) -> list[str]:
        """The addresses it asked for, the page's own among them; not those that its policy refused to ask for."""
        events = self._events()
        refused = {
            event["params"]["requestId"]
            for event in events
            if event["method"] == "Network.loadingFailed" and event["params"].get("blockedReason") == "csp"
        }
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent" and event["params"]["requestId"] not in refused
        ]

    def close(self) -> None:
        self._browser.ask("Target.closeTarget", targetId=self._target)

    def _events(self) -> list[dict[str, Any]]:
        self.run("0")  # what was said before this answer has come
        mine = [event for event in self._browser.told if event.get("sessionId") == self._session]
        self._browser.told = [event for event in self._browser.told if event.get("sessionId") != self._session]
        self._told += mine
        return self._told

    def _wait_for(self, method: str) -> None:
        while not any(
            event.get("method") == method and event.get("sessionId") == self._session for event in self._browser.told
        ):
            self._browser.told.append(self._browser.next_message())
