"""Archives of images: the same bytes of the same files, and nothing that a list does not name."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tarfile
from pathlib import Path

import pytest

from deploy.images import archives, contents, debian, layers
from deploy.images.recipes import RECIPES, SERVER, TOR
from deploy.release import inventory
from deploy.release.source import ROOT, Failed

MOMENT = 1_790_000_000


def tree(root: Path, moment: int) -> Path:
    """Make a tree whose files are made in another order, and at another time, at each call."""
    names = ["usr/bin/one", "usr/bin/two", "var/lib/tor/three"]
    for name in names if moment % 2 else reversed(names):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        os.utime(file, (moment, moment))
    (root / "usr/bin/one").chmod(0o4755)
    (root / "bin").symlink_to("usr/bin")
    return root


def test_a_layer_depends_on_names_modes_and_contents_alone(tmp_path: Path) -> None:
    packed = []
    for number in (1, 2):
        root = tree(tmp_path / str(number), number)
        layers.pack(root, tmp_path / f"{number}.tar", MOMENT, {"var/lib/tor": 10_002})
        packed.append((tmp_path / f"{number}.tar").read_bytes())
    assert packed[0] == packed[1]
    with tarfile.open(tmp_path / "1.tar") as tar:
        entries = {one.name: one for one in tar}
    assert {one.mtime for one in entries.values()} == {MOMENT}
    assert entries["usr/bin/one"].mode == 0o755, "nothing is set-user-ID"
    assert entries["bin"].linkname == "usr/bin"
    owners = {name: one.uid for name, one in entries.items()}
    assert owners["var/lib/tor"] == owners["var/lib/tor/three"] == 10_002
    assert owners["var/lib"] == owners["usr/bin/two"] == 0


def layout(folder: Path) -> Path:
    """Make an OCI folder as buildah leaves one."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    manifest = {"config": {"digest": "sha256:cc"}, "layers": [{"digest": "sha256:ee"}]}
    (blobs / "aa").write_text(json.dumps(manifest))
    (blobs / "cc").write_text("{}")
    (blobs / "ee").write_bytes(b"layer")
    (folder / "index.json").write_text(json.dumps({"manifests": [{"digest": "sha256:aa"}]}))
    return folder


def test_an_archive_is_the_same_bytes_and_docker_finds_its_way_in_it(tmp_path: Path) -> None:
    made = []
    for number in (1, 2):
        folder = layout(tmp_path / str(number))
        os.utime(folder / "index.json", (number, number))
        archives.archive(folder, tmp_path / f"{number}.tar", "localhost/x:1", MOMENT)
        made.append((tmp_path / f"{number}.tar").read_bytes())
    assert made[0] == made[1]
    with tarfile.open(tmp_path / "1.tar") as tar:
        (docker,) = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
        assert {docker["Config"], *docker["Layers"]} <= set(tar.getnames())
    assert docker["RepoTags"] == ["localhost/x:1"]


def test_of_a_package_stays_what_a_list_names(tmp_path: Path) -> None:
    for name in (
        "usr/bin/tor", "etc/init.d/tor", "var/log/tor/log", "usr/share/man/man1/tor.1",
        "usr/share/doc/tor/copyright", "usr/share/doc/tor/changelog", "root/.profile",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    debian._prune(tmp_path)
    left = {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()}
    assert left == {"usr/bin/tor", "usr/share/doc/tor/copyright"}
    assert not (tmp_path / "var").exists()


def test_a_recipe_names_what_debian_must_have(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="Debian has no package"):
        debian.unpack(TOR, {}, tmp_path / "root")


def test_a_program_that_is_in_no_package_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="/usr/bin/tor is in no package of its image"):
        debian.check(tmp_path, TOR.programs)


