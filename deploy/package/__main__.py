"""``python -m deploy.package OUT``: build the Debian packages of what is committed.

Exit code 1: a step failed.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from deploy.package.recipe import build
from deploy.package.targets import ARCHITECTURES, TARGETS, TRIED
from deploy.release.source import Failed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.package", description=__doc__)
    parser.add_argument("out", type=Path, help="a folder that the packages are put into")
    here = "arm64" if platform.machine() == "aarch64" else "amd64"
    parser.add_argument("--arch", choices=ARCHITECTURES, default=here)
    parser.add_argument("--for", dest="target", choices=TARGETS, default="debian13")
    parser.add_argument(
        "--wheels", type=Path, default=Path("build/wheels"), help="a folder for fetched wheels"
    )
    parser.add_argument("--quick", action="store_true", help="pack less tightly, for trials")
    options = parser.parse_args()
    options.wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="quietline-package-") as folder:
        try:
            made = build(
                Path(folder),
                TARGETS[options.target],
                options.arch,
                options.wheels.absolute(),
                quick=options.quick,
            )
        except Failed as failed:
            print(f"Not built. {failed}", file=sys.stderr)
            return 1
        options.out.mkdir(parents=True, exist_ok=True)
        for package in made:
            shutil.copy(package, options.out)
            print(options.out / package.name)
    if options.target not in TRIED or options.arch != "amd64":
        print("Nobody has installed and run a package for that system and machine yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
