"""A key that cannot sign stops a release before anything is built, not after half an hour."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.release import __main__ as program
from deploy.release import keys
from deploy.release.source import Failed


@pytest.fixture
def no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gnupg").mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "gnupg"))


@pytest.mark.parametrize("content", [None, "", "not a key\n"])
def test_what_is_no_openssh_key_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "release_key"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Failed, match="release_key is no OpenSSH key"):
        keys.check(path, None)


@pytest.mark.parametrize("passphrase", ["", "kettle violet harbour"])
def test_a_key_is_enough_and_its_passphrase_is_not_asked(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "release_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path], check=True)
    keys.check(path, None)


def test_a_key_that_gpg_does_not_have_is_refused_by_name(no_keyring: None) -> None:
    with pytest.raises(Failed, match=f"gpg has no secret key {'AB' * 20}"):
        keys.check(None, "AB" * 20)


def test_nothing_is_built_for_a_key_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    anybody = SimpleNamespace(check=lambda _: None, check_maintainer=lambda _: None)
    monkeypatch.setattr(program, "contact", anybody)
    monkeypatch.setattr(program, "unpack", lambda into: into)
    monkeypatch.setattr(program, "environment", lambda *_: tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["release", str(tmp_path / "out"), "--key", str(tmp_path / "release_key")]
    )
    assert program.main() == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "release_key is no OpenSSH key" in said
    assert "Building" not in said
    assert not (tmp_path / "out").exists()
