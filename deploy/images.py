"""``python3 deploy/images.py pin|check``: the digests of the images that containers are made of.

``pin`` asks the registries, by Docker's own client, which digest each image of images.env has now
and writes it behind the name; what is pinned already stays. ``check`` asks no registry: exit code
1, and the names, if an image could be another one tomorrow. A tag can be moved; a digest cannot.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).parent / "images.env"
_LINE = re.compile(r"(?P<name>[A-Z0-9]+)=(?P<image>[^\s@#]+)(?P<digest>@sha256:[0-9a-f]{64})?")
_TAGGED = re.compile(r":(?!latest\Z)[^/:]+\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Unclear(Exception):
    """A line of images.env, or what a registry said, is not understood."""


def images(text: str) -> dict[str, re.Match[str]]:
    """Return each line that names an image, by its name. Raises Unclear."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = _LINE.fullmatch(line)
            if match is None:
                raise Unclear(f"This line of {FILE.name} names no image: {line}")
            if not _TAGGED.search(match["image"]):
                raise Unclear(f"{match['image']} names no version: any could come tomorrow.")
            if match["name"] in found:
                raise Unclear(f"{FILE.name} names {match['name']} twice: which of the two is it?")
            found[match["name"]] = match
    return found


def unpinned(text: str) -> list[str]:
    """Return the images that have no digest. Raises Unclear."""
    return [one["image"] for one in images(text).values() if not one["digest"]]


def pinned(text: str) -> str:
    """Return the text with a digest behind every image. Raises Unclear."""
    digests = {one[0]: _digest(one["image"]) for one in images(text).values() if not one["digest"]}
    lines = text.splitlines(keepends=True)
    return "".join(
        line.replace(bare, f"{bare}@{digests[bare]}") if (bare := line.strip()) in digests else line
        for line in lines
    )


def _digest(image: str) -> str:
    command = ["docker", "buildx", "imagetools", "inspect", image]
    try:
        done = subprocess.run(
            [*command, "--format", "{{.Manifest.Digest}}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        raise Unclear("Docker's client is not installed: it asks the registries.") from None
    digest = done.stdout.strip()
    if done.returncode or not _DIGEST.fullmatch(digest):
        raise Unclear(f"No digest of {image} could be had: {done.stderr.strip() or digest}")
    return digest


def main(words: list[str], file: Path = FILE) -> int:
    """Do what ``words`` say; returns an exit code."""
    if words not in (["pin"], ["check"]):
        print("usage: images.py pin|check", file=sys.stderr)
        return 2
    try:
        if words == ["pin"]:
            file.write_text(pinned(file.read_text()))
        missing = unpinned(file.read_text())
    except Unclear as unclear:
        print(unclear, file=sys.stderr)
        return 1
    for image in missing:
        print(f'{image} has no digest: run "python3 deploy/images.py pin".', file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
