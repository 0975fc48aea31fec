"""Debian's part, by mmdebstrap: made for each list of packages, and kept for a day.

apt checks Debian's signatures. Which versions there were stands in the image (``packages.txt``):
two builds are equal as long as Debian's archive is.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from deploy.release.source import run

RELEASE = "trixie"
LISTED = Path(__file__).with_name("packages.txt")
LOADERS = ("grub-common", "grub-efi-amd64-signed", "grub-pc-bin", "shim-signed")
"""What starts a PC is taken from these without installing them: they would look for a disk."""
_SUITES = {
    "http://deb.debian.org/debian": (RELEASE, f"{RELEASE}-updates"),
    "http://deb.debian.org/debian-security": (f"{RELEASE}-security",),
}
_SECTIONS = "main non-free-firmware"
_KEPT_SECONDS = 24 * 60 * 60
"""What is older is made anew: a stick has no security updates but those of its image."""


def packages() -> list[str]:
    """Return the names of the packages."""
    rows = LISTED.read_text().splitlines()
    return [row.strip() for row in rows if row.strip() and not row.startswith("#")]


def base(kept: Path, moment: str) -> Path:
    """Return the installed system as a tar, from the folder ``kept`` or made in minutes.

    ``moment`` is the one time that it may hold, in Unix seconds. Raises Failed; needs root.
    """
    return _made(kept, "base", moment, packages(), "minbase")


def loaders(kept: Path, moment: str) -> Path:
    """Return a tar of the loaders' files, unpacked and nothing more. Raises Failed."""
    return _made(kept, "loaders", moment, list(LOADERS), "extract")


def _made(kept: Path, name: str, moment: str, include: list[str], variant: str) -> Path:
    sources = "".join(
        f"deb {archive} {suite} {_SECTIONS}\n"
        for archive, suites in _SUITES.items()
        for suite in suites
    )
    recipe = hashlib.sha256("\n".join([sources, variant, *include]).encode()).hexdigest()[:16]
    tar = kept / f"{name}-{recipe}.tar"
    if not tar.exists() or time.time() - tar.stat().st_mtime > _KEPT_SECONDS:
        kept.mkdir(parents=True, exist_ok=True)
        draft, listed = kept / f"new-{name}.tar", kept / f"{name}.list"
        listed.write_text(sources)
        run(
            "mmdebstrap", "--mode=root", f"--variant={variant}", f"--include={','.join(include)}",
            '--aptopt=Apt::Install-Recommends "false"', RELEASE, draft, listed,
            SOURCE_DATE_EPOCH=moment,
        )  # fmt: skip
        draft.rename(tar)
    return tar
