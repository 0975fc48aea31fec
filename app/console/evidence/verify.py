#!/usr/bin/env python3
"""Checks an export of a case: python3 -I verify.py [FOLDER] [--line line.json]

Says which files were changed, are missing or were added, whether the custody log is whole, and
whether the manifest was signed, by which key. With the agency's line.json, which must come from
the agency and not with the export, it says also which of the agency's consoles that key belongs
to. Needs Python 3.9 or later and nothing else, no network, and writes nothing.
Exit codes: 0 nothing found, 1 something found, 2 used wrongly.

Whoever changes an export could change this program with it: take it from an export that you
trust, or compare its SHA-256 with another one.
"""

import sys

if __name__ == "__main__":
    # Before any other import: Python looks beside a script first, so a hashlib.py that was laid
    # into the folder would run in the library's place. -I keeps it from that; without -I, this.
    _library = sys.modules["encodings"].__path__[0][: -len("encodings")]
    sys.path[:] = [
        place
        for place in sys.path
        if (place + _library[-1]).startswith((_library, sys.base_exec_prefix + "\\DLLs"))
    ]

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig.json"
CUSTODY = "custody.jsonl"
DIRECTORY = "directory.json"
PROGRAM = "verify.py"
BLOCK = 1 << 20
TAG_EXPORT, TAG_DIRECTORY, TAG_ROOT = b"j-sig-export-v1", b"nr-directory-v1", b"nr-root-v1"
OURS = re.compile(
    r"(?:README\.txt|messages\.json|messages\.txt|reader\.html|keys\.json|certificate\.html"
    r"|custody\.jsonl|directory\.json|manifest\.json|manifest\.sig\.json|verify\.py"
    r"|messages/[0-9]{4,9}\.json|files/[0-9]{4,9}-[A-Za-z0-9._-]{1,100})\Z"
)


def canonical(value: Any) -> bytes:
    """Return compact UTF-8 JSON with sorted keys: what is hashed."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def read_json(data: bytes) -> Any:
    """Read JSON with no member twice in one object, so that it cannot be read in two ways."""
    return json.loads(data, object_pairs_hook=_members)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def sha256_of(path: Path) -> tuple[str, int]:
    """Return the SHA-256 of a file, in hex, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def shown(text: object) -> str:
    """Return a name as one line that cannot steer a terminal."""
    return json.dumps(str(text))[1:-1]


# Ed25519, RFC 8032, section 5.1. Only verifying: nothing here is secret, so time tells nothing.

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
"""x = X/Z, y = Y/Z, x * y = T/Z."""
_ZERO: _Point = (0, 1, 1, 0)


def _plus(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(number: int, point: _Point) -> _Point:
    total = _ZERO
    while number:
        if number & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        number >>= 1
    return total


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> _Point:
    """Return the point. Raises ValueError for what is no canonical encoding of one."""
    y, odd = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= _P:
        raise ValueError("not canonical")
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and odd):
        raise ValueError("no point")
    x = _P - x if x & 1 != odd else x
    return (x, y, 1, x * y % _P)


_BASE = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def signature_fits(tag: bytes, key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a 64-byte Ed25519 signature by a 32-byte key is a message's, under a tag."""
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        point, s = _decoded(key), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    if s >= _ORDER or _encoded(_times(8, point)) == _encoded(_ZERO):
        return False
    signed = bytes([len(tag)]) + tag + message
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + signed).digest(), "little") % _ORDER
    minus = (_P - point[0], point[1], 1, _P - point[3])
    return _encoded(_plus(_times(s, _BASE), _times(k, minus))) == signature[:32]


# What is in the folder


def files_below(folder: Path) -> list[str]:
    """Return every file's path within the folder, with slashes; links count as files."""
    found = []
    for base, folders, names in os.walk(folder):
        links = [one for one in folders if (Path(base) / one).is_symlink()]
        found += [(Path(base) / one).relative_to(folder).as_posix() for one in names + links]
    return sorted(found)


def check_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Return what was changed, is missing, or was added; also what is listed and no export's."""
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
        if not OURS.match(path):
            found.append(f"no part of an export: {shown(path)}")
    for path in sorted(present - listed - {MANIFEST, SIGNATURE}):
        found.append(f"added: {shown(path)}")
    return found


