"""What a signed release has behind it: a machine that went through all stages with its package."""

from __future__ import annotations

import hashlib
from pathlib import Path

from deploy.release.source import ROOT, Failed

TRIED = ROOT / "build" / "vm" / "tried"
"""The SHA-256 and the name of the package with which ``make test-vm`` last came to its end."""


def check(packages: list[Path], tried: Path = TRIED) -> None:
    """Raise Failed unless the package ``quietline`` among these is, to the byte, the tried one."""
    (package,) = (one for one in packages if one.name.startswith("quietline_"))
    said = tried.read_text().split() if tried.is_file() else []
    if said[:1] != [hashlib.sha256(package.read_bytes()).hexdigest()]:
        raise Failed(
            f"{package.name} was not tried on a machine: `make deb test-vm` as root, of this "
            f"commit; the last one tried is {said[1] if said else 'none'}."
        )
