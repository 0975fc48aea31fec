"""How much memory the page's cleaning takes for a file that is made to take all of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

EXAMINE = Path(__file__).with_name("examine.mjs")
MEMORY = 1_000_000_000
"""Bytes, with the 50 MB that Node takes by itself: what a small phone gives a page, no more."""


def weighed(data: bytes, tmp_path: Path) -> tuple[dict[str, Any], int]:
    """Return what was found in a file, and the most bytes of memory that it took."""
    (tmp_path / "heavy").write_bytes(data)
    command = ["node", str(EXAMINE), str(tmp_path / "heavy"), str(tmp_path / "copy")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, "the page is gone"
    found: dict[str, Any] = json.loads(done.stdout)
    return found, found["most"]
