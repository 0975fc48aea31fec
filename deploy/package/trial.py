"""``python -m deploy.package.trial PACKAGE``: a package in a bare system, as its users have it.

The system is the Debian or Ubuntu that it was built for, as its name says. Installed by apt with
what it recommends; its demo run and looked at from outside, posters drawn of the demo's line; a
server made with it, the package upgraded (with a backup, refused without one), removed, purged once
with its data kept and once with them destroyed. The package for translation is in it where it lies
beside the first one. Exit code 1: something was not so. Minutes; needs root, and the mirror of that
system. What systemd does is not in it: it is a chroot (`make test-vm` has the rest).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.package.bare import Bare, bare
from deploy.package.targets import built_for
from deploy.release.source import Failed, run

_CONFIG = "/etc/quietline/server.toml"
_DATA = "/var/lib/quietline/quietline.db"
_CONFFILE = "/etc/systemd/journald@quietline.conf"
_AS_SERVER = ("setpriv", "--reuid=quietline", "--regid=quietline", "--clear-groups")
_ENDS_WITHIN = 60
_NAME, _TRANSLATION = "quietline", "quietline-translation"
_GUESSES = (
    "import json\n"
    "from app.console.viewer.child import translating\n"
    "translating.engine()\n"
    "question = json.dumps(['Wo sind unsere Pässe, und wer hat sie jetzt?']).encode()\n"
    "print(translating.guessed(question, translating.guesser()))\n"
)
"""As the console's sandbox does it. A translation itself needs a model, which no package has."""
_POSTERS = ("en", "ar", "th", "zh-Hans")
"""Languages whose letters come from typefaces of their own."""
_ORDINARY = (("--version",), ("--help",), ("server", "--help"), ("console", "--help"))


def expect(what: bool, otherwise: str) -> None:
    """Raise Failed unless something is so."""
    if not what:
        raise Failed(otherwise)


def beside(package: Path) -> list[Path]:
    """Return a package, and that for translation if it lies beside it."""
    other = package.with_name(package.name.replace(f"{_NAME}_", f"{_TRANSLATION}_", 1))
    return [package, *([other] if other.is_file() else [])]


def install(debian: Bare, packages: list[str], alone: tuple[str, ...]) -> None:
    """Install them as their pages say, and look at what came."""
    debian.run("apt-get", "update", "-qq")
    said = debian.run("apt-get", "install", "-y", "-qq", *alone, *packages)
    expect("Traceback" not in said, f"Installing went wrong:\n{said[-2_000:]}")
    for words in _ORDINARY:
        debian.run("quietline", *words)
    if len(packages) > 1:
        guesses_languages(debian)
    names = (_NAME, _TRANSLATION)[: len(packages)]
    listed = debian.run("dpkg", "-L", *names).splitlines()
    libraries = [one for one in listed if ".so" in one]
    missing = debian.run("sh", "-c", 'ldd "$@" | grep "not found" || true', "in", *libraries)
    expect(not missing, f"Libraries are missing: {missing}")
    expect("quietline" in debian.run("getent", "passwd", "quietline"), "There is no user.")
    expect(debian.at("/var/backups/quietline").is_dir(), "There is no folder for backups.")
    root = "/usr/lib/quietline/lib/"
    compiled = debian.run("find", root, "-name", "*.pyc", "-path", "*app/cli/*")
    expect(bool(compiled), "Nothing was compiled: each start would compile everything.")


def guesses_languages(debian: Bare) -> None:
    """Load what translates, and have a language guessed."""
    said = debian.run("/usr/lib/quietline/bin/python", "-I", "-c", _GUESSES)
    expect(said.startswith('[["de", '), f"The translation's package: {said[-2_000:]}")


