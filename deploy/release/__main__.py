"""``python -m deploy.release OUT [--key KEY]``: build, try and sign a release of what is committed.

OUT gets the sdist, the wheel and the Debian packages, these in an APT repository (``apt/``), with
``--images`` the containers' images (``images/``) and with ``--stick`` the stick's image (both as
root; all of them built twice and compared), the bills of materials, the licences, the hashes of the
site's code, SHA256SUMS and, with a key, its signature by OpenSSH. Nothing of the working tree that
is not committed gets in. What is signed names a real contact, and a real key, for whoever finds a
hole, a real maintainer of the package, and is the package that `make test-vm` has tried. Exit code
1: a step failed; nothing half is left.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from deploy.images import build as images
from deploy.images.recipes import RECIPES
from deploy.package import recipe, repository
from deploy.package.targets import TARGETS
from deploy.release import contact, inventory, keys, stick, tried
from deploy.release.source import Failed, environment, epoch, run, unpack
from deploy.release.trial import try_demo

NAMESPACE = "quietline-release"
SUMS = "SHA256SUMS"
# The files of a site that are the same for every line: what `quietline verify --release` reads.
_SITE_CODE = (
    "import hashlib\n"
    "from app.reporter.build import assets\n"
    "for path, data in sorted(assets().items()):\n"
    "    print(hashlib.sha256(data).hexdigest(), '', path)\n"
)


def release(
    work: Path,
    made: Path,
    key: Path | None,
    apt_key: str | None,
    say: Console,
    *,
    with_images: bool = False,
    with_stick: bool = False,
) -> None:
    """Make everything in ``made``. Raises Failed."""
    say.print("Copying what is committed …")
    source = unpack(work / "source")
    if key is not None:
        contact.check(source)
    if key is not None or apt_key is not None:
        contact.check_maintainer(source)
    keys.check(key, apt_key)
    say.print("Installing the tools, by hash …")
    tools = environment(work / "tools", source, "build", "release")
    say.print("Building sdist and wheel, twice …")
    _build(tools, source, made)
    again = work / "again"
    _build(tools, unpack(work / "elsewhere" / "source"), again)
    for one in sorted(made.iterdir()):
        if one.read_bytes() != (again / one.name).read_bytes():
            raise Failed(f"{one.name} is not the same when it is built again.")
    say.print("Installing the wheel into a clean environment …")
    installed = environment(work / "installed", source, "runtime")
    (wheel,) = made.glob("*.whl")
    run(installed / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    say.print("Running its demo, and looking at it from outside …")
    (work / "trial").mkdir()
    say.print(f"  {try_demo(installed, work / 'trial')}")
    say.print("Building the Debian packages, twice …")
    packages = _packages(work)
    if key is not None:
        tried.check(packages)
    say.print("Listing what is in it …")
    python = inventory.python_bill(tools, packages, work / "listed")
    javascript = inventory.javascript_bill(_client(source))
    for name, bill in (("python", python), ("javascript", javascript)):
        text = json.dumps(bill, indent=1, sort_keys=True)
        (made / f"sbom-{name}.cdx.json").write_text(f"{text}\n")
    (made / "licences.txt").write_text(inventory.licences(python, javascript))
    (made / "site-code.sha256").write_text(
        run(installed / "python", "-c", _SITE_CODE, cwd=work / "trial")
    )
    repository.make(packages, ["amd64"], made / "apt", int(epoch()), apt_key)
    if with_images:
        say.print("Building the containers' images, twice …")
        _images(work, made)
    if with_stick:
        say.print("Building the stick's image, twice …")
        (package,) = (one for one in packages if one.name.startswith("quietline_"))
        stick.make_twice(package, key, work / "stick", made)
    sums = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(made)}"
        for one in sorted(made.rglob("*"))
        if one.is_file()
    ]
    (made / SUMS).write_text("\n".join(sums) + "\n")
    if key is not None:
        run("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", NAMESPACE, made / SUMS)


def _packages(work: Path) -> list[Path]:
    """Return the packages for Debian 13, built in two places and compared. Raises Failed."""
    built = []
    for place in ("package", "package elsewhere"):
        (work / place).mkdir()
        built.append(recipe.build(work / place, TARGETS["debian13"], "amd64", work / "wheels"))
    for first, second in zip(*built, strict=True):
        if first.read_bytes() != second.read_bytes():
            raise Failed(f"{first.name} is not the same when it is built again.")
    return built[0]


def _images(work: Path, made: Path) -> None:
    """Put the images into ``made``, and the list of Debian's packages in them. Raises Failed."""
    archives = images.make_twice(RECIPES.values(), work / "images", work / "wheels")
    shutil.copytree(archives, made / "images")
    listed = json.loads((archives / images.PACKAGES).read_text())
    text = json.dumps(inventory.debian_bill(listed), indent=1, sort_keys=True)
    (made / "sbom-debian.cdx.json").write_text(f"{text}\n")


def _build(tools: Path, source: Path, into: Path) -> None:
    into.mkdir(parents=True)
    run(
        tools / "python", "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", into,
        cwd=source, SOURCE_DATE_EPOCH=epoch(),
    )  # fmt: skip


def _client(source: Path) -> Path:
    client = source / "app" / "reporter" / "client"
    run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=client)
    return client


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.release", description=__doc__)
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--key", type=Path, help="an OpenSSH private key that signs SHA256SUMS")
    parser.add_argument("--apt-key", help="fingerprint of an OpenPGP key that signs apt/")
    parser.add_argument("--images", action="store_true", help="the containers' images too (root)")
    parser.add_argument("--stick", action="store_true", help="the stick's image too (root)")
    options = parser.parse_args()
    say = Console(highlight=False)
    out = options.out.absolute()
    if out.exists():
        say.print(f"{out} exists already: choose another folder.")
        return 2
    with tempfile.TemporaryDirectory(prefix="quietline-release-") as folder:
        made = Path(folder) / "made"
        try:
            release(
                Path(folder),
                made,
                options.key,
                options.apt_key,
                say,
                with_images=options.images,
                with_stick=options.stick,
            )
        except Failed as failed:
            say.print(f"Not released. {failed}", soft_wrap=True)  # a path can be copied
            return 1
        shutil.copytree(made, out)
    say.print(f"The release is in {out}.")
    if options.key is None:
        say.print(f"It is not signed: give --key to sign {SUMS}.")
    if options.apt_key is None:
        say.print("The APT repository in it is not signed: give --apt-key.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
