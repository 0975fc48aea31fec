"""Debian's packages: fetched and verified by mmdebstrap in one go, unpacked for each image.

mmdebstrap chooses them as apt does, from Debian 13 with its security updates of today, and checks
Debian's signatures and hashes. Every image of a build is made of the same files.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.images.recipes import Recipe
from deploy.release.source import Failed, run

SUITE = "trixie"
_LINKS = ("bin", "lib", "lib64", "sbin")
"""Debian's packages have everything in /usr; loaders and scripts have the old names in them."""
_STAYS = ("usr/bin", "usr/lib", "usr/lib64", "usr/share")
_SHARED = ("ca-certificates", "doc", "postgresql", "zoneinfo")
"""Of /usr/share. Of ``doc``, licences alone."""
_ELF = b"\x7fELF"
_LOADER = "/usr/lib64/ld-linux-x86-64.so.2"


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A package of Debian's, as it was fetched."""

    name: str
    version: str
    architecture: str
    sha256: str
    file: Path

    def listed(self) -> dict[str, str]:
        """Return what ``packages.json`` says of it."""
        return {
            "name": self.name, "version": self.version, "architecture": self.architecture,
            "sha256": self.sha256,
        }  # fmt: skip


def fetch(recipes: Iterable[Recipe], into: Path) -> dict[str, Package]:
    """Fetch what recipes name, with all that it depends on, into a new folder; return it by name.

    Raises Failed; needs root, mmdebstrap and Debian's mirror.
    """
    packages = sorted({package for recipe in recipes for package in recipe.packages})
    into.mkdir(parents=True)
    run(
        "mmdebstrap", "--mode=root", "--variant=extract", "--format=null", "--quiet",
        "--architectures=amd64", "--components=main", f"--include={','.join(packages)}",
        f"--extract-hook=copy-out /var/cache/apt/archives {shlex.quote(str(into))}", SUITE, "-",
    )  # fmt: skip
    return {one.name: one for one in map(_read, sorted(into.rglob("*.deb")))}


def _read(file: Path) -> Package:
    shown = run(
        "dpkg-deb", "--show", "--showformat=${Package}\\t${Version}\\t${Architecture}", file
    )
    name, version, architecture = shown.split("\t")
    return Package(name, version, architecture, hashlib.sha256(file.read_bytes()).hexdigest(), file)


def unpack(recipe: Recipe, fetched: dict[str, Package], root: Path) -> list[Package]:
    """Unpack a recipe's packages into a new folder, and keep what an image may have; return them.

    Raises Failed.
    """
    root.mkdir(parents=True)
    for name in _LINKS:
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    missing = sorted(set(recipe.packages) - fetched.keys())
    if missing:
        raise Failed(f"Debian has no package {', '.join(missing)}.")
    packages = sorted(fetched[name] for name in recipe.packages)
    for package in packages:
        run("dpkg-deb", "--extract", package.file, root)
    _prune(root)
    return packages


def _prune(root: Path) -> None:
    """Remove what is not on the lists above: settings, documents, logs, services."""
    for path in sorted(root.rglob("*"), reverse=True):  # what is in a folder before the folder
        name = path.relative_to(root)
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()) and str(name) not in {f"usr/{one}" for one in _LINKS}:
                path.rmdir()
        elif not _stays(name):
            path.unlink()


def _stays(name: Path) -> bool:
    if str(name) in _LINKS:
        return True
    if name.parts[:2] == ("usr", "share"):
        return name.parts[2] in _SHARED and (name.parts[2] != "doc" or name.name == "copyright")
    return "/".join(name.parts[:2]) in _STAYS


def check(root: Path, programs: Iterable[str]) -> None:
    """Raise Failed unless a tree has every library that its programs and modules load."""
    files = [root / program for program in programs]
    files += sorted(root.glob("usr/lib/python*/lib-dynload/*.so"))
    files += sorted(root.glob("usr/lib/quietline/lib/**/*.so"))
    for file in files:
        if not file.is_file():
            raise Failed(f"/{file.relative_to(root)} is in no package of its image.")
        with file.open("rb") as opened:
            if opened.read(len(_ELF)) != _ELF:
                continue
        there = f"/{file.resolve().relative_to(root.resolve())}"
        try:
            run("chroot", root, _LOADER, "--list", there)
        except Failed as said:
            raise Failed(f"A package is missing in the recipe of {there}: {said}") from None
