"""A release: the same bytes from the same commit, with every part and its licence named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.package import recipe
from deploy.release import inventory, stick
from deploy.release.source import ROOT, Failed, epoch, run, unpack


def test_the_wheel_is_the_same_when_it_is_built_again_elsewhere(tmp_path: Path) -> None:
    made = []
    for name, zone in (("one", "UTC"), ("other place", "Pacific/Chatham")):
        source, out = unpack(tmp_path / name / "source"), tmp_path / name / "out"
        command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out)
        run(*command, cwd=source, SOURCE_DATE_EPOCH=epoch(), TZ=zone)
        (wheel,) = out.iterdir()
        made.append((wheel.name, wheel.read_bytes()))
    assert made[0] == made[1]
    assert made[0][0].startswith("quietline-")


def test_a_part_without_a_licence_stops_a_release() -> None:
    part = {"name": "free", "version": "1", "licenses": [{"license": {"id": "MIT"}}]}
    assert inventory.licences({"components": [part]}) == "free 1: MIT\n"
    silent = {"name": "silent", "version": "2"}
    with pytest.raises(Failed, match="silent 2 does not say its licence"):
        inventory.licences({"components": [part, silent]})


def test_the_bill_is_of_what_lies_in_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = []
    for name, version in (("quietline", "1"), ("quietline-translation", "7")):
        tree = tmp_path / name
        info = tree / recipe.HOME / "lib/python3.13/site-packages" / f"part_{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: part{version}\nVersion: {version}\n")
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(
            f"Package: {name}\nVersion: 1\nArchitecture: all\n"
            "Maintainer: Nobody <nobody@localhost>\nDescription: a test\n"
        )
        packages.append(tmp_path / f"{name}.deb")
        run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, packages[-1])
    tools = tmp_path / "tools"
    tools.mkdir()
    # Not the lister, which is no part of our tests: what it would be given to look at.
    (tools / "cyclonedx-py").write_text(
        '#!/bin/sh\nshift 2\nexec "$1" -c "import json\n'
        "from importlib.metadata import distributions as all_of\n"
        "print(json.dumps({'components': sorted(one.name + one.version for one in all_of())}))\"\n"
    )
    (tools / "cyclonedx-py").chmod(0o755)
    bill = inventory.python_bill(tools, packages, tmp_path / "work")
    assert bill["components"] == ["part11", "part77"]


def test_a_release_never_overwrites(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.release", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "exists already" in " ".join(done.stdout.split())  # however long the path is


def test_what_a_tool_complains_of_is_said() -> None:
    with pytest.raises(Failed, match="ended with 3"):
        run(sys.executable, "-c", "import sys; sys.exit(3)")


@pytest.mark.parametrize("same", [True, False], ids=["the same", "another"])
def test_a_stick_is_built_twice_and_believes_the_key_that_signs_the_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, same: bool
) -> None:
    key, made, trusted = tmp_path / "key", tmp_path / "made", []
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    public = Path(f"{key}.pub").read_text().split()[:2]

    def build(*words: str | Path, **_: object) -> str:
        """Stand in for what takes minutes and root, and for xorriso."""
        if "deploy.stick" in words:
            trusted.append(Path(words[words.index("--release-key") + 1]).read_text().split()[:2])
            out = Path(words[words.index("deploy.stick") + 1])
            out.mkdir()
            text = "grub 2.12 amd64" if same else f"build {len(trusted)}"
            (out / "quietline-stick_1.2_amd64.iso").write_text(text)
        elif words[0] == "xorriso":
            image = str(words[words.index("-indev") + 1]).removeprefix("stdio:")
            Path(words[-1]).write_text(Path(image).read_text())
        else:
            return run(*words)
        return ""

    monkeypatch.setattr(stick, "run", build)
    monkeypatch.setattr(stick, "unpack", lambda into: into)
    made.mkdir()
    package = tmp_path / "quietline_1.2+deb13_amd64.deb"
    if same:
        image = stick.make_twice(package, key, tmp_path / "work", made)
        assert (made / f"{image.stem}.packages.txt").read_text() == "grub 2.12 amd64"
    else:
        with pytest.raises(Failed, match="not the same"):
            stick.make_twice(package, key, tmp_path / "work", made)
    assert trusted == [public, public]
