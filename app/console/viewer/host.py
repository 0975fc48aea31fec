"""What of this machine stands between a hostile file and the rest of it, and what can convert.

Looked at once, when it is first needed: what is installed afterwards is found by the next start.
"""

import ctypes
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import app
from app.console.viewer.previewable import Kind

CONVERTERS = {
    Kind.PHONE_PICTURE: ("heif-dec", "heif-convert"),
    Kind.OFFICE: ("soffice", "libreoffice"),
    Kind.SOUND: ("ffmpeg",),
    Kind.FILM: ("ffmpeg",),
}
READER = ("tesseract",)
MEMORY_FOLDER_BYTES = 600 * 1024**2

# Programs, libraries, fonts, and nothing of a user's.
_SYSTEM = ("/usr",)
_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = ("/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/etc/libreoffice",
             "/var/lib/libreoffice")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine opens strangers' files with.

    ``bwrap`` is bubblewrap's path where it works, else None; ``converters`` by kind, their paths;
    ``reader`` is tesseract's; ``proc`` whether the sandbox may have a /proc of their own, for
    Office files.
    """

    bwrap: str | None
    seccomp: bool
    proc: bool = False
    converters: dict[Kind, str] = field(default_factory=dict)
    reader: str | None = None

    def converter(self, action: str, kind: Kind) -> str | None:
        """Return the program that a file of this kind needs; None for those that need none."""
        if action == "read":
            return self.reader if kind is Kind.PICTURE else None
        if kind is Kind.OFFICE and not self.proc:
            return None
        return self.converters.get(kind)

    def sandbox(self, *extra: Path, hide: Path | None = None, proc: bool = False) -> list[str]:
        """Return bubblewrap's arguments: no network, no home, system read-only, files in memory.

        ``extra`` are programs that must be seen though they lie elsewhere; ``hide`` is a folder
        (the vault's) that must not, wherever it lies.
        """
        if self.bwrap is None:
            return []
        sandbox = [self.bwrap, "--unshare-all", "--die-with-parent", "--new-session"]
        sandbox += ["--cap-drop", "ALL", "--hostname", "preview", "--clearenv"]
        given = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108
        given["QUIETLINE_SANDBOX"] = "yes"
        for name, value in given.items():
            sandbox += ["--setenv", name, value]
        for path in _SYSTEM:
            sandbox += ["--ro-bind", path, path]
        for link in map(Path, _LINKS):
            if link.is_symlink():
                sandbox += ["--symlink", str(link.readlink()), str(link)]
            elif link.exists():
                sandbox += ["--ro-bind", str(link), str(link)]
        for path in _SETTINGS:
            sandbox += ["--ro-bind-try", path, path]
        sandbox += ["--dev", "/dev", "--size", str(MEMORY_FOLDER_BYTES), "--tmpfs", "/tmp"]  # noqa: S108
        if proc:
            sandbox += ["--proc", "/proc"]
        ours = [Path(sys.base_prefix), Path(sys.prefix), Path(app.__file__).parent]
        seen = [path.resolve() for path in (*ours, *extra)]
        for here in seen:
            sandbox += ["--ro-bind", str(here), str(here)]
        if hide is not None and any(hide.resolve().is_relative_to(one) for one in seen):
            sandbox += ["--tmpfs", str(hide.resolve())]
        return [*sandbox, "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108


def look() -> Machine:
    """Find out what is here; bubblewrap is tried, since some containers do not let it work."""
    installed = Machine(shutil.which("bwrap"), seccomp=False)
    bwrap = installed.bwrap if _works(installed.sandbox()) else None
    proc = bwrap is not None and _works(installed.sandbox(proc=True))
    found = {kind: _first(names) for kind, names in CONVERTERS.items()}
    return Machine(
        bwrap,
        _has_seccomp(),
        proc,
        {kind: path for kind, path in found.items() if path is not None},
        _first(READER),
    )


def _works(sandbox: list[str]) -> bool:
    if not sandbox:
        return False
    done = subprocess.run([*sandbox, "/usr/bin/true"], capture_output=True, check=False)
    return done.returncode == 0


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _has_seccomp() -> bool:
    if sys.platform != "linux":
        return False
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True
