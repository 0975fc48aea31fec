"""What onboarding registers: its card, and the steps that belong to no feature."""

from pathlib import Path

from app.console.cases import speakers
from app.console.feature import Card, Feature, Pages, SetupStep, Style, Where
from app.console.features.onboarding import onboarding_pages, setup_card
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Vault, recovery
from app.console.vault.copies import last_backup
from app.console.vault.keys.header import read_header
from app.sentences.translatable import say


def _no_languages(vault: Vault, known: TrustedLine, _: int) -> bool:
    with vault.read() as tx:
        said = speakers.load(tx, known)
    return not said.of(known.own_keys())


def _no_recovery(vault: Vault, known: TrustedLine, _: int) -> bool:
    """Say whether there is no recovery code though the agency allows one."""
    allowed = recovery.policy(known.directory).allowed
    return allowed and read_header(vault.folder).recovery is None


def _no_backup(vault: Vault, _: TrustedLine, now: int) -> bool:
    with vault.read() as tx:
        return last_backup.is_due(tx, now)


ONBOARDING = Feature(
    name="onboarding",
    folder=Path(__file__).parent,
    pages=(Pages(onboarding_pages.router, Where.REAL),),
    cards=(Card("onboarding/card.html", setup_card.values, Where.REAL),),
    styles=(Style("onboarding.css", Where.REAL),),
    setup=(
        SetupStep(
            say("Say which languages you work in"),
            say(
                "Then cases in them are marked for you, and those that need an interpreter are "
                "told."
            ),
            "/team",
            _no_languages,
            10,
        ),
        SetupStep(
            say("Make a recovery code"),
            say("Without one, a lost passphrase is a lost case store."),
            "/machine",
            _no_recovery,
            30,
        ),
        SetupStep(
            say("Make a backup"),
            say("On another disk, once a month: computers and sticks break, and are lost."),
            "/machine/backup",
            _no_backup,
            35,
        ),
    ),
)
