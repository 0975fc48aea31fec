"""The signed directory as a server takes it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey
from app.protocol.secrets import Secret
from app.server.epochs.signed_directory import Refused, read_directory

PASSPHRASE = Secret(b"six random words of a test")


def test_a_directory_by_a_replaced_root_is_refused(tmp_path: Path) -> None:
    agency, stolen, shown = tmp_path / "agency", tmp_path / "stolen", tmp_path / "directory.json"
    line = ceremonies.init_agency(
        agency,
        name="Line",
        server="https://tips.example.org",
        passphrase=PASSPHRASE,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    shutil.copytree(agency, stolen)

    def publish(folder: Path, version_above: int = 0) -> None:
        day = dt.date(2031, 5, 6)
        signed = ceremonies.sign_directory(
            folder, passphrase=PASSPHRASE, today=day, version_above=version_above
        )
        shown.write_bytes(signed.file)

    ceremonies.rotate_root(
        agency,
        passphrase=PASSPHRASE,
        new_passphrase=PASSPHRASE,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    publish(agency)
    known = read_directory(shown, line.line_id, None)
    publish(stolen, version_above=9)
    with pytest.raises(Refused, match="root key that this line has replaced"):
        read_directory(shown, line.line_id, known)
    publish(agency)
    assert read_directory(shown, line.line_id, known).directory.version == 2
