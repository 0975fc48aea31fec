"""The files of the packages, laid out as they will lie; debhelper makes the packages of them.

/usr/lib/quietline is a virtual environment without pip: an interpreter's name that leads to the
distribution's Python, one line that says so, and the packages that the locks name.
quietline-translation lays further ones beside them (ADR 0107).
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tomllib
from pathlib import Path

from deploy.package import wheels
from deploy.package.targets import WITH_S3, Target
from deploy.release.contact import maintainer
from deploy.release.source import Failed, epoch, run, unpack

HOME = Path("usr/lib/quietline")
DEPLOYED = Path("usr/share/quietline/deploy")
BY_HAND = {
    "/opt/quietline/.venv/bin/quietline": "/usr/bin/quietline",
    "/opt/quietline/deploy": f"/{DEPLOYED}",
    "file:///opt/quietline/docs/operating.md": "man:quietline-server(1)",
}
"""Where the files of deploy/ name an installation by hand, and what a package has instead."""
OLDER_NGINX = {"    http2 on;\n": "", "443 ssl;": "443 ssl http2;"}
"""How the same is said to nginx before 1.25.1."""
KEPT = ("apparmor", "caddy", "nginx", "onionbalance", "postgresql", "systemd", "tor")
_START = """#!/usr/lib/quietline/bin/python -I
from app.cli.entry import main

main()
"""


def version(source: Path) -> str:
    """Return the version of what is committed: a release's own, or one that says which commit.

    Before the tag of a release dpkg sorts it below that release, after it above.
    """
    declared: str = tomllib.loads((source / "pyproject.toml").read_text())["project"]["version"]
    tag = f"v{declared}"
    if tag in run("git", "tag", "--points-at", "HEAD").split():
        return declared
    sign = "+" if tag in run("git", "tag", "--merged", "HEAD").split() else "~"
    moment = dt.datetime.fromtimestamp(int(epoch()), dt.UTC)
    commit = run("git", "rev-parse", "--short=8", "HEAD").strip()
    return f"{declared}{sign}git{moment:%Y%m%d%H%M%S}.{commit}"


def build(
    work: Path, target: Target, architecture: str, kept: Path, *, quick: bool = False
) -> list[Path]:
    """Build the packages of what is committed in an empty folder; return them.

    ``kept`` is a folder in which fetched wheels stay; ``quick`` packs less tightly, and lintian
    does not look. Raises Failed.
    """
    kept.mkdir(parents=True, exist_ok=True)
    if shutil.which("dpkg-buildpackage") is None or shutil.which("dh") is None:
        raise Failed("dpkg-buildpackage and debhelper are needed: .ci/system-packages package")
    source = unpack(work / "source")
    number = f"{version(source)}+{target.suffix}"
    wheel = built_wheel(source, work / "wheel")
    _lay_out(source, wheel, target, architecture, source / "laid", kept)
    _lay_out_translation(source, target, architecture, source / "laid-translation", kept)
    shutil.copytree(source / "deploy" / "debian", source / "debian")
    (source / "debian" / "changelog").write_text(_changelog(number, maintainer(source)))
    run(
        "dpkg-buildpackage", "--build=binary", "--no-sign", "--no-check-builddeps",
        "--host-arch", architecture,
        cwd=source, SOURCE_DATE_EPOCH=epoch(), PYTHON_DEPENDS=target.depends,
        PYTHON_MINOR=target.python, PACKED="-Zzstd -z3" if quick else "-Zxz",
        LC_ALL="C.UTF-8", TZ="UTC", DEB_BUILD_OPTIONS="nocheck", CC="true",
    )  # fmt: skip
    packages = sorted(work.glob("*.deb"))
    if not quick:  # a trial's way of packing is what lintian would complain of
        run("lintian", "--fail-on", "error", *packages)
    return packages


def packaged(text: str, target: Target) -> str:
    """Return a file of deploy/ with a package's places, and for the programs of a target."""
    for there, here in BY_HAND.items():
        text = text.replace(there, here)
    if target.older_nginx:
        for there, here in OLDER_NGINX.items():
            text = text.replace(there, here)
    return text