def test_tors_image_has_a_name_for_its_user_and_the_script_of_keys(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    contents.add(TOR, ROOT, tmp_path / "no wheel", tmp_path, tmp_path)
    assert "tor:x:10002:10002:" in (tmp_path / "etc/passwd").read_text()
    assert (tmp_path / "var/lib/tor").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "tmp").stat().st_mode & 0o7777 == 0o1777
    given = (tmp_path / "usr/bin/desk-keys").read_bytes()
    assert given == (ROOT / "deploy/tor/desk-keys").read_bytes()
    assert os.access(tmp_path / "usr/bin/begin", os.X_OK)


def stand_in(folder: Path, name: str, text: str) -> None:
    """Put a program into a folder that writes down that it was called."""
    (folder / name).write_text(
        f'#!/bin/sh\nprintf "%s\\n" "{name}" "$@" >>{folder}/called\n{text}\n'
    )
    (folder / name).chmod(0o755)


def called(folder: Path, script: str) -> list[str]:
    """Run a script of deploy/ among stand-ins; return each that was called, with its words."""
    path = f"{folder}:{os.environ['PATH']}"
    subprocess.run(["/bin/sh", ROOT / "deploy" / script], env={"PATH": path}, check=False)
    return (folder / "called").read_text().splitlines()


def test_tor_is_not_started_with_a_damaged_key_and_tries_again_later(tmp_path: Path) -> None:
    for name in ("tor", "sleep"):
        stand_in(tmp_path, name, "")
    stand_in(tmp_path, "desk-keys", "exit 1")
    assert called(tmp_path, "tor/begin") == [
        "desk-keys", "/var/lib/tor/quietline-desk", "init", "sleep", "30",
    ]  # fmt: skip
    stand_in(tmp_path, "desk-keys", "")
    (tmp_path / "called").unlink()
    words = called(tmp_path, "tor/begin")
    assert words.count("tor") == 2, "looked at, then started"
    assert words.index("desk-keys") < words.index("tor")
    assert "sleep" not in words


def test_a_torrc_that_tor_refuses_is_tried_again_later(tmp_path: Path) -> None:
    for name, text in (("desk-keys", ""), ("sleep", ""), ("tor", "exit 1")):
        stand_in(tmp_path, name, text)
    words = called(tmp_path, "tor/begin")
    assert words.count("tor") == 1
    assert words[-2:] == ["sleep", "30"]


def test_packages_are_fetched_into_a_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "mmdebstrap", "")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    into = tmp_path / "another place"
    assert debian.fetch([TOR], into) == {}
    words = (tmp_path / "called").read_text().splitlines()
    (hook,) = (word for word in words if word.startswith("--extract-hook="))
    assert shlex.split(hook)[-1] == str(into)
    (including,) = (word for word in words if word.startswith("--include="))
    assert "tor" in including.removeprefix("--include=").split(",")


def test_no_recipe_brings_what_only_installing_needs() -> None:
    unwanted = {"adduser", "apt", "debconf", "dpkg", "passwd", "perl-base", "openssl", "login"}
    for recipe in RECIPES.values():
        assert not unwanted & set(recipe.packages), recipe.name
        assert len(set(recipe.packages)) == len(recipe.packages), recipe.name
    assert "coreutils" not in SERVER.packages


def test_a_release_lists_debians_packages_by_hash_and_image() -> None:
    libc = {"name": "libc6", "version": "2.41-12+deb13u5", "architecture": "amd64", "sha256": "1"}
    tor = {"name": "tor", "version": "0.4.9", "architecture": "amd64", "sha256": "2"}
    bill = inventory.debian_bill({"server": [libc], "tor": [libc, tor]})
    first, second = bill["components"]
    assert (first["name"], second["name"]) == ("libc6", "tor")
    assert first["purl"] == "pkg:deb/debian/libc6@2.41-12%2Bdeb13u5?arch=amd64"
    assert [one["value"] for one in first["properties"]] == ["server", "tor"]
    assert [one["value"] for one in second["properties"]] == ["tor"]
    assert second["hashes"] == [{"alg": "SHA-256", "content": "2"}]
