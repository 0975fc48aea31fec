"""Changes a vault's passphrase in children killed at each line that replaces the header.

Prints which passphrase opened the vault each time.

A process of its own with one thread, so that it may fork.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import partial
from pathlib import Path

from app.console.vault import Vault, passphrase_opens, unlocking
from app.files import erasing
from app.protocol.secrets import Secret
from tests.killed_at_line import comes_to_its_end

OLD, NEW = Secret(b"kettle violet harbour ninety"), Secret(b"lantern orchard copper seventy")


def change(folder: Path) -> None:
    unlocking.change_passphrase(Vault.open(folder, OLD), OLD, NEW, os.urandom)


def main() -> None:
    source, outcomes, line = Path(sys.argv[1]), [], 0
    while True:
        line += 1
        folder = Path(shutil.copytree(source, source.with_name(f"killed-{line}")))
        ended = comes_to_its_end(partial(change, folder), {erasing.__file__}, line)
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
