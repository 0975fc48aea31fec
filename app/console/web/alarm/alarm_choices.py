"""Sound and notification, as the person whose vault it is chose them."""

from dataclasses import dataclass

from app.console.line.trusted_line import TrustedLine
from app.console.vault import Transaction
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting


@dataclass(frozen=True, slots=True)
class AlarmChoices(Setting):
    """None where nobody has chosen."""

    NAME = "alarm"
    sound: bool | None = None
    notify: bool | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What an alarm does besides being seen."""

    sound: bool = False
    notify: bool = False


def voice(tx: Transaction, known: TrustedLine) -> Voice:
    """Return what was chosen; else a desk that is shared is silent, one's own alone sounds."""
    chosen = settings.load(tx, AlarmChoices)
    shared = any(len(known.colleagues(desk)) > 1 for desk in known.own_desks())
    sound = not shared if chosen.sound is None else chosen.sound
    return Voice(sound, bool(chosen.notify))
