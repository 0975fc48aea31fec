"""The stick's image in a release: of what is committed, built twice, and listed."""

from __future__ import annotations

import filecmp
import sys
from pathlib import Path

from deploy.release.source import Failed, epoch, run, unpack


def make_twice(package: Path, key: Path | None, work: Path, made: Path) -> Path:
    """Build the image around a package in two places, each with Debian's part fetched anew.

    It and the list of what of Debian's is in it are put into ``made``; returned is the image. It
    believes later versions that are signed with the private ``key``; without one it takes none.
    Raises Failed: also if the two are not the same, to the byte. Needs root.
    """
    work.mkdir()
    words: list[str | Path] = []
    if key is not None:
        public = work / "release_key.pub"
        public.write_text(run("ssh-keygen", "-y", "-f", key.absolute()))
        words = ["--release-key", public]
    words += ["--moment", epoch()]
    first, again = (_build(package, words, work / place) for place in ("first", "another place"))
    if not filecmp.cmp(first, again, shallow=False):
        raise Failed(f"{first.name} is not the same when it is built again.")
    image = first.rename(made / first.name)
    listed = made / f"{image.stem}.packages.txt"
    run(
        "xorriso", "-osirrox", "on", "-indev", f"stdio:{image}",
        "-extract", "/live/packages.txt", listed,
    )  # fmt: skip
    listed.chmod(0o644)
    return image


def _build(package: Path, words: list[str | Path], work: Path) -> Path:
    work.mkdir()
    run(
        sys.executable, "-m", "deploy.stick", work / "made", "--package", package.absolute(),
        "--kept", work / "debian", "--work", work, *words,
        cwd=unpack(work / "source"),
    )  # fmt: skip
    (image,) = (work / "made").glob("*.iso")
    return image
