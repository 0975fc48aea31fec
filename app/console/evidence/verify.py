#!/usr/bin/env python3
"""Checks an export of a case: python3 verify.py [FOLDER]

Says which files were changed, are missing or were added, whether the custody log is whole, and
whether the manifest is the one that was signed. Needs Python 3.9 or later and nothing else, no
network, and writes nothing. Exit codes: 0 nothing found, 1 something found, 2 used wrongly.

It does not check the signature itself, since Python alone cannot: for that, run
quietline verify-export FOLDER --line line.json. And whoever changes an export could change this
program with it: take it from an export that you trust, or compare its SHA-256 with another one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig.json"
CUSTODY = "custody.jsonl"
BLOCK = 1 << 20


def canonical(value: Any) -> bytes:
    """Compact UTF-8 JSON with sorted keys: what is hashed."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def sha256_of(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file, in hex, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def shown(text: object) -> str:
    """A name as one line that cannot steer a terminal."""
    return json.dumps(str(text))[1:-1]


def files_below(folder: Path) -> list[str]:
    """Every file's path within the folder, with slashes; links count as files."""
    found = []
    for base, folders, names in os.walk(folder):
        links = [one for one in folders if (Path(base) / one).is_symlink()]
        found += [(Path(base) / one).relative_to(folder).as_posix() for one in names + links]
    return sorted(found)


def check_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What was changed, is missing, or was added."""
    found = []
    listed = set()
    present = set(files_below(folder))
    for one in manifest["files"]:
        path = str(one["path"])
        if path in listed:
            found.append(f"the manifest lists {shown(path)} twice")
        listed.add(path)
        real = folder / path
        if path not in present:
            # Also what leads out of the folder: such a path is none of the paths in it.
            found.append(f"missing: {shown(path)}")
        elif real.is_symlink():
            found.append(f"changed: {shown(path)} is a link, not a file")
        elif sha256_of(real) != (one["sha256"], one["size"]):
            found.append(f"changed: {shown(path)}")
    for path in sorted(present - listed - {MANIFEST, SIGNATURE}):
        found.append(f"added: {shown(path)}")
    return found


def check_custody(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """The first entry of the custody log that does not fit the one before, or a wrong end."""
    wanted = manifest["custody"]
    if manifest["what"] != "export":
        return []
    first = {"v": 1, "kind": "custody", "line": manifest["line"], "case": manifest["case"]}
    before = hashlib.sha256(canonical(first)).hexdigest()
    count = 0
    # Not by splitlines: a text may hold other characters that it takes for the end of a line.
    for line in (folder / CUSTODY).read_bytes().rstrip(b"\n").split(b"\n"):
        count += 1
        try:
            one = json.loads(line)
            entry, hashed = one["entry"], one["hash"]
            fits = entry["n"] == count and entry["prev"] == before
            fits = fits and hashlib.sha256(canonical(entry)).hexdigest() == hashed
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            return [f"custody log: the chain is broken at entry {count}"]
        before = hashed
    if (count, before) != (wanted["count"], wanted["head"]):
        return [f"custody log: it ends at entry {count}, not as the manifest says"]
    return []


def check_signed(folder: Path) -> list[str]:
    """Whether the manifest is, to the byte, the one that was signed."""
    try:
        signed = json.loads((folder / SIGNATURE).read_bytes())["manifest_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return [f"missing or damaged: {SIGNATURE}"]
    real, _ = sha256_of(folder / MANIFEST)
    return [] if signed == real else [f"changed: {MANIFEST} is not the one that was signed"]


def check(folder: Path) -> list[str]:
    """Everything found, in words; nothing if the export is as it was made."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        found = check_signed(folder) + check_files(folder, manifest)
    except OSError:
        return [f"missing: {MANIFEST}"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"damaged: {MANIFEST} cannot be read"]
    try:
        return found + check_custody(folder, manifest)
    except OSError:
        return [*found, "custody log: it cannot be read"]
    except (KeyError, TypeError):
        return [*found, f"damaged: {MANIFEST} says nothing of the custody log"]


def main(arguments: list[str]) -> int:
    """Checks the folder named, or the one this file is in."""
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        print(__doc__)
        return 2
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    found = check(folder)
    for one in found:
        print(f"- {one}")
    if found:
        print(f"{len(found)} found. This export is not as it was made.")
        return 1
    digest, _ = sha256_of(folder / MANIFEST)
    print("Nothing found: every file is as the manifest says, and the custody log is whole.")
    print(f"Manifest, SHA-256: {digest}")
    print("Not checked here: who signed it. Run: quietline verify-export FOLDER --line line.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