def demo(debian: Bare, *, posters: bool) -> str:
    """Run the demo, verify its line, end it; return what `quietline verify` said last."""
    where = "/root/demo"
    line_port, console_port = (str(port) for port in _free_ports())  # 8000 may be somebody's
    command = debian.command(
        "quietline", "demo", "--no-browser", "--json", "--data", where,
        "--port", line_port, "--console-port", console_port,
    )  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        facts = json.loads((running.stdout and running.stdout.readline()) or "null")
        expect(bool(facts), "The demo did not start.")
        line = f"{where}/agency/line.json"
        said = debian.run("quietline", "verify", facts["server"], "--line", line)
        if posters:
            draws_posters(debian, f"{where}/agency")
        _end_demo(debian)
        expect(running.wait(_ENDS_WITHIN) == 0, f"The demo ended with {running.returncode}.")
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        if running.stdout:
            running.stdout.close()
    left = list(debian.at(where).iterdir()) if debian.at(where).exists() else []
    expect(not left, f"The demo left something behind: {left}")
    return said.splitlines()[-1]


def _free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        return one.getsockname()[1], other.getsockname()[1]


def draws_posters(debian: Bare, agency: str) -> None:
    """Draw what tells of a line, with the typefaces that the package recommends."""
    chosen = [word for code in _POSTERS for word in ("--language", code)]
    debian.run("quietline", "agency", "posters", agency, "--out", "/root/posters", *chosen)
    for code in _POSTERS:
        drawn = debian.at("/root/posters") / code / "poster-quiet.pdf"
        there = drawn.is_file() and drawn.read_bytes().startswith(b"%PDF-")
        expect(there, f"There is no {drawn.name} of {code}.")


def _end_demo(debian: Bare) -> None:
    """Send SIGTERM to the demo itself, by the one process that has this root and that command."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            inside = (process / "root").readlink() == debian.root
        except OSError:
            continue
        if inside and b"demo" in words and b"--no-browser" in words:
            os.kill(int(process.name), signal.SIGTERM)
            return
    raise Failed("The demo does not run any more.")


def make_server(debian: Bare) -> None:
    """Make a line whose server is this machine: settings, a signed directory, a database."""
    debian.at("/root/passphrase").write_text("correct horse battery staple seven dice\n")
    secret = ("--passphrase-file", "/root/passphrase")
    debian.run(
        "quietline", "agency", "init", "/root/agency", "--name", "A line", "--server",
        "https://tips.example.org", *secret,
    )  # fmt: skip
    debian.run("mkdir", "-p", "/srv/quietline", "/etc/quietline")
    debian.run(
        "quietline", "agency", "directory", "/root/agency", "--out",
        "/srv/quietline/directory.json", *secret,
    )  # fmt: skip
    line = json.loads(debian.at("/root/agency/line.json").read_text())
    given = debian.at("/usr/share/quietline/deploy/server.toml").read_text()
    lines = [row for row in given.splitlines() if not row.startswith(("line_id", "site_folder"))]
    lines.append(f'line_id = "{line["line_id"]}"')
    debian.at(_CONFIG).write_text("\n".join(lines) + "\n")
    debian.run(
        "install", "-d", "-m", "0700", "-o", "quietline", "-g", "quietline", "/var/lib/quietline"
    )
    debian.run(*_AS_SERVER, "quietline", "server", "migrate", "--config", _CONFIG)
    debian.at(_CONFFILE).write_text("# Changed by an administrator.\n[Journal]\nStorage=volatile\n")


def newer(package: Path, work: Path) -> Path:
    """Return the same package with a higher version number."""
    there = work / f"newer-{package.stem}"
    run("dpkg-deb", "-R", package, there)
    control = there / "DEBIAN" / "control"
    version = version_of(package)
    control.write_text(control.read_text().replace(version, f"{version}.newer"))
    made = work / f"{there.name}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", there, made)
    return made


def version_of(package: Path) -> str:
    """Return a package's version."""
    return run("dpkg-deb", "--field", package, "Version").strip()


def installed(debian: Bare) -> str:
    """Return which version is there, and in what state."""
    return debian.run("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", _NAME)


