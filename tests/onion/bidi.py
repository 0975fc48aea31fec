"""Firefox ESR over WebDriver BiDi, as little of it as a person's hands need.

There is no geckodriver in Debian, and Playwright's own Firefox is another build: so the browser's
own socket is spoken to. Clicks and keys are real input events, not calls of a script.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.onion.process import STOPS_WITHIN, needed, until

SLOW = 120
"""Seconds that a step may take on a busy machine before it is taken for broken."""

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_FIND = """css => {
  const seen = [...document.querySelectorAll(css)].filter((one) => one.checkVisibility());
  return seen.length ? seen[0] : null;
}"""
# A press goes to where the element is then: into the middle of the screen with it first.
_INTO_VIEW = "one => one.scrollIntoView({block: 'center', behavior: 'instant'})"
# A screen that has just come takes no tap for a moment (ADR 0117).
_TAKES_TAPS = "one => getComputedStyle(one).pointerEvents !== 'none'"
_LARGEST = 64 * 2**20


class Firefox:
    """One window of a running Firefox."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._numbers = itertools.count(1)
        self.ask("session.new", capabilities={})
        self._tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send one command and return its result. Raises RuntimeError with what Firefox says."""
        number = next(self._numbers)
        self._wire.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._wire.recv(timeout=2 * SLOW))
            if said.get("id") == number:
                if said["type"] == "error":
                    raise RuntimeError(f"{said['error']}: {said['message']}")
                return said["result"]

    def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        self.ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again and wait until it is there."""
        self.ask("browsingContext.reload", context=self._tab, wait="complete")

    def back(self) -> None:
        """Go to the page before in the tab's history."""
        self.ask("browsingContext.traverseHistory", context=self._tab, delta=-1)

    def forward(self) -> None:
        """Go to the page after it."""
        self.ask("browsingContext.traverseHistory", context=self._tab, delta=1)

    def address(self) -> str:
        """Return the page's address."""
        tree = self.ask("browsingContext.getTree", root=self._tab)
        return str(tree["contexts"][0]["url"])

    def run(self, function: str, *arguments: Any) -> Any:
        """Run a function in the page; return what it returns, as BiDi tells it."""
        answer = self.ask(
            "script.callFunction",
            functionDeclaration=function,
            target={"context": self._tab},
            awaitPromise=True,
            arguments=[_told(one) for one in arguments],
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"]

    def value(self, function: str, *arguments: Any) -> Any:
        """Run a function that returns a plain value."""
        return self.run(function, *arguments).get("value")

    def find(self, css: str) -> dict[str, Any]:
        """Wait until an element can be seen; return it."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.run(_FIND, css)
            return found if found["type"] == "node" else None

        return until(SLOW, f"{css} is not to be seen on: {self.shown()[:400]}", look)

    def shown(self) -> str:
        """Return what the page shows, as text."""
        return str(self.value("() => document.body?.innerText ?? ''"))

    def texts(self, css: str) -> list[str]:
        """Return the texts of the elements that can be seen."""
        self.find(css)
        joined = self.value(
            "css => [...document.querySelectorAll(css)].map((one) => one.innerText).join('\\n')",
            css,
        )
        return [line.strip() for line in joined.split("\n") if line.strip()]

    def click(self, css: str) -> None:
        """Press what can be seen."""
        element = self.find(css)
        self.run(_INTO_VIEW, element)
        until(SLOW, f"{css} takes no tap", lambda: self.value(_TAKES_TAPS, element))
        move = {
            "type": "pointerMove",
            "x": 0,
            "y": 0,
            "origin": {"type": "element", "element": element},
        }
        press = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "hand", "actions": press})

    def type(self, css: str, text: str) -> None:
        """Press a field and type into it."""
        self.click(css)
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def choose(self, css: str, files: Sequence[Path]) -> None:
        """Choose files in a file field; the field itself may be hidden."""
        field = self.run("css => document.querySelector(css)", css)
        names = [str(file) for file in files]
        self.ask("input.setFiles", context=self._tab, element=field, files=names)

    def _act(self, source: dict[str, Any]) -> None:
        self.ask("input.performActions", context=self._tab, actions=[source])


@contextlib.contextmanager
def running_firefox(
    preferences: Mapping[str, bool | int | str], kept: Path | None = None
) -> Iterator[Firefox]:
    """Start Firefox ESR without a window, with a profile of its own; end it afterwards.

    The profile goes with it, unless it is ``kept`` in a folder that is made for it.
    """
    with tempfile.TemporaryDirectory(prefix="quietline-firefox-") as folder:
        profile, log = kept or Path(folder), Path(folder) / "said"
        profile.mkdir(exist_ok=True)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in preferences.items()
        ]
        (profile / "user.js").write_text("\n".join(lines) + "\n")
        with log.open("wb") as said:
            child = subprocess.Popen(
                [needed("firefox-esr"), "--headless", "--no-remote", "--profile", profile,
                 "--remote-debugging-port", "0"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
        try:
            found = until(
                SLOW, "Firefox does not start", lambda: _LISTENING.search(log.read_text())
            )
            with connect(
                f"{found[1]}/session", max_size=_LARGEST, proxy=None, open_timeout=SLOW
            ) as wire:
                yield Firefox(wire)
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _told(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value  # an element, as BiDi told it
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    return {"type": "number" if isinstance(value, int) else "string", "value": value}
