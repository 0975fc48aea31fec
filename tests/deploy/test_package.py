"""The package's recipe: what it names is there, and a repository of packages is believed by apt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.package import manual, recipe, repository, wheels
from deploy.package.targets import ARCHITECTURES, TARGETS, WITH_S3, built_for
from deploy.release.source import ROOT, Failed, run

DEBIAN = ROOT / "deploy" / "debian"
LOCKS = ROOT / "locks"


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", TARGETS)
def test_every_requirement_of_the_lock_has_one_version_for_a_target(
    name: str, architecture: str
) -> None:
    lock = "".join((LOCKS / each).read_text() for each in ("runtime.txt", "posters.txt"))
    named = {line.split("==")[0] for line in lock.splitlines() if re.match(r"[a-z]", line)}
    found = wheels.wanted(lock, TARGETS[name], architecture)
    assert named - set(found) <= {"async-timeout", "brotlicffi", "colorama", "tzdata"}, (
        "other systems' alone"
    )
    assert all(" --hash=sha256:" in entry for entry in found.values())
    old = TARGETS[name].python == "3.11"
    assert found["deprecated"].startswith("deprecated==1.3.1" if old else "deprecated==3."), found


def test_the_client_of_buckets_is_no_part_of_the_lock_that_every_machine_has() -> None:
    assert "obstore" not in (LOCKS / "runtime.txt").read_text()
    assert "obstore==" in (LOCKS / "s3.txt").read_text()
    assert WITH_S3 == ("amd64",)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", TARGETS)
def test_the_package_for_translation_brings_nothing_that_the_first_one_has(
    name: str, architecture: str
) -> None:
    locks = ("runtime.txt", "posters.txt", "s3.txt")
    first = wheels.wanted(
        "".join((LOCKS / lock).read_text() for lock in locks), TARGETS[name], architecture
    )
    second = wheels.wanted((LOCKS / "translation.txt").read_text(), TARGETS[name], architecture)
    assert set(second) == {"fxtranslate", "numpy", "py3langid"}
    assert not set(first) & set(second), "two packages cannot both have a file"


@pytest.mark.parametrize(
    ("tags", "sorts"), [([], "lt"), (["v0.1.0"], "lt"), (["v0.1.0", "v0.2.0"], "gt")]
)
def test_a_package_from_before_a_release_gives_way_to_the_release(
    monkeypatch: pytest.MonkeyPatch, tags: list[str], sorts: str
) -> None:
    said = {"--points-at": "", "--merged": "\n".join(tags), "log": "1", "rev-parse": "abcdef01"}
    monkeypatch.setattr(
        recipe, "run", lambda *words: next(said[word] for word in words if word in said)
    )
    monkeypatch.setattr(recipe, "epoch", lambda: "1800000000")
    made = recipe.version(ROOT)
    released = ("0.2.0+deb13",)
    compared = ["dpkg", "--compare-versions", f"{made}+deb13", sorts, *released]
    assert subprocess.run(compared, check=False).returncode == 0, made


def test_an_investigator_finds_the_console_in_the_menu(tmp_path: Path) -> None:
    recipe.lay_out_menu(ROOT / "deploy" / "desktop", tmp_path)
    entry = (tmp_path / "applications/quietline-console.desktop").read_text()
    (icon,) = re.findall(r"^Icon=(.+)$", entry, re.MULTILINE)
    assert (tmp_path / f"icons/hicolor/scalable/apps/{icon}.svg").is_file()


def test_no_path_of_an_installation_by_hand_is_left_in_what_a_package_runs() -> None:
    for folder in recipe.KEPT:
        for file in (ROOT / "deploy" / folder).iterdir():
            text = recipe.packaged(file.read_text(), TARGETS["debian13"])
            assert "/opt/quietline" not in text, file
    unit = (ROOT / "deploy/systemd/quietline-server.service").read_text()
    assert "ExecStart=/usr/bin/quietline server run" in recipe.packaged(unit, TARGETS["debian13"])


@pytest.mark.parametrize("name", TARGETS)
def test_an_nginx_is_told_of_http2_in_its_own_words(name: str) -> None:
    given = (ROOT / "deploy/nginx/nginx.conf").read_text()
    text = recipe.packaged(given, TARGETS[name])
    listening = re.findall(r"listen (?:\[::\]:)?443 (.*);", text)
    assert len(listening) == 2
    if name == "debian13":
        assert text == given
        assert "http2 on;" in text
    else:  # 1.22 and 1.24 refuse the directive, and do not start
        assert "http2 on;" not in text
        assert listening == ["ssl http2", "ssl http2"]


@pytest.mark.parametrize("name", TARGETS)
def test_a_package_says_what_it_was_built_for(name: str) -> None:
    suffix = TARGETS[name].suffix
    package = Path(f"build/quietline_0.2.0~git20300101000000.abcdef01+{suffix}_amd64.deb")
    assert built_for(package) is TARGETS[name]
    with pytest.raises(LookupError):
        built_for(Path("quietline_0.2.0_amd64.deb"))


def test_maintainer_scripts_are_read_by_their_shell() -> None:
    scripts = [DEBIAN / f"quietline.{name}" for name in ("preinst", "postinst", "prerm", "postrm")]
    for script in scripts:
        subprocess.run(["sh", "-n", script], check=True)
        assert "#DEBHELPER#" in script.read_text(), "what debhelper adds has no place"


needs_debconf = pytest.mark.skipif(
    not Path("/usr/share/debconf/confmodule").exists(), reason="needs Debian's debconf"
)


SERVERS_USER = 64_711
"""No process of this machine has it: the script ends those of the server's user."""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another user")