def environment(
    home: Path,
    source: Path,
    wheel: Path,
    target: Target,
    architecture: str,
    locks: list[str],
    kept: Path,
) -> None:
    """Lay out a virtual environment with our wheel and what locks name. Raises Failed."""
    packages = _packages(home, target)
    named = "".join((source / "locks" / lock).read_text() for lock in locks)
    entries = wheels.wanted(named, target, architecture)
    wheels.install(entries, target, architecture, packages, kept)
    wheels.install_wheel(wheel, target, architecture, packages)
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    (home / "bin").mkdir()
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{target.python}")
    start = home / "bin" / "quietline"
    start.write_text(_START)
    start.chmod(0o755)


def built_wheel(source: Path, into: Path) -> Path:
    """Build our wheel from a source tree into a folder and return it. Raises Failed."""
    run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", into,
        cwd=source, SOURCE_DATE_EPOCH=epoch(),
    )  # fmt: skip
    (wheel,) = into.iterdir()
    return wheel


def _lay_out(
    source: Path, wheel: Path, target: Target, architecture: str, laid: Path, kept: Path
) -> None:
    locks = ["runtime.txt", "posters.txt", *(["s3.txt"] if architecture in WITH_S3 else [])]
    environment(laid / HOME, source, wheel, target, architecture, locks, kept)
    (laid / "usr" / "bin").mkdir(parents=True)
    (laid / "usr" / "bin" / "quietline").symlink_to("../lib/quietline/bin/quietline")
    containers_own = shutil.ignore_patterns("begin")
    for name in KEPT:
        shutil.copytree(source / "deploy" / name, laid / DEPLOYED / name, ignore=containers_own)
    shutil.copy(source / "deploy" / "server.toml", laid / DEPLOYED)
    for file in filter(Path.is_file, (laid / DEPLOYED).rglob("*")):
        file.write_text(packaged(file.read_text(), target))
    _units(laid)
    lay_out_menu(source / "deploy" / "desktop", laid / "usr" / "share")
    run(sys.executable, "-m", "deploy.package.manual", laid, cwd=source, PYTHONPATH=str(source))


def lay_out_menu(given: Path, share: Path) -> None:
    """Put an investigator's menu entry, and its picture, where a package has them."""
    for file, place in (
        ("quietline-console.desktop", "applications"),
        ("quietline-console.svg", "icons/hicolor/scalable/apps"),
    ):
        (share / place).mkdir(parents=True)
        shutil.copy(given / file, share / place)


def _lay_out_translation(
    source: Path, target: Target, architecture: str, laid: Path, kept: Path
) -> None:
    lock = (source / "locks" / "translation.txt").read_text()
    entries = wheels.wanted(lock, target, architecture)
    wheels.install(entries, target, architecture, _packages(laid / HOME, target), kept)


def _packages(home: Path, target: Target) -> Path:
    """Return where an environment's Python packages lie; make the folders above it."""
    packages = home / "lib" / f"python{target.python}" / "site-packages"
    packages.parent.mkdir(parents=True)
    return packages


def _units(laid: Path) -> None:
    """Put what systemd reads where a package has it."""
    given = laid / DEPLOYED / "systemd"
    places = {
        "quietline-server.service": "usr/lib/systemd/system/quietline-server.service",
        "quietline-server@.service": "usr/lib/systemd/system/quietline-server@.service",
        "quietline-backup.service": "usr/lib/systemd/system/quietline-backup.service",
        "quietline-backup.timer": "usr/lib/systemd/system/quietline-backup.timer",
        "tor-quietline.conf": "usr/lib/systemd/system/tor@default.service.d/quietline.conf",
        "quietline.sysusers": "usr/lib/sysusers.d/quietline.conf",
        "quietline.tmpfiles": "usr/lib/tmpfiles.d/quietline.conf",
        "journald@quietline.conf": "etc/systemd/journald@quietline.conf",
    }
    for name, place in places.items():
        (laid / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(given / name, laid / place)


def _changelog(number: str, who: str) -> str:
    moment = dt.datetime.fromtimestamp(int(epoch()), dt.UTC)
    return (
        f"quietline ({number}) unstable; urgency=medium\n\n"
        "  * What changed is in CHANGELOG.md.\n\n"
        f" -- {who}  {moment:%a, %d %b %Y %H:%M:%S +0000}\n"
    )
