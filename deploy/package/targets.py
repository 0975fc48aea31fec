"""What a package is built for: a release of a distribution, with its Python, and a machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_NEWEST_GLIBC = {"3.11": 36, "3.12": 39, "3.13": 41}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
ARCHITECTURES = tuple(_MACHINES)
WITH_S3 = ("amd64",)
"""Where obstore, the client of S3-compatible stores, has wheels for every Python below."""


@dataclass(frozen=True, slots=True)
class Target:
    """A distribution's release: its name in version numbers and on mirrors, and its Python."""

    suffix: str
    python: str
    release: str
    components: str = "main"
    older_nginx: bool = False
    """Its nginx is from before 1.25.1, and knows HTTP/2 as a word of ``listen`` alone."""

    @property
    def depends(self) -> str:
        """Return the dependency on exactly this Python: wheels are for one minor version."""
        major, minor = self.python.split(".")
        return f"python3 (>= {self.python}~), python3 (<< {major}.{int(minor) + 1}~)"

    def platforms(self, architecture: str) -> list[str]:
        """Return the wheels' platforms that run on it, by the oldest glibc that each needs."""
        machine = _MACHINES[architecture]
        newest = _NEWEST_GLIBC[self.python]
        tags = [f"manylinux_2_{minor}_{machine}" for minor in range(newest, 4, -1)]
        return [*tags, f"manylinux2014_{machine}", f"linux_{machine}"]

    def markers(self, architecture: str) -> dict[str, str]:
        """Return what a requirement's marker is evaluated with."""
        return {
            "implementation_name": "cpython",
            "os_name": "posix",
            "platform_machine": _MACHINES[architecture],
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{self.python}.0" if self.python != "3.11" else "3.11.4",
            "python_version": self.python,
            "sys_platform": "linux",
            "extra": "",
        }


TARGETS = {
    "debian13": Target("deb13", "3.13", "trixie"),
    "debian12": Target("deb12", "3.11", "bookworm", older_nginx=True),
    "ubuntu24.04": Target("ubuntu24.04", "3.12", "noble", "main,universe", older_nginx=True),
}
TRIED = ("debian13", "debian12", "ubuntu24.04")
"""Those on which a package was installed and run (`make test-deb`); of the others nobody knows."""


def built_for(package: Path) -> Target:
    """Return what a package was built for, as its file's name says. Raises LookupError."""
    for target in TARGETS.values():
        if f"+{target.suffix}_" in package.name:
            return target
    raise LookupError(f"{package.name} does not say which system it is for.")