def upgrade(debian: Bare, to: Path, migrates: bool) -> None:
    """Upgrade: refused while there can be no backup; then with one, settings and data kept."""
    package = debian.give(to)
    was, before = installed(debian), debian.at(_DATA).read_bytes()
    backups = debian.at("/var/backups/quietline")
    debian.run("chown", "root:root", "/var/backups/quietline")
    refused = debian.fails("apt-get", "install", "-y", "-qq", package)
    expect("nothing is changed" in refused, f"An upgrade without a backup:\n{refused[-2_000:]}")
    expect(installed(debian) == was, f"After a refused upgrade: {installed(debian)}")
    debian.run("quietline", "--version")
    debian.run("chown", "quietline:quietline", "/var/backups/quietline")
    said = debian.run("apt-get", "install", "-y", "-qq", package)
    there = installed(debian)
    expect(there == f"{version_of(to)} installed", f"Upgraded, it is {there}.")
    expect("a backup was made" in said, f"Upgrading:\n{said[-2_000:]}")
    expect("at the newest version" in said, f"No migration:\n{said[-2_000:]}")
    made = [path for path in backups.iterdir() if path.is_dir()]
    expect(len(made) == 1 and (made[0] / "backup.json").is_file(), f"Backups: {made}")
    same = debian.at(_DATA).read_bytes() == before
    expect(same or migrates, "The database is another one.")
    print(f"  from {was}{', the database as it was' if same else ''}", flush=True)
    expect("administrator" in debian.at(_CONFFILE).read_text(), "A changed conffile was lost.")
    debian.run(*_AS_SERVER, "quietline", "server", "stats", "--config", _CONFIG)


def leave(debian: Bare, package: str) -> None:
    """Remove and purge: data stay; installed again and purged with a yes: they are gone."""
    debian.run("apt-get", "remove", "-y", "-qq", "quietline")
    expect(not debian.at("/usr/bin/quietline").is_symlink(), "The command is still there.")
    home = debian.at("/usr/lib/quietline")
    expect(not home.exists(), f"Left behind: {home}")
    expect(debian.at(_DATA).is_file() and debian.at(_CONFFILE).is_file(), "Removing took data.")
    said = debian.run("apt-get", "purge", "-y", "-qq", "quietline")
    expect("is still there" in said, f"Purging does not say what it left:\n{said[-2_000:]}")
    expect(
        debian.at(_DATA).is_file() and debian.at(_CONFIG).is_file(), "Purging took data unasked."
    )
    expect(not debian.at(_CONFFILE).exists(), "Purging left a conffile.")
    debian.run("apt-get", "install", "-y", "-qq", package)
    answer = "quietline quietline/destroy boolean true"
    debian.run("sh", "-c", 'echo "$1" | debconf-set-selections', "in", answer)
    debian.run("apt-get", "purge", "-y", "-qq", "quietline")
    for folder in ("/var/lib/quietline", "/var/backups/quietline", "/etc/quietline"):
        expect(not debian.at(folder).exists(), f"{folder} is still there after a yes.")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.package.trial", description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--last", type=Path, help="what is upgraded from: an older package")
    parser.add_argument("--kept", type=Path, default=Path("build"), help="where bare systems are")
    parser.add_argument(
        "--alone", action="store_true", help="without what it recommends, which is quicker"
    )
    options = parser.parse_args()
    alone = ("--no-install-recommends",) if options.alone else ()
    try:
        target = built_for(options.package)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="quietline-trial-") as folder:
        work = Path(folder)
        try:
            with bare(target, options.kept, work) as debian:
                packages = beside(options.package)
                first = beside(options.last) if options.last else packages
                print(f"Installing {' and '.join(one.name for one in first)} …", flush=True)
                install(debian, [debian.give(one) for one in first], alone)
                print("Running its demo …", flush=True)
                print(f"  {demo(debian, posters=not alone)}", flush=True)
                print("Making a server with it, upgrading …", flush=True)
                if len(first) > 1:  # an investigator's: no server has it
                    debian.run("apt-get", "remove", "-y", "-qq", _TRANSLATION)
                make_server(debian)
                to = options.package if options.last else newer(options.package, work)
                upgrade(debian, to, bool(options.last))
                if options.last and len(packages) > 1:
                    debian.run("apt-get", "install", "-y", "-qq", debian.give(packages[1]))
                    guesses_languages(debian)
                print("Removing, purging …", flush=True)
                leave(debian, debian.give(options.package))
        except Failed as failed:
            print(f"Not well. {failed}", file=sys.stderr)
            return 1
    print("The package was installed, run, upgraded, removed and purged as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
