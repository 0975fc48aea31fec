"""Images are pinned by digest, or it is said which are not: deploy/images.py."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deploy import images

DIGEST = "sha256:" + "4" * 64
FILE = "# Images.\nBASE=debian:trixie-slim\nCADDY=caddy:2.10@sha256:" + "5" * 64 + "\n"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Docker's client as far as it is asked: prints what is in a file."""
    program, says = tmp_path / "docker", tmp_path / "says"
    program.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\ncat {says}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    says.write_text(f"{DIGEST}\n")
    return says


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "images.env"
    path.write_text(FILE)
    return path


def test_what_has_no_digest_is_named_and_stops_a_release(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert images.main(["check"], file) == 1
    said = capsys.readouterr().err
    assert "debian:trixie-slim has no digest" in said
    assert "caddy" not in said


def test_pinning_asks_for_what_is_missing_and_keeps_the_rest(file: Path, registry: Path) -> None:
    assert images.main(["pin"], file) == 0
    assert file.read_text() == FILE.replace("trixie-slim", f"trixie-slim@{DIGEST}")
    (asked,) = registry.with_name("asked").read_text().splitlines()
    assert asked.startswith("buildx imagetools inspect debian:trixie-slim --format")
    assert images.main(["check"], file) == 0


@pytest.mark.parametrize("answer", ["", "sha256:4444", "not found", f"{DIGEST} {DIGEST}"])
def test_what_is_no_digest_is_written_nowhere(file: Path, registry: Path, answer: str) -> None:
    registry.write_text(answer)
    assert images.main(["pin"], file) == 1
    assert file.read_text() == FILE


@pytest.mark.parametrize("image", ["caddy:latest", "caddy", "localhost:5000/caddy"])
def test_an_image_that_names_no_version_is_refused(
    file: Path, image: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"CADDY={image}\n")
    assert images.main(["check"], file) == 1
    assert "names no version" in capsys.readouterr().err


def test_only_whole_lines_are_written_over(file: Path, registry: Path) -> None:
    """One name ends like another, one image begins like another; a comment is nobody's image."""
    others = "# BASE=debian:trixie-slim\nDATABASE=debian:trixie-slim-2\n"
    file.write_text(others + FILE)
    assert images.main(["pin"], file) == 0
    pinned = others.replace("slim-2", f"slim-2@{DIGEST}")
    assert file.read_text() == pinned + FILE.replace("trixie-slim", f"trixie-slim@{DIGEST}")


def test_what_a_registry_refuses_is_written_nowhere(
    file: Path, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = registry.with_name("docker")
    program.write_text(f"#!/bin/sh\ncat {registry}\necho no such image >&2\nexit 1\n")
    assert images.main(["pin"], file) == 1
    assert file.read_text() == FILE
    assert "no such image" in capsys.readouterr().err


def test_a_name_that_stands_twice_is_refused(file: Path) -> None:
    pinned = FILE.replace("trixie-slim", f"trixie-slim@{DIGEST}")
    file.write_text(f"BASE=debian:other\n{pinned}")
    assert images.main(["check"], file) == 1


@pytest.mark.parametrize(
    "line",
    ["BASE", "BASE=", "BASE=debian@sha256:4", "BASE=debian extra", f"BASE=debian@{DIGEST} extra"],
)
def test_a_line_that_names_no_image_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file.write_text(f"{line}\n")
    assert images.main(["check"], file) == 1
    assert f"names no image: {line}" in capsys.readouterr().err
