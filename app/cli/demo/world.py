"""A whole line in one folder, made in a second: agency, two desks, three investigators, server.

Everything is what the real commands make; only the passphrases are cheap to try, because a demo
holds nothing worth guessing, and stand in a file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.agency import ceremonies, rootkey, site
from app.agency.folder import AgencyFolder
from app.cli.demo.reports import POLICE, SUPPORT
from app.console.vault import Kdf
from app.console.vault.setup import init_vault
from app.files.writing import PRIVATE, write_whole
from app.protocol.encoding import b64u
from app.protocol.group import Rng
from app.protocol.receipt import words_of
from app.protocol.secrets import Secret
from app.reporter import beginning
from app.server.settings import Settings
from app.server.storage import migrations

Enrolled = tuple[str, str, tuple[str, ...]]
"""A vault's folder name, the public label, the desks."""

INVESTIGATORS: tuple[Enrolled, ...] = (
    ("ana", "Ana (caseworker, reads for both desks)", (SUPPORT, POLICE)),
    ("ben", "Ben (caseworker)", (SUPPORT,)),
    ("chris", "Chris (detective)", (POLICE,)),
)
FACTS: Mapping[str, str] = {
    SUPPORT: 'hours = ["mon-fri 09:00-17:30", "sat 10:00-14:00"]\n'
    'languages = ["en", "es", "ar", "vi"]\ntells_immigration = "no"\n',
    POLICE: 'hours = ["always"]\nlanguages = ["en", "es"]\ntells_immigration = "yes"\n',
}
"""What the demo's desks say of themselves, by desk, as agency.toml has it."""
SLOTS = 2_048
CHUNK_SLOTS = 64
"""16 MiB of a disk; a real line begins with four times as many."""
WORK_STEPS = 50
"""A hundredth of a real line's work: the demo sends a dozen reports before they are looked at."""


@dataclass(frozen=True, slots=True)
class World:
    """Where everything is, and the passphrase of every key file in it."""

    data: Path
    url: str
    line_id: bytes
    passphrase: Secret
    epoch_seconds: int
    work_steps: int = WORK_STEPS

    @property
    def passphrase_file(self) -> Path:
        """The file with the passphrase of the root key and of all vaults."""
        return self.data / "passphrase.txt"

    @property
    def line_file(self) -> Path:
        """The agency's line.json: the line's id and addresses."""
        return self.data / "agency" / "line.json"

    def vault(self, name: str) -> Path:
        """Return the folder of an investigator's vault."""
        return self.data / "consoles" / name

    def settings(self) -> Settings:
        """Return the server's settings."""
        return Settings(
            line_id=b64u(self.line_id),
            directory_file=self.data / "directory.json",
            data_folder=self.data / "server",
            site_folder=self.data / "site",
            slots_initial=SLOTS,
            chunk_slots_initial=CHUNK_SLOTS,
            epoch_seconds=self.epoch_seconds,
            work_steps=self.work_steps,
        )


def make(
    data: Path,
    url: str,
    epoch_seconds: int,
    today: dt.date,
    rng: Rng,
    investigators: tuple[Enrolled, ...] = INVESTIGATORS,
    work_steps: int = WORK_STEPS,
    onions: tuple[str, str] | None = None,
    facts: Mapping[str, str] = MappingProxyType({}),
    languages: Sequence[str] | None = None,
    kdf: Kdf = Kdf.INTERACTIVE,
) -> World:
    """Make agency, directory, site, vaults and an empty database in ``data``.

    ``onions`` are the reporters' and the investigators' onion, if the line has them; ``facts`` are
    what desks say of themselves, by desk (``FACTS``); ``languages`` the site's, every one if None;
    ``kdf`` what a guess of a vault's passphrase costs.
    """
    passphrase = Secret(words_of(rng(16)).encode())
    agency = data / "agency"
    line = ceremonies.init_agency(
        agency,
        name="Quietline demo",
        server=url,
        onion=onions[0] if onions else None,
        investigators=onions[1] if onions else None,
        passphrase=passphrase,
        rng=rng,
        kdf=rootkey.SYNTHETIC,
    )
    _write_facts(agency / "agency.toml", facts)
    world = World(data, url, line.line_id, passphrase, epoch_seconds, work_steps)
    write_whole(world.passphrase_file, passphrase.reveal() + b"\n", mode=PRIVATE)
    for name, label, desks in investigators:
        made = init_vault(world.vault(name), agency / "line.json", label, passphrase, kdf, rng)
        ceremonies.enrol(agency, made.request.read_bytes(), desks, words=made.words, today=today)
    signed = ceremonies.sign_directory(agency, passphrase=passphrase, today=today)
    settings = world.settings()
    write_whole(settings.directory_file, signed.file, mode=PRIVATE)
    beginning.offer_unreviewed(AgencyFolder(agency).site_content(), languages)
    site.write_site(agency, data / "site", passphrase=passphrase, today=today)
    settings.data_folder.mkdir()
    (settings.data_folder / "server.toml").write_text(
        f'line_id = "{settings.line_id}"\n'
        f'directory_file = "{settings.directory_file}"\n'
        f'data_folder = "{settings.data_folder}"\n'
        f'site_folder = "{data / "site"}"\n'
        f"slots_initial = {SLOTS}\n"
        f"chunk_slots_initial = {CHUNK_SLOTS}\n"
        f"epoch_seconds = {epoch_seconds}\n"
        f"work_steps = {work_steps}\n"
    )
    migrations.upgrade(settings.database)
    return world


def _write_facts(config: Path, facts: Mapping[str, str]) -> None:
    """Write what desks say of themselves into an agency.toml, each under its desk's id."""
    text = config.read_text(encoding="utf-8")
    for desk, lines in facts.items():
        found = re.search(rf'^id = "{desk}".*\n', text, re.MULTILINE)
        if found is None:
            raise ValueError(f"agency.toml has no desk {desk}")
        text = text[: found.end()] + lines + text[found.end() :]
    write_whole(config, text.encode())
