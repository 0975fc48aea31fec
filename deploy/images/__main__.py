"""``python -m deploy.images OUT``: build the images of containers from what is committed.

OUT gets an OCI archive of each image and ``packages.json``, which says of each what Debian
packages are in it, by version and hash. Needs root, buildah, mmdebstrap and Debian's mirror. Exit
code 1: a step failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from deploy.images.build import make, make_twice
from deploy.images.recipes import RECIPES
from deploy.release.source import Failed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.images", description=__doc__)
    parser.add_argument("out", type=Path, help="a folder that the archives are put into")
    parser.add_argument("--only", nargs="+", choices=RECIPES, default=list(RECIPES))
    parser.add_argument(
        "--wheels", type=Path, default=Path("build/wheels"), help="a folder for fetched wheels"
    )
    parser.add_argument("--twice", action="store_true", help="build again, and compare the bytes")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("Images are built by root: files in them belong to several users.", file=sys.stderr)
        return 1
    recipes = [RECIPES[name] for name in options.only]
    options.wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="quietline-images-") as folder:
        work = Path(folder)
        try:
            how = make_twice if options.twice else make
            made = how(recipes, work / "made", options.wheels.absolute())
        except Failed as failed:
            print(f"Not built. {failed}", file=sys.stderr)
            return 1
        options.out.mkdir(parents=True, exist_ok=True)
        for file in sorted(made.iterdir()):
            shutil.copy(file, options.out)
            print(options.out / file.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