def _on_a_machine(script: str, action: str, *held: str | Path) -> str:
    """Run a maintainer's script as on a machine with systemd, where nothing is but what is held.

    Return what it said as errors.
    """
    nothing = [word for place in ("/etc", "/run", "/srv", "/var") for word in ("--tmpfs", place)]
    machine = ["bwrap", "--dev-bind", "/", "/", *nothing, "--dir", "/run/systemd/system", *held]
    words = [*machine, "sh", DEBIAN / f"quietline.{script}", action]
    done = subprocess.run(words, check=True, stderr=subprocess.PIPE, text=True)
    return done.stderr


def test_removed_it_stops_whatever_of_it_runs(tmp_path: Path) -> None:
    stopped = tmp_path / "stopped"
    stopped.touch()
    systemctl = tmp_path / "systemctl"
    systemctl.write_text('#!/bin/sh\necho "$@" >>/run/stopped\n')
    systemctl.chmod(0o755)
    there = shutil.which("systemctl")
    assert there is not None
    held = ("--bind", stopped, "/run/stopped", "--ro-bind", systemctl, there)
    _on_a_machine("prerm", "remove", *held)
    *_, stop = stopped.read_text().splitlines()
    assert set(stop.split()) == {
        "stop", "quietline-backup.timer", "quietline-backup.service", "quietline-server.service",
        "quietline-server@*.service",
    }  # fmt: skip


def test_purged_it_leaves_no_note_of_when_a_backup_was_made(tmp_path: Path) -> None:
    timers = tmp_path / "var/lib/systemd/timers"
    timers.mkdir(parents=True)
    for name in ("quietline-backup", "apt-daily"):
        (timers / f"stamp-{name}.timer").touch()
    _on_a_machine("postrm", "purge", "--bind", tmp_path / "var", "/var")
    assert [one.name for one in timers.iterdir()] == ["stamp-apt-daily.timer"]


@pytest.fixture
def debconf(tmp_path: Path) -> list[str | Path]:
    """Return what puts a debconf into a machine that answers yes, and notes that it was asked."""
    confmodule = tmp_path / "confmodule"
    confmodule.write_text(
        "db_version() { :; }\ndb_fset() { :; }\ndb_go() { :; }\n"
        "db_input() { touch /var/asked; }\ndb_get() { RET=true; }\n"
    )
    there = "/usr/share/debconf/confmodule"
    return ["--ro-bind", confmodule, there, "--bind", tmp_path / "var", "/var"]


