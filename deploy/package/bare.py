"""A bare Debian or Ubuntu in a folder: made once by mmdebstrap, unpacked for each trial.

It is entered by chroot, and is a container as far as files, processes and mounts go; there is no
systemd in it, and the network is the machine's. Needs root.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.package.targets import Target
from deploy.release.source import Failed, run

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENTER = (
    'mount --make-rprivate / && mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/run" && '
    'mount --rbind /dev "$1/dev" && exec chroot "$@"'
)
# Nothing is started in it: there is no systemd, and no service is to listen on the machine.
_NO_SERVICES = "#!/bin/sh\nexit 101\n"


class Bare:
    """A bare Debian; its commands run as root in it, with nothing of the builder's environment."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def command(self, *words: str) -> list[str]:
        """Return what runs a command in it, for a process of one's own."""
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", _ENTER, "enter",
            str(self.root), "env", "-i", f"PATH={_PATH}", "HOME=/root", "LC_ALL=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive", *words,
        ]  # fmt: skip

    def run(self, *words: str) -> str:
        """Run a command and return what it printed, errors too. Raises Failed."""
        return run("sh", "-c", 'exec "$@" 2>&1', "with", *self.command(*words))

    def fails(self, *words: str) -> str:
        """Run a command that must not succeed; return what it said. Raises Failed if it does."""
        try:
            self.run(*words)
        except Failed as said:
            return str(said)
        raise Failed(f"This should not have succeeded: {' '.join(words)}")

    def at(self, path: str) -> Path:
        """Return where a path of it is."""
        return self.root / path.lstrip("/")

    def give(self, file: Path) -> str:
        """Copy a file into its /root; return its path there."""
        shutil.copy(file, self.at("/root"))
        return f"/root/{file.name}"


@contextmanager
def bare(target: Target, kept: Path, work: Path) -> Iterator[Bare]:
    """Yield a bare system of a target, from a tar in the folder ``kept``, made if it is not there.

    Raises Failed.
    """
    tar = kept / f"bare-{target.release}.tar"
    if not tar.exists():
        kept.mkdir(parents=True, exist_ok=True)
        draft = tar.with_suffix(".new.tar")
        run(
            "mmdebstrap", "--variant=apt", "--include=ca-certificates",
            f"--components={target.components}", target.release, draft,
        )  # fmt: skip
        draft.rename(tar)
    root = work / "bare"
    root.mkdir()
    try:
        run("tar", "-C", root, "-xf", tar)
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        policy = root / "usr/sbin/policy-rc.d"
        policy.write_text(_NO_SERVICES)
        policy.chmod(0o755)
        # What is lost when the machine goes down is a trial.
        (root / "etc/dpkg/dpkg.cfg.d/unsafe").write_text("force-unsafe-io\n")
        yield Bare(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
