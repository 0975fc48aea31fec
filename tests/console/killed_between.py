"""Changes a vault's passphrase in children killed at each line that replaces the header.

Prints which passphrase opened the vault each time.

A process of its own with one thread, so that it may fork.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from app.console.vault import Vault, passphrase_opens, unlocking
from app.files import erasing
from app.protocol.secrets import Secret

OLD, NEW = Secret(b"kettle violet harbour ninety"), Secret(b"lantern orchard copper seventy")


def change(folder: Path, kill_at: int) -> bool:
    """Whether the child came to its end before the line's turn."""
    child = os.fork()
    if child == 0:
        left = [kill_at]

        def count(frame: FrameType, event: str, _: Any) -> Any:
            if frame.f_code.co_filename != erasing.__file__:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        vault = Vault.open(folder, OLD)
        sys.settrace(count)
        unlocking.change_passphrase(vault, OLD, NEW, os.urandom)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main() -> None:
    source, outcomes, line = Path(sys.argv[1]), [], 0
    while True:
        line += 1
        folder = Path(shutil.copytree(source, source.with_name(f"killed-{line}")))
        ended = change(folder, line)
        which = {"old": passphrase_opens(folder, OLD), "new": passphrase_opens(folder, NEW)}
        (opens,) = (name for name, does in which.items() if does)
        # Opening finishes what was interrupted.
        Vault.open(folder, OLD if opens == "old" else NEW).close()
        if left := list(folder.glob("vault.json.*")):
            raise SystemExit(f"left behind after line {line}: {left}")
        shutil.rmtree(folder)
        if ended:
            break
        outcomes.append(opens)
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