@needs_debconf
def test_what_two_broken_off_upgrades_stopped_starts_again_once_enabled_or_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "confmodule").write_text("db_stop() { :; }\n")
    stopped = tmp_path / "run"
    (stopped / "systemd/system").mkdir(parents=True)
    (stopped / "quietline-upgrade").write_text("quietline-server.service\n" * 2)
    systemctl = tmp_path / "systemctl"
    systemctl.write_text('#!/bin/sh\necho "$@" >>/run/calls\n')
    systemctl.chmod(0o755)
    there = shutil.which("systemctl")
    assert there is not None
    held = ["--ro-bind", tmp_path / "confmodule", "/usr/share/debconf/confmodule"]
    held += ["--bind", stopped, "/run", "--ro-bind", systemctl, there]
    _on_a_machine("postinst", "abort-remove", *held)
    calls = (stopped / "calls").read_text().splitlines()
    assert calls == ["daemon-reload", "start quietline-server.service"]
    assert not (stopped / "quietline-upgrade").exists()


@needs_debconf
def test_a_yes_to_destroying_holds_for_another_disk_that_is_mounted_in_a_folder(
    tmp_path: Path, debconf: list[str | Path]
) -> None:
    var, mounted = tmp_path / "var", tmp_path / "mounted"
    (var / "lib/quietline/blobs").mkdir(parents=True)
    (mounted / "deep").mkdir(parents=True)
    (mounted / "deep/chunk").write_text("a chunk")
    _on_a_machine("postrm", "purge", *debconf, "--bind", mounted, "/var/lib/quietline/blobs")
    assert not list(mounted.iterdir()), "what was mounted is still there"
    assert not list((var / "lib/quietline").rglob("*/*"))


@pytest.fixture
def linked(tmp_path: Path, debconf: list[str | Path]) -> tuple[list[str | Path], Path]:
    """Return a machine that answers yes and has the server's user; and its disk, ``/var/disk``."""
    disk = tmp_path / "var/disk"
    for folder in (disk / "ours/blobs", tmp_path / "var/lib"):
        folder.mkdir(parents=True)
    for file in ("ours/quietline.db", "ours/blobs/chunk"):
        (disk / file).write_text("of a report")
    for path in (disk, *disk.rglob("*")):
        os.chown(path, SERVERS_USER, SERVERS_USER)
    held = list(debconf)
    for name in ("passwd", "group"):
        (tmp_path / name).write_text(f"quietline:x:{SERVERS_USER}:{SERVERS_USER}::/:\n")
        held += ["--ro-bind", tmp_path / name, f"/etc/{name}"]
    return held, disk


@needs_debconf
@needs_root
def test_a_yes_to_destroying_holds_for_what_a_link_leads_to(
    linked: tuple[list[str | Path], Path],
) -> None:
    held, disk = linked
    (disk.parent / "lib/quietline").symlink_to("/var/disk/ours")
    _on_a_machine("postrm", "purge", *held)
    assert not list(disk.iterdir()), "what the link led to is still there"
    assert not (disk.parent / "lib/quietline").is_symlink()


@needs_debconf
@needs_root
def test_of_a_whole_disk_that_a_link_leads_to_nothing_is_destroyed_but_ours(
    linked: tuple[list[str | Path], Path],
) -> None:
    held, disk = linked
    (disk / "photos/empty").mkdir(parents=True)
    (disk / "photos/wedding").write_text("somebody else's")
    (disk / "ours/blobs/wedding").symlink_to("/var/disk/photos/wedding")
    os.link(disk / "photos/wedding", disk / "ours/a-second-name")
    os.lchown(disk / "ours/blobs/wedding", SERVERS_USER, SERVERS_USER)
    (disk.parent / "lib/quietline").symlink_to("/var/disk")
    said = _on_a_machine("postrm", "purge", *held)
    assert (disk / "photos/wedding").read_text() == "somebody else's"
    assert (disk / "photos").stat().st_uid == os.getuid()
    assert (disk / "photos/empty").is_dir()
    assert not (disk / "ours/quietline.db").exists()
    assert not (disk / "ours/blobs").exists()
    assert "/var/lib/quietline is a link to /var/disk" in said


@needs_debconf
def test_who_never_had_a_server_is_not_asked_about_its_data(
    tmp_path: Path, debconf: list[str | Path]
) -> None:
    backups = tmp_path / "var/backups/quietline"
    backups.mkdir(parents=True)
    _on_a_machine("postrm", "purge", *debconf)
    assert not (tmp_path / "var/asked").exists()
    assert not backups.exists()


