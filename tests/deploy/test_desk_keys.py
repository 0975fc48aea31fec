"""Who may reach the investigators' onion: no command may leave it open to everybody."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY

KEY = "descriptor:x25519:" + "A" * 52
WHOLE = re.compile(r"descriptor:x25519:[A-Z2-7]{52}\n")


class Onion:
    """The folder of the onion, and desk-keys on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = folder / "authorized_clients"

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run desk-keys."""
        return subprocess.run(
            [DEPLOY / "tor" / "desk-keys", self.folder, *words], capture_output=True, text=True
        )

    def let_in(self) -> set[str]:
        """Return the names of the keys, all of them whole."""
        for path in self.keys.iterdir():
            assert WHOLE.fullmatch(path.read_text()), path
            assert path.stat().st_mode & 0o077 == 0
        return {path.name for path in self.keys.iterdir()}


@pytest.fixture
def onion(tmp_path: Path) -> Onion:
    made = Onion(tmp_path)
    assert made.type("init").returncode == 0
    return made


def test_keys_come_and_go_and_nobodys_stays(onion: Onion) -> None:
    kept = (onion.keys / "nobody.auth").read_text()
    assert onion.type("add", "ana", KEY).returncode == 0
    assert onion.let_in() == {"nobody.auth", "ana.auth"}
    assert onion.type("remove", "ana").returncode == 0
    assert onion.type("init").returncode == 0
    assert onion.let_in() == {"nobody.auth"}
    assert (onion.keys / "nobody.auth").read_text() == kept


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another user")
def test_root_follows_no_link_of_tors_user() -> None:
    """A Tor that was taken over owns the folder; root would give it what its links lead to."""
    other = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        roots = place / "shadow"
        roots.write_text("root's\n")
        folder = place / "onion"
        folder.mkdir(mode=0o700)
        os.chown(folder, other.pw_uid, other.pw_gid)
        onion = Onion(folder)
        assert onion.type("init").returncode == 0
        (onion.keys / ".ana.new").symlink_to(roots)
        assert onion.type("add", "ana", KEY).returncode != 0
        assert roots.read_text() == "root's\n"
        assert roots.stat().st_uid == 0
        (onion.keys / ".ana.new").unlink()
        assert onion.type("add", "ana", KEY).returncode == 0
        assert onion.let_in() == {"nobody.auth", "ana.auth"}
        assert {path.stat().st_uid for path in onion.keys.iterdir()} == {other.pw_uid}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("remove", "nobody"), "without it everybody is let in"),
        (("remove", "zoe"), "no key of zoe"),
        (("add", "nobody", KEY), "give a name"),
        (("add", "", KEY), "give a name"),
        (("add", "ana", KEY[:-1]), "this is no key"),
        (("add", "ana", KEY.lower()), "this is no key"),
        (("add", "ana", f"{KEY}\n{KEY}"), "this is no key"),
        (("add", "../ana", KEY), "small letters"),
        (("add", "ana\n../ana", KEY), "small letters"),
        (("open",), "there is no 'open'"),
        ((), "usage"),
    ],
)
def test_what_would_open_the_door_is_refused_in_a_sentence(
    onion: Onion, words: tuple[str, ...], sentence: str
) -> None:
    done = onion.type(*words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert onion.let_in() == {"nobody.auth"}


def test_a_damaged_or_a_missing_file_is_named(onion: Onion) -> None:
    (onion.keys / "bo.auth").write_text("descriptor:x25519:short\n")
    for words in (("check",), ("add", "ana", KEY)):
        done = onion.type(*words)
        assert done.returncode == 1
        assert "bo.auth is damaged, and Tor may let everybody in" in done.stderr
    (onion.keys / "bo.auth").unlink()
    (onion.keys / "nobody.auth").unlink()
    assert "nobody's key is missing" in onion.type("check").stderr
