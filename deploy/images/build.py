"""From recipes to archives, and the list of what is in them."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path

from deploy.images import archives, contents, debian, layers
from deploy.images.recipes import Recipe
from deploy.package.recipe import built_wheel
from deploy.release.source import Failed, epoch, unpack

PACKAGES = "packages.json"
_TOOLS = ("buildah", "mmdebstrap", "dpkg-deb")


def make_twice(recipes: Iterable[Recipe], work: Path, kept: Path) -> Path:
    """Do what ``make`` does in two places, Debian's packages fetched anew, and compare the bytes.

    Raises Failed.
    """
    chosen = list(recipes)
    made, again = (make(chosen, work / place, kept) for place in ("first", "another place"))
    for file in sorted(made.iterdir()):
        if file.read_bytes() != (again / file.name).read_bytes():
            raise Failed(f"{file.name} is not the same when it is built again.")
    return made


def make(recipes: Iterable[Recipe], work: Path, kept: Path) -> Path:
    """Build the images of what is committed in a new folder; return the one with the archives.

    ``kept`` is a folder in which fetched wheels stay. Raises Failed.
    """
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        raise Failed(f"{', '.join(missing)} is needed: .ci/system-packages images")
    os.umask(0o022)
    recipes = list(recipes)
    source, moment = unpack(work / "source"), int(epoch())
    version = tomllib.loads((source / "pyproject.toml").read_text())["project"]["version"]
    wheel = built_wheel(source, work / "wheel")
    fetched = debian.fetch(recipes, work / "debian")
    made, context, listed = work / "made", work / "context", {}
    made.mkdir()
    context.mkdir()
    for recipe in recipes:
        root = work / "roots" / recipe.name
        packages = debian.unpack(recipe, fetched, root)
        contents.add(recipe, source, wheel, root, kept)
        debian.check(root, recipe.programs)
        own = dict.fromkeys(recipe.folders, recipe.uid)
        layers.pack(root, context / f"{recipe.name}.tar", moment, own)
        shutil.rmtree(root)
        tag = f"{recipe.tag}:{version}"
        layout = archives.build(source, context, recipe.name, tag, moment, work)
        archives.archive(layout, made / f"quietline-{recipe.name}.tar", tag, moment)
        (context / f"{recipe.name}.tar").unlink()
        listed[recipe.name] = [one.listed() for one in packages]
    (made / PACKAGES).write_text(json.dumps(listed, indent=1, sort_keys=True) + "\n")
    return made
