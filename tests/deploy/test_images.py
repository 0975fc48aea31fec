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


@pytest.mark.parametrize("line", ["BASE", "BASE=", "BASE=debian@sha256:4", "BASE=debian extra"])
def test_a_line_that_names_no_image_is_refused(file: Path, line: str) -> None:
    file.write_text(f"{line}\n")
    assert images.main(["check"], file) == 1
