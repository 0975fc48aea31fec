"""A page of chromium whose network nobody listens to.

Playwright switches the inspector's network part on in every page it opens. That keeps the bodies of
requests, up to 100 MB, in the page's own process and more in the browser's: a bench of memory would
measure that. A page of the browser's first context is none of playwright's: here it is driven over
the browser's own session, with clicks and questions alone. Its worker is reached through it, one
level deeper.
"""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

_PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.02


class Target:
    """The browser's own session, at the top of all."""

    def __init__(self, browser: Browser) -> None:
        self._session = browser.new_browser_cdp_session()
        self._parts: dict[str, Part] = {}
        self._session.on("Target.receivedMessageFromTarget", self.heard)
        self._session.on("Target.attachedToTarget", lambda event: None)

    def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask, and return what is answered."""
        return dict(self._session.send(method, params or {}))

    def pump(self) -> None:
        """Let events in: they are heard while something is asked."""
        self._session.send("Browser.getVersion")
        time.sleep(_PAUSE_SECONDS)

    def heard(self, event: dict[str, Any]) -> None:
        """Hand a message to the part that it is from."""
        part = self._parts.get(event["sessionId"])
        if part:
            part.take(json.loads(event["message"]))

    def adopt(self, session: str) -> Part:
        """Return the part that speaks through this session."""
        part = self._parts[session] = Part(self, session)
        return part

    def close(self) -> None:
        """Let go of the session."""
        self._session.detach()


class Part:
    """Something attached to another: a page to the browser, a worker to its page."""

    def __init__(self, above: Target | Part, session: str) -> None:
        self._above = above
        self._session = session
        self._ids = itertools.count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._parts: dict[str, Part] = {}
        self.workers: list[Part] = []

    def take(self, message: dict[str, Any]) -> None:
        """Keep an answer; hand on what comes from deeper down."""
        if "id" in message:
            self._answers[message["id"]] = message
        elif message["method"] == "Target.attachedToTarget":
            session = message["params"]["sessionId"]
            part = self._parts[session] = Part(self, session)
            self.workers.append(part)
        elif message["method"] == "Target.detachedFromTarget":
            part = self._parts.pop(message["params"]["sessionId"])
            self.workers.remove(part)
        elif message["method"] == "Target.receivedMessageFromTarget":
            deeper = self._parts.get(message["params"]["sessionId"])
            if deeper:
                deeper.take(json.loads(message["params"]["message"]))

    def pump(self) -> None:
        """Let events in."""
        self._above.pump()

    def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask, and return what is answered. Raises RuntimeError where it is refused."""
        number = next(self._ids)
        message = json.dumps({"id": number, "method": method, "params": params or {}})
        self._above.send(
            "Target.sendMessageToTarget", {"sessionId": self._session, "message": message}
        )
        until = time.monotonic() + _PATIENCE_SECONDS
        while number not in self._answers:
            if time.monotonic() > until:
                raise RuntimeError(f"{method}: no answer")
            self.pump()
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def heap(self) -> tuple[float, float]:
        """Return the megabytes in use: objects (the script's and the document's), and buffers."""
        used = self.send("Runtime.getHeapUsage")
        objects = used["usedSize"] + used.get("embedderHeapUsedSize", 0)
        return objects / 1e6, used.get("backingStorageSize", 0) / 1e6


class PlainTab:
    """A page to press buttons in, by selectors."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = Target(browser)
        self._id = self._browser.send("Target.createTarget", {"url": url})["targetId"]
        attached = self._browser.send("Target.attachToTarget", {"targetId": self._id})
        self.page = self._browser.adopt(attached["sessionId"])
        self.page.send(
            "Target.setAutoAttach",
            {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False},
        )

    def evaluate(self, expression: str) -> Any:
        """Run an expression, waiting for what it promises. Raises RuntimeError where it throws."""
        answer = self.page.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"].get("exception")))
        return answer["result"].get("value")

    def wait(self, selector: str) -> None:
        """Wait until something like this is shown. Raises RuntimeError after ten minutes."""
        shown = f"!!document.querySelector({json.dumps(selector)})?.checkVisibility()"
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._holds(shown):
            if time.monotonic() > until:
                raise RuntimeError(f"{selector} is not shown")
            self.page.pump()

    def _holds(self, expression: str) -> bool:
        """Whether it is true; false too while there is no document yet to ask."""
        try:
            return bool(self.evaluate(expression))
        except RuntimeError:
            return False

    def press(self, selector: str) -> None:
        """Press it as soon as it is shown."""
        self.wait(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def choose(self, selector: str, path: Path) -> None:
        """Choose a file in a field."""
        root = self.page.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        found = self.page.send("DOM.querySelector", {"nodeId": root, "selector": selector})
        self.page.send("DOM.setFileInputFiles", {"nodeId": found["nodeId"], "files": [str(path)]})

    def heaps(self) -> tuple[float, float]:
        """Return the megabytes of objects and of buffers, of the page and its workers together."""
        used = [part.heap() for part in (self.page, *self.page.workers)]
        return sum(objects for objects, _ in used), sum(buffers for _, buffers in used)

    def close(self) -> None:
        """Close the page."""
        self._browser.send("Target.closeTarget", {"targetId": self._id})
        self._browser.close()