def test_manual_pages_say_what_the_commands_say(tmp_path: Path) -> None:
    manual.write(tmp_path)
    share = tmp_path / "usr/share"
    server = (share / "man/man1/quietline-server.1").read_text()
    assert "\\-\\-desk\\-uds" in server
    assert not [line for line in server.splitlines() if re.match(r"[.'](?!TH|S[HS]|PP|TP|B)", line)]
    assert {page.name for page in (share / "man/man1").iterdir()} >= {
        "quietline.1",
        "quietline-agency.1",
        "quietline-console.1",
    }
    for place in ("bash-completion/completions/quietline", "zsh/vendor-completions/_quietline"):
        assert "_QUIETLINE_COMPLETE" in (share / place).read_text()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a small package."""
    control = tmp_path / "made" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: quietline\nVersion: 1\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@localhost>\nDescription: a test\n"
    )
    made = tmp_path / "quietline_1_all.deb"
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", control.parents[1], made)
    return made


needs = pytest.mark.skipif(
    not all(map(shutil.which, ("apt-ftparchive", "gpg", "apt-get"))), reason="needs apt-utils, gpg"
)


@needs
def test_apt_takes_the_repository_by_its_key_and_nothing_that_was_changed(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    made_key = ("--passphrase", "", "--quick-generate-key", "Test <test@localhost>", "ed25519")
    run("gpg", "--batch", *made_key)
    listed = run("gpg", "--batch", "--with-colons", "--list-secret-keys")
    (key,) = re.findall(r"^fpr:+(\w+):", listed, re.MULTILINE)[:1]
    made = tmp_path / "apt"
    repository.make([package], ["amd64"], made, int(run("date", "+%s")), key)
    assert _apt(made, tmp_path, "update") == 0
    assert _apt(made, tmp_path, "download", "quietline") == 0
    assert (tmp_path / "quietline_1_all.deb").exists()

    lists = made / "dists/stable/main/binary-amd64/Packages"
    lists.write_text(lists.read_text().replace("Version: 1", "Version: 2"))
    lists.with_name("Packages.xz").unlink()
    shutil.rmtree(tmp_path / "state")
    assert _apt(made, tmp_path, "update") != 0, "a list that was not signed was taken"
    run("gpgconf", "--kill", "all")


@needs
def test_a_repository_that_was_kept_too_long_is_refused(package: Path, tmp_path: Path) -> None:
    made = tmp_path / "apt"
    repository.make([package], ["amd64"], made, 1_600_000_000, None)
    release = (made / "dists/stable/Release").read_text()
    assert "Date: Sun, 13 Sep 2020 12:26:40 UTC\n" in release
    assert "Valid-Until: Mon, 18 Oct 2021 12:26:40 UTC\n" in release
    assert _apt(made, tmp_path, "update", trusted=True) != 0


def _apt(made: Path, work: Path, *words: str, trusted: bool = False) -> int:
    """Run apt-get with this repository alone, as a user; return how it ended."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "state/status").touch()
    how = "[trusted=yes]" if trusted else f"[signed-by={made / 'quietline.asc'}]"
    source = work / "sources.list"
    source.write_text(f"deb {how} file:{made} stable main\n")
    options = {
        "Dir::State": work / "state",
        "Dir::State::status": work / "state/status",
        "Dir::Cache": work / "cache",
        "Dir::Etc::SourceList": source,
        "Dir::Etc::SourceParts": "/dev/null",
        "APT::Architecture": "amd64",
        "APT::Sandbox::User": "root",
        "APT::Update::Error-Mode": "any",
        "Acquire::Check-Valid-Until": "true",
        "Acquire::Check-Date": "true",
    }
    given = [f"--option={name}={value}" for name, value in options.items()]
    done = subprocess.run(
        ["apt-get", "-qq", *given, *words], cwd=work, env=os.environ, capture_output=True, text=True
    )
    return done.returncode


def test_tools_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Failed, match="system-packages package"):
        recipe.build(tmp_path, TARGETS["debian13"], "amd64", tmp_path)
