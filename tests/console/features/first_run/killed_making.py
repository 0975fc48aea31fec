"""Makes a case store in children killed at lines that make it; prints how many there were.

A process of its own with one thread, so that it may fork. Whatever a kill left, the next attempt
must make one that opens, with nothing beside it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from app.console.features.first_run import making
from app.console.features.first_run.making import Choices
from app.console.vault import Kdf, Vault, setup
from app.console.vault.header import has_vault
from app.files import whole_folders
from app.protocol.secrets import Secret

WORDS = Secret(b"kettle violet harbour ninety")
EVERY = 9
"""Of so many lines one; a making has about 130 of them."""
WATCHED = {making.__file__, setup.__file__, whole_folders.__file__}


def make(folder: Path, line: bytes) -> None:
    making.make(folder, Choices("", line, "Ana"), WORDS, "/first", os.urandom)


def killed_at(folder: Path, line: bytes, number: int) -> bool:
    """Whether the child was killed before its end."""
    child = os.fork()
    if child == 0:
        left = [number]

        def count(frame: FrameType, event: str, _: Any) -> Any:
            if frame.f_code.co_filename not in WATCHED:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        make(folder, line)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def main() -> None:
    making.KDF = Kdf.SYNTHETIC
    home, line = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
    number, none, whole = 1, 0, 0
    while killed_at(home / "case-store", line, number):
        if has_vault(home / "case-store"):
            whole += 1
        else:
            none += 1
            make(home / "case-store", line)
        Vault.open(home / "case-store", WORDS).close()
        if (left := sorted(one.name for one in home.iterdir())) != ["case-store"]:
            raise SystemExit(f"left behind after line {number}: {left}")
        shutil.rmtree(home)
        number += EVERY
    print(none, whole)


if __name__ == "__main__":
    main()
