"""What of an image is ours: the server's programs, Tor's script, folders, who is who."""

from __future__ import annotations

import shutil
from pathlib import Path

from deploy.images.recipes import POSTGRES, SERVER, TOR, Recipe
from deploy.package import recipe as package
from deploy.package.targets import TARGETS

_AUTHORITIES = Path("etc/ssl/certs/ca-certificates.crt")
_MOUNTED = ("dev", "proc", "sys", "etc", "run", "tmp")
"""Where engines put their own: the tree is read-only, so they must be there."""
_SCRIPTS = {TOR.name: ("tor/begin", "tor/desk-keys"), POSTGRES.name: ("postgresql/begin",)}
"""Files of deploy/ that go to /usr/bin."""
_MODES = {"tmp": 0o1777}


def add(recipe: Recipe, source: Path, wheel: Path, root: Path, kept: Path) -> None:
    """Add to an image's unpacked packages what is ours, from a source tree. Raises Failed.

    ``kept`` is a folder in which fetched wheels stay.
    """
    for name in _MOUNTED:
        (root / name).mkdir(exist_ok=True)
        (root / name).chmod(_MODES.get(name, 0o755))
    for name, mode in recipe.folders.items():
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name).chmod(mode)
    _people(recipe, root)
    _authorities(root)
    for name in _SCRIPTS.get(recipe.name, ()):
        shutil.copy(source / "deploy" / name, root / "usr/bin")
        (root / "usr/bin" / Path(name).name).chmod(0o755)
    if recipe is SERVER:
        locks = ["runtime.txt", "s3.txt"]
        package.environment(
            root / package.HOME, source, wheel, TARGETS["debian13"], "amd64", locks, kept
        )


def _people(recipe: Recipe, root: Path) -> None:
    """Say who the numbers are: PostgreSQL and Python ask for their own user's name."""
    name, number, home = recipe.user, recipe.uid, f"/{next(iter(recipe.folders), '')}"
    (root / "etc/passwd").write_text(
        f"root:x:0:0:root:/:/nobody\n{name}:x:{number}:{number}:{name}:{home}:/nobody\n"
    )
    (root / "etc/group").write_text(f"root:x:0:\n{name}:x:{number}:\n")


def _authorities(root: Path) -> None:
    """Put the certificate authorities into the one file that programs read."""
    certificates = sorted(root.glob("usr/share/ca-certificates/mozilla/*.crt"))
    if certificates:
        (root / _AUTHORITIES).parent.mkdir(parents=True)
        (root / _AUTHORITIES).write_text("".join(one.read_text() for one in certificates))
