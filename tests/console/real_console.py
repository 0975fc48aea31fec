"""A console as it is run on somebody's machine, in a process of its own, and a browser at it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Running:
    """A real console, and a browser at it."""

    process: subprocess.Popen[bytes]
    home: str
    login: str
    http: httpx.Client
    csrf: str = ""

    @property
    def pid(self) -> int:
        return self.process.pid

    def sign_in(self) -> None:
        self._take(self.http.get(self.login))

    def unlock(self, passphrase: str) -> httpx.Response:
        answer = self.post("/unlock", passphrase=passphrase)
        self._take(answer)
        return answer

    def post(self, path: str, **fields: str) -> httpx.Response:
        origin = re.sub(r"(http://[^/]+).*", r"\1", self.home)
        form = {"csrf": self.csrf} | fields
        return self.http.post(path, data=form, headers={"origin": origin})

    def lock(self) -> None:
        """Locks it, and waits until what is there then answers."""
        assert "The case store is locked" in self.post("/lock").text

    def _take(self, answer: httpx.Response) -> None:
        token = re.search(r'name="csrf" content="([^"]*)"', answer.text)
        assert token is not None
        self.csrf = token[1]


@contextmanager
def running(
    folder: Path, secret: Path, *more: str, cwd: Path = ROOT, python: tuple[str, ...] = ()
) -> Iterator[Running]:
    """Start it in the folder ``cwd``; ``python`` are the interpreter's own options."""
    arguments = ["run", str(folder), "--port", "0", "--interval", "0", "--json", *more]
    arguments += ["--passphrase-file", str(secret)]
    process = subprocess.Popen(
        [sys.executable, *python, "-m", "app.cli.entry", "console", *arguments],
        stdout=subprocess.PIPE,
        cwd=cwd,
    )
    try:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        with httpx.Client(base_url=facts["console"], follow_redirects=True, timeout=60) as http:
            yield Running(process, facts["console"], facts["login"], http)
    finally:
        process.kill()
        process.communicate()
