"""Makes a case store in children killed at lines that make it; prints how many there were.

A process of its own with one thread, so that it may fork. Whatever a kill left, the next attempt
must make one that opens, with nothing beside it.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import partial
from pathlib import Path

from app.console.features.first_run import making
from app.console.features.first_run.making import Choices
from app.console.vault import Kdf, Vault, setup
from app.console.vault.keys.header import has_vault
from app.files import whole_folders
from app.protocol.secrets import Secret
from tests.killed_at_line import comes_to_its_end

WORDS = Secret(b"kettle violet harbour ninety")
EVERY = 9
"""Of so many lines one; a making has about 130 of them."""
WATCHED = {making.__file__, setup.__file__, whole_folders.__file__}


def make(folder: Path, line: bytes) -> None:
    making.make(folder, Choices("", line, "Ana"), WORDS, "/first", os.urandom)


def main() -> None:
    making.KDF = Kdf.SYNTHETIC
    home, line = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
    number, none, whole = 1, 0, 0
    while not comes_to_its_end(partial(make, home / "case-store", line), WATCHED, number):
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
