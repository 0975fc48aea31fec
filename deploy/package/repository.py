"""A signed, static APT repository: files that any web server or onion serves, or a stick carries.

    pool/main/*.deb                         the packages
    dists/stable/main/binary-ARCH/Packages  what they are, with their SHA-256
    dists/stable/Release                    the hashes of those, and until when it is good
    dists/stable/InRelease                  the same, signed by OpenPGP
    quietline.asc                           the key, for Signed-By

apt-ftparchive (apt-utils) lists the packages, gpg signs. Whoever holds the key is root on each
machine that installs from here (threat model, T-87).
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import lzma
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.release.source import Failed, epoch, run

GOOD_FOR_DAYS = 400
"""After so long apt refuses the lists: whoever kept old ones cannot serve them for ever."""
_SUITE = "stable"


def make(
    packages: Sequence[Path], architectures: Sequence[str], into: Path, moment: int, key: str | None
) -> None:
    """Make a repository of packages in a new folder.

    ``moment`` (Unix seconds) is the one time in it; ``key`` names a secret key in gpg's keyring, by
    fingerprint, None for a repository without a signature. Raises Failed.
    """
    if shutil.which("apt-ftparchive") is None:
        raise Failed("apt-ftparchive is needed: .ci/system-packages package")
    pool = into / "pool" / "main"
    pool.mkdir(parents=True)
    for package in packages:
        shutil.copy(package, pool)
    dist = into / "dists" / _SUITE
    for architecture in architectures:
        place = dist / "main" / f"binary-{architecture}"
        place.mkdir(parents=True)
        listed = run("apt-ftparchive", "--arch", architecture, "packages", "pool", cwd=into)
        (place / "Packages").write_text(listed)
        (place / "Packages.xz").write_bytes(lzma.compress(listed.encode()))
    began = dt.datetime.fromtimestamp(moment, dt.UTC)
    ends = began + dt.timedelta(days=GOOD_FOR_DAYS)
    said = {
        "Origin": "Quietline",
        "Label": "Quietline",
        "Suite": _SUITE,
        "Codename": _SUITE,
        "Architectures": " ".join(architectures),
        "Components": "main",
        "Description": "Quietline, an anonymous, end-to-end encrypted tip line",
        "Date": _date(began),
        "Valid-Until": _date(ends),
    }
    fields = "".join(f"{name}: {value}\n" for name, value in said.items())
    sums = "".join(
        f" {hashlib.sha256(one.read_bytes()).hexdigest()} {one.stat().st_size} "
        f"{one.relative_to(dist)}\n"
        for one in sorted(dist.rglob("Packages*"))
    )
    (dist / "Release").write_text(f"{fields}SHA256:\n{sums}")
    if key is not None:
        _sign(dist, into, key)


def _sign(dist: Path, into: Path, key: str) -> None:
    gpg = ("gpg", "--batch", "--yes", "--local-user", key, "--digest-algo", "SHA512")
    run(*gpg, "--clearsign", "--output", dist / "InRelease", dist / "Release")
    run(*gpg, "--armor", "--detach-sign", "--output", dist / "Release.gpg", dist / "Release")
    (into / "quietline.asc").write_text(run("gpg", "--batch", "--armor", "--export", key))


def _date(moment: dt.datetime) -> str:
    """Return a moment as Release files have it (RFC 2822, in words of English)."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return (
        f"{days[moment.weekday()]}, {moment:%d} {months[moment.month - 1]} {moment:%Y %H:%M:%S} UTC"
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.package.repository")
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("packages", type=Path, nargs="+")
    parser.add_argument("--key", help="fingerprint of a secret key in gpg's keyring")
    options = parser.parse_args()
    found = {one.stem.rpartition("_")[2] for one in options.packages}
    try:
        if options.out.exists():
            raise Failed(f"{options.out} exists already: choose another folder.")
        make(options.packages, sorted(found), options.out, int(epoch()), options.key)
    except Failed as failed:
        print(f"Not made. {failed}", file=sys.stderr)
        return 1
    if options.key is None:
        print("It is not signed: apt takes nothing from it. Give --key.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
