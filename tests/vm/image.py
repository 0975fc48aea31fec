"""The image: a Debian 13 by mmdebstrap, its kernel, and a private Tor network as its world.

What is in it that no bare Debian has: the test's hand (``guest/hand``), relays on loopback which
Tor takes for the network, and a folder of Debian's packages that stands in for Debian's mirror. It
is made once for each recipe, and kept by the recipe's hash in ``build/vm``.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.onion.network import authority, make_keys

ROOT = Path(__file__).parents[2]
GUEST = Path(__file__).parent / "guest"
MIRROR = "http://deb.debian.org/debian"
_BASE = (
    "apparmor", "ca-certificates", "curl", "dbus", "initramfs-tools", "iproute2", "kmod",
    "linux-image-cloud-amd64", "openssl", "procps", "systemd-sysv", "tor", "udev", "zstd",
)  # fmt: skip
"""Tor is among them because the relays need it; ``curl`` and ``openssl`` are the test's."""
OFFERED = (
    "adduser", "bash-completion", "bubblewrap", "caddy", "libimage-exiftool-perl", "libseccomp2",
    "nginx-light", "python3", "python3-venv",
)  # fmt: skip
"""What the machine may install, with all that it depends on. Fonts are left out: they are large."""
_DISK = "64G"
_MODULES = "virtio_blk\n"
_RELAYS = 7
"""They vote once, by how long each has run: at least half are *Stable*. Of five, three were too few
for an onion's way through four of them where the guard was one of these."""
_VOTING_SECONDS = 60
_FIRST_PORT = 5_100
_SERVICE_DEFAULTS = "usr/share/tor/tor-service-defaults-torrc"
_TOR = '#!/bin/sh\nexec /usr/bin/tor {} "$@"\n'


@dataclass(frozen=True)
class Image:
    """A disk that is never written to (overlays are), and what boots it."""

    disk: Path
    kernel: Path
    initrd: Path


def made(cache: Path = ROOT / "build" / "vm") -> Image:
    """Return the image of this recipe; make it where it is not kept yet, which takes minutes.

    Raises CalledProcessError; needs root, mmdebstrap, e2fsprogs, qemu-utils, tor.
    """
    folder = cache / _recipe()
    image = Image(folder / "disk.qcow2", folder / "vmlinuz", folder / "initrd")
    if not image.disk.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            _make(Path(work))
            shutil.rmtree(folder, ignore_errors=True)
            (Path(work) / "image").rename(folder)
    return image


def _recipe() -> str:
    parts = [Path(__file__), Path(__file__).parents[1] / "onion" / "network.py"]
    said = hashlib.sha256()
    for file in [*parts, *sorted(GUEST.iterdir())]:
        said.update(file.name.encode() + b"\0" + file.read_bytes())
    return said.hexdigest()[:16]


def _make(work: Path) -> None:
    root, image = work / "root", work / "image"
    image.mkdir()
    _run(
        "mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(_BASE)}",
        "trixie", root, MIRROR,
    )  # fmt: skip
    _offer(root)
    _small_initrd(root)
    _hand(root)
    _private_tor(root, work)
    (root / "etc/hostname").write_text("quietline-test\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost quietline-test\n::1 localhost\n")
    (root / "etc/fstab").write_text("/dev/vda / ext4 rw,errors=remount-ro 0 1\n")
    (root / "etc/machine-id").write_text("uninitialized\n")
    (kernel,) = root.glob("boot/vmlinuz-*")
    (initrd,) = root.glob("boot/initrd.img-*")
    shutil.copy(kernel, image / "vmlinuz")
    shutil.copy(initrd, image / "initrd")
    raw = work / "disk"
    _run("mke2fs", "-q", "-t", "ext4", "-d", root, raw, _DISK)
    _run("qemu-img", "convert", "-O", "qcow2", raw, image / "disk.qcow2")
    raw.unlink()


def _offer(root: Path) -> None:
    """Put what may be installed into a folder, as the only place that apt knows."""
    mirror = root / "var/lib/mirror"
    mirror.mkdir()
    _inside(root, "apt-get", "update", "-q")
    _inside(
        root, "apt-get", "install", "-q", "-y", "--no-install-recommends", "--download-only",
        "-o", "Dir::Cache::archives=/var/lib/mirror", *OFFERED,
    )  # fmt: skip
    shutil.rmtree(mirror / "partial")
    (mirror / "lock").unlink()
    listed = subprocess.run(
        ["dpkg-scanpackages", "--multiversion", "."], cwd=mirror, check=True, capture_output=True
    )
    (mirror / "Packages").write_bytes(listed.stdout)
    for old in [root / "etc/apt/sources.list", *(root / "etc/apt/sources.list.d").iterdir()]:
        old.unlink(missing_ok=True)
    (root / "etc/apt/sources.list").write_text("deb [trusted=yes] file:/var/lib/mirror ./\n")
    shutil.rmtree(root / "var/lib/apt/lists")
    _inside(root, "apt-get", "update", "-q")


def _small_initrd(root: Path) -> None:
    settings = root / "etc/initramfs-tools"
    with (settings / "initramfs.conf").open("a") as file:
        file.write("MODULES=list\n")
    (settings / "modules").write_text(_MODULES)
    _inside(root, "update-initramfs", "-u", "-k", "all")


def _hand(root: Path) -> None:
    for name in ("hand", "private-tor"):
        shutil.copy(GUEST / name, root / "usr/local/sbin" / name)
        (root / "usr/local/sbin" / name).chmod(0o755)
    for unit in GUEST.glob("*.service"):
        shutil.copy(unit, root / "etc/systemd/system")
        _inside(root, "systemctl", "enable", unit.name)


def _private_tor(root: Path, work: Path) -> None:
    """Make the relays' keys, and let every Tor of the machine take them for the network."""
    there = Path("/var/lib/private-tor")
    ports = [(_FIRST_PORT + 2 * one, _FIRST_PORT + 2 * one + 1) for one in range(_RELAYS)]
    common = [
        "TestingTorNetwork 1",
        "LearnCircuitBuildTimeout 0",
        "CircuitBuildTimeout 120",  # an emulated machine is slow
        # The relays are too few for a second layer of guards.
        "VanguardsLiteEnabled 0",
        *(
            make_keys(work / "tor" / f"a{number}", f"a{number}", relay, port)
            for number, (relay, port) in enumerate(ports)
        ),
    ]
    for number, (relay, port) in enumerate(ports):
        home = there / f"a{number}"
        own = authority(number, relay, 0, port, _VOTING_SECONDS, 0)
        lines = [*common, *own, f"DataDirectory {home}", f"Log notice file {home / 'log'}"]
        (work / "tor" / f"a{number}" / "torrc").write_text("\n".join(lines) + "\n")
    shutil.copytree(work / "tor", root / there.relative_to("/"))
    # The service reads Debian's defaults; whoever calls tor by its name finds this one first.
    with (root / _SERVICE_DEFAULTS).open("a") as defaults:
        defaults.write("\n" + "\n".join(common) + "\n")
    words = (line.partition(" ")[::2] for line in common)
    told = " ".join(f"--{key} '{value}'" for key, value in words)
    (root / "usr/local/bin/tor").write_text(_TOR.format(told))
    (root / "usr/local/bin/tor").chmod(0o755)


def _inside(root: Path, *words: str) -> None:
    _run("chroot", root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
         "DEBIAN_FRONTEND=noninteractive", *words)  # fmt: skip


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, timeout=3_600)
