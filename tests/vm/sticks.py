"""Sticks: disks with a file system, made of a folder, that are put into a machine."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make(folder: Path, file: Path, label: str, size: str = "1G") -> None:
    """Make a stick that holds what a folder holds."""
    raw = file.with_suffix(".raw")
    for words in (
        ["mke2fs", "-q", "-t", "ext4", "-L", label, "-d", folder, raw, size],
        ["qemu-img", "convert", "-O", "qcow2", raw, file],
    ):
        subprocess.run([str(word) for word in words], check=True)
    raw.unlink()
