"""A small disk of a stick as files, images that are no more than their first sectors, and a key."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deploy.stick import image

PROGRAMS = Path(__file__).parents[2] / "deploy/stick/system/usr/lib/quietline-stick"
SECTOR = 2_048
FIRST, SECOND, THIRD = "2026110100000000", "2026120100000000", "2027010100000000"


def module(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return one of the stick's own programs, as it lies on the stick."""
    monkeypatch.syspath_prepend(str(PROGRAMS))
    for one in ("slots", "storage", "updates"):
        monkeypatch.delitem(sys.modules, one, raising=False)
    return __import__(name)


def an_image(made: str, files: bytes = b"kernel, initrd, system") -> bytes:
    """Return what has an image's first sectors: a loader, a descriptor, what a CD starts from."""
    descriptor = b"\1CD001\1".ljust(830, b"\0") + made.encode() + b"\0"
    record = b"\0CD001\1EL TORITO SPECIFICATION"
    sectors = [b"a BIOS starts this", *[b""] * 15, descriptor, record, *[b""] * 14]
    return b"".join(one.ljust(SECTOR, b"\0") for one in sectors) + files


def a_stick(folder: Path) -> str:
    """Make the parts of a stick that was written with the first version; return its disk's name."""
    disk = folder / "disk"
    (folder / "disk1").write_bytes(an_image(FIRST))
    small = bytearray(64 * 1_024)
    program = b"# GRUB Environment Block\nGRUB"  # GRUB's own has these words, too
    small[512 : 512 + len(program)] = program
    small[8_192 : 8_192 + 1_024] = image.NOTHING_DECIDED
    (folder / "disk2").write_bytes(small)
    for slot in (5, 6):
        (folder / f"disk{slot}").write_bytes(bytes(256 * 1_024))
    return str(disk)


class Release:
    """A key that signs, and another stick with what it has signed."""

    def __init__(self, folder: Path) -> None:
        self.key = folder / "key"
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(self.key)]
        subprocess.run(words, check=True)

    def signers(self, file: Path) -> None:
        """Write the public key as the image has it."""
        kind, given, *_ = self.key.with_suffix(".pub").read_text().split()
        file.write_text(f'quietline namespaces="quietline-release" {kind} {given}\n')

    def put(self, stick: Path, made: str, files: bytes = b"kernel, initrd, system") -> Path:
        """Put an image, the list and its signature on a stick; return the image's file."""
        stick.mkdir(parents=True, exist_ok=True)
        file = stick / f"quietline-stick_{made}_amd64.iso"
        file.write_bytes(an_image(made, files))
        self.sign(stick, file)
        return file

    def sign(self, stick: Path, *files: Path) -> None:
        """List files by their sums, and sign the list."""
        listed, signature = stick / "SHA256SUMS", stick / "SHA256SUMS.sig"
        rows = [f"{_sum(one)}  {one.name}\n" for one in files]
        listed.write_text("".join(["0" * 64 + "  quietline.whl\n", *rows]))
        signature.unlink(missing_ok=True)
        words = ["ssh-keygen", "-q", "-Y", "sign", "-f", self.key, "-n", "quietline-release"]
        subprocess.run([*words, listed], check=True, capture_output=True)


def _sum(file: Path) -> str:
    with file.open("rb") as there:
        return hashlib.file_digest(there, "sha256").hexdigest()


def ask(updates: ModuleType, what: str = "take") -> dict[str, str]:
    """Ask a stick's system for something, as the screen does."""
    said: dict[str, str] = updates.answer(json.dumps({"do": what, "passphrase": ""}).encode())
    return said


def decided(updates: ModuleType) -> Any:
    """Return what is decided on a stick."""
    return updates.Slots.this().decided()


def on_trial(updates: ModuleType) -> Any:
    """Let a new version run that is not yet used for good; return what is decided."""
    slots = updates.Slots(updates.Slots.this().disk, 5)
    slots.device(5).write_bytes(an_image(SECOND))
    updates.Slots.this = lambda: slots
    slots.decide(updates.Decided(1, 5, 1))
    return slots.decided()
