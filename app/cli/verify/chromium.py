"""A look by a real browser: an installed chromium without a window loads pages, and says what came.

Its TLS, its headers and what it asks for are a browser's own. Driven over a pipe, by Chrome's
DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/), with a profile that is
removed afterwards. Never as root: a browser has no sandbox then, and the line is not trusted here.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.cli.verify.visitors import CannotReach
from app.client.transport.exchange import Received

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAME = "chromium itself"
PAGE_SECONDS = 90.0
QUIET_SECONDS = 2.0
_LARGEST = 64 * 1024**2
# The browser reads commands at 3 and answers at 4.
_WITH_PIPES = (
    "import os, sys; a, b = map(int, sys.argv[1:3]); a, b = os.dup2(a, 100), os.dup2(b, 101);"
    "os.dup2(a, 3); os.dup2(b, 4); os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass(slots=True)
class BrowserTraffic:
    """What a browser asked for, and what came; addresses of others than the line are whole."""

    requested: list[str] = field(default_factory=list)
    answers: list[tuple[str, Received]] = field(default_factory=list)


def program() -> str | None:
    """Return an installed chromium that may be used, or None: there is none, or this is root."""
    if os.geteuid() == 0:
        return None
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def shown(address: str) -> str:
    """Return an address as it may be shown: the server chose it."""
    return "".join(one if one.isascii() and one.isprintable() else "?" for one in address[:200])


async def pages(
    program: str, url: str, paths: Sequence[str], socks: str | None, more: Sequence[str] = ()
) -> BrowserTraffic:
    """Load pages of the line at ``url``, each with all that it loads by itself.

    ``socks`` is Tor's "host:port", ``more`` are further arguments. Raises CannotReach.
    """
    seen = BrowserTraffic()
    version = await _version(program)
    try:
        async with (
            asyncio.timeout(PAGE_SECONDS * (len(paths) + 1)),
            _running([program, *_arguments(version, url, socks), *more]) as wire,
        ):
            tab = _Tab(wire, url, seen)
            await tab.start()
            for path in paths:
                await tab.load(path)
    except TimeoutError:
        raise CannotReach("The browser did not load the line's pages in time.") from None
    except (OSError, ConnectionError, RuntimeError) as error:
        raise CannotReach(f"The browser could not look ({error}).") from None
    return seen


async def _version(program: str) -> str:
    """Return the number before the first dot of what a program says its version is."""
    child = await asyncio.create_subprocess_exec(
        program, "--version", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    said, _ = await child.communicate()
    words = (word for word in said.decode(errors="replace").split() if word[0].isdecimal())
    return next(words, "0").partition(".")[0]


def _arguments(major: str, url: str, socks: str | None) -> list[str]:
    made = [
        "--headless=new", "--remote-debugging-pipe", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--incognito", "--disable-gpu",
        # Without a window it would say so.
        "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.0 Safari/537.36",
    ]  # fmt: skip
    if socks is not None:
        made.append(f"--proxy-server=socks5://{socks}")
        made.append(f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {socks.partition(':')[0]}")
    elif urlsplit(url).hostname in ("127.0.0.1", "localhost"):
        made.append("--proxy-bypass-list=<local>")
    return made


class _Wire:
    """Commands to a browser, and what it tells."""

    def __init__(self, reader: asyncio.StreamReader, commands: int) -> None:
        self._reader = reader
        self._commands = commands
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last = 0
        self.heard: Callable[[str, dict[str, Any], str | None], None] = lambda *_: None

    async def ask(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        """Send one command; return its result. Raises RuntimeError with what the browser says."""
        self._last += 1
        number = self._last
        said: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            said["sessionId"] = session
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        os.write(self._commands, json.dumps(said).encode() + b"\0")
        return await answer

    async def listen(self) -> None:
        """Take in what the browser says until it ends."""
        try:
            while True:
                said = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                waiting = self._waiting.pop(said.get("id", 0), None)
                if waiting is None:
                    self.heard(
                        said.get("method", ""), said.get("params", {}), said.get("sessionId")
                    )
                elif waiting.cancelled():
                    continue
                elif "error" in said:
                    waiting.set_exception(RuntimeError(said["error"].get("message", "")))
                else:
                    waiting.set_result(said["result"])
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(RuntimeError("the browser ended"))


@contextlib.asynccontextmanager
async def _running(command: Sequence[str]) -> AsyncIterator[_Wire]:
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    with tempfile.TemporaryDirectory(
        prefix="quietline-verify-", ignore_cleanup_errors=True
    ) as profile:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _WITH_PIPES, str(theirs_in), str(theirs_out), *command,
            f"--user-data-dir={profile}",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(theirs_in, theirs_out), start_new_session=True, cwd=profile,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        reader = asyncio.StreamReader(limit=2 * _LARGEST)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours_in, "rb", buffering=0)
        )
        wire = _Wire(reader, ours_out)
        listening = asyncio.create_task(wire.listen())
        try:
            yield wire
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            transport.close()
            os.close(ours_out)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()


class _Tab:
    """One page, its workers, and what they load."""

    def __init__(self, wire: _Wire, url: str, seen: BrowserTraffic) -> None:
        self._wire = wire
        self._url = url
        self._seen = seen
        self._session = ""
        self._answers: dict[tuple[str | None, str], dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stirred = asyncio.Event()

    async def start(self) -> None:
        """Open an empty page and begin to listen to it and to its workers."""
        self._wire.heard = self._heard
        target = await self._wire.ask("Target.createTarget", url="about:blank")
        attached = await self._wire.ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        await self._listen_to(self._session)

    async def load(self, path: str) -> None:
        """Go to a page, and wait until nothing more comes."""
        went = await self._wire.ask("Page.navigate", self._session, url=f"{self._url}{path}")
        if went.get("errorText"):
            raise CannotReach(f"The browser cannot reach the line ({went['errorText']}).")
        quiet = False
        while not quiet or self._tasks:
            self._stirred.clear()
            quiet = False
            try:
                await asyncio.wait_for(self._stirred.wait(), QUIET_SECONDS)
            except TimeoutError:
                quiet = True

    async def _listen_to(self, session: str) -> None:
        bounds = {"maxTotalBufferSize": _LARGEST, "maxResourceBufferSize": _LARGEST}
        await self._wire.ask("Network.enable", session, **bounds)
        await self._wire.ask(
            "Target.setAutoAttach", session,
            autoAttach=True, waitForDebuggerOnStart=True, flatten=True,
        )  # fmt: skip
        await self._wire.ask("Runtime.runIfWaitingForDebugger", session)

    def _heard(self, method: str, said: dict[str, Any], session: str | None) -> None:
        self._stirred.set()
        if method == "Target.attachedToTarget":
            self._do(self._listen_to(said["sessionId"]))
        elif method == "Network.requestWillBeSent":
            if not said["request"]["url"].startswith(("data:", "blob:")):
                self._seen.requested.append(said["request"]["url"].removeprefix(self._url))
        elif method == "Network.responseReceived":
            self._answers[session, said["requestId"]] = said["response"]
        elif method == "Network.loadingFinished":
            answer = self._answers.pop((session, said["requestId"]), None)
            if answer is not None:
                self._do(self._keep(answer, said["requestId"], session))

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._stirred.set()
        if not task.cancelled():
            task.exception()  # a worker or page that went meanwhile is not asked again

    async def _keep(self, answer: dict[str, Any], request: str, session: str | None) -> None:
        got = await self._wire.ask("Network.getResponseBody", session, requestId=request)
        text = got["body"]
        body = base64.b64decode(text) if got["base64Encoded"] else text.encode()
        headers = [
            (name.lower(), value)
            for name, joined in answer["headers"].items()
            for value in joined.split("\n")
        ]
        address = answer["url"].removeprefix(self._url)
        self._seen.answers.append((address, Received(answer["status"], headers, body)))
