"""A root key that was stolen and then replaced rules no console any more."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey
from app.console.errors import ServerLies
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.sync.outcome import last_status
from app.console.vault import Vault
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio


def _rotate(agency: Path) -> None:
    ceremonies.rotate_root(
        agency,
        passphrase=PASSPHRASE,
        new_passphrase=PASSPHRASE,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )


def _sign(line: Line, agency: Path, version_above: int = 0) -> bytes:
    return ceremonies.sign_directory(
        agency, passphrase=PASSPHRASE, today=line.today, version_above=version_above
    ).file


class Shows:
    """A server that shows one directory."""

    def __init__(self, file: bytes) -> None:
        self.file = file

    async def directory(self) -> bytes:
        return self.file


async def _refresh(vault: Vault, file: bytes) -> int:
    client = Shows(file)
    known = await trusted_line.refresh_directory(vault, client, trusted_line.load(vault), 0)  # type: ignore[arg-type]
    assert known.directory is not None
    return known.directory.version


@pytest.mark.parametrize("thief_rotates_too", [False, True])
async def test_a_stolen_root_ends_with_its_rotation(
    still: Line, ana: Vault, thief_rotates_too: bool
) -> None:
    agency = still.folder / "agency"
    stolen = Path(shutil.copytree(agency, still.folder / "stolen"))
    _rotate(agency)
    version = await _refresh(ana, _sign(still, agency))
    if thief_rotates_too:
        _rotate(stolen)
    forged = _sign(still, stolen, version_above=100)
    with pytest.raises(ServerLies, match="root key that this hotline has replaced"):
        await _refresh(ana, forged)
    assert await _refresh(ana, _sign(still, agency)) == version + 1, "the true one goes on"


async def test_the_agency_can_go_above_what_a_thief_signed_before_the_rotation(
    still: Line, ana: Vault
) -> None:
    agency = still.folder / "agency"
    stolen = Path(shutil.copytree(agency, still.folder / "stolen"))
    forged = await _refresh(ana, _sign(still, stolen, version_above=70))
    _rotate(agency)
    with pytest.raises(ServerLies, match="an old directory"):
        await _refresh(ana, _sign(still, agency))
    assert await _refresh(ana, _sign(still, agency, version_above=forged)) == forged + 1


async def test_a_replaced_root_is_an_alarm_and_reading_goes_on(still: Line, ana: Vault) -> None:
    agency = still.folder / "agency"
    stolen = Path(shutil.copytree(agency, still.folder / "stolen"))
    async with still.serve():
        _rotate(agency)
        still.publish()
        await still.turn()
        await still.ready(ana)
        await still.send("One.")

    (still.folder / "directory.json").write_bytes(_sign(still, stolen, version_above=50))
    async with still.serve():  # a server begun anew, or a hostile one: it knows no better
        await still.turn()
        report = await still.sync(ana)
    assert report.new_messages == 1
    assert last_status(ana).notices[0].level is Level.ALARM