def check_custody(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Return the custody log's first entry that does not fit the one before, or a wrong end."""
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
            one = read_json(line)
            entry, hashed = one["entry"], one["hash"]
            fits = entry["n"] == count and entry["prev"] == before
            fits = fits and hashlib.sha256(canonical(entry)).hexdigest() == hashed
        except (ValueError, KeyError, TypeError, RecursionError):
            fits = False
        if not fits:
            return [f"custody log: the chain is broken at entry {count}"]
        before = hashed
    if (count, before) != (wanted["count"], wanted["head"]):
        return [f"custody log: it ends at entry {count}, not as the manifest says"]
    return []


# Who signed it


def check_signed(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Say whether the manifest is, to the byte, the one that the key it names has signed."""
    try:
        signed = read_json((folder / SIGNATURE).read_bytes())
        key, signature = bytes.fromhex(signed["vk"]), bytes.fromhex(signed["signature"])
        said = signed["manifest_sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [f"missing or damaged: {SIGNATURE}"]
    data = (folder / MANIFEST).read_bytes()
    if said != hashlib.sha256(data).hexdigest():
        return [f"changed: {MANIFEST} is not the one that was signed"]
    if not signature_fits(TAG_EXPORT, key, data, signature):
        return ["signature: it is not the manifest's"]
    if key.hex() != manifest["signer"]:
        return ["signature: made by another key than the manifest names"]
    return []


def signer_in(folder: Path, manifest: dict[str, Any], line_id: bytes) -> tuple[str, list[str]]:
    """Return whose the signing key is, by the line's signed directory, and what is wrong.

    ``line_id`` is the agency's first root key, 32 bytes; each later root is signed by the one
    before.
    """
    if manifest["line"] != line_id.hex():
        return "", ["signature: this is an export of another hotline"]
    try:
        outer = read_json((folder / DIRECTORY).read_bytes())
        signed, root = unb64u(outer["directory"]), line_id
        inner = read_json(signed)
        for link in inner["roots"]:
            after = unb64u(link["root"])
            if not signature_fits(TAG_ROOT, root, after, unb64u(link["signature"])):
                raise ValueError("a root that the one before has not signed")
            root = after
        if not signature_fits(TAG_DIRECTORY, root, signed, bytes.fromhex(outer["signature"])):
            raise ValueError("not signed by the last root")
        signer = manifest["signer"]
        owners = [one for one in inner["investigators"] if unb64u(one["vk"]).hex() == signer]
        owner = owners[0] if owners else {"label": "", "status": ""}
        label, status = str(owner["label"]), owner["status"]
        left = str(owner["left"]) if status == "former" else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "", ["signature: the directory is not one that this hotline's agency signed"]
    if not owners:
        return "", ["signature: its key is in no directory that this hotline's agency signed"]
    if status == "compromised":
        return label, ["signature: the agency has marked this console as compromised"]
    if left:
        return label, [f"signature: by a console that left the hotline on {shown(left)}"]
    return label, []


def unb64u(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check(folder: Path) -> list[str]:
    """Return everything found, in words; nothing if the export is as it was made and signed."""
    try:
        manifest = read_json((folder / MANIFEST).read_bytes())
        found = check_signed(folder, manifest) + check_files(folder, manifest)
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
    """Check the folder named, or the one this file is in."""
    line_id = None
    if "--line" in arguments[:-1]:
        at = arguments.index("--line")
        try:
            line_id = unb64u(json.loads(Path(arguments[at + 1]).read_bytes())["line_id"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            print(f"{shown(arguments[at + 1])} is no line.json.")
            return 2
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        print(__doc__)
        return 2
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    found, label = check(folder), ""
    if line_id is not None and not found:
        manifest = read_json((folder / MANIFEST).read_bytes())
        label, found = signer_in(folder, manifest, line_id)
    for one in found:
        print(f"- {one}")
    if found:
        print(f"{len(found)} found. This export is not as it was made.")
        return 1
    digest, _ = sha256_of(folder / MANIFEST)
    signer = read_json((folder / MANIFEST).read_bytes())["signer"]
    print("Nothing found: every file is as the manifest says, the custody log is whole,")
    print("and the manifest's signature is good.")
    print(f"Manifest, SHA-256: {digest}")
    print(f"Signed by the key {signer}.")
    if line_id is not None:
        print(f'By this hotline\'s directory, that is the console "{shown(label)}".')
    else:
        print("Whose key that is was not checked: give --line with the agency's line.json.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
