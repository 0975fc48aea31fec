"""What a lock names for another Python or machine, put into a folder: wheels alone, by hash.

Nothing of a wheel is run, so a machine builds for others too. What installers write beside it
(RECORD, INSTALLER, where it came from) tells only of the building, and is left out.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

from deploy.package.targets import Target
from deploy.release.source import Failed, run

_OF_THE_BUILDING = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


def wanted(lock: str, target: Target, architecture: str) -> dict[str, str]:
    """Return a lock's entries for a target by name, as ``name==version --hash=…`` lines.

    pip evaluates markers for the Python that runs it, so they are evaluated here.
    """
    found = {}
    for line in re.sub(r"\\\n\s*", "", lock).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        said, _, hashes = line.partition("--hash=")
        needed = Requirement(said.strip())
        if needed.marker is None or needed.marker.evaluate(target.markers(architecture)):
            found[needed.name] = f"{needed.name}{needed.specifier} --hash={hashes}"
    return found


def install(
    entries: dict[str, str], target: Target, architecture: str, into: Path, kept: Path
) -> None:
    """Put the packages of lock entries into a folder. Raises Failed.

    Wheels are fetched into the folder ``kept`` unless all are there from an earlier time; their
    hashes are compared either way.
    """
    named = into.with_name(f"{into.name}.txt")
    named.write_text("\n".join(entries.values()) + "\n")
    from_kept = ("--no-index", "--find-links", kept, "--require-hashes", "-r", named)
    try:
        _put(target, architecture, into, *from_kept)
    except Failed:
        _pip(target, architecture, "download", "--dest", kept, "--require-hashes", "-r", named)
        _put(target, architecture, into, *from_kept)
    named.unlink()


def install_wheel(wheel: Path, target: Target, architecture: str, into: Path) -> None:
    """Put a wheel of ours into a folder beside what it needs. Raises Failed."""
    _put(target, architecture, into, "--no-index", "--upgrade", wheel)


def _put(target: Target, architecture: str, into: Path, *more: str | Path) -> None:
    _pip(target, architecture, "install", "--no-compile", "--target", into, *more)
    shutil.rmtree(into / "bin", ignore_errors=True)  # commands of others, with a path of here
    for info in into.glob("*.dist-info"):
        for name in _OF_THE_BUILDING:
            (info / name).unlink(missing_ok=True)


def _pip(target: Target, architecture: str, *command: str | Path) -> None:
    # Which Python a package asks for is compared with the one that builds; its hash is of the lock.
    platforms = [f"--platform={tag}" for tag in target.platforms(architecture)]
    run(
        sys.executable, "-m", "pip", *command, "--quiet", "--no-deps", "--only-binary", ":all:",
        "--ignore-requires-python", "--implementation", "cp", "--python-version", target.python,
        *platforms,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
    )  # fmt: skip
