"""``python -m deploy.stick OUT --package FILE``: build the stick's image around our package.

The stick's own files are taken as they lie in the tree. Exit code 1: a step failed; 2: used
wrongly. Needs root, and Debian's mirror for the first one of a day.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from deploy.package.bare import Bare
from deploy.release.source import ROOT, Failed, epoch, run
from deploy.stick import debian, image, layers, root


def build(
    package: Path, key: Path | None, kept: Path, work: Path, out: Path, moment: str, *, quick: bool
) -> None:
    """Build the image in an empty folder. Raises Failed.

    Later versions are believed by the release's public ``key``; without one the stick takes none.
    ``moment`` is the one time that it may hold, in Unix seconds.
    """
    base, loaders = debian.base(kept, moment), debian.loaders(kept, moment)
    system, network, live, starts = (work / one for one in ("root", "network", "live", "loaders"))
    for folder in (system, network, live, starts):
        folder.mkdir()
    run("tar", "-C", starts, "-xf", loaders)
    _say("Putting the system together …")
    root.lay_out(base, package, system, moment)
    if key is not None:
        root.trust(key, system)
    (live / "packages.txt").write_text(
        Bare(system).run("dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}\n")
    )
    modules = root.kernel_modules(system)
    shutil.copy(system / f"boot/vmlinuz-{modules.name}", live / "vmlinuz")
    shutil.copy(system / f"boot/initrd.img-{modules.name}", live / "initrd")
    layers.split(system, modules, network)
    root.trim(system)
    _say("Packing it …")
    layers.pack(system, live / "base.squashfs", moment, quick=quick)
    layers.pack(network, live / "network.squashfs", moment, quick=quick)
    _say("Making the image …")
    image.make(live, starts, work, moment, _version(package), out)


def _version(package: Path) -> str:
    return package.name.split("_")[1].split("+deb")[0]


def _say(words: str) -> None:
    print(words, flush=True)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.stick", description=__doc__)
    parser.add_argument("out", type=Path, help="a folder that the image is put into")
    parser.add_argument("--package", type=Path, required=True, help="quietline_….deb")
    parser.add_argument(
        "--release-key",
        type=Path,
        help="release_key.pub: without it the stick takes no new version",
    )
    parser.add_argument("--kept", type=Path, default=ROOT / "build/stick/kept")
    parser.add_argument("--work", type=Path, help="a folder for six gigabytes while it builds")
    parser.add_argument(
        "--moment", help="the time of its files, in Unix seconds, where there is no git"
    )
    parser.add_argument("--quick", action="store_true", help="pack less tightly, for trials")
    options = parser.parse_args()
    if not options.package.is_file() or options.package.name.count("_") < 2:
        parser.error(f"{options.package} is no package: make deb, or name one (quietline_….deb)")
    os.umask(0o022)  # what is in the image is not this computer's alone
    options.out.mkdir(parents=True, exist_ok=True)
    out = options.out.absolute() / f"quietline-stick_{_version(options.package)}_amd64.iso"
    with tempfile.TemporaryDirectory(prefix="quietline-stick-", dir=options.work) as folder:
        try:
            build(
                options.package,
                options.release_key,
                options.kept,
                Path(folder),
                out,
                options.moment or epoch(),
                quick=options.quick,
            )
        except Failed as failed:
            print(f"Not built. {failed}", file=sys.stderr)
            return 1
    if options.release_key is None:
        print("Without --release-key: it takes no new version.", file=sys.stderr)
    print(f"{out}\n{hashlib.sha256(out.read_bytes()).hexdigest()}  {out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
