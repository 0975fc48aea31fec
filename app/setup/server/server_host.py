"""The server as its set-up sees it: files below a root, and programs that are run."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.files.writing import PUBLIC, write_whole
from app.setup.steps import NotRight

_PATIENCE_SECONDS = 900  # apt-get on a slow network
_LOOKS_EVERY_SECONDS = 0.2
_SAID_MAX = 600


def call(words: Sequence[str]) -> str | None:
    """Run a program; return what went wrong, in a few lines, None if nothing did."""
    program = shutil.which(words[0])
    if program is None:
        return f"{words[0]} is not installed."
    try:
        done = subprocess.run(
            [program, *words[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    return done.stdout.strip()[-_SAID_MAX:] or f"it ended with {done.returncode}."


def has(program: str) -> bool:
    """Say whether a program is installed."""
    return shutil.which(program) is not None


@dataclass(frozen=True, slots=True)
class Host:
    """A machine; another one than this, with another ``root`` than /, in tests alone."""

    root: Path = Path("/")
    call: Callable[[Sequence[str]], str | None] = call
    has: Callable[[str], bool] = has

    def at(self, path: str) -> Path:
        """Return where a path of the machine is."""
        return self.root / path.lstrip("/")

    def succeeds(self, *words: str) -> bool:
        """Run a program, and say whether it is there and ended well."""
        return self.call(words) is None

    def run(self, *words: str) -> None:
        """Run a program. Raises NotRight with what it said."""
        wrong = self.call(words)
        if wrong is not None:
            raise NotRight(f"`{' '.join(words)}` did not work: {wrong}")

    def text(self, path: str) -> str | None:
        """Return the text of a file, None where there is none. Raises OSError."""
        try:
            return self.at(path).read_text(errors="replace")
        except FileNotFoundError:
            return None

    def write(self, path: str, text: str, mode: int = PUBLIC) -> None:
        """Put a text at a path in one step, its folders made. Raises OSError."""
        place = self.at(path)
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_whole(place, text.encode(), mode=mode)

    def wait_for(self, seconds: float, is_so: Callable[[], bool]) -> bool:
        """Look again and again, for so long at most; return whether it came to be so."""
        ends = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > ends:
                return False
            time.sleep(_LOOKS_EVERY_SECONDS)
        return True
