"""The machine as checks see it: its files, a few programs, free space, the servers that run.

Paths of the system (``/proc``, ``/etc``) are taken below ``root``; a test gives its own folder.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Running:
    """A ``quietline server run`` process: its number, user and words."""

    pid: int
    uid: int
    words: tuple[str, ...]

    def has(self, option: str) -> bool:
        """Say whether it was started with an option."""
        return any(word.partition("=")[0] == option for word in self.words)

    def value(self, option: str) -> str | None:
        """Return what an option was given, None without it."""
        for word, after in zip(self.words, (*self.words[1:], ""), strict=True):
            name, equals, value = word.partition("=")
            if name == option:
                return value if equals else after
        return None


def call(words: Sequence[str]) -> str | None:
    """Return what a program prints, None if it is not there or fails."""
    program = shutil.which(words[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *words[1:]], capture_output=True, text=True, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def free_bytes(path: Path) -> int:
    """Return how many bytes of a path's disk are free."""
    return shutil.disk_usage(path).free


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine at one moment (``now``, Unix seconds)."""

    now: float
    root: Path = Path("/")
    call: Callable[[Sequence[str]], str | None] = call
    free: Callable[[Path], int] = free_bytes

    def text(self, path: str) -> str | None:
        """Return the text of a file of the system, None if it cannot be read."""
        try:
            return (self.root / path).read_text(errors="replace")
        except OSError:
            return None

    def texts(self, *patterns: str) -> dict[str, str]:
        """Return, by path, the texts of the files of the system that match and can be read."""
        found: dict[str, str] = {}
        for pattern in patterns:
            for path in sorted(self.root.glob(pattern)):
                name = str(path.relative_to(self.root))
                text = self.text(name) if path.is_file() else None
                if text is not None:
                    found[f"/{name}"] = text
        return found

    def servers(self) -> list[Running]:
        """Return the servers of Quietline that run here and may be seen."""
        running = []
        for name, cmdline in self.texts("proc/[0-9]*/cmdline").items():
            words = tuple(cmdline.split("\0"))
            folder = name.removesuffix("/cmdline").lstrip("/")
            status = self.text(f"{folder}/status") or ""
            uids = [line.split()[1] for line in status.splitlines() if line.startswith("Uid:")]
            if uids and _is_server(words):
                running.append(Running(int(folder.split("/")[1]), int(uids[0]), words))
        return running


def _is_server(words: Sequence[str]) -> bool:
    return any("quietline" in word for word in words) and ("server", "run") in set(pairwise(words))
